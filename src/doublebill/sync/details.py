"""Details of many titles from TMDB, some at a time, saved in small batches as they arrive."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from doublebill.errors import SourceBroken, SourceUnknown
from doublebill.model import TitleDetails, TitleKey
from doublebill.sources.tmdb import Tmdb
from doublebill.sync.progress import Progress, Step

WIDTH = 16
"""How many calls are under way at once; TMDB's network takes 20 connections from one address."""

BATCH = 25
"""How many answers are saved in one transaction: what a kill can lose."""

MAX_BROKEN = 10
"""After so many broken answers in a row it is not the titles that are at fault."""

Keep = Callable[[list[TitleDetails]], Awaitable[None]]
"""Saves a batch; the next batch is handed over when it is done."""


@dataclass(slots=True)
class _Harvest:
    keep: Keep
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: list[TitleDetails] = field(default_factory=list)
    broken_in_a_row: int = 0

    async def add(self, details: TitleDetails) -> None:
        self.broken_in_a_row = 0
        self.waiting.append(details)
        if len(self.waiting) >= BATCH:
            await self.save()

    async def save(self) -> None:
        async with self.lock:
            batch, self.waiting = self.waiting, []
            if batch:
                await self.keep(batch)


async def fetch_details(tmdb: Tmdb, keys: Iterable[TitleKey], step: Step, progress: Progress, keep: Keep) -> None:
    """Fetch the details of titles, roughly in the order given, and hand them over in batches.

    A title that TMDB does not know, or whose answer is broken, is counted and skipped. Whatever was fetched is handed
    over also when the fetching fails or is cancelled.
    Raises: SourceError if TMDB cannot be reached, refuses the key, limits us for too long, or only answers rubbish.
    """
    harvest = _Harvest(keep)
    shared = iter(keys)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(WIDTH):
                group.create_task(_work(tmdb, shared, step, progress, harvest))
    except ExceptionGroup as failed:  # the workers fail alike: the first says it for all
        raise failed.exceptions[0] from failed
    finally:
        await harvest.save()


async def _work(tmdb: Tmdb, keys: Iterable[TitleKey], step: Step, progress: Progress, harvest: _Harvest) -> None:
    for key in keys:  # one iterator for all workers: each title goes to exactly one of them
        try:
            await harvest.add(await tmdb.details(key))
        except SourceUnknown:
            progress.skip("titles that TMDB does not know any more")
        except SourceBroken:
            harvest.broken_in_a_row += 1
            if harvest.broken_in_a_row >= MAX_BROKEN:
                raise
            progress.skip("titles with a broken answer from TMDB")
        progress.advance(step)
