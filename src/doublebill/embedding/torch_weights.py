"""Sentence vectors from weights as their authors publish them, through sentence-transformers and torch.

For those who installed the extra ``torch``: it is many times as large as everything else together, and the only way to
graphics cards that onnxruntime does not know. The words are those of the same spec; only who multiplies is another.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from doublebill.core.text import Document
from doublebill.embedding.onnx import unit_head
from doublebill.embedding.protocol import Vectors
from doublebill.embedding.spec import ModelSpec
from doublebill.errors import EmbeddingError

EXTRA_HINT = (
    "Install the extra: pip install 'doublebill[torch]'. On a machine without a graphics card name a CPU build."
)
LEAST = {"sentence-transformers": (5, 1), "transformers": (4, 57)}
"""Older transformers let EmbeddingGemma look only backwards, without a word: the vectors are wrong."""

GPU_BATCH = 32


class SentenceModel(Protocol):
    """The part of ``sentence_transformers.SentenceTransformer`` that is used here."""

    max_seq_length: int

    @property
    def device(self) -> object:
        """Where it computes; its text is ``cpu`` or the name of another device."""

    def encode(
        self, sentences: list[str], *, prompt: str, batch_size: int, show_progress_bar: bool, convert_to_numpy: bool
    ) -> NDArray[np.floating]:
        """Embed n texts, (n, D)."""


class TorchEmbedder:
    """An ``Embedder`` over a loaded sentence-transformers model."""

    def __init__(self, spec: ModelSpec, model: SentenceModel, revision: str) -> None:
        """Take a loaded model and run it once. Raises EmbeddingError if it gives no usable vector."""
        self._spec = spec
        self._revision = revision
        self._model = model
        model.max_seq_length = spec.max_tokens
        self.embed_query("probe")

    @property
    def model_id(self) -> str:
        """Identify what made a vector."""
        return self._spec.model_id(self._revision)

    @property
    def dimensions(self) -> int:
        """Say how long the vectors are."""
        return self._spec.dimensions

    @property
    def batch_size(self) -> int:
        """Say how many texts run at once."""
        return 1 if str(self._model.device) == "cpu" else GPU_BATCH

    def resized(self, dimensions: int) -> Self:
        """Give the same loaded model with vectors of another length."""
        other = copy(self)
        other._spec = replace(self._spec, dimensions=dimensions)
        return other

    def embed_documents(self, documents: Sequence[Document]) -> Vectors:
        """Embed n documents, (n, d) unit rows. Raises EmbeddingError if any has no usable vector."""
        if not documents:
            return np.empty((0, self.dimensions), np.float32)
        return self._embed([self._spec.document_text(document) for document in documents])

    def embed_query(self, text: str) -> Vectors:
        """Embed what somebody looks for, (d,) of unit length; EmbeddingError if it has no usable vector."""
        vector: Vectors = self._embed([self._spec.query_text(text)])[0]
        return vector

    def _embed(self, texts: list[str]) -> Vectors:
        readable = [text.encode("utf-8", "replace").decode().replace("\0", " ") for text in texts]
        try:
            # The prompt stands in the text: an empty one keeps the library from adding its own.
            rows = self._model.encode(
                readable, prompt="", batch_size=self.batch_size, show_progress_bar=False, convert_to_numpy=True
            )
        except RuntimeError as error:  # torch's own, such as too little memory on the card
            raise EmbeddingError(f"{self._spec.name} failed on a text: {error}") from error
        return np.array([unit_head(row, self._spec) for row in rows], np.float32)


def open_torch(spec: ModelSpec, folder: Path, revision: str) -> TorchEmbedder:
    """Load weights with sentence-transformers, on a graphics card where there is one.

    Raises: EmbeddingError if the extra is not installed or too old, or the files cannot be loaded.
    """
    check_installed()
    library = import_module("sentence_transformers")  # an optional extra: there is nothing to import without it
    try:
        model: SentenceModel = library.SentenceTransformer(
            str(folder), local_files_only=True, model_kwargs={"dtype": "float32"}
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        raise EmbeddingError(
            f"{spec.name} cannot be loaded: {error}", hint="Remove the model and fetch it again."
        ) from error
    return TorchEmbedder(spec, model, revision)


def check_installed() -> None:
    """See that the extra is installed. Raises EmbeddingError that says what is missing or too old."""
    for package, least in LEAST.items():
        check_version(package, least)


def check_version(package: str, least: tuple[int, int]) -> None:
    """See that a package is installed and new enough. Raises EmbeddingError."""
    wanted = ".".join(map(str, least))
    try:
        found = version(package)
    except PackageNotFoundError as error:
        raise EmbeddingError(f"{package} is not installed, {wanted} or newer is needed", hint=EXTRA_HINT) from error
    if tuple(int(part) for part in found.split(".")[:2]) < least:
        raise EmbeddingError(f"{package} {found} is too old, {wanted} or newer is needed", hint=EXTRA_HINT)
