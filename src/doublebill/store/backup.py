"""A consistent copy of a database, also while others write to it."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from doublebill.store.connections import connect
from doublebill.store.faults import faults_mapped

LOGS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database that is in use, or that a crash left so."""

MIGRATION_BACKUPS_KEPT = 3

_BUSY_TIMEOUT_S = 5.0


def create_private(path: Path) -> None:
    """Create an empty file that only its owner may read, unless there is a file already.

    An existing file is not even opened: closing any descriptor of a database drops the locks that other connections of
    this process hold on it (https://sqlite.org/howtocorrupt.html, 2.2).
    Raises: OSError.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def beside(path: Path, suffix: str) -> Path:
    """Give the file of the same name with a suffix."""
    return path.with_name(f"{path.name}{suffix}")


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment into a file of its own, replacing what was there only when complete.

    The source may be in use; the target must not be a database in use, whose log would be taken for the copy's.
    Raises: StoreError if either file cannot be read or written, or the disk is full; StoreBusy.
    """
    with drafted(target) as part:
        copy_into(source, part)


@contextmanager
def drafted(target: Path) -> Iterator[Path]:
    """Lend an empty file, for its owner alone, that takes the target's place at the end, or is removed on any error.

    Raises: StoreError if the target's folder cannot be written.
    """
    part = beside(target, ".part")
    with faults_mapped(target):
        _remove(part)
        create_private(part)
    try:
        yield part
        with faults_mapped(target):
            part.replace(target)
    finally:
        with suppress(OSError):  # what went wrong before is what is told
            _remove(part)


def copy_into(source: Path, part: Path) -> None:
    """Copy a database as it is at one moment into an empty file. Raises StoreError, StoreBusy."""
    with (
        faults_mapped(source, written=part),
        closing(connect(source, _BUSY_TIMEOUT_S)) as origin,
        closing(connect(part, _BUSY_TIMEOUT_S)) as copy,
    ):
        origin.backup(copy)
        # A copy is one file: without this its next reader would keep a log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")


def back_up_before_migration(path: Path, version: int) -> None:
    """Copy a database that is about to be changed to ``NAME.vVERSION-backup``; of these the last three are kept.

    Raises: StoreError, StoreBusy; then none of the earlier ones was removed.
    """
    copy_database(path, beside(path, f".v{version}-backup"))
    name = re.compile(rf"{re.escape(path.name)}\.v\d+-backup")
    backups = [entry for entry in path.parent.iterdir() if name.fullmatch(entry.name)]
    backups.sort(key=lambda entry: entry.stat().st_mtime_ns)
    for old in backups[:-MIGRATION_BACKUPS_KEPT]:
        with suppress(OSError):  # one too many is no reason not to start
            old.unlink()


def read_number(connection: sqlite3.Connection, pragma: str) -> int:
    """Give the value of a pragma of ours that is a number."""
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def _remove(part: Path) -> None:
    """Remove a draft with what a kill may have left beside it."""
    for suffix in ("", *LOGS):
        beside(part, suffix).unlink(missing_ok=True)
