"""Text models on disk: one folder for each, with real files, and a manifest that is written when all of it is there.

A file grows as ``.part`` until it is whole and its digest is right, so what has its own name is sound. A kill leaves
parts, from which the next try goes on. All methods may be called from any thread, and raise StoreError.
"""

import hashlib
import os
import shutil
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from doublebill.errors import StoreError
from doublebill.model import ModelFile, ModelSnapshot
from doublebill.store.faults import faults_mapped

MANIFEST = "doublebill.json"
PIN = "fetching.txt"
UNFINISHED = ".part"
BLOCK = 1 << 20

_SNAPSHOT = TypeAdapter(ModelSnapshot)


class ModelFolder:
    """Keep the files of models below a folder, which need not exist yet."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def folder(self, name: str) -> Path:
        """Give where the files of a model are, or would be. Raises StoreError if the name leads elsewhere."""
        if not name or name.startswith(".") or Path(name).name != name:
            raise StoreError(f"{name!r} cannot be the name of a model")
        return self._root / name

    def names(self) -> list[str]:
        """Name the models that are whole."""
        with faults_mapped(self._root):
            return sorted(path.parent.name for path in self._root.glob(f"*/{MANIFEST}"))

    def snapshot(self, name: str) -> ModelSnapshot | None:
        """Give what a folder holds; None if it is not whole: sizes are looked at, digests are not."""
        folder = self.folder(name)
        with faults_mapped(folder):
            try:
                snapshot = _SNAPSHOT.validate_json((folder / MANIFEST).read_bytes())
            except (FileNotFoundError, ValidationError):
                return None
            is_whole = all(_size(folder / file.path) == file.size_bytes for file in snapshot.files)
        return snapshot if is_whole else None

    def pin(self, name: str, revision: str) -> None:
        """Note which revision is being fetched; parts of another one are removed."""
        folder = self.folder(name)
        if self.pinned(name) == revision:
            return
        with faults_mapped(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for part in folder.rglob(f"*{UNFINISHED}"):
                part.unlink()
            (folder / PIN).write_text(revision, encoding="utf-8")

    def pinned(self, name: str) -> str | None:
        """Give the revision that was being fetched; None if none was."""
        with faults_mapped(folder := self.folder(name)):
            try:
                return (folder / PIN).read_text(encoding="utf-8").strip() or None
            except FileNotFoundError:
                return None

    def part_size(self, name: str, file: ModelFile) -> int:
        """Give how many bytes of a file are here: all of them if it is whole."""
        with faults_mapped(path := self._path(name, file)):
            whole = _size(path)
            return whole if whole == file.size_bytes else min(_size(_part(path)) or 0, file.size_bytes)

    def keep_if_sound(self, name: str, file: ModelFile) -> bool:
        """Whether a file is here and what it should be; one that is not is removed. A gigabyte takes some seconds."""
        with faults_mapped(path := self._path(name, file)):
            is_sound = _is_sound(path, file)
            if not is_sound:
                path.unlink(missing_ok=True)
            return is_sound

    def append(self, name: str, file: ModelFile, content: bytes) -> None:
        """Add the next bytes of a file."""
        with faults_mapped(path := self._path(name, file)):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _part(path).open("ab") as part:
                part.write(content)

    def finish(self, name: str, file: ModelFile) -> bool:
        """Give a file that has all its bytes its name; False if it is not what it should be, and is removed."""
        with faults_mapped(path := self._path(name, file)):
            part = _part(path)
            part.touch(mode=0o600)  # an empty file has had no bytes to add
            if not _is_sound(part, file):
                part.unlink()
                return False
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.replace(path)
            return True

    def seal(self, name: str, snapshot: ModelSnapshot) -> None:
        """Note that a model is whole."""
        with faults_mapped(folder := self.folder(name)):
            draft = folder / f"{MANIFEST}{UNFINISHED}"
            draft.write_bytes(_SNAPSHOT.dump_json(snapshot, indent=1))
            draft.replace(folder / MANIFEST)
            (folder / PIN).unlink(missing_ok=True)

    def unseal(self, name: str) -> None:
        """Take back that a model is whole: the next fetch looks at its files again."""
        with faults_mapped(folder := self.folder(name)):
            (folder / MANIFEST).unlink(missing_ok=True)

    def remove(self, name: str) -> bool:
        """Remove all files of a model; False if there were none."""
        with faults_mapped(folder := self.folder(name)):
            if not folder.is_dir():
                return False
            (folder / MANIFEST).unlink(missing_ok=True)  # first, so that what a kill leaves is not taken for a model
            shutil.rmtree(folder)
            return True

    def free_bytes(self) -> int:
        """Give how much room the disk has."""
        existing = next(path for path in (self._root, *self._root.absolute().parents) if path.exists())
        with faults_mapped(existing):
            return shutil.disk_usage(existing).free

    def _path(self, name: str, file: ModelFile) -> Path:
        """Give a file's place. Raises StoreError if its path would lead out of the folder."""
        folder = self.folder(name)
        path = folder / file.path
        if Path(file.path).is_absolute() or ".." in Path(file.path).parts or path.name in (MANIFEST, PIN):
            raise StoreError(f"{file.path!r} cannot be the name of a model's file")
        return path


def digest_of(path: Path, kind: str, size_bytes: int) -> str:
    """Give the digest of a file: ``sha256:HEX``, or ``git:HEX``, which is the SHA-1 of a blob as git stores it."""
    hasher = hashlib.sha256() if kind == "sha256" else hashlib.sha1(usedforsecurity=False)
    if kind == "git":
        hasher.update(f"blob {size_bytes}\0".encode())
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            hasher.update(block)
    return f"{kind}:{hasher.hexdigest()}"


def _is_sound(path: Path, file: ModelFile) -> bool:
    if path.is_symlink() or _size(path) != file.size_bytes:  # onnxruntime refuses weights behind a link
        return False
    return file.digest is None or digest_of(path, file.digest.partition(":")[0], file.size_bytes) == file.digest


def _part(path: Path) -> Path:
    return path.with_name(path.name + UNFINISHED)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return None
