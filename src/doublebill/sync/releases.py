"""New releases as candidates: a handful of calls, at most once a day."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from doublebill.errors import SourceBroken
from doublebill.model import Kind, Title
from doublebill.sources.tmdb import Tmdb
from doublebill.store.protocol import Store
from doublebill.sync.progress import Progress, Step

ASK_AGAIN_AFTER = timedelta(hours=20)
"""A little under a day, so that a daily sync that starts a minute early still asks."""

RECENT = timedelta(days=90)
ASKED_AT = "releases_asked_at"

ReleaseList = Callable[[], Awaitable[Sequence[Title]]]


async def fetch_releases(tmdb: Tmdb, store: Store, now: datetime, progress: Progress) -> None:
    """Save what is new in cinemas and on screens, so that it can be recommended before any list names it.

    Raises: SourceError where TMDB cannot be reached or refuses the key; one broken list is counted and skipped.
    """
    asked_at = await asyncio.to_thread(store.recall, ASKED_AT)
    if asked_at and now - datetime.fromisoformat(asked_at) < ASK_AGAIN_AFTER:
        progress.begin(Step.CATALOGUE, 0)
        return
    since, today = (now - RECENT).date(), now.date()
    lists: list[ReleaseList] = [
        partial(tmdb.trending, Kind.MOVIE),
        partial(tmdb.trending, Kind.TV),
        tmdb.now_playing,
        tmdb.on_the_air,
        partial(tmdb.discover, Kind.MOVIE, since, today),
        partial(tmdb.discover, Kind.TV, since, today),
    ]
    progress.begin(Step.CATALOGUE, len(lists))
    await asyncio.gather(*(_save(ask, store, now, progress) for ask in lists))
    await asyncio.to_thread(store.remember, ASKED_AT, now.isoformat())


async def _save(ask: ReleaseList, store: Store, now: datetime, progress: Progress) -> None:
    try:
        await asyncio.to_thread(store.save_listed, await ask(), now)
    except SourceBroken:
        progress.skip("lists of new releases with a broken answer from TMDB")
    progress.advance(Step.CATALOGUE)
