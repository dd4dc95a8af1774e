"""Embed what can be embedded, and say what cannot: a job of thousands does not end at one bad document."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doublebill.core.text import Document
from doublebill.embedding.protocol import Embedder, Vectors
from doublebill.errors import EmbeddingError


@dataclass(frozen=True, slots=True)
class Salvage:
    """What came of a batch of n documents.

    ``rows`` (m,) int64 ascending: which documents have a vector; ``vectors`` (m, d) float32, aligned with ``rows``;
    ``failures``: why each of the other n - m has none, by its row.
    """

    rows: NDArray[np.int64]
    vectors: Vectors
    failures: dict[int, EmbeddingError]


def embed_where_possible(embedder: Embedder, documents: Sequence[Document]) -> Salvage:
    """Embed a batch, and if that fails each document of it alone.

    Never raises EmbeddingError: a model that is broken shows as a batch in which every document failed. A batch with a
    bad document costs up to twice its time, so batches of about 32 are a good size.
    """
    try:
        return Salvage(np.arange(len(documents)), embedder.embed_documents(documents), {})
    except EmbeddingError:
        return _embed_one_by_one(embedder, documents)


def _embed_one_by_one(embedder: Embedder, documents: Sequence[Document]) -> Salvage:
    found: dict[int, Vectors] = {}
    failures: dict[int, EmbeddingError] = {}
    for row, document in enumerate(documents):
        try:
            found[row] = embedder.embed_documents([document])[0]
        except EmbeddingError as error:
            failures[row] = error
    vectors = np.array(list(found.values()), np.float32).reshape(-1, embedder.dimensions)
    return Salvage(np.array(list(found), np.int64), vectors, failures)
