"""ONNX graphs of a few bytes, written by hand in protobuf's wire format: tests need no model and no `onnx` package.

The graph looks up one row of a table for each token (`last_hidden_state`, (batch, tokens, D)) and averages the rows
(`sentence_embedding`, (batch, D)). Field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from doublebill.embedding.spec import ModelSpec

TINY = ModelSpec(name="tiny", dimensions=4, max_tokens=8)
FLOAT, INT64 = 1, 7  # TensorProto.DataType
WORDS = ("[UNK]", "grief", "heist", "title", "none", "text")


def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes | str) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def _value(name: str, element: int, axes: tuple[str, ...]) -> bytes:
    shape = b"".join(_bytes(1, _bytes(2, axis)) for axis in axes)
    return _bytes(1, name) + _bytes(2, _bytes(1, _number(1, element) + _bytes(2, shape)))


def _node(operator: str, inputs: tuple[str, ...], output: str, attributes: bytes = b"") -> bytes:
    return b"".join(_bytes(1, name) for name in inputs) + _bytes(2, output) + _bytes(4, operator) + attributes


def _average(source: str, output: str) -> bytes:
    over_tokens = _bytes(1, "axes") + _number(8, 1) + _number(20, 7)
    drop_axis = _bytes(1, "keepdims") + _number(3, 0) + _number(20, 2)
    return _node("ReduceMean", (source,), output, _bytes(5, over_tokens) + _bytes(5, drop_axis))


def _table(table: NDArray[np.float32], weights_file: str | None) -> bytes:
    header = b"".join(_number(1, size) for size in table.shape) + _number(2, FLOAT) + _bytes(8, "table")
    if weights_file is None:
        return header + _bytes(9, table.astype("<f4").tobytes())
    return header + _bytes(13, _bytes(1, "location") + _bytes(2, weights_file)) + _number(14, 1)


def write_graph(
    path: Path,
    table: NDArray[np.float32],
    *,
    inputs: tuple[str, ...] = ("input_ids", "attention_mask"),
    weights_file: str | None = None,
) -> Path:
    """Write the graph for a table (words, D); with ``weights_file`` it points to that file for the table."""
    nodes = (
        _node("Gather", ("table", "input_ids"), "last_hidden_state"),
        _average("last_hidden_state", "sentence_embedding"),
    )
    graph = b"".join(_bytes(1, node) for node in nodes) + _bytes(2, "tiny") + _bytes(5, _table(table, weights_file))
    graph += b"".join(_bytes(11, _value(name, INT64, ("batch", "tokens"))) for name in inputs)
    graph += _bytes(12, _value("last_hidden_state", FLOAT, ("batch", "tokens", "width")))
    graph += _bytes(12, _value("sentence_embedding", FLOAT, ("batch", "width")))
    path.write_bytes(_number(1, 8) + _bytes(8, _number(2, 13)) + _bytes(7, graph))  # IR 8, operator set 13
    return path


def write_tokenizer(path: Path) -> Path:
    """Write a tokenizer of the ``WORDS``, split at spaces, without tokens of its own at the ends."""
    vocabulary = {word: index for index, word in enumerate(WORDS)}
    model = {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"}
    path.write_text(json.dumps({"version": "1.0", "model": model, "pre_tokenizer": {"type": "Whitespace"}}))
    return path
