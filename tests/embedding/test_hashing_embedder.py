"""The embedder that other rooms test with keeps the protocol's promises too."""

import numpy as np
import pytest

from doublebill.core.text import Document
from hashing_embedder import HashingEmbedder


@pytest.mark.parametrize("text", ["", "grief", "a\ud800b", "映画 film", "word " * 1000])
def test_any_text_has_a_unit_vector(text: str) -> None:
    assert np.linalg.norm(HashingEmbedder().embed_query(text)) == pytest.approx(1, abs=1e-6)


def test_shared_words_make_texts_alike() -> None:
    embedder = HashingEmbedder()
    near, far = embedder.embed_documents([Document("", "a casino heist"), Document("", "grief and loss")])
    query = embedder.embed_query("heist in a casino")
    assert near @ query > far @ query


def test_a_vector_is_the_same_on_every_machine() -> None:
    # CRC-32's published check value: that of "123456789" is 0xCBF43926, and 6 modulo 8.
    assert np.flatnonzero(HashingEmbedder(8).embed_query("123456789")).tolist() == [6]


def test_no_documents_give_an_empty_array() -> None:
    assert HashingEmbedder(8).embed_documents([]).shape == (0, 8)


def test_the_identity_tells_embedders_apart() -> None:
    assert HashingEmbedder(8).model_id == "hashing@1/d8/t1"
    assert HashingEmbedder(8, revision="2").model_id == "hashing@2/d8/t1"
