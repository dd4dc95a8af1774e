"""The store in one SQLite file: the sum of its tables."""

from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from doublebill.store.columns import ColumnReads
from doublebill.store.connections import Database, connect
from doublebill.store.ledger import LedgerTable
from doublebill.store.library import LibraryTable
from doublebill.store.migrate import load_migrations, prepare
from doublebill.store.people import PeopleTable, WishTables
from doublebill.store.protocol import Store
from doublebill.store.search import SearchTable
from doublebill.store.syncs import SyncTables
from doublebill.store.titles import TitleTables
from doublebill.store.vectors import VectorTables


class SqliteStore(
    PeopleTable,
    LibraryTable,
    LedgerTable,
    TitleTables,
    ColumnReads,
    SearchTable,
    VectorTables,
    WishTables,
    SyncTables,
    Store,
):
    """A Store in one file, used from any number of threads; each method is one transaction."""

    def close(self) -> None:
        """Close every connection, those in use as soon as their call is done; a second call does nothing."""
        self._database.close()

    def together(self) -> AbstractContextManager[None]:
        """Make one transaction of all that this thread does inside."""
        return self._database.together()


def open_store(path: Path, *, busy_timeout_s: float = 5.0) -> SqliteStore:
    """Open the database at that path, created or migrated as needed.

    Args:
        path: the file, usually ``data/doublebill.db``; its folder is created (0700), the file too (0600).
        busy_timeout_s: how long a call waits for another writer before it gives up with StoreBusy.
    Raises: StoreError if the path cannot be used or the file is not ours; StoreTooNew; StoreBusy.
    """
    prepare(path, load_migrations(), busy_timeout_s=busy_timeout_s)
    return SqliteStore(Database(path, partial(connect, path, busy_timeout_s)))
