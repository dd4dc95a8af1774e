"""What a sentence model wants to be told, so that one code path serves them all."""

from dataclasses import dataclass, replace
from typing import Literal

from doublebill.core.text import TEMPLATE_VERSION, Document


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One sentence model: how to speak to it and what to read of its answer.

    ``dimensions`` is the length that is kept: the head of a longer vector, which is meaningful for models trained for
    it (Matryoshka representation learning, arXiv:2205.13147). ``max_tokens`` is the window; longer texts lose their
    end. ``document_prompt`` may hold ``{title}`` and ``{body}``, ``query_prompt`` holds ``{text}``. ``sentence_output``
    names the graph's output that is one vector a text (n, D); None: the first output is one vector a token (n, s, D),
    and ``pooling`` takes their mean or the first. Vectors depend on all of this but carry the name only, so a spec that
    changes gets a new name.
    """

    name: str
    dimensions: int
    max_tokens: int
    document_prompt: str = "{body}"
    query_prompt: str = "{text}"
    sentence_output: str | None = None
    pooling: Literal["mean", "first"] = "mean"

    def model_id(self, revision: str) -> str:
        """Identify what makes a vector, ``name@revision/dDIM/tTEMPLATE``, also before the model is loaded."""
        return f"{self.name}@{revision}/d{self.dimensions}/t{TEMPLATE_VERSION}"

    def document_text(self, document: Document) -> str:
        """Put a document into the words this model expects; a document without a title has the title ``none``."""
        # The bar ends the title in EmbeddingGemma's prompt, so a title must not hold one.
        title = document.title.replace("|", " ").strip() or "none"
        return self.document_prompt.format(title=title, body=document.body)

    def query_text(self, text: str) -> str:
        """Put a query into the words this model expects."""
        return self.query_prompt.format(text=text)


MINILM = ModelSpec(name="all-MiniLM-L6-v2-int8", dimensions=384, max_tokens=256)

# Prompts: the model card's "Prompt Instructions", https://huggingface.co/google/embeddinggemma-300m
EMBEDDING_GEMMA = ModelSpec(
    name="embeddinggemma-300m",
    dimensions=384,  # of 768; as long as the bundled model's, between the 512 and 256 that the card names
    max_tokens=512,  # of 2048; the longest of 10,384 title texts has 278 tokens of the bundled model
    document_prompt="title: {title} | text: {body}",
    query_prompt="task: search result | query: {text}",
    sentence_output="sentence_embedding",
)

# Another runtime rounds otherwise, and the published weights are not those of the export: vectors of its own.
EMBEDDING_GEMMA_TORCH = replace(EMBEDDING_GEMMA, name="embeddinggemma-300m-torch", sentence_output=None)
