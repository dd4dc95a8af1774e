"""One sync from end to end: a chain of small steps that can be cut anywhere and goes on from there.

    history -> neighbours -> (first edition) -> catalogue -> details + embed -> publish

It is an anytime pipeline: as soon as TMDB's lists for the watched titles are there, a first edition is published from
what the lists say; details and vectors then arrive for the best candidates first, and the edition is published again as
it sharpens. What is to be done is read from the store each time, so a killed sync needs no memory of its own.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from doublebill.model import HOUSEHOLD, SyncKind, TitleDetails, TitleKey
from doublebill.store.protocol import Store
from doublebill.sync.details import fetch_details
from doublebill.sync.edition import Edition, best_first, build_edition, histories_of
from doublebill.sync.embed import EmbeddingJob, Model
from doublebill.sync.history import read_history
from doublebill.sync.progress import Clock, Progress, Step
from doublebill.sync.releases import fetch_releases
from doublebill.sync.resolve import resolve_items
from doublebill.sync.upstreams import Upstreams

NEVER = datetime.min.replace(tzinfo=UTC)
DETAILS_AGE = timedelta(days=30)
NEIGHBOURS_AGE = timedelta(days=7)
PURGE_AGE = timedelta(days=180)
"""TMDB's terms allow an answer to be kept for six months."""

PUBLISH_EVERY = timedelta(seconds=5)
PUBLISH_SHARE = 30
"""Building editions takes at most one part in so many of a sync's time."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a sync works with; the vectors of ``model`` are published, and ``publish`` takes each new edition."""

    store: Store
    upstreams: Upstreams
    model: Model
    clock: Clock
    publish: Callable[[Edition], None]


class Sync:
    """One run of the pipeline."""

    def __init__(self, tools: Tools, progress: Progress) -> None:
        self._tools = tools
        self._store = tools.store
        self._tmdb = tools.upstreams.tmdb
        self._progress = progress
        self._now = tools.clock()
        self._next_edition_at = self._now

    async def run(self) -> None:
        """Run to the end.

        Raises: SourceError, StoreError; all that was done before stays, and the last edition goes on serving.
        """
        is_full = self._progress.kind is SyncKind.FULL
        await read_history(self._tools.upstreams.jellyfin, self._store, self._now, self._progress)
        await resolve_items(self._tmdb if is_full else None, self._store, self._now, self._progress)
        self._progress.finish(Step.HISTORY)
        if is_full:
            await self._sharpen()
        else:
            await self._catch_up()
        self._progress.begin(Step.PUBLISH, 1)
        await self._publish()
        self._progress.finish(Step.PUBLISH)

    async def _sharpen(self) -> None:
        """Ask TMDB about watched titles and new releases, publish what that gives, then details and vectors."""
        watched = await asyncio.to_thread(self._watched)
        await self._fetch_neighbours(watched)
        await self._publish()
        await fetch_releases(self._tmdb, self._store, self._now, self._progress)
        self._progress.finish(Step.CATALOGUE)
        await asyncio.to_thread(self._store.purge_titles, self._now - PURGE_AGE)
        edition = await self._publish()
        # What is hidden is no candidate, and what is like it can only be told from its words.
        candidates = [*await asyncio.to_thread(self._hidden), *await asyncio.to_thread(best_first, edition)]
        await self._fetch_and_embed(watched, list(dict.fromkeys(candidates)))

    async def _catch_up(self) -> None:
        """Embed what has details and no vector yet, such as the titles that an earlier system left, best first."""
        vectors = await asyncio.to_thread(self._store.text_hashes, self._tools.model.model_id)
        known = await asyncio.to_thread(self._store.detail_ages)
        missing = [key for key, detailed_at in known.items() if detailed_at and key not in vectors]
        if not missing:
            return
        self._progress.take_in(Step.EMBED)
        self._progress.begin(Step.EMBED, len(missing))
        best = [*await asyncio.to_thread(self._watched), *best_first(await self._publish()), *missing]
        wanted = set(missing)
        job = EmbeddingJob(self._tools.model, self._store, self._progress)
        job.put([key for key in dict.fromkeys(best) if key in wanted])
        job.finish()
        await job.run(self._publish_if_due)
        self._progress.finish(Step.EMBED)

    def _watched(self) -> list[TitleKey]:
        """Give every title that anybody did anything with, the last touched first."""
        histories = histories_of(self._store, self._store.people())
        watches = [watch for history in histories.values() for watch in history]
        watches.sort(key=lambda watch: watch.last_played_at or NEVER, reverse=True)
        return list(dict.fromkeys(watch.key for watch in watches))

    def _hidden(self) -> list[TitleKey]:
        """Give every title that anybody hides now."""
        people = [person.person_id for person in self._store.people()]
        return [hide.key for owner in (*people, HOUSEHOLD) for hide in self._store.hides(owner, self._now)]

    async def _fetch_neighbours(self, watched: Sequence[TitleKey]) -> None:
        stale = await asyncio.to_thread(self._older_than, watched, NEIGHBOURS_AGE)
        self._progress.begin(Step.NEIGHBOURS, len(stale))
        await fetch_details(self._tmdb, stale, Step.NEIGHBOURS, self._progress, self._keep_watched)
        self._progress.finish(Step.NEIGHBOURS)

    async def _keep_watched(self, batch: list[TitleDetails]) -> None:
        await asyncio.to_thread(self._store.save_details, batch, self._now)

    async def _fetch_and_embed(self, watched: Sequence[TitleKey], candidates: Sequence[TitleKey]) -> None:
        """Fetch candidates' details and embed everything, side by side, best first."""
        stale = await asyncio.to_thread(self._older_than, candidates, DETAILS_AGE)
        job = await asyncio.to_thread(EmbeddingJob, self._tools.model, self._store, self._progress)
        self._progress.begin(Step.EMBED, len(watched) + len(candidates))
        self._progress.begin(Step.DETAILS, len(stale))
        waiting = set(stale)
        job.put([*watched, *(key for key in candidates if key not in waiting)])
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(job.run(self._publish_if_due))
                await self._fetch_candidates(stale, job.put)
                job.finish()
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed
        self._progress.finish(Step.EMBED)

    async def _fetch_candidates(self, keys: Sequence[TitleKey], saved: Callable[[list[TitleKey]], None]) -> None:
        async def keep(batch: list[TitleDetails]) -> None:
            own = [replace(details, listed=()) for details in batch]  # the pool grows from watched titles only
            await asyncio.to_thread(self._store.save_details, own, self._now)
            saved([details.title.key for details in own])
            await self._publish_if_due()

        await fetch_details(self._tmdb, keys, Step.DETAILS, self._progress, keep)
        self._progress.finish(Step.DETAILS)

    def _older_than(self, keys: Sequence[TitleKey], age: timedelta) -> list[TitleKey]:
        """Give those of the titles whose details were never fetched or are older than an age, in their order."""
        ages = self._store.detail_ages()
        return [key for key in keys if (fetched := ages.get(key)) is None or self._now - fetched > age]

    async def _publish_if_due(self) -> None:
        if self._tools.clock() >= self._next_edition_at:
            await self._publish()

    async def _publish(self) -> Edition:
        started_at = self._tools.clock()
        self._next_edition_at = started_at + timedelta(days=1)  # one builder at a time
        edition = await asyncio.to_thread(build_edition, self._store, self._tools.model.model_id, started_at)
        await asyncio.to_thread(self._tools.publish, edition)
        finished_at = self._tools.clock()
        self._next_edition_at = finished_at + max(PUBLISH_EVERY, (finished_at - started_at) * PUBLISH_SHARE)
        return edition
