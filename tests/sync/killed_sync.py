"""A process that syncs the small house into a database and kills itself, as ``kill -9`` would, at a given point.

    python killed_sync.py DATABASE POINT COUNT

POINT is ``jellyfin`` or ``tmdb`` (killed while the COUNT-th request is under way) or the name of a store's method
(killed right after its COUNT-th call has returned). What was written by then is told on stdout, a line each.
"""

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from doublebill.store import SqliteStore, open_store
from sync.house import House, sync


class DoomedStore:
    """A store that tells each finished call, and kills the process after one of them."""

    def __init__(self, store: SqliteStore, point: str, count: int) -> None:
        self._store = store
        self._point = point
        self._count = count
        self._calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._store, name)

        def told(*values: Any, **options: Any) -> Any:
            result = method(*values, **options)
            self._calls[name] += 1
            if name.startswith("save_"):
                sys.stdout.write(f"{name} {len(values[1] if name == 'save_vectors' else values[0])}\n")
                sys.stdout.flush()
            if (name, self._calls[name]) == (self._point, self._count):
                die()
            return result

        return told


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(database: Path, point: str, count: int) -> None:
    house = House()
    if point in {"jellyfin", "tmdb"}:
        getattr(house, point).before = lambda calls: die() if calls == count else None
    sync(house.engine(DoomedStore(open_store(database), point, count)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
