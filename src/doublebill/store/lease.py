"""The one right to sync, over all processes that share a database: an exclusive lock on an empty file beside it.

The decision a reader may question: no row with a heartbeat. A lock of the operating system ends with the process that
holds it, in the moment of a crash and not a time-out later, and knows neither clocks that are set nor machines that
sleep. It holds among the processes of one machine, and so does the write-ahead log, without which there is no database.
SQLite takes the lock, as it does for databases: it works on every system that Python does, and between two connections
of one process too.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from doublebill.store.backup import create_private
from doublebill.store.faults import faults_mapped

SUFFIX = "-sync"


class LeaseFile:
    """The file that is locked while somebody syncs; nothing is ever written into it."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + SUFFIX)

    def take(self) -> sqlite3.Connection | None:
        """Take the lock; None while somebody has it. Closing what is given frees it. Raises: StoreError."""
        with faults_mapped(self._path):
            create_private(self._path)
            connection = self._opened()
            try:
                if _is_done(connection, "BEGIN EXCLUSIVE"):
                    return connection
            except sqlite3.Error:
                connection.close()
                raise
            connection.close()
            return None

    def is_taken(self) -> bool:
        """Tell whether somebody has the lock now; asking takes nothing but a look. Raises: StoreError."""
        with faults_mapped(self._path):
            if not self._path.exists():
                return False
            with closing(self._opened()) as connection:
                return not _is_done(connection, "SELECT count(*) FROM sqlite_schema")

    def _opened(self) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self._path.resolve().as_uri()}?mode=rw",
            uri=True,
            timeout=0,
            isolation_level=None,
            check_same_thread=False,  # taken and freed on different threads, never used on two at a time
        )


def _is_done(connection: sqlite3.Connection, statement: str) -> bool:
    """Do it, unless somebody else's lock is in the way."""
    try:
        connection.execute(statement).fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True
