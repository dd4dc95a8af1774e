"""What a text model must do for the rest of doublebill.

It leaves to others which words describe a title (``core.text``) and where vectors are kept (the store). Documents and
queries are told apart because many models want to know: the same words may have another vector as a query.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from doublebill.core.text import Document

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turn words into vectors whose dot product says how alike they are; safe to call from many threads at once.

    Equal words have equal vectors, whatever stands beside them in a batch.
    """

    @property
    def model_id(self) -> str:
        """Identify what made a vector, ``name@revision/dDIM/tTEMPLATE``; only vectors of one identity compare."""

    @property
    def dimensions(self) -> int:
        """Say how long the vectors are."""

    @property
    def batch_size(self) -> int:
        """Say how many documents it likes to be given at once: one on a processor, more on a graphics card."""

    def embed_documents(self, documents: Sequence[Document]) -> Vectors:
        """Embed n documents.

        Returns: (n, d) float32, rows finite and of unit length; (0, d) for none.
        Raises: EmbeddingError if any of them has no usable vector; the message says which. ``salvage`` keeps the rest.
        """

    def embed_query(self, text: str) -> Vectors:
        """Embed what somebody looks for, any text.

        Returns: (d,) float32, finite and of unit length.
        Raises: EmbeddingError if it has no usable vector.
        """
