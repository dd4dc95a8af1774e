"""The self-test: a model that answers as published passes, every other one is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from doublebill.embedding.known_answers import EMBEDDING_GEMMA_ANSWERS, check_answers
from doublebill.embedding.onnx import OnnxEmbedder
from doublebill.embedding.spec import EMBEDDING_GEMMA
from doublebill.errors import EmbeddingError
from tiny_gemma import FILES, answers_of, write_tiny_gemma


@pytest.fixture(scope="module")
def gemma(tmp_path_factory: pytest.TempPathFactory) -> OnnxEmbedder:
    folder = write_tiny_gemma(tmp_path_factory.mktemp("gemma"))
    return OnnxEmbedder(EMBEDDING_GEMMA, folder / FILES[0], folder / FILES[2], "1")


def test_a_model_that_answers_as_it_should_passes(gemma: OnnxEmbedder) -> None:
    assert check_answers(gemma, answers_of(gemma)) < 1e-5


def test_the_test_leaves_the_length_of_the_vectors_alone(gemma: OnnxEmbedder) -> None:
    check_answers(gemma, answers_of(gemma))
    assert gemma.dimensions == 384
    assert len(gemma.embed_query("grief")) == 384


def test_another_model_in_its_place_is_refused(gemma: OnnxEmbedder) -> None:
    with pytest.raises(EmbeddingError, match="fails its self-test: a similarity is off by 0") as caught:
        check_answers(gemma, EMBEDDING_GEMMA_ANSWERS)
    assert caught.value.hint


def test_a_lost_prompt_is_found(gemma: OnnxEmbedder, tmp_path: Path) -> None:
    folder = write_tiny_gemma(tmp_path)
    bare = replace(EMBEDDING_GEMMA, query_prompt="{text}", document_prompt="{body}")
    with pytest.raises(EmbeddingError, match="self-test"):
        check_answers(OnnxEmbedder(bare, folder / FILES[0], folder / FILES[2], "1"), answers_of(gemma))
