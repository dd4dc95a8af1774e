"""Whether a database file is ours, of which version, and whole; it is only read."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from doublebill.errors import StoreError
from doublebill.store.backup import read_number
from doublebill.store.connections import connect
from doublebill.store.faults import faults_mapped
from doublebill.store.migrate import APPLICATION_ID, load_migrations

_BUSY_TIMEOUT_S = 0.5
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Examined:
    """A database of ours: the version of its tables, its size, and what is wrong with it, in SQLite's words."""

    version: int
    size_bytes: int
    faults: tuple[str, ...]


def newest_version() -> int:
    """Give the version of the tables that this doublebill makes."""
    return len(load_migrations())


def sqlite_version() -> str:
    """Give the version of the SQLite that Python brings."""
    return sqlite3.sqlite_version


def examine(path: Path) -> Examined:
    """Read a database from end to end; one of 100 MB takes about a second.

    Raises: StoreError if it cannot be opened, is not ours, or is too damaged to be read; StoreBusy.
    """
    with faults_mapped(path), closing(connect(path, _BUSY_TIMEOUT_S)) as connection:
        if read_number(connection, "application_id") != APPLICATION_ID:
            raise StoreError(f"{path}: it is no database of doublebill", hint="Name another file.")
        wrong = [row[0] for row in connection.execute(f"PRAGMA integrity_check({_MOST_FAULTS})") if row[0] != "ok"]
        loose = connection.execute("PRAGMA foreign_key_check").fetchmany(_MOST_FAULTS)
        wrong += [
            f"row {row} of {table} belongs to a row of {parent} that is not there" for table, row, parent, _ in loose
        ]
        size_bytes = read_number(connection, "page_count") * read_number(connection, "page_size")
        return Examined(read_number(connection, "user_version"), size_bytes, tuple(wrong))


def bears_our_mark(path: Path) -> bool:
    """Whether a file begins as a database of ours does; it must be one that is not in use.

    Raises: StoreError if it cannot be read.
    """
    # Both places: https://sqlite.org/fileformat2.html, 1.3
    with faults_mapped(path), path.open("rb") as file:
        header = file.read(100)
    return header.startswith(b"SQLite format 3\0") and header[68:72] == APPLICATION_ID.to_bytes(4, "big")
