"""The way through sentence-transformers, with a model that only looks like one; the real library is asked elsewhere."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from doublebill.core.text import Document
from doublebill.embedding import torch_weights
from doublebill.embedding.spec import EMBEDDING_GEMMA_TORCH
from doublebill.embedding.torch_weights import TorchEmbedder, check_version, open_torch
from doublebill.errors import EmbeddingError


class Lookalike:
    """A model whose vectors count letters; it notes what it is given."""

    def __init__(self, device: str = "cpu", fault: Exception | None = None) -> None:
        self.max_seq_length = 2048
        self.device = device
        self.fault = fault
        self.given: list[dict[str, object]] = []

    def encode(self, sentences: list[str], **options: object) -> NDArray[np.float32]:
        if self.fault:
            raise self.fault
        self.given.append({"sentences": sentences, **options})
        rows = np.zeros((len(sentences), 768), np.float32)
        for row, text in zip(rows, sentences, strict=True):
            for letter in text:
                row[ord(letter) % 256] += 1
        return rows


def embedder(model: Lookalike) -> TorchEmbedder:
    return TorchEmbedder(EMBEDDING_GEMMA_TORCH, model, "abc")


def test_the_words_are_those_of_the_spec_and_no_prompt_is_added() -> None:
    model = Lookalike()
    embedder(model).embed_documents([Document("Up", "A film.")])
    assert model.given[-1]["sentences"] == ["title: Up | text: A film."]
    assert model.given[0]["sentences"] == ["task: search result | query: probe"]
    assert {given["prompt"] for given in model.given} == {""}
    assert model.max_seq_length == 512


def test_vectors_are_cut_and_of_unit_length() -> None:
    vectors = embedder(Lookalike()).embed_documents([Document("Up", "A film."), Document("", "grief")])
    assert vectors.shape == (2, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert embedder(Lookalike()).embed_documents([]).shape == (0, 384)
    assert embedder(Lookalike()).resized(768).embed_query("x").shape == (768,)


def test_the_identity_is_its_own() -> None:
    assert embedder(Lookalike()).model_id.startswith("embeddinggemma-300m-torch@abc/d384/t")


def test_a_graphics_card_is_given_batches() -> None:
    assert embedder(Lookalike("cuda:0")).batch_size == 32
    assert embedder(Lookalike()).batch_size == 1


def test_odd_letters_are_made_readable() -> None:
    model = Lookalike()
    embedder(model).embed_query("a\0b\ud800")
    assert model.given[-1]["sentences"] == ["task: search result | query: a b?"]


def test_what_fails_inside_is_an_embedding_error() -> None:
    with pytest.raises(EmbeddingError, match="failed on a text: out of memory"):
        embedder(Lookalike(fault=RuntimeError("out of memory")))


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    try:
        version("sentence-transformers")
    except PackageNotFoundError:
        with pytest.raises(EmbeddingError, match="sentence-transformers is not installed") as caught:
            open_torch(EMBEDDING_GEMMA_TORCH, tmp_path, "1")
        assert "doublebill[torch]" in (caught.value.hint or "")
    else:
        with pytest.raises(EmbeddingError, match="cannot be loaded"):
            open_torch(EMBEDDING_GEMMA_TORCH, tmp_path / "nothing", "1")


def test_an_old_library_is_refused() -> None:
    with pytest.raises(EmbeddingError, match=r"numpy .* is too old, 99\.0 or newer is needed"):
        check_version("numpy", (99, 0))
    check_version("numpy", (1, 0))


def test_the_oldest_that_will_do_is_the_one_that_looks_both_ways() -> None:
    assert torch_weights.LEAST == {"sentence-transformers": (5, 1), "transformers": (4, 57)}
