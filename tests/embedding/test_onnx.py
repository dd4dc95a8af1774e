"""Any ONNX model: what is read of its answer, and what is refused. The models here are made by hand."""

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from doublebill.core.text import Document
from doublebill.embedding.onnx import OnnxEmbedder
from doublebill.embedding.spec import EMBEDDING_GEMMA, ModelSpec
from doublebill.errors import EmbeddingError
from tiny_onnx import TINY, WORDS, write_graph, write_tokenizer

Table = NDArray[np.float32]
OpenTiny = Callable[..., OnnxEmbedder]

GRIEF, HEIST = WORDS.index("grief"), WORDS.index("heist")


def unit(vector: NDArray[np.floating]) -> NDArray[np.floating]:
    return vector / np.linalg.norm(vector)


def test_a_vector_is_the_unit_mean_of_the_token_states(open_tiny: OpenTiny, table: Table) -> None:
    vector = open_tiny(table).embed_query("grief heist")
    np.testing.assert_allclose(vector, unit((table[GRIEF] + table[HEIST]) / 2), atol=1e-6)


def test_a_sentence_output_is_taken_as_it_is(open_tiny: OpenTiny, table: Table) -> None:
    vector = open_tiny(table, replace(TINY, sentence_output="sentence_embedding")).embed_query("grief heist")
    np.testing.assert_allclose(vector, unit((table[GRIEF] + table[HEIST]) / 2), atol=1e-6)


def test_a_longer_vector_is_cut_and_scaled_again(open_tiny: OpenTiny, table: Table) -> None:
    vector = open_tiny(table, replace(TINY, dimensions=2)).embed_query("grief")
    np.testing.assert_allclose(vector, unit(table[GRIEF, :2]), atol=1e-6)


def test_embeddinggemma_is_one_more_spec(open_tiny: OpenTiny) -> None:
    wide = np.random.default_rng(5).normal(size=(len(WORDS), 768)).astype(np.float32)
    embedder = open_tiny(wide, EMBEDDING_GEMMA)
    vectors = embedder.embed_documents([Document("Up", "grief")])
    assert embedder.model_id == "embeddinggemma-300m@1/d384/t1"
    assert vectors.shape == (1, 384)
    assert np.linalg.norm(vectors) == pytest.approx(1, abs=1e-6)


def test_prompts_reach_the_model(open_tiny: OpenTiny, table: Table) -> None:
    spec = replace(TINY, document_prompt="title {title} {body}", query_prompt="text {text}")
    embedder = open_tiny(table, spec)
    plain = open_tiny(table)
    np.testing.assert_array_equal(embedder.embed_query("grief"), plain.embed_query("text grief"))
    document = embedder.embed_documents([Document("heist", "grief")])[0]
    np.testing.assert_array_equal(document, plain.embed_query("title heist grief"))


def test_a_graph_gets_the_inputs_it_names(tmp_path: Path, table: Table) -> None:
    graph = write_graph(tmp_path / "g", table, inputs=("input_ids", "attention_mask", "token_type_ids"))
    OnnxEmbedder(TINY, graph, write_tokenizer(tmp_path / "t"), "1").embed_query("grief")


def test_a_text_is_cut_to_the_window(open_tiny: OpenTiny, table: Table) -> None:
    embedder = open_tiny(table)
    cut = embedder.embed_query("grief " * TINY.max_tokens + "heist")
    np.testing.assert_array_equal(cut, embedder.embed_query("grief " * TINY.max_tokens))


def test_large_numbers_do_not_overflow(open_tiny: OpenTiny, table: Table) -> None:
    vector = open_tiny(np.full_like(table, 1e38)).embed_query("grief heist")
    np.testing.assert_allclose(vector, 0.5)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused(open_tiny: OpenTiny, table: Table, bad: float) -> None:
    table[HEIST, 0] = bad
    embedder = open_tiny(table)
    embedder.embed_query("grief")
    with pytest.raises(EmbeddingError, match="not finite") as caught:
        embedder.embed_query("grief heist")
    assert caught.value.hint is not None


def test_a_zero_vector_is_refused(open_tiny: OpenTiny, table: Table) -> None:
    table[HEIST] = 0
    with pytest.raises(EmbeddingError, match="without a direction"):
        open_tiny(table).embed_query("heist")


def test_a_text_without_tokens_is_refused(open_tiny: OpenTiny, table: Table) -> None:
    with pytest.raises(EmbeddingError, match="no words"):
        open_tiny(table).embed_query(" ")


def test_the_error_says_which_document(open_tiny: OpenTiny, table: Table) -> None:
    table[HEIST] = np.nan
    documents = [Document("", text) for text in ("grief", "title", "heist", "none")]
    with pytest.raises(EmbeddingError, match="document with index 2: tiny gave numbers that are not finite") as caught:
        open_tiny(table).embed_documents(documents)
    assert caught.value.hint is not None


def test_a_graph_that_fails_on_a_text_is_an_embedding_error(open_tiny: OpenTiny, table: Table) -> None:
    embedder = open_tiny(table[:HEIST])  # the table has no row for this word and those behind it
    with pytest.raises(EmbeddingError, match="failed on a text"):
        embedder.embed_query("heist")


def test_a_broken_model_is_refused_when_it_is_loaded(open_tiny: OpenTiny, table: Table) -> None:
    with pytest.raises(EmbeddingError, match="not finite"):
        open_tiny(np.full_like(table, np.nan))


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (replace(TINY, dimensions=5), "5 numbers are needed"),
        (replace(TINY, sentence_output="last_hidden_state"), "4 numbers are needed"),
        (replace(TINY, sentence_output="pooled"), "failed on a text"),
    ],
)
def test_a_graph_that_does_not_fit_its_spec_is_refused(
    open_tiny: OpenTiny, table: Table, spec: ModelSpec, message: str
) -> None:
    with pytest.raises(EmbeddingError, match=message):
        open_tiny(table, spec)


def test_a_graph_that_wants_more_is_refused(tmp_path: Path, table: Table) -> None:
    graph = write_graph(tmp_path / "g", table, inputs=("input_ids", "pixels"))
    with pytest.raises(EmbeddingError, match="pixels"):
        OnnxEmbedder(TINY, graph, write_tokenizer(tmp_path / "t"), "1")


def test_a_damaged_graph_is_refused(tmp_path: Path, table: Table) -> None:
    graph = write_graph(tmp_path / "g", table)
    graph.write_bytes(graph.read_bytes()[:-20])
    with pytest.raises(EmbeddingError, match="tiny cannot be loaded") as caught:
        OnnxEmbedder(TINY, graph, write_tokenizer(tmp_path / "t"), "1")
    assert caught.value.hint is not None


def test_a_missing_graph_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="tiny cannot be loaded"):
        OnnxEmbedder(TINY, tmp_path / "none.onnx", write_tokenizer(tmp_path / "t"), "1")


def test_weights_in_a_file_of_their_own_are_read(tmp_path: Path, table: Table) -> None:
    graph = write_graph(tmp_path / "g", table, weights_file="weights")
    (tmp_path / "weights").write_bytes(table.tobytes())
    vector = OnnxEmbedder(TINY, graph, write_tokenizer(tmp_path / "t"), "1").embed_query("grief")
    np.testing.assert_allclose(vector, unit(table[GRIEF]), atol=1e-6)


def test_missing_weights_are_refused(tmp_path: Path, table: Table) -> None:
    graph = write_graph(tmp_path / "g", table, weights_file="weights")
    with pytest.raises(EmbeddingError, match="tiny cannot be loaded"):
        OnnxEmbedder(TINY, graph, write_tokenizer(tmp_path / "t"), "1")


@pytest.mark.parametrize("content", [None, b"", b"junk", b"{}"])
def test_a_missing_or_damaged_tokenizer_is_refused(tmp_path: Path, table: Table, content: bytes | None) -> None:
    tokenizer = tmp_path / "t"
    if content is not None:
        tokenizer.write_bytes(content)
    with pytest.raises(EmbeddingError, match="the tokenizer of tiny cannot be loaded") as caught:
        OnnxEmbedder(TINY, write_graph(tmp_path / "g", table), tokenizer, "1")
    assert caught.value.hint is not None


@pytest.mark.parametrize(("asked", "used"), [(0, 1), (1, 1), (2, 2), (64, 2)])
def test_threads_are_between_one_and_two(
    tmp_path: Path, table: Table, caplog: pytest.LogCaptureFixture, asked: int, used: int
) -> None:
    caplog.set_level(logging.INFO, "doublebill.embedding")
    graph = write_graph(tmp_path / "g", table)
    OnnxEmbedder(TINY, graph, write_tokenizer(tmp_path / "t"), "1", threads=asked).embed_query("grief")
    assert caplog.messages == [f"text model tiny@1/d4/t1 is loaded, threads: {used}"]


def test_a_system_without_affinity_is_asked_for_its_cores(
    open_tiny: OpenTiny, table: Table, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, "doublebill.embedding")
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)  # allowed by its documentation
    open_tiny(table)
    assert caplog.messages == ["text model tiny@1/d4/t1 is loaded, threads: 1"]


def test_a_batch_gives_the_vectors_of_single_texts(tmp_path: Path, table: Table) -> None:
    graph, tokenizer = write_graph(tmp_path / "g", table), write_tokenizer(tmp_path / "t")
    documents = [Document("", text) for text in ("grief", "heist grief title", "none", "text heist")]
    together = OnnxEmbedder(TINY, graph, tokenizer, "1", batch_size=3)
    assert together.batch_size == 3
    alone = OnnxEmbedder(TINY, graph, tokenizer, "1").embed_documents(documents)
    np.testing.assert_allclose(together.embed_documents(documents), alone, atol=1e-6)


def test_the_error_says_in_which_batch(tmp_path: Path, table: Table) -> None:
    table[HEIST] = np.nan
    embedder = OnnxEmbedder(
        TINY, write_graph(tmp_path / "g", table), write_tokenizer(tmp_path / "t"), "1", batch_size=2
    )
    with pytest.raises(EmbeddingError, match="document with index 2 to 3: "):
        embedder.embed_documents([Document("", text) for text in ("grief", "title", "heist", "none")])


def test_on_a_processor_texts_run_one_at_a_time(open_tiny: OpenTiny, table: Table) -> None:
    assert open_tiny(table).batch_size == 1


def test_the_first_token_can_stand_for_the_text(open_tiny: OpenTiny, table: Table) -> None:
    vector = open_tiny(table, replace(TINY, pooling="first")).embed_query("grief heist")
    np.testing.assert_allclose(vector, unit(table[GRIEF]), atol=1e-6)


def test_a_loaded_model_can_give_longer_vectors_too(open_tiny: OpenTiny, table: Table) -> None:
    short = open_tiny(table, replace(TINY, dimensions=2))
    np.testing.assert_allclose(short.resized(4).embed_query("grief"), unit(table[GRIEF]), atol=1e-6)
    assert short.dimensions == 2
