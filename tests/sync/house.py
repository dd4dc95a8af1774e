"""A small house for the tests of syncing: three people, some films and series of the catalogue, all services."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from doublebill.demo.catalogue import CatalogueTitle, load_catalogue
from doublebill.demo.household import read_household
from doublebill.demo.jellyfin_world import JellyfinWorld
from doublebill.demo.upstreams import DemoUpstreams, play_household
from doublebill.embedding.protocol import Embedder
from doublebill.model import SyncKind, SyncRun
from doublebill.sources.http import Transport, in_process
from doublebill.sources.jellyfin import open_jellyfin
from doublebill.sources.radarr import open_radarr
from doublebill.sources.sonarr import open_sonarr
from doublebill.sources.tmdb import open_tmdb
from doublebill.store.protocol import Store
from doublebill.sync.embed import Model
from doublebill.sync.engine import Engine
from doublebill.sync.services import Openers
from doublebill.sync.upstreams import Upstreams
from hashing_embedder import HashingEmbedder

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

HOUSEHOLD: dict[str, object] = {
    "people": [
        {
            "name": "Anna",
            "taste": "science fiction",
            "seen": ["Alien", "Blade Runner", "Metropolis", "Solaris", "Interstellar"],
            "films": {"Arrival": "3 times, favourite", "Brazil": "disliked"},
            "series": {"Dark": "all"},
        },
        {
            "name": "Ben",
            "taste": "animation",
            "seen": ["Toy Story", "Spirited Away", "Persepolis"],
            "series": {"Chernobyl": "3 episodes"},
        },
        {"name": "Cem", "taste": "nothing yet"},
    ],
    "library": {
        "films": ["Fargo", "Memento"],
        "ids": {"Solaris": "imdb", "Persepolis": "none", "Dark": "tvdb"},
        "home_videos": [{"name": "Summer by the lake", "runtime_min": 20.0, "seen_by": ["Ben"], "year": 2019}],
    },
}

GENRES_CALLS = 2
RELEASE_CALLS = 6


class Clock:
    """A clock that only moves when told to."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **duration: float) -> None:
        self.now += timedelta(**duration)


class Line:
    """An ASGI app with a line in front that can be cut, slowed or answered for; it counts what it is asked."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.calls: list[str] = []
        self.fault: Callable[[str], ASGIApp | None] = lambda _: None
        self.before: Callable[[int], None] = lambda _: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.calls.append(f"{scope['path']}")
            self.before(len(self.calls))
            answer = self.fault(scope["path"])
            if answer is not None:
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)


@cache
def films_and_series() -> tuple[CatalogueTitle, ...]:
    """Every fifth title of the shipped catalogue, and those that the house speaks of: enough to rank, quick to sync."""
    spoken_of = str(HOUSEHOLD)
    return tuple(title for n, title in enumerate(load_catalogue()) if n % 5 == 0 or f"'{title.title}'" in spoken_of)


class House:
    """Four services with a line to each, and engines on any store."""

    def __init__(self, household: Mapping[str, object] = HOUSEHOLD) -> None:
        self.clock = Clock()
        self.upstreams: DemoUpstreams = play_household(read_household(dict(household)), films_and_series(), NOW)
        self.jellyfin = Line(self.upstreams.jellyfin)
        self.tmdb = Line(self.upstreams.tmdb)
        self.radarr = Line(self.upstreams.radarr)
        self.sonarr = Line(self.upstreams.sonarr)
        self.embedder: Embedder = HashingEmbedder()
        self.wrap: Callable[[Transport, str], Transport] = lambda transport, _: transport

    @property
    def world(self) -> JellyfinWorld:
        return self.upstreams.jellyfin.world

    def engine(self, store: Store) -> Engine:
        model = Model(self.embedder.model_id, lambda: self.embedder)
        return Engine(store, model, self.open, self.services, clock=self.clock)

    @property
    def services(self) -> Openers:
        played = self.upstreams
        return Openers(
            lambda: open_radarr(
                played.radarr_url, played.radarr_key, transport=self.wrap(in_process(self.radarr), "radarr")
            ),
            lambda: open_sonarr(
                played.sonarr_url, played.sonarr_key, transport=self.wrap(in_process(self.sonarr), "sonarr")
            ),
        )

    def open(self) -> Upstreams:
        played = self.upstreams
        return Upstreams(
            open_jellyfin(
                played.jellyfin_url, played.jellyfin_key, transport=self.wrap(in_process(self.jellyfin), "jellyfin")
            ),
            open_tmdb(
                played.tmdb_key,
                url=played.tmdb_url,
                transport=self.wrap(in_process(self.tmdb), "tmdb"),
                rate_per_s=None,
            ),
        )


def answer(status: int, body: object = None, *, text: str | None = None) -> ASGIApp:
    """Play a service that gives this answer to everything."""
    return Response(text, status) if text is not None else JSONResponse(body, status)


async def dead_line(scope: Scope, receive: Receive, send: Send) -> None:
    """Play a line without anybody at its end."""
    raise ConnectionError


def sync(engine: Engine, kind: SyncKind = SyncKind.FULL) -> SyncRun:
    """Run one sync to its end."""
    return asyncio.run(engine.runner.run(kind))
