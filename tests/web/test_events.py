"""The status as it is pushed: at once, then on change, made once for all, and nothing left behind."""

import asyncio
import json
import socket
import threading
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest
import uvicorn
from sse_starlette.sse import AppStatus
from starlette.testclient import TestClient

from doublebill.errors import StoreError
from doublebill.model import SyncKind
from doublebill.sync.engine import Engine
from doublebill.sync.progress import Step
from doublebill.web.app import create_app
from doublebill.web.events import TICK_S, StatusFeed
from made_up_time import MadeUpTime
from sync.faulty_store import FaultyStore
from sync.house import House
from web.asked import refused

PATH = "/system/events"


class CountingStore(FaultyStore):
    """Count how often the syncs on record are read."""

    def __init__(self, store) -> None:
        super().__init__(store)
        self.reads = 0

    def sync_runs(self, limit):
        self.reads += 1
        return self.runs(limit)

    @property
    def runs(self):
        return self._store.sync_runs


@pytest.fixture
def counting(house: House, store) -> tuple[Engine, CountingStore]:
    counted = CountingStore(store)
    return house.engine(counted), counted


def in_made_up_time(work) -> None:
    with asyncio.Runner(loop_factory=MadeUpTime) as runner:
        runner.run(work)


async def collect(feed: StatusFeed, told: list[tuple[float, dict]]) -> None:
    async for text in feed.follow():
        told.append((asyncio.get_running_loop().time(), json.loads(text)))


@asynccontextmanager
async def followers(feed: StatusFeed, count: int):
    told: list[list[tuple[float, dict]]] = [[] for _ in range(count)]
    tasks = [asyncio.create_task(collect(feed, each)) for each in told]
    while not all(told):
        await asyncio.sleep(0)
    yield told
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


# The feed


def test_the_status_comes_at_once_and_then_not_again_until_it_changes(counting):
    engine, _ = counting

    async def follow():
        async with followers(StatusFeed(engine), 1) as (told,):
            await asyncio.sleep(3600)
            assert [status["status"] for _, status in told] == ["idle"]
            engine.runner.changes.tell()  # a change that does not show
            await asyncio.sleep(3600)
            assert len(told) == 1

    in_made_up_time(follow())


def test_a_sync_is_told_from_its_beginning_to_its_end_to_all_alike(counting):
    engine, _ = counting

    async def follow():
        async with followers(StatusFeed(engine), 20) as told:
            await engine.runner.run(SyncKind.LIGHT)
            while any(each[-1][1]["status"] != "success" for each in told):
                await asyncio.sleep(0.01)
            assert {each[0][1]["status"] for each in told} == {"idle"}
            assert all(each[-1][1] == told[0][-1][1] for each in told)
            last = told[0][-1][1]
            assert (last["kind"], last["last_light_sync"] is None) == ("light", False)

    asyncio.run(follow())


def test_it_is_told_at_most_four_times_a_second_and_the_last_word_comes(counting):
    engine, _ = counting

    async def follow():
        engine.runner.start(SyncKind.LIGHT)
        await engine.runner.cancel()
        progress = engine.runner.progress
        async with followers(StatusFeed(engine), 3) as told:
            for _ in range(1000):
                progress.advance(Step.HISTORY)
                await asyncio.sleep(0.01)
            await asyncio.sleep(1)
            for each in told:
                moments = [moment for moment, _ in each]
                assert all(later - sooner > 0.9 * TICK_S for sooner, later in pairwise(moments[1:]))
                assert 38 <= len(moments) <= 42
                assert each[-1][1]["steps"][0]["done"] == 1000

    in_made_up_time(follow())


def test_the_store_is_read_for_who_comes_and_when_a_sync_turns_but_not_for_its_steps(counting):
    engine, counted = counting

    async def follow():
        async with followers(StatusFeed(engine), 10):
            assert counted.reads <= 10
            engine.runner.start(SyncKind.LIGHT)
            before = counted.reads
            for _ in range(100):
                engine.runner.progress.advance(Step.HISTORY)
                await asyncio.sleep(1)
            await engine.runner.cancel()
            await asyncio.sleep(10)
            assert counted.reads <= before + 3

    in_made_up_time(follow())


def test_who_comes_later_is_told_what_another_process_did_meanwhile(counting, house):
    engine, counted = counting

    async def follow():
        feed = StatusFeed(engine)
        async with followers(feed, 1) as (first,):
            run = counted.begin_sync(SyncKind.FULL, house.clock.now)
            counted.finish_sync(run, house.clock.now, "success", "Everything is up to date", {})
            async with followers(feed, 1) as (second,):
                assert first[0][1]["status"] == "idle"
                assert second[0][1]["status"] == "success"

    in_made_up_time(follow())


def test_whoever_goes_away_leaves_nothing_behind(counting):
    engine, _ = counting

    async def come_and_go():
        feed = StatusFeed(engine)
        threads = None
        for _ in range(50):
            async with followers(feed, 4):
                pass
            threads = threads or threading.active_count()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert threading.active_count() <= threads + 4  # the pool of the loop, which has an end

    in_made_up_time(come_and_go())


# The endpoint, on a real server


class Server(uvicorn.Server):
    """Serve on a free port of this machine, in this event loop."""

    def __init__(self, app) -> None:
        super().__init__(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=5))
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]


@pytest.fixture(autouse=True)
def _no_server_ends() -> None:
    """The library remembers for the whole process that a server got a signal, as one does in another test."""
    AppStatus.should_exit = False


@asynccontextmanager
async def serving(app):
    server = Server(app)
    served = asyncio.create_task(server._serve([server.listening]))
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield server
    finally:
        AppStatus.should_exit = True  # what the library does when the server gets a signal, of which a test has none
        server.should_exit = True
        await served
        AppStatus.should_exit = False


async def opened(server: Server, path: str = PATH, method: str = "GET"):
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    return head, reader, writer


async def next_event(reader: asyncio.StreamReader) -> tuple[str, dict]:
    """Read on to the next event; sizes of chunks and pings stand between."""
    name = ""
    while True:
        line = (await reader.readline()).decode().strip()
        if line.startswith("event:"):
            name = line.removeprefix("event:").strip()
        elif line.startswith("data:"):
            return name, json.loads(line.removeprefix("data:"))


@pytest.mark.anyio
@pytest.mark.parametrize("root_path", ["", "/films"])
async def test_the_stream_tells_the_status_and_what_becomes_of_it(new_engine, root_path):
    async with serving(create_app(new_engine, root_path=root_path, syncs_on_start=False)) as server:
        head, reader, writer = await opened(server, root_path + PATH)
        assert "200 ok" in head
        assert "content-type: text/event-stream" in head
        assert "cache-control: no-store" in head
        name, status = await next_event(reader)
        assert (name, status["status"], status["kind"]) == ("status", "idle", None)
        await new_engine.runner.run(SyncKind.LIGHT)
        while status["status"] != "success":
            name, status = await next_event(reader)
        assert (name, status["kind"], status["progress"]) == ("status", "light", 100)
        writer.close()


@pytest.mark.anyio
async def test_the_server_ends_cleanly_with_many_who_listen(new_engine, caplog):
    async with serving(create_app(new_engine, syncs_on_start=False)) as server:
        lines = [await opened(server) for _ in range(30)]
        for _, reader, _ in lines:
            await next_event(reader)
    for _, reader, writer in lines:
        await reader.read()
        assert reader.at_eof()
        writer.close()
    assert not [record for record in caplog.records if record.levelname in ("ERROR", "WARNING")]


@pytest.mark.anyio
async def test_a_client_that_goes_away_is_forgotten_at_once(new_engine):
    async with serving(create_app(new_engine, syncs_on_start=False)) as server:
        _, reader, writer = await opened(server)
        await next_event(reader)
        before = len(asyncio.all_tasks())
        lines = [await opened(server) for _ in range(5)]
        for _, other, _ in lines:
            await next_event(other)
        for _, _, gone in lines:
            gone.transport.abort()
        while len(asyncio.all_tasks()) > before:
            await asyncio.sleep(0.005)
        assert len(server.server_state.connections) == 1
        writer.close()


@pytest.mark.anyio
async def test_a_probe_gets_the_headers_and_no_stream(new_engine):
    async with serving(create_app(new_engine, syncs_on_start=False)) as server:
        head, reader, writer = await opened(server, method="HEAD")
        assert "content-type: text/event-stream" in head
        assert await reader.read() == b""
        writer.close()


@pytest.mark.anyio
async def test_a_server_that_ends_begins_no_stream(new_engine, caplog):
    async with serving(create_app(new_engine, syncs_on_start=False)) as server:
        AppStatus.should_exit = True
        head, reader, writer = await opened(server)
        assert "200 ok" in head
        assert await reader.read() == b""
        writer.close()
    assert "failed" not in caplog.text


@pytest.mark.anyio
async def test_a_store_that_fails_later_ends_the_stream_and_is_logged(house, store, caplog):
    faulty = FaultyStore(store)
    engine = house.engine(faulty)
    async with serving(create_app(engine, syncs_on_start=False)) as server:
        _, reader, writer = await opened(server)
        await next_event(reader)
        faulty.faults["sync_runs"] = StoreError("the disk is gone")
        engine.runner.start(SyncKind.LIGHT)
        await reader.read()
        writer.close()
        await engine.runner.cancel()
    assert "the disk is gone" in caplog.text


def test_a_store_that_fails_at_once_is_a_problem(house, store):
    engine = house.engine(FaultyStore(store, {"sync_runs": StoreError("the disk is gone")}))
    refused(TestClient(create_app(engine, syncs_on_start=False)).get(PATH), 500, "store_error")
