"""Pictures on disk: a folder of limited size, from which the least recently used goes first.

Nothing is kept for longer than half a year, as TMDB's terms want it. A file's time of change says when the picture
came, its time of access when it was last used; both are set by hand, since many disks are mounted without the latter.
Names cannot do harm: a path is made of a ``PictureKey``, which holds letters and digits. All methods may be called from
any thread, and raise StoreError.
"""

import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock

from doublebill.model import PICTURE_SIZES, PictureKey, PictureSize
from doublebill.store.faults import faults_mapped

KEPT_FOR = timedelta(days=180)
SWEPT_EVERY = timedelta(days=1)
NOTED_EVERY = timedelta(hours=1)
"""How exactly the disk knows when a picture was used last: each note is a write, and many disks here are SD cards."""

UNFINISHED = ".part"


@dataclass(frozen=True, slots=True)
class _Entry:
    size_bytes: int
    came_at: datetime
    used_at: datetime


class PictureFolder:
    """Keep pictures in a folder, in all at most ``most_bytes``; 0 keeps none."""

    def __init__(self, folder: Path, most_bytes: int, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._clock = clock
        self._lock = Lock()
        self._entries: OrderedDict[PictureKey, _Entry] | None = None
        self._size_bytes = 0
        self._swept_at: datetime | None = None

    def get(self, key: PictureKey) -> bytes | None:
        """Give a picture that is kept, and note that it was used."""
        with faults_mapped(self._folder), self._lock:
            self._sweep()
            if key not in self._known():
                return None
            try:
                content = self._path(key).read_bytes()
            except FileNotFoundError:  # somebody emptied the folder
                self._forget(key)
                return None
            self._note_use(key)
            return content

    def put(self, key: PictureKey, content: bytes) -> None:
        """Keep a picture, and let those go that were not used for longest; one too large for the folder is not kept."""
        if len(content) > self._most_bytes:
            return
        with faults_mapped(self._folder), self._lock:
            self._sweep()
            now = self._clock()
            self._write(key, content, now)
            self._forget(key)
            self._known()[key] = _Entry(len(content), now, now)
            self._size_bytes += len(content)
            self._make_room()

    def _known(self) -> OrderedDict[PictureKey, _Entry]:
        """Give what is kept, the least recently used first; the first call looks into the folder."""
        if self._entries is None:
            found = sorted(self._found(), key=lambda one: one[1].used_at)
            self._entries = OrderedDict(found)
            self._size_bytes = sum(entry.size_bytes for _, entry in found)
            self._make_room()
        return self._entries

    def _found(self) -> Iterator[tuple[PictureKey, _Entry]]:
        """Read the folder; what a kill left unfinished is removed, and what is not ours is left alone."""
        for size in PICTURE_SIZES:
            for path in (self._folder / size).glob("*"):
                if path.suffix == UNFINISHED:
                    path.unlink(missing_ok=True)
                elif path.is_file() and (key := _key(size, path.name)):
                    stat = path.stat()
                    yield key, _Entry(stat.st_size, _moment(stat.st_mtime), _moment(stat.st_atime))

    def _write(self, key: PictureKey, content: bytes, now: datetime) -> None:
        """Write aside, then put in place in one step: nobody ever reads half a picture."""
        path = self._path(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, suffix=UNFINISHED, delete=False) as file:
            try:
                file.write(content)
                file.flush()
                os.utime(file.name, (now.timestamp(), now.timestamp()))
                Path(file.name).replace(path)
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise

    def _note_use(self, key: PictureKey) -> None:
        entries, now = self._known(), self._clock()
        entries.move_to_end(key)
        if now - entries[key].used_at >= NOTED_EVERY:
            entries[key] = replace(entries[key], used_at=now)
            os.utime(self._path(key), (now.timestamp(), entries[key].came_at.timestamp()))

    def _sweep(self) -> None:
        """Once a day, let go of what is too old."""
        now = self._clock()
        if self._swept_at is None or now - self._swept_at >= SWEPT_EVERY:
            self._swept_at = now
            for key in [key for key, entry in self._known().items() if now - entry.came_at >= KEPT_FOR]:
                self._remove(key)

    def _make_room(self) -> None:
        while self._size_bytes > self._most_bytes:
            self._remove(next(iter(self._known())))

    def _remove(self, key: PictureKey) -> None:
        self._path(key).unlink(missing_ok=True)
        self._forget(key)

    def _forget(self, key: PictureKey) -> None:
        entry = self._known().pop(key, None)
        self._size_bytes -= entry.size_bytes if entry else 0

    def _path(self, key: PictureKey) -> Path:
        return self._folder / key.size / key.name


def _key(size: PictureSize, name: str) -> PictureKey | None:
    try:
        return PictureKey(size, name)
    except ValueError:
        return None


def _moment(timestamp_s: float) -> datetime:
    return datetime.fromtimestamp(timestamp_s, UTC)
