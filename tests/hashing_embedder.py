"""An embedder without a model, for tests of other rooms: words are hashed into slots, shared words make texts alike."""

import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np

from doublebill.core.text import TEMPLATE_VERSION, Document
from doublebill.embedding.protocol import Vectors
from doublebill.errors import EmbeddingError


class HashingEmbedder:
    """Count the words of a text by hash, (d,) scaled to unit length; the same on every machine.

    A text that holds the word ``refused`` has no usable vector, for tests of what is skipped. Like the bundled model it
    reads the body of a document and not its title.
    """

    def __init__(self, dimensions: int = 64, *, refused: str | None = None, revision: str = "1") -> None:
        self._dimensions = dimensions
        self._refused = refused
        self._revision = revision

    @property
    def model_id(self) -> str:
        return f"hashing@{self._revision}/d{self._dimensions}/t{TEMPLATE_VERSION}"

    @property
    def dimensions(self) -> int:
        return self._dimensions

    @property
    def batch_size(self) -> int:
        return 1

    def embed_documents(self, documents: Sequence[Document]) -> Vectors:
        rows = [self.embed_query(document.body) for document in documents]
        return np.array(rows, np.float32).reshape(-1, self._dimensions)

    def embed_query(self, text: str) -> Vectors:
        words = re.findall(r"\w+", text.lower())
        if self._refused in words:
            raise EmbeddingError(f"the text holds {self._refused!r}")
        slots = [crc32(word.encode("utf-8", "replace")) % self._dimensions for word in words or [""]]
        counts = np.bincount(slots, minlength=self._dimensions)
        return (counts / np.linalg.norm(counts)).astype(np.float32)
