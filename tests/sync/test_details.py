"""Details of many titles: in batches, once each, and kept whatever happens to the rest."""

import asyncio

import pytest

from doublebill.errors import SourceBroken, SourceError, SourceLimited, SourceUnknown, SourceUnreachable, StoreError
from doublebill.model import Kind, SyncKind, Title, TitleDetails, TitleKey
from doublebill.sync.details import BATCH, MAX_BROKEN, WIDTH, fetch_details
from doublebill.sync.progress import Progress, Step
from sync.house import Clock

KEYS = [TitleKey(Kind.MOVIE, number) for number in range(1, 101)]
BROKEN = SourceBroken("TMDB", "rubbish")


class Tmdb:
    """Knows every title but those it is told to fail at; it counts how many calls are under way."""

    def __init__(self, faults=None) -> None:
        self.faults = dict(faults or {})
        self.asked: list[TitleKey] = []
        self.under_way = self.widest = 0

    async def details(self, key):
        self.asked.append(key)
        self.under_way += 1
        self.widest = max(self.widest, self.under_way)
        try:
            await asyncio.sleep(0)
            if error := self.faults.get(key.tmdb_id):
                raise error
        finally:
            self.under_way -= 1
        return TitleDetails(Title(key, str(key)))


class Shelf:
    """Keeps batches, one at a time."""

    def __init__(self, error: Exception | None = None) -> None:
        self.batches: list[list[TitleKey]] = []
        self.error = error
        self.is_busy = False

    async def keep(self, batch) -> None:
        assert not self.is_busy
        if self.error:
            raise self.error
        self.is_busy = True
        await asyncio.sleep(0)
        self.batches.append([details.title.key for details in batch])
        self.is_busy = False

    @property
    def keys(self) -> list[TitleKey]:
        return [key for batch in self.batches for key in batch]


@pytest.fixture
def progress() -> Progress:
    made = Progress(SyncKind.FULL, Clock())
    made.begin(Step.DETAILS, len(KEYS))
    return made


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


async def fetch(tmdb, progress, shelf, keys=KEYS):
    await fetch_details(tmdb, keys, Step.DETAILS, progress, shelf.keep)


@pytest.mark.anyio
async def test_every_title_is_fetched_once_in_batches_some_at_a_time(progress, shelf):
    tmdb = Tmdb()
    await fetch(tmdb, progress, shelf)
    assert tmdb.asked == KEYS
    assert tmdb.widest == WIDTH
    assert sorted(shelf.keys) == KEYS
    assert all(len(batch) < BATCH + WIDTH for batch in shelf.batches)
    assert progress.steps[Step.DETAILS].done == len(KEYS)


@pytest.mark.anyio
async def test_no_titles_are_no_calls_and_no_batch(progress, shelf):
    await fetch(Tmdb(), progress, shelf, [])
    assert shelf.batches == []


@pytest.mark.anyio
async def test_unknown_and_broken_titles_are_counted_and_the_others_kept(progress, shelf):
    tmdb = Tmdb({3: SourceUnknown("TMDB", "gone"), 50: BROKEN, 70: BROKEN})
    await fetch(tmdb, progress, shelf)
    assert len(shelf.keys) == len(KEYS) - 3
    assert progress.skipped == {
        "titles that TMDB does not know any more": 1,
        "titles with a broken answer from TMDB": 2,
    }
    assert progress.steps[Step.DETAILS].done == len(KEYS)


@pytest.mark.anyio
async def test_broken_answers_between_good_ones_never_end_it(progress, shelf):
    await fetch(Tmdb(dict.fromkeys(range(2, 101, 2), BROKEN)), progress, shelf)
    assert len(shelf.keys) == 50


@pytest.mark.anyio
async def test_only_broken_answers_end_it_soon(progress, shelf):
    tmdb = Tmdb(dict.fromkeys(range(1, 101), BROKEN))
    with pytest.raises(SourceBroken):
        await fetch(tmdb, progress, shelf)
    assert len(tmdb.asked) <= MAX_BROKEN + WIDTH


@pytest.mark.anyio
@pytest.mark.parametrize("error", [SourceUnreachable("TMDB", "no answer"), SourceLimited("TMDB", "too fast")])
async def test_a_service_that_is_gone_ends_it_and_what_came_before_is_kept(progress, shelf, error):
    with pytest.raises(SourceError) as raised:
        await fetch(Tmdb({60: error}), progress, shelf)
    assert raised.value is error
    assert set(KEYS[:40]) <= set(shelf.keys)


@pytest.mark.anyio
async def test_a_store_that_fails_ends_it_with_its_own_error(progress):
    with pytest.raises(StoreError, match="full"):
        await fetch(Tmdb(), progress, Shelf(StoreError("full")))


@pytest.mark.anyio
async def test_what_came_before_a_cancel_is_kept(progress, shelf):
    class Stuck(Tmdb):
        async def details(self, key):
            if key.tmdb_id > 30:
                stuck.set()
                await asyncio.Event().wait()
            return await super().details(key)

    stuck = asyncio.Event()
    task = asyncio.create_task(fetch(Stuck(), progress, shelf))
    await stuck.wait()
    for _ in range(50):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sorted(shelf.keys) == KEYS[:30]
