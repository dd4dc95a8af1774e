"""Models for the tests of this room: the real bundled one, loaded once, and hand-made ones of a few bytes."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from doublebill.embedding.bundled import open_bundled
from doublebill.embedding.onnx import OnnxEmbedder
from doublebill.embedding.spec import ModelSpec
from tiny_onnx import TINY, WORDS, write_graph, write_tokenizer


@pytest.fixture(scope="session")
def bundled() -> OnnxEmbedder:
    return open_bundled()


@pytest.fixture
def table() -> NDArray[np.float32]:
    """One row of 4 numbers for each of the tiny model's words."""
    return np.random.default_rng(3).normal(size=(len(WORDS), 4)).astype(np.float32)


@pytest.fixture
def open_tiny(tmp_path: Path) -> Callable[..., OnnxEmbedder]:
    """Make an embedder whose graph holds the given table, with ``TINY`` or another spec."""

    def opened(table: NDArray[np.float32], spec: ModelSpec = TINY) -> OnnxEmbedder:
        graph = write_graph(tmp_path / "tiny.onnx", table)
        return OnnxEmbedder(spec, graph, write_tokenizer(tmp_path / "tokenizer.json"), "1")

    return opened
