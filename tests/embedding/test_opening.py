"""A fetched model: its identity before it is loaded, and that loading tests it."""

from dataclasses import replace
from pathlib import Path

import pytest

from doublebill.embedding.offers import GEMMA, offer_of
from doublebill.embedding.opening import check_runtime, model_id_of, open_fetched
from doublebill.errors import EmbeddingError
from tiny_gemma import FILES, answers_of, describe, write_tiny_gemma

REVISION = "0123456789abcdef"


def test_the_identity_is_the_same_before_and_after_loading(tmp_path: Path) -> None:
    offer = replace(GEMMA, answers=None)
    embedder = open_fetched(offer, write_tiny_gemma(tmp_path), REVISION)
    assert embedder.model_id == model_id_of(offer, tmp_path, REVISION)
    assert embedder.model_id.startswith("embeddinggemma-300m@0123456789ab/d384/")


def test_a_model_that_passes_is_opened(tmp_path: Path) -> None:
    folder = write_tiny_gemma(tmp_path)
    embedder = open_fetched(replace(GEMMA, answers=None), folder, REVISION)
    again = open_fetched(replace(GEMMA, answers=answers_of(embedder)), folder, REVISION)  # type: ignore[arg-type]
    assert again.dimensions == 384


def test_another_model_under_this_name_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="self-test"):
        open_fetched(GEMMA, write_tiny_gemma(tmp_path), REVISION)


def test_a_model_of_nan_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="not finite"):
        open_fetched(GEMMA, write_tiny_gemma(tmp_path, bad_letter="o"), REVISION)


def test_a_damaged_graph_is_not_opened(tmp_path: Path) -> None:
    (write_tiny_gemma(tmp_path) / FILES[0]).write_bytes(b"junk")
    with pytest.raises(EmbeddingError, match="cannot be loaded"):
        open_fetched(GEMMA, tmp_path, REVISION)


def test_a_model_that_nobody_told_us_about_is_opened_by_what_it_says(tmp_path: Path) -> None:
    embedder = open_fetched(offer_of("a/b"), describe(write_tiny_gemma(tmp_path)), REVISION)
    assert embedder.model_id.startswith("a--b@0123456789ab/d768/")


def test_what_every_installation_runs_needs_no_extra() -> None:
    check_runtime(GEMMA)
