"""Keeping: everything doublebill remembers, in one SQLite file behind the ``Store`` protocol."""

from doublebill.store.backup import copy_database
from doublebill.store.protocol import Store
from doublebill.store.sqlite import SqliteStore, open_store

__all__ = ["SqliteStore", "Store", "copy_database", "open_store"]
