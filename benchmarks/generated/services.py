"""Jellyfin and TMDB of a generated world behind one address, in a process of their own: the other is measured alone.

Jellyfin stands in the same house and answers at once: what it is asked is worked out beforehand, so that its own time
is not measured. TMDB is a network away and refuses more than its rate.
"""

import asyncio
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from multiprocessing.connection import Connection

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doublebill.demo.jellyfin import JELLYFIN_KEY, DemoJellyfin
from doublebill.demo.moving_in import move_in
from doublebill.demo.rate_limit import RateLimit
from doublebill.demo.tmdb import DemoTmdb
from doublebill.sources.http import in_process
from doublebill.sources.jellyfin import open_jellyfin
from generated.titles import TODAY
from generated.world import Size, World

NOW = datetime.combine(TODAY, time(12), UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """How TMDB is reached: requests a second, and how long each one travels."""

    rate_per_s: int = 40
    latency_s: float = 0.08


class _Distant:
    """An app at the end of a long line."""

    def __init__(self, app: ASGIApp, latency_s: float) -> None:
        self._app = app
        self._latency_s = latency_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self._latency_s)
        await self._app(scope, receive, send)


class _Remembering:
    """An app that works each answer out once; for one whose state stands still."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._answers: dict[tuple[str, bytes], list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = (scope["path"], scope["query_string"])
        if asked not in self._answers:
            self._answers[asked] = await _answer(self._app, scope, receive)
        for message in self._answers[asked]:
            await send(message)


async def _answer(app: ASGIApp, scope: Scope, receive: Receive) -> list[Message]:
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    return messages


def services(size: Size, line: Line) -> ASGIApp:
    """Give an app that plays both, at ``/jellyfin`` and ``/tmdb``; 11,000 titles take a few seconds."""
    world = World(size)
    jellyfin = DemoJellyfin(move_in(world.household(), world.titles, NOW).world)
    tmdb = DemoTmdb(world.titles, world.neighbours, today=TODAY, rate_limit=RateLimit(line.rate_per_s))
    app = Starlette(routes=[Mount("/jellyfin", _Remembering(jellyfin)), Mount("/tmdb", _Distant(tmdb, line.latency_s))])
    asyncio.run(_read_jellyfin(app))
    return app


async def _read_jellyfin(app: ASGIApp) -> None:
    """Ask all that a sync will ask of Jellyfin."""
    jellyfin = open_jellyfin("http://services.invalid/jellyfin", JELLYFIN_KEY, transport=in_process(app))
    async for _ in jellyfin.library():
        pass
    for person in await jellyfin.people():
        async for _ in jellyfin.watches(person.person_id, NOW):
            pass
    await jellyfin.close()


@contextmanager
def services_elsewhere(size: Size, line: Line) -> Iterator[str]:
    """Play both in another process and give their address; the process ends with the block."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(size, line, theirs), daemon=True)
    process.start()
    theirs.close()  # so that a process that dies early ends the waiting
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


def _serve(size: Size, line: Line, told: Connection) -> None:
    app = services(size, line)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        told.send(listening.getsockname()[1])
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        uvicorn.Server(config).run(sockets=[listening])
