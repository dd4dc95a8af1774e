"""Where SQLite's and the file system's errors become ours, once, with a hint that says what to do.

Every sqlite3 error is mapped, also those that only a fault of our own could cause: callers are promised StoreError, and
the original stays attached as its cause.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from doublebill.errors import StoreBusy, StoreError

_BUSY = ("another process holds the database", "Stop the other doublebill that uses this data folder, or try again.")
_FULL = ("the disk is full", "Make room on its disk. What was saved before is safe.")
_UNWRITTEN = (
    "the disk took no more: it is full, over a quota, or failing",
    "Look for room on its disk, then for disk errors in the system log. What was saved before is safe.",
)
_UNWRITABLE = (
    "the file or its folder cannot be opened or written",
    "Give the user that runs doublebill the right to write in the data folder, or set DOUBLEBILL_DATA_DIR to another.",
)
_NOT_A_DATABASE = (
    "the file is not a database",
    "Move it away and restore a backup, or set DOUBLEBILL_DATA_DIR to another folder.",
)
_DAMAGED = ("the database is damaged", "Stop doublebill, keep a copy of the data folder, and restore the last backup.")
_DISK = ("the disk failed to read or write", "Look for disk errors in the system log. A network drive will not do.")

# By primary result code, https://sqlite.org/rescode.html
_SAYINGS = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_PERM: _UNWRITABLE,
    sqlite3.SQLITE_READONLY: _UNWRITABLE,
    sqlite3.SQLITE_CANTOPEN: _UNWRITABLE,
    sqlite3.SQLITE_NOTADB: _NOT_A_DATABASE,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_IOERR: _DISK,
}


_OF_WRITING = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC}


@contextmanager
def faults_mapped(path: Path, *, written: Path | None = None) -> Iterator[None]:
    """Turn what goes wrong with the database at that path into StoreError, StoreBusy where another process holds it.

    ``written`` is the file that is written, where it is another one than the one that is read.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _of_sqlite(error, written if written and _is_of_writing(error) else path) from error
    except OSError as error:
        raise _of_system(error, path) from error


def _of_sqlite(error: sqlite3.Error, path: Path) -> StoreError:
    code = _code(error)
    primary = code & 0xFF if code is not None else None
    if primary not in _SAYINGS:
        return StoreError(f"{path}: {error}")
    # A quota, and a limit on the size of files, come as this and not as SQLITE_FULL.
    saying, hint = _UNWRITTEN if code == sqlite3.SQLITE_IOERR_WRITE else _SAYINGS[primary]
    kind = StoreBusy if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) else StoreError
    return kind(f"{path}: {saying}", hint=hint)


def _is_of_writing(error: sqlite3.Error) -> bool:
    code = _code(error)
    return code is not None and bool({code, code & 0xFF} & _OF_WRITING)


def _code(error: sqlite3.Error) -> int | None:
    """Give SQLite's extended code; errors that the Python module raises by itself carry none."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code


def _of_system(error: OSError, path: Path) -> StoreError:
    saying, hint = _FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else _UNWRITABLE
    return StoreError(f"{path}: {saying} ({error.strerror})", hint=hint)
