"""doublebill as a browser meets it: the real app on a port of this machine, over services played in this process."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from doublebill.cli.opening import surroundings_of
from doublebill.config import load_configuration
from doublebill.demo.household import read_household
from doublebill.demo.upstreams import DemoUpstreams, demo_upstreams, play_household
from doublebill.model import SyncKind, SyncStatus
from doublebill.sources.http import in_process
from doublebill.sources.jellyfin import open_jellyfin
from doublebill.sources.tmdb import open_tmdb
from doublebill.store.sqlite import open_store
from doublebill.sync.embed import Model
from doublebill.sync.engine import Engine, utc_now
from doublebill.sync.health import find_in_demo
from doublebill.sync.setup import Connections
from doublebill.sync.upstreams import Upstreams, open_demo, open_demo_services, open_services, open_upstreams
from doublebill.web.app import create_app
from doublebill.web.context import BARE
from hashing_embedder import HashingEmbedder
from sync.house import HOUSEHOLD, films_and_series

EMBEDDER = HashingEmbedder()
HASHING = Model(EMBEDDER.model_id, lambda: EMBEDDER)
"""Quick, and the same on every machine."""

GRACE_S = 2


class Gate:
    """Stands before an ASGI app; while it is shut, whoever asks waits."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._left: int | None = None
        self._opened = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._pass()
        await self._app(scope, receive, send)

    def shut(self, *, after: int) -> None:
        """Let so many more through, and no others before it is opened."""
        self._left, self._opened = after, asyncio.Event()

    def open(self) -> None:
        self._left = None
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._opened.set)

    async def _pass(self) -> None:
        self._loop = asyncio.get_running_loop()
        if self._left == 0:
            await self._opened.wait()
        elif self._left is not None:
            self._left -= 1


@dataclass(frozen=True, slots=True)
class Home:
    """A served doublebill: where it is, the services behind it, and the gate before TMDB."""

    url: str
    demo: DemoUpstreams
    tmdb: Gate


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve an app on a free port, and give its address. It listens at once: what comes early waits in the queue."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=GRACE_S))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def make_synced(path: Path, model: Model = HASHING) -> None:
    """Sync the demo's household into a new database; in a thread of its own, as the browser's loop runs in this one."""
    demo = demo_upstreams(utc_now())
    store = open_store(path)
    engine = Engine(store, model, lambda: open_demo(demo), open_demo_services(demo))
    with ThreadPoolExecutor(max_workers=1) as thread:
        run = thread.submit(lambda: asyncio.run(engine.runner.run(SyncKind.FULL))).result()
    store.close()
    assert run.status is SyncStatus.SUCCESS, run.message


@contextmanager
def demo_home(path: Path, *, root_path: str = "", model: Model = HASHING) -> Iterator[Home]:
    """Serve the demo's household from a database, which may be empty."""
    demo = demo_upstreams(utc_now())
    gate = Gate(demo.tmdb)
    store = open_store(path)
    engine = Engine(store, model, lambda: _gated(demo, gate), open_demo_services(demo))
    around = replace(BARE, find=find_in_demo(demo))
    app = create_app(engine, root_path=root_path, syncs_on_start=False, around=around)
    try:
        with served(app) as url:
            yield Home(url + root_path, demo, gate)
    finally:
        gate.open()
        store.close()


@contextmanager
def empty_home(folder: Path) -> Iterator[tuple[Home, str]]:
    """Serve a doublebill that nobody has set up, beside a small house's services; give it and its set-up code."""
    demo = play_household(read_household(HOUSEHOLD), films_and_series(), utc_now())
    gate = Gate(demo.tmdb)
    with ExitStack() as stack:
        apps = {"jellyfin": demo.jellyfin, "tmdb": gate, "radarr": demo.radarr, "sonarr": demo.sonarr}
        urls = {f"{name}_url": stack.enter_context(served(app)) for name, app in apps.items()}
        environment = {"DOUBLEBILL_DATA_DIR": str(folder), "DOUBLEBILL_TMDB_URL": urls["tmdb_url"]}
        connections = Connections(load_configuration(None, {**environment, "DOUBLEBILL_TMDB_RATE": "1000"}))
        store = open_store(folder / "doublebill.db")
        stack.callback(store.close)
        services = open_services(lambda: connections.settings)
        engine = Engine(store, HASHING, lambda: open_upstreams(connections.settings), services)
        around = surroundings_of(connections)
        assert around.setup
        url = stack.enter_context(served(create_app(engine, around=around)))
        stack.callback(gate.open)
        yield Home(url, replace(demo, **urls), gate), around.setup.code.text


def _gated(demo: DemoUpstreams, gate: Gate) -> Upstreams:
    return Upstreams(
        open_jellyfin(demo.jellyfin_url, demo.jellyfin_key, transport=in_process(demo.jellyfin)),
        open_tmdb(demo.tmdb_key, url=demo.tmdb_url, transport=in_process(gate), rate_per_s=None),
    )
