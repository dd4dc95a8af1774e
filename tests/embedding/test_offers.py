"""What a name means, and which of a model's files are fetched."""

import pytest

from doublebill.embedding.offers import BUNDLED, GEMMA, GEMMA_TORCH, name_of, offer_of, written
from doublebill.errors import EmbeddingError
from doublebill.model import ModelFile


def files(*paths: str) -> list[ModelFile]:
    return [ModelFile(path, 1, None) for path in paths]


def chosen(offer: str, *paths: str) -> list[str]:
    return [file.path for file in offer_of(offer).chosen(files(*paths))]


def test_known_models_have_names() -> None:
    assert offer_of("embeddinggemma") is GEMMA
    assert offer_of("embeddinggemma-torch") is GEMMA_TORCH


def test_a_revision_can_be_named() -> None:
    assert offer_of("embeddinggemma@v1").revision == "v1"
    assert (offer_of("a/b@v1").place, offer_of("a/b@v1").revision) == ("a/b", "v1")
    assert offer_of("a/b").revision == "main"


def test_a_folder_is_a_model_of_this_machine() -> None:
    offer = offer_of("/models/mine")
    assert offer.is_local
    assert offer.name == "local--mine"
    assert not offer_of("a/b").is_local


@pytest.mark.parametrize("text", ["embeddinggemma", "embeddinggemma@v1", "a/b", "a/b@v1", "/models/mine"])
def test_what_is_written_means_the_same_when_it_is_read(text: str) -> None:
    assert written(offer_of(text)) == text


def test_no_offer_is_the_bundled_model() -> None:
    assert written(None) == name_of(None) == BUNDLED


def test_of_embeddinggemma_only_what_is_needed_is_fetched() -> None:
    needed = ["onnx/model.onnx", "onnx/model.onnx_data", "tokenizer.json"]
    assert chosen("embeddinggemma", "README.md", "onnx/model_q4.onnx", *needed) == needed


def test_of_an_unknown_model_the_graph_its_weights_and_what_describes_it_are_fetched() -> None:
    useful = ["1_Pooling/config.json", "config.json", "model.onnx", "model.onnx_data", "tokenizer.json"]
    assert chosen("a/b", *useful, "pytorch_model.bin", "onnx/model_int8.onnx") == useful


def test_of_two_graphs_the_one_in_the_usual_folder_is_fetched() -> None:
    assert chosen("a/b", "model.onnx", "onnx/model.onnx", "tokenizer.json") == ["onnx/model.onnx", "tokenizer.json"]


@pytest.mark.parametrize(("offer", "missing"), [("a/b", "onnx/model.onnx"), ("embeddinggemma", "onnx/model.onnx_data")])
def test_a_repository_without_what_is_needed_is_refused(offer: str, missing: str) -> None:
    with pytest.raises(EmbeddingError, match=f"has no {missing}"):
        offer_of(offer).chosen(files(*[path for path in ("tokenizer.json", "onnx/model.onnx") if path != missing]))
