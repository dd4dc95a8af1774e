"""A model with the files and the interface of EmbeddingGemma's ONNX export, of a few hundred kilobytes, made by hand.

Its tokens are characters, so every text has a vector of its own, and equal texts have equal ones. ``graph.onnx`` keeps
its weights in a file beside it and gives ``sentence_embedding`` of 768 numbers, as the real one does.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from doublebill.core.text import Document
from doublebill.embedding.known_answers import EMBEDDING_GEMMA_ANSWERS, KnownAnswers, Resizable
from tiny_onnx import write_graph

WIDTH = 768
LETTERS = "?abcdefghijklmnopqrstuvwxyz0123456789 .,:|"
FILES = ("onnx/model.onnx", "onnx/model.onnx_data", "tokenizer.json")
DENSE = {"path": "2_Dense", "type": "sentence_transformers.models.Dense"}
PROMPTS = {"query": "task: search result | query: ", "document": "title: none | text: "}


def write_tiny_gemma(folder: Path, *, seed: int = 0, bad_letter: str = "") -> Path:
    """Write the model; texts that hold ``bad_letter`` have a vector of NaN."""
    table = np.random.default_rng(seed).normal(size=(len(LETTERS), WIDTH)).astype(np.float32)
    if bad_letter:
        table[LETTERS.index(bad_letter)] = np.nan
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    write_graph(folder / FILES[0], table, weights_file="model.onnx_data")
    (folder / FILES[1]).write_bytes(table.tobytes())
    (folder / FILES[2]).write_text(json.dumps(_tokenizer()))
    return folder


def describe(folder: Path, **changes: object) -> Path:
    """Write what a sentence model says of itself, as repositories that nobody told us about have it."""
    files: dict[str, object] = {
        "config.json": {"hidden_size": WIDTH, "max_position_embeddings": 2048},
        "modules.json": [{"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}, DENSE],
        "config_sentence_transformers.json": {"prompts": PROMPTS},
        "2_Dense/config.json": {"out_features": WIDTH},
    }
    for path, content in {**files, **changes}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(content))
    return folder


def answers_of(embedder: Resizable) -> KnownAnswers:
    """Ask a model what the self-test asks, and take its answers for the right ones."""
    asked = EMBEDDING_GEMMA_ANSWERS
    whole = embedder.resized(WIDTH)
    passages: NDArray[np.float32] = whole.embed_documents([Document("", passage) for passage in asked.passages])
    cosines = passages @ whole.embed_query(asked.query)
    return KnownAnswers(asked.query, asked.passages, tuple(cosines.tolist()), WIDTH)


def _tokenizer() -> dict[str, object]:
    letters = {"type": "Split", "pattern": {"Regex": "."}, "behavior": "Isolated", "invert": False}
    return {
        "version": "1.0",
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": letters,
        "model": {"type": "WordLevel", "vocab": {c: i for i, c in enumerate(LETTERS)}, "unk_token": "?"},
    }
