"""Locks between processes, each an empty file beside the database it is about.

The decision a reader may question: no row with a heartbeat. A lock of the operating system ends with the process that
holds it, in the moment of a crash and not a time-out later, and knows neither clocks that are set nor machines that
sleep. It holds among the processes of one machine, and so does the write-ahead log, without which there is no database.
SQLite takes the lock, as it does for databases: reading is sharing it, writing is having it alone. It works on every
system that Python does, and between two connections of one process too.
"""

import sqlite3
from pathlib import Path

from doublebill.store.backup import create_private
from doublebill.store.connections import connect
from doublebill.store.faults import faults_mapped


def locked(path: Path, *, alone: bool) -> sqlite3.Connection:
    """Lock a file for oneself alone, or beside others who share it; nothing is ever written into it.

    It is made if it is missing. Closing what is given, on any thread, frees it.
    Raises: StoreBusy while somebody else's lock is in the way; StoreError if the file cannot be made or locked.
    """
    with faults_mapped(path):
        create_private(path)
        connection = connect(path, 0.0)
        try:
            connection.execute("BEGIN EXCLUSIVE" if alone else "BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.Error:
            connection.close()
            raise
    return connection
