import numpy as np

from doublebill.core.text import Document
from doublebill.embedding.salvage import embed_where_possible
from doublebill.errors import EmbeddingError
from hashing_embedder import HashingEmbedder

EMBEDDER = HashingEmbedder(refused="cursed")


def documents(*bodies: str) -> list[Document]:
    return [Document("", body) for body in bodies]


def test_a_good_batch_is_embedded_whole() -> None:
    batch = documents("a heist", "a grief")
    salvage = embed_where_possible(EMBEDDER, batch)
    assert salvage.rows.tolist() == [0, 1]
    assert salvage.failures == {}
    np.testing.assert_array_equal(salvage.vectors, EMBEDDER.embed_documents(batch))


def test_a_bad_document_is_reported_and_the_others_kept() -> None:
    salvage = embed_where_possible(EMBEDDER, documents("a heist", "a cursed film", "a grief"))
    assert salvage.rows.tolist() == [0, 2]
    np.testing.assert_array_equal(salvage.vectors, EMBEDDER.embed_documents(documents("a heist", "a grief")))
    assert list(salvage.failures) == [1]
    assert isinstance(salvage.failures[1], EmbeddingError)


def test_a_batch_of_bad_documents_has_no_rows() -> None:
    salvage = embed_where_possible(EMBEDDER, documents("cursed", "cursed"))
    assert salvage.rows.shape == (0,)
    assert salvage.vectors.shape == (0, EMBEDDER.dimensions)
    assert list(salvage.failures) == [0, 1]


def test_an_empty_batch_is_no_failure() -> None:
    salvage = embed_where_possible(EMBEDDER, [])
    assert salvage.rows.dtype == np.int64
    assert salvage.vectors.shape == (0, EMBEDDER.dimensions)
    assert salvage.failures == {}
