"""Who uses a database: any number of processes beside each other, or one alone that puts another file in its place.

The lock is an empty database of its own beside the file, ``NAME-use``, and the locks are SQLite's: reading it is using
the database, writing it is having it alone. So it works wherever SQLite does, and the system takes it back from a
process that dies. The database itself would not do: a server may have no connection open for a moment, and one that is
damaged, which is why it is replaced, cannot be locked.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from doublebill.errors import StoreBusy
from doublebill.store.backup import beside, create_private
from doublebill.store.connections import connect
from doublebill.store.faults import faults_mapped

IN_USE = (
    "doublebill uses the database",
    "Stop it first: `docker compose stop`, `systemctl stop doublebill`, or Ctrl+C where it serves.",
)
BEING_REPLACED = ("a backup is being restored here", "Wait until that is done, then start again.")


@contextmanager
def used(path: Path) -> Iterator[None]:
    """Use the database at that path beside others; nobody can put another in its place meanwhile.

    Raises: StoreBusy while one is being put there; StoreError if its folder cannot be written.
    """
    with closing(_locked(path, "BEGIN", BEING_REPLACED)):
        yield


@contextmanager
def used_alone(path: Path) -> Iterator[None]:
    """Have the place of a database for oneself, whether or not there is one.

    Raises: StoreBusy if somebody uses it; StoreError if its folder cannot be written.
    """
    with closing(_locked(path, "BEGIN EXCLUSIVE", IN_USE)):
        yield


def _locked(path: Path, begin: str, refusal: tuple[str, str]) -> sqlite3.Connection:
    lock = beside(path, "-use")
    try:
        with faults_mapped(path):
            create_private(lock)
            connection = connect(lock, 0.0)
            _take(connection, begin)
    except StoreBusy as error:
        words, hint = refusal
        raise StoreBusy(f"{path}: {words}", hint=hint) from error
    return connection


def _take(connection: sqlite3.Connection, begin: str) -> None:
    try:
        connection.execute(begin)
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
