"""Connections to the database file, and units of work on them.

Each unit of work has a connection to itself, from a small stock of idle ones. Opening one for each would be simpler,
but when the last one closes SQLite folds the whole write-ahead log back: a quiet server would pay that for every call.
A connection never serves two threads at the same time, and one that saw an error is closed, not kept.

``synchronous`` is FULL. NORMAL would survive a kill, but a power cut could take back the last calls that had already
returned. Writes are few and come in batches, so one flush for each is a fair price for a promise without a footnote.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from doublebill.errors import StoreError
from doublebill.store.faults import faults_mapped
from doublebill.store.words import teach_words

_IDLE_AT_MOST = 4


def connect(path: Path, busy_timeout_s: float) -> sqlite3.Connection:
    """Open an existing database file; SQLite waits up to ``busy_timeout_s`` for a lock.

    The file must exist (mode=rw): one that vanished is an error, not an empty database.
    Raises: sqlite3.Error.
    """
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rw",
        uri=True,
        timeout=busy_timeout_s,
        isolation_level=None,  # transactions are begun by us, not by the module
        check_same_thread=False,  # handed from thread to thread, never shared
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        teach_words(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    """Do what happens inside whole or not at all; ``begin`` is the statement that opens it."""
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


class Database:
    """Units of work on one database file, from any thread."""

    def __init__(self, path: Path, connect: Callable[[], sqlite3.Connection]) -> None:
        self._path = path
        self._connect = connect
        self._idle: list[sqlite3.Connection] = []
        self._is_closed = False
        self._lock = threading.Lock()
        self._own = threading.local()

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._path

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make one transaction of all that this thread does inside: it is kept whole, or on any error not at all."""
        before = self._shared
        with self.writing() as connection:
            self._own.connection = connection
            try:
                yield
            finally:
                self._own.connection = before

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that sees one moment of the database throughout, whatever others write meanwhile."""
        with faults_mapped(self._path), self._lend() as connection, self._transaction(connection, "BEGIN"):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the one connection that may write now; it is committed at the end and rolled back on any error.

        The lock is taken at the start (IMMEDIATE): taken later it could fail without waiting, after half the work.
        """
        with faults_mapped(self._path), self._lend() as connection, self._transaction(connection, "BEGIN IMMEDIATE"):
            yield connection

    def close(self) -> None:
        """Close the idle connections now and lent ones as they come back; a second call does nothing."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    @property
    def _shared(self) -> sqlite3.Connection | None:
        """The connection whose transaction this thread is in, if it does things together."""
        return getattr(self._own, "connection", None)

    def _transaction(self, connection: sqlite3.Connection, begin: str) -> AbstractContextManager[None]:
        return nullcontext() if connection is self._shared else transaction(connection, begin)

    @contextmanager
    def _lend(self) -> Iterator[sqlite3.Connection]:
        if self._shared is not None:
            yield self._shared
            return
        connection = self._take()
        is_sound = False
        try:
            yield connection
            is_sound = True
        finally:
            if not (is_sound and self._keep(connection)):
                connection.close()

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._is_closed:
                raise StoreError(f"{self._path}: the store is closed")
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _keep(self, connection: sqlite3.Connection) -> bool:
        with self._lock:
            has_room = not self._is_closed and len(self._idle) < _IDLE_AT_MOST
            if has_room:
                self._idle.append(connection)
            return has_room


class Table:
    """A part of the store: some tables, and the methods that speak of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
