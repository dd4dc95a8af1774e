"""A model that lies in a folder of this machine, asked as the hub would be, so that both are fetched one way.

Its revision is the digest of its files: a model that was exported anew has vectors of its own.
"""

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path

from doublebill.errors import SourceUnknown
from doublebill.model import ModelFile, ModelSnapshot

SOURCE = "model folder"
PIECE_BYTES = 16_000_000
SUFFIXES = frozenset({".onnx", ".onnx_data", ".data", ".json"})


class LocalModels:
    """Give files of folders. Every method raises SourceUnknown where one cannot be read."""

    piece_bytes = PIECE_BYTES

    async def snapshot(self, place: str, revision: str) -> ModelSnapshot:
        """Say which files a folder has, and by their digests what revision that is; ``revision`` is not looked at."""
        del revision
        return await asyncio.to_thread(_snapshot, Path(place))

    async def piece(self, place: str, revision: str, path: str, start: int, stop: int) -> bytes:
        """Give the bytes of a file from ``start`` up to ``stop``."""
        del revision
        return await asyncio.to_thread(_piece, Path(place) / path, start, stop)

    async def close(self) -> None:
        """Do nothing: no file stays open."""


def _snapshot(folder: Path) -> ModelSnapshot:
    try:
        files = tuple(_files(folder))
    except OSError as error:
        raise _unreadable(folder, error) from error
    if not files:
        raise SourceUnknown(SOURCE, f"{folder} is no folder with a model", hint="Check DOUBLEBILL_EMBEDDING.")
    told = "\n".join(f"{file.path} {file.digest}" for file in files)
    return ModelSnapshot(hashlib.sha256(told.encode()).hexdigest(), files)


def _files(folder: Path) -> Iterator[ModelFile]:
    """Give what could belong to a model, in the folder and one below it."""
    for path in sorted([*folder.glob("*"), *folder.glob("*/*")]):
        if path.suffix in SUFFIXES and path.is_file():
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            yield ModelFile(path.relative_to(folder).as_posix(), path.stat().st_size, f"sha256:{digest}")


def _piece(path: Path, start: int, stop: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(stop - start)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> SourceUnknown:
    return SourceUnknown(SOURCE, f"{path} cannot be read ({error.strerror})", hint="Check DOUBLEBILL_EMBEDDING.")
