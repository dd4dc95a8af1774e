"""How to speak to a model that nobody told us about, read from its files."""

from pathlib import Path

import pytest

from doublebill.core.text import Document
from doublebill.embedding.sentence_folder import graph_in, read_spec
from doublebill.errors import EmbeddingError
from tiny_gemma import describe


def test_a_model_like_embeddinggemma_describes_itself(tmp_path: Path) -> None:
    spec = read_spec("mine", describe(tmp_path))
    assert (spec.dimensions, spec.max_tokens, spec.sentence_output) == (768, 512, "sentence_embedding")
    assert spec.query_text("grief") == "task: search result | query: grief"
    assert spec.document_text(Document("Up", "A film.")) == "title: Up | text: A film."


def test_a_plain_model_has_no_prompts_and_its_own_window(tmp_path: Path) -> None:
    plain = {
        "modules.json": [],
        "config_sentence_transformers.json": {},
        "sentence_bert_config.json": {"max_seq_length": 128},
    }
    spec = read_spec("mine", describe(tmp_path, **plain))
    assert (spec.max_tokens, spec.sentence_output, spec.pooling) == (128, None, "mean")
    assert spec.document_text(Document("Up", "A {film}.")) == "A {film}."


def test_the_first_token_is_taken_where_the_model_says_so(tmp_path: Path) -> None:
    first = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    assert (
        read_spec("mine", describe(tmp_path, **{"modules.json": [], "1_Pooling/config.json": first})).pooling == "first"
    )


def test_another_pooling_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="pools in a way"):
        read_spec("mine", describe(tmp_path, **{"1_Pooling/config.json": {"pooling_mode_lasttoken": True}}))


def test_a_model_that_says_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match=r"no config\.json"):
        read_spec("mine", tmp_path)


def test_a_damaged_description_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match=r"modules\.json of the model cannot be read"):
        read_spec("mine", describe(tmp_path, **{"modules.json": {"not": "a list"}}))


def test_braces_in_a_prompt_are_only_letters(tmp_path: Path) -> None:
    prompts = {"prompts": {"query": "{q} "}}
    assert (
        read_spec("mine", describe(tmp_path, **{"config_sentence_transformers.json": prompts})).query_text("x")
        == "{q} x"
    )


def test_the_graph_is_found_in_either_place(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").touch()
    assert graph_in(tmp_path) == tmp_path / "model.onnx"
    assert graph_in(tmp_path / "none") == tmp_path / "none" / "onnx" / "model.onnx"
