"""Who uses a database: any number of processes beside each other, or one alone that puts another file in its place.

The database itself cannot be locked for that: a server may have no connection open for a moment, and one that is
damaged, which is why it is replaced, takes no lock.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from doublebill.errors import StoreBusy
from doublebill.store.backup import beside
from doublebill.store.locks import locked

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
    with closing(_occupied(path, BEING_REPLACED, alone=False)):
        yield


@contextmanager
def used_alone(path: Path) -> Iterator[None]:
    """Have the place of a database for oneself, whether or not there is one.

    Raises: StoreBusy if somebody uses it; StoreError if its folder cannot be written.
    """
    with closing(_occupied(path, IN_USE, alone=True)):
        yield


def _occupied(path: Path, refusal: tuple[str, str], *, alone: bool) -> sqlite3.Connection:
    try:
        return locked(beside(path, "-use"), alone=alone)
    except StoreBusy as error:
        words, hint = refusal
        raise StoreBusy(f"{path}: {words}", hint=hint) from error
