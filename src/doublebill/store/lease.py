"""The one right to sync, over all processes that share a database."""

import sqlite3
from contextlib import closing
from pathlib import Path

from doublebill.errors import StoreBusy
from doublebill.store.backup import beside
from doublebill.store.locks import locked


class LeaseFile:
    """The file that is locked while somebody syncs."""

    def __init__(self, database: Path) -> None:
        self._path = beside(database, "-sync")

    def take(self) -> sqlite3.Connection | None:
        """Take the right; None while somebody has it. Closing what is given frees it. Raises: StoreError."""
        try:
            return locked(self._path, alone=True)
        except StoreBusy:
            return None

    def is_taken(self) -> bool:
        """Tell whether somebody has it now; asking takes nothing but a look. Raises: StoreError."""
        if not self._path.exists():
            return False
        try:
            with closing(locked(self._path, alone=False)):
                return False
        except StoreBusy:
            return True
