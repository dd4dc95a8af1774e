"""A store of which some methods fail on demand, as on a full disk."""

from collections.abc import Callable, Mapping
from typing import Any

from doublebill.store import SqliteStore


class FaultyStore:
    """Pass everything on to a store, but raise where a method has a fault; ``faults`` may be changed at any time."""

    def __init__(self, store: SqliteStore, faults: Mapping[str, Exception] | None = None) -> None:
        self._store = store
        self.faults: dict[str, Exception] = dict(faults or {})

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._store, name)

        def perhaps(*values: Any, **options: Any) -> Any:
            if name in self.faults:
                raise self.faults[name]
            return method(*values, **options)

        return perhaps
