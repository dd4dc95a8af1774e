"""One sync at a time: begun, joined, cancelled, failed, and written down whatever happens."""

import asyncio
import logging
from contextlib import closing

import pytest

from doublebill.errors import ConfigError, SourceUnreachable, StoreError
from doublebill.model import SyncKind, SyncStatus
from doublebill.store import open_store
from doublebill.sync.engine import Engine
from doublebill.sync.progress import WAITING, WORDS
from made_up_time import MadeUpTime
from sync.faulty_store import FaultyStore
from sync.house import House, answer, dead_line, sync

FULL_DISK = StoreError("the disk is full", hint="Make room on the disk.")


def held(house: House) -> asyncio.Event:
    """Hold every request to Jellyfin, and tell when the first has come."""
    asked = asyncio.Event()

    async def hold(scope, receive, send):
        asked.set()
        await asyncio.Event().wait()

    house.jellyfin.fault = lambda _: hold
    return asked


@pytest.mark.anyio
async def test_a_second_start_starts_no_second_sync(engine, store):
    assert engine.runner.start(SyncKind.LIGHT)
    assert engine.runner.is_running
    assert not engine.runner.start(SyncKind.FULL)
    run = await engine.runner.run(SyncKind.FULL)
    assert (run.kind, run.status) == (SyncKind.LIGHT, SyncStatus.SUCCESS)
    assert [each.run_id for each in store.sync_runs(5)] == [run.run_id]
    assert not engine.runner.is_running


@pytest.mark.anyio
async def test_a_sync_tells_its_steps_and_each_turn(engine):
    runner = engine.runner
    assert (runner.turns, runner.changes.count) == (0, 0)
    runner.start(SyncKind.LIGHT)
    assert (runner.turns, runner.changes.count) == (1, 1)
    await runner.run(SyncKind.LIGHT)
    await asyncio.sleep(0)
    assert runner.turns == 3  # begun, on record, ended
    assert runner.changes.count > runner.turns


@pytest.mark.anyio
async def test_all_who_join_get_the_same_run(engine):
    runs = await asyncio.gather(*(engine.runner.run(SyncKind.LIGHT) for _ in range(5)))
    assert {run.run_id for run in runs} == {runs[0].run_id}


@pytest.mark.anyio
async def test_whoever_joins_and_goes_away_does_not_stop_the_sync(house, engine):
    asked = held(house)
    engine.runner.start(SyncKind.LIGHT)
    joined = asyncio.create_task(engine.runner.run(SyncKind.LIGHT))
    await asked.wait()
    joined.cancel()
    await asyncio.wait([joined])
    assert engine.runner.is_running
    await engine.runner.cancel()


@pytest.mark.anyio
async def test_a_cancelled_sync_is_written_down_and_the_next_one_succeeds(house, engine, store):
    asked = held(house)
    engine.runner.start(SyncKind.FULL)
    await asked.wait()
    await engine.runner.cancel()
    assert not engine.runner.is_running
    (run,) = store.sync_runs(5)
    assert (run.status, run.finished_at) == (SyncStatus.CANCELLED, house.clock.now)
    assert engine.runner.last_run == run
    house.jellyfin.fault = lambda _: None
    assert (await engine.runner.run(SyncKind.LIGHT)).status is SyncStatus.SUCCESS


@pytest.mark.anyio
async def test_a_sync_cancelled_among_its_details_keeps_what_came(house, engine, store):
    reached = asyncio.Event()
    house.tmdb.before = lambda calls: reached.set() if calls == 60 else None
    engine.runner.start(SyncKind.FULL)
    await reached.wait()
    await engine.runner.cancel()
    assert store.sync_runs(1)[0].status is SyncStatus.CANCELLED
    assert sum(fetched is not None for fetched in store.detail_ages().values()) > 10
    assert (await engine.runner.run(SyncKind.FULL)).status is SyncStatus.SUCCESS


@pytest.mark.anyio
async def test_whoever_joined_a_cancelled_sync_is_told(house, engine):
    asked = held(house)
    joined = asyncio.create_task(engine.runner.run(SyncKind.LIGHT))
    await asked.wait()
    await engine.runner.cancel()
    with pytest.raises(asyncio.CancelledError):
        await joined


@pytest.mark.anyio
async def test_cancelling_where_nothing_runs_does_nothing(engine):
    await engine.runner.cancel()
    await engine.runner.run(SyncKind.LIGHT)
    await engine.runner.cancel()
    assert engine.runner.last_run.status is SyncStatus.SUCCESS


def test_the_listener_sees_every_step(engine):
    seen = set()
    asyncio.run(engine.runner.run(SyncKind.LIGHT, lambda progress: seen.add(progress.current)))
    assert seen == {"history", "publish"}


# Other processes


@pytest.fixture
def elsewhere(house, tmp_path, store):
    """The engine of another process: the same file, opened by itself."""
    other = open_store(tmp_path / "doublebill.db")
    yield house.engine(other)
    other.close()


def in_made_up_time(work):
    with asyncio.Runner(loop_factory=MadeUpTime) as runner:
        return runner.run(work)


async def both(first, second, kinds):
    """Let one process sync, and the other ask for a sync a moment later; give both runs, and what the second said."""
    said = []
    begun = asyncio.create_task(first.run(kinds[0]))
    while not first.turns > 1:
        await asyncio.sleep(0)
    joined = asyncio.create_task(second.run(kinds[1], lambda progress: said.append(progress.words)))
    return await begun, await joined, said


@pytest.mark.parametrize("kinds", [("full", "light"), ("full", "full"), ("light", "light")])
def test_a_sync_of_another_process_that_does_as_much_is_joined(engine, elsewhere, store, kinds):
    first, second, said = in_made_up_time(both(elsewhere.runner, engine.runner, [SyncKind(kind) for kind in kinds]))
    assert first == second == engine.runner.last_run
    assert said == [WAITING]
    assert store.sync_runs(5) == [first]


def test_after_a_light_sync_of_another_process_a_full_one_has_its_turn(engine, elsewhere, store):
    first, second, said = in_made_up_time(both(elsewhere.runner, engine.runner, (SyncKind.LIGHT, SyncKind.FULL)))
    assert (first.kind, second.kind) == (SyncKind.LIGHT, SyncKind.FULL)
    assert (said[0], said[1]) == (WAITING, WORDS["history"])
    assert len(store.sync_runs(5)) == 2


def test_after_a_failed_sync_of_another_process_ours_has_its_turn(house, engine, elsewhere):
    house.jellyfin.fault = lambda _: dead_line if len(house.jellyfin.calls) < 3 else None
    first, second, _ = in_made_up_time(both(elsewhere.runner, engine.runner, (SyncKind.LIGHT, SyncKind.LIGHT)))
    assert (first.status, second.status) == (SyncStatus.ERROR, SyncStatus.SUCCESS)


def test_a_sync_that_waits_for_another_process_can_be_cancelled(engine, store):
    async def wait_and_cancel():
        engine.runner.start(SyncKind.LIGHT)
        while not engine.runner.progress.is_waiting:
            await asyncio.sleep(0)
        await asyncio.sleep(10)
        await engine.runner.cancel()

    with closing(store.lease_sync()):
        in_made_up_time(wait_and_cancel())
    assert store.sync_runs(5) == []
    assert sync(engine, SyncKind.LIGHT).status is SyncStatus.SUCCESS


@pytest.mark.anyio
@pytest.mark.parametrize("fault", [None, dead_line])
async def test_however_a_sync_ends_the_right_to_it_is_given_back(house, engine, store, fault):
    house.jellyfin.fault = lambda _: fault
    await engine.runner.run(SyncKind.LIGHT)
    assert not store.is_sync_leased()
    held(house)
    engine.runner.start(SyncKind.LIGHT)
    await asyncio.sleep(0)
    await engine.runner.cancel()
    assert not store.is_sync_leased()


def test_a_right_that_cannot_be_had_is_an_error_that_is_told(house, store):
    run = sync(house.engine(FaultyStore(store, {"lease_sync": FULL_DISK})))
    assert (run.status, run.message) == (SyncStatus.ERROR, "the disk is full. Make room on the disk")


# What goes wrong


def test_an_error_of_ours_ends_the_run_with_its_message_and_hint(house, engine, store):
    house.jellyfin.fault = lambda _: answer(401, text="")
    run = sync(engine)
    assert run.status is SyncStatus.ERROR
    assert "JELLYFIN_API_KEY" in run.message
    assert not run.message.endswith(".")
    assert engine.runner.failure.source == "Jellyfin"
    assert store.sync_runs(1) == [run]


def test_a_later_success_takes_the_failure_away(house, engine):
    house.jellyfin.fault = lambda _: dead_line
    sync(engine)
    assert isinstance(engine.runner.failure, SourceUnreachable)
    house.jellyfin.fault = lambda _: None
    sync(engine, SyncKind.LIGHT)
    assert engine.runner.failure is None


@pytest.mark.parametrize("method", ["save_people", "record", "save_details", "title_columns", "save_vectors"])
def test_a_store_that_fails_inside_a_sync_ends_it_with_its_words(house, store, method):
    run = sync(house.engine(FaultyStore(store, {method: FULL_DISK})))
    assert run.status is SyncStatus.ERROR
    assert run.message == "the disk is full. Make room on the disk"
    assert store.sync_runs(1) == [run]


def test_a_sync_that_cannot_even_begin_is_an_error_that_is_told(house, store, caplog):
    engine = house.engine(FaultyStore(store, {"begin_sync": FULL_DISK}))
    run = sync(engine)
    assert (run.status, run.message) == (SyncStatus.ERROR, "the disk is full. Make room on the disk")
    assert engine.runner.last_run == run
    assert engine.runner.failure is FULL_DISK
    assert "the disk is full" in caplog.text
    assert store.sync_runs(5) == []


@pytest.mark.parametrize("fault", [None, dead_line])
def test_a_run_whose_end_cannot_be_written_down_is_told_all_the_same(house, store, caplog, fault):
    house.jellyfin.fault = lambda _: fault
    engine = house.engine(FaultyStore(store, {"finish_sync": FULL_DISK}))
    run = sync(engine, SyncKind.LIGHT)
    assert run.status is (SyncStatus.ERROR if fault else SyncStatus.SUCCESS)
    assert "could not be written down: the disk is full" in caplog.text


@pytest.mark.anyio
async def test_a_cancelled_run_whose_end_cannot_be_written_down_still_ends(house, store):
    engine = house.engine(FaultyStore(store, {"finish_sync": FULL_DISK}))
    asked = held(house)
    engine.runner.start(SyncKind.LIGHT)
    await asked.wait()
    await engine.runner.cancel()
    assert engine.runner.last_run.status is SyncStatus.CANCELLED


def test_a_run_that_a_crash_left_open_is_closed_by_the_next(engine, store, house):
    store.begin_sync(SyncKind.FULL, house.clock.now)
    house.clock.pass_time(hours=1)
    sync(engine, SyncKind.LIGHT)
    assert [run.status for run in store.sync_runs(5)] == [SyncStatus.SUCCESS, SyncStatus.ERROR]


def test_a_run_is_its_own_although_another_process_began_one_meanwhile(house, engine, store):
    house.jellyfin.before = lambda calls: store.begin_sync(SyncKind.FULL, house.clock.now) if calls == 1 else None
    run = sync(engine, SyncKind.LIGHT)
    assert (run.kind, run.status) == (SyncKind.LIGHT, SyncStatus.SUCCESS)


def test_what_nobody_foresaw_is_logged_with_its_traceback_and_the_run_ends(house, store, caplog):
    run = sync(house.engine(FaultyStore(store, {"save_items": ZeroDivisionError("odd")})))
    assert (run.status, run.message) == (SyncStatus.ERROR, "An unforeseen error; the log has the details")
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info[0] is ZeroDivisionError
    assert house.upstreams.tmdb_key not in caplog.text


@pytest.mark.anyio
async def test_what_is_not_configured_is_said_before_and_in_a_sync(store, engine):
    def missing():
        raise ConfigError("TMDB_API_KEY is not set")

    unready = Engine(store, engine.model, missing)
    with pytest.raises(ConfigError):
        await unready.runner.require_upstreams()
    run = await unready.runner.run(SyncKind.LIGHT)
    assert (run.status, run.message) == (SyncStatus.ERROR, "TMDB_API_KEY is not set")
