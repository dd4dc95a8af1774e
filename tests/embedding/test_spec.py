from doublebill.core.text import Document
from doublebill.embedding.spec import EMBEDDING_GEMMA, MINILM


def test_the_bundled_model_reads_the_body_alone() -> None:
    assert MINILM.document_text(Document("Alien", "A horror film.")) == "A horror film."
    assert MINILM.query_text("horror in space") == "horror in space"


def test_embeddinggemma_reads_its_prompts() -> None:
    assert EMBEDDING_GEMMA.document_text(Document("Alien", "A film.")) == "title: Alien | text: A film."
    assert EMBEDDING_GEMMA.query_text("horror") == "task: search result | query: horror"


def test_a_document_without_a_title_says_none() -> None:
    assert EMBEDDING_GEMMA.document_text(Document(" ", "A film.")) == "title: none | text: A film."


def test_a_title_cannot_end_its_slot() -> None:
    assert EMBEDDING_GEMMA.document_text(Document("A|B", "A film.")) == "title: A B | text: A film."


def test_braces_in_a_text_are_only_letters() -> None:
    assert EMBEDDING_GEMMA.document_text(Document("{body}", "{0}")) == "title: {body} | text: {0}"
    assert EMBEDDING_GEMMA.query_text("{text}") == "task: search result | query: {text}"
