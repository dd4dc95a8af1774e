"""The first step: people, library and watches from Jellyfin into the store.

Everything is written page by page as it arrives. Only a library that was read to its end releases what it did not show.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from doublebill.model import Person
from doublebill.sources.jellyfin import Jellyfin
from doublebill.store.protocol import Store
from doublebill.sync.progress import Progress, Step


async def read_history(jellyfin: Jellyfin, store: Store, now: datetime, progress: Progress) -> None:
    """Bring the store up to what Jellyfin says now; a second call with nothing changed adds nothing to the ledger.

    Raises: SourceError where Jellyfin gives no usable answer; what was read before stays.
    """
    progress.begin(Step.HISTORY)
    people = await jellyfin.people()
    await asyncio.to_thread(store.save_people, people)
    await _read_library(jellyfin, store, now, progress)
    for person in people:
        await _read_watches(jellyfin, store, person, now, progress)


async def _read_library(jellyfin: Jellyfin, store: Store, now: datetime, progress: Progress) -> None:
    is_whole = True  # an empty library is read to its end
    async for page in jellyfin.library():
        await asyncio.to_thread(store.save_items, page.rows, now)
        _count(page.skipped, len(page.rows), progress)
        is_whole = page.done >= page.total
    if is_whole:
        await asyncio.to_thread(store.release_items, now)
    else:
        progress.skip("readings of the library that ended early: what they did not show counts as owned still")


async def _read_watches(jellyfin: Jellyfin, store: Store, person: Person, now: datetime, progress: Progress) -> None:
    async for page in jellyfin.watches(person.person_id, now):
        await asyncio.to_thread(store.record, page.rows)
        _count(page.skipped, len(page.rows), progress)


def _count(skipped: Mapping[str, int], done: int, progress: Progress) -> None:
    for reason, count in skipped.items():
        progress.skip(reason, count)
    progress.advance(Step.HISTORY, done)
