"""A consistent copy of a database, also while others write to it."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from doublebill.store.connections import connect
from doublebill.store.faults import faults_mapped

_BUSY_TIMEOUT_S = 5.0


def create_private(path: Path) -> None:
    """Create an empty file that only its owner may read, unless there is a file already.

    An existing file is not even opened: closing any descriptor of a database drops the locks that other connections of
    this process hold on it (https://sqlite.org/howtocorrupt.html, 2.2).
    Raises: OSError.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment into a file of its own, replacing what was there only when complete.

    The source may be in use; the target must not be a database in use, whose log would be taken for the copy's.
    Raises: StoreError if either file cannot be read or written, or the disk is full; StoreBusy.
    """
    part = target.with_name(f"{target.name}.part")
    with faults_mapped(target):
        part.unlink(missing_ok=True)
        create_private(part)
    with faults_mapped(source), closing(connect(source, _BUSY_TIMEOUT_S)) as origin:
        _copy_into(part, origin)
    with faults_mapped(target):
        part.replace(target)


def _copy_into(part: Path, origin: sqlite3.Connection) -> None:
    with closing(connect(part, _BUSY_TIMEOUT_S)) as copy:
        origin.backup(copy)
        # A copy is one file: without this its next reader would keep a log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
