"""Titles at hand: those that requests show again and again are read from the store once for each edition."""

from collections.abc import Mapping, Sequence

from doublebill.model import Title, TitleKey
from doublebill.store.protocol import Store

AT_MOST = 5_000
"""About 10 MB; when there are more, all are forgotten and read again as they are asked for."""


class TitlesAtHand:
    """Look titles up, from memory where they were asked for before; safe from any thread.

    Two threads may read the same title twice; both get it, and the later one stays.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[TitleKey, Title] = {}

    def __call__(self, keys: Sequence[TitleKey]) -> Mapping[TitleKey, Title]:
        """Give the titles that are known of those asked for. Raises StoreError."""
        known = self._known
        missing = [key for key in keys if key not in known]
        if missing:
            if len(known) + len(missing) > AT_MOST:
                known = self._known = {}
                missing = list(keys)
            known.update(self._store.titles(missing))
        return {key: known[key] for key in keys if key in known}
