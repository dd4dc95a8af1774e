"""Whether the four services answer: one cheap call to each, and words that say what to do where it does not.

A check never raises and never waits long: one try, no patience. It says of an address or a key what is wrong with it
and never repeats the key. What is asked makes sure of three things at once: that something answers, that it is the
right application, and that it takes the key.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol, get_args

from doublebill.config import Settings
from doublebill.demo.upstreams import DemoUpstreams
from doublebill.errors import ConfigError, SourceError
from doublebill.sources.address import key_variable, url_variable
from doublebill.sources.failures import http_date
from doublebill.sources.http import ApiClient, Transport, in_process
from doublebill.sources.jellyfin import open_jellyfin
from doublebill.sources.pace import Pace
from doublebill.sources.radarr import open_radarr
from doublebill.sources.servarr_client import Servarr
from doublebill.sources.sonarr import open_sonarr
from doublebill.sources.tmdb import open_tmdb
from doublebill.sync.progress import Clock

ServiceName = Literal["tmdb", "jellyfin", "radarr", "sonarr"]
SERVICES: tuple[ServiceName, ...] = get_args(ServiceName)
State = Literal["ok", "failed", "not_configured"]

ONE_TRY = Pace(connections=1, timeout_s=8.0, attempts=1, max_wait_s=0.0)
"""Somebody looks at the page and waits: the first answer counts, also where it is that there is none."""

FRESH_FOR = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Check:
    """How one service answered: in words for a person, what to do where it is not well; version and time if told."""

    ok: bool
    words: str
    hint: str | None = None
    version: str | None = None
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a service is, its key, and another way there than the network."""

    url: str
    key: str = field(repr=False)
    transport: Transport | None = None


Find = Callable[[ServiceName], Connection]
"""Gives the present connection of a service; raises ConfigError that names what is not set."""


class CheckService(Protocol):
    """Check one service at an address with a key."""

    async def __call__(self, url: str, key: str, *, transport: Transport | None = None) -> Check:
        """Ask once; what is wrong is said in the check."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One service with its state when it was last looked at."""

    name: ServiceName
    state: State
    words: str
    hint: str | None
    version: str | None
    checked_at: datetime | None


async def check_jellyfin(url: str, key: str, *, transport: Transport | None = None) -> Check:
    """Check Jellyfin by its version, which it only tells to whom it lets in."""
    try:
        client = open_jellyfin(url, key, transport=transport, pace=ONE_TRY)
        try:
            server = await client.server(checks=1)
        finally:
            await client.close()
    except (ConfigError, SourceError) as error:
        return _failed(error)
    words = f"Jellyfin {server.version} answers and takes the key"
    return Check(True, words, None, server.version, _date(client.client))


async def check_tmdb(url: str, key: str, *, transport: Transport | None = None) -> Check:
    """Check TMDB by asking whether it takes the key; it has no version to tell."""
    try:
        client = open_tmdb(key, url=url, transport=transport, pace=ONE_TRY)
        try:
            await client.check()
        finally:
            await client.close()
    except (ConfigError, SourceError) as error:
        return _failed(error)
    return Check(True, "TMDB answers and takes the key", date=_date(client.client))


async def check_radarr(url: str, key: str, *, transport: Transport | None = None) -> Check:
    """Check Radarr by its version, which it only tells to whom it lets in."""
    return await _check_servarr(lambda: open_radarr(url, key, transport=transport, pace=ONE_TRY))


async def check_sonarr(url: str, key: str, *, transport: Transport | None = None) -> Check:
    """Check Sonarr by its version, which it only tells to whom it lets in."""
    return await _check_servarr(lambda: open_sonarr(url, key, transport=transport, pace=ONE_TRY))


CHECKS: Mapping[ServiceName, CheckService] = {
    "tmdb": check_tmdb,
    "jellyfin": check_jellyfin,
    "radarr": check_radarr,
    "sonarr": check_sonarr,
}
"""The check of each service."""


class Checkup:
    """Check all services at once; however many ask, each service is asked once in a minute.

    A connection that changed is checked anew at once. It belongs to one event loop.
    """

    def __init__(self, find: Find, clock: Clock) -> None:
        self._find = find
        self._clock = clock
        self._locks = {name: asyncio.Lock() for name in SERVICES}
        self._known: dict[ServiceName, tuple[Connection, Finding]] = {}

    async def findings(self) -> list[Finding]:
        """Say how every service is; at most a minute old."""
        return list(await asyncio.gather(*(self._finding(name) for name in SERVICES)))

    async def _finding(self, name: ServiceName) -> Finding:
        try:
            connection = self._find(name)
        except ConfigError as error:
            return Finding(name, "not_configured", error.message, error.hint, None, None)
        async with self._locks[name]:
            known = self._known.get(name)
            if known is None or known[0] != connection or self._is_old(known[1]):
                known = self._known[name] = (connection, await self._checked(name, connection))
            return known[1]

    async def _checked(self, name: ServiceName, connection: Connection) -> Finding:
        check = in_form_words(name, await CHECKS[name](connection.url, connection.key, transport=connection.transport))
        state: State = "ok" if check.ok else "failed"
        return Finding(name, state, check.words, check.hint, check.version, self._clock())

    def _is_old(self, finding: Finding) -> bool:
        return finding.checked_at is None or self._clock() - finding.checked_at >= FRESH_FOR


def in_form_words(name: ServiceName, check: Check) -> Check:
    """Say address and key where the words name variables: the page shows them beside a form that has just these."""
    hint = check.hint and _plain(name, check.hint)
    return replace(check, words=_plain(name, check.words), hint=hint)


def find_in(current: Callable[[], Settings]) -> Find:
    """Find connections in the settings as they are when a check begins."""

    def find(name: ServiceName) -> Connection:
        settings = current()
        match name:
            case "tmdb":
                url, key = settings.tmdb_url, settings.require_tmdb()
            case "jellyfin":
                url, key = settings.require_jellyfin()
            case "radarr":
                url, key = settings.require_radarr()
            case "sonarr":
                url, key = settings.require_sonarr()
        return Connection(url, key.get_secret_value())

    return find


def find_in_demo(demo: DemoUpstreams) -> Find:
    """Find the connections of the services that the demo plays."""
    connections: dict[ServiceName, Connection] = {
        "tmdb": Connection(demo.tmdb_url, demo.tmdb_key, in_process(demo.tmdb)),
        "jellyfin": Connection(demo.jellyfin_url, demo.jellyfin_key, in_process(demo.jellyfin)),
        "radarr": Connection(demo.radarr_url, demo.radarr_key, in_process(demo.radarr)),
        "sonarr": Connection(demo.sonarr_url, demo.sonarr_key, in_process(demo.sonarr)),
    }
    return connections.__getitem__


async def _check_servarr(opened: Callable[[], Servarr]) -> Check:
    try:
        client = opened()
        try:
            info = await client.check()
        finally:
            await client.close()
    except (ConfigError, SourceError) as error:
        return _failed(error)
    words = f"{info.name} {info.version} answers and takes the key"
    return Check(True, words, None, info.version, _date(client.client))


def _date(client: ApiClient) -> datetime | None:
    return http_date(client.date) if client.date else None


def _failed(error: ConfigError | SourceError) -> Check:
    return Check(False, error.message, error.hint)


def _plain(name: ServiceName, text: str) -> str:
    url, key = url_variable(name.upper()), key_variable(name)
    for variable, words in (
        (f"{url}: the", "the"),
        (f"{key} takes", "it takes"),
        (url, "the address"),
        (key, "the key"),
    ):
        text = text.replace(variable, words)
    return text[:1].upper() + text[1:]
