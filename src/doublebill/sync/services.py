"""What Radarr and Sonarr have, read whole and kept at hand, so that no request waits for them.

A reading is fresh for five minutes. When a service is down, its last reading goes on serving for seven days and says
from when it is. Readings survive a restart in the store.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, NoReturn

from pydantic import TypeAdapter, ValidationError

from doublebill.errors import ConfigError, SourceError, StoreError
from doublebill.model import Kind, TitleKey
from doublebill.sources.radarr import Radarr
from doublebill.sources.servarr import LibraryEntry, Profile, RootFolder
from doublebill.sources.sonarr import Sonarr
from doublebill.store.protocol import Store
from doublebill.sync.progress import Clock

log = logging.getLogger(__name__)

FRESH_FOR = timedelta(minutes=5)
KEPT_FOR = timedelta(days=7)
REST_AFTER_FAILURE = timedelta(minutes=1)


class Service(StrEnum):
    """A service that gets what is asked for."""

    RADARR = "radarr"
    SONARR = "sonarr"

    @property
    def kind(self) -> Kind:
        """The kind of title that it gets."""
        return Kind.MOVIE if self is Service.RADARR else Kind.TV


def service_of(kind: Kind) -> Service:
    """Give the service that gets titles of a kind."""
    return Service.RADARR if kind is Kind.MOVIE else Service.SONARR


State = Literal["requested", "downloading", "available"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a service said, and when.

    ``by_tmdb`` and ``by_tvdb`` give the state of each title that it has, by id.
    """

    read_at: datetime
    name: str
    version: str
    by_tmdb: dict[int, State] = field(default_factory=dict)
    by_tvdb: dict[int, State] = field(default_factory=dict)
    profiles: list[Profile] = field(default_factory=list)
    root_folders: list[RootFolder] = field(default_factory=list)

    def state(self, key: TitleKey, tvdb_id: int | None) -> State | None:
        """Give how a title stands there; None if the service does not have it."""
        return self.by_tmdb.get(key.tmdb_id) or (self.by_tvdb.get(tvdb_id) if tvdb_id else None)


READING = TypeAdapter(Reading)


@dataclass(frozen=True, slots=True)
class News:
    """What was said of a title here, and when: that it is wanted, or not any more."""

    said_at: datetime
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class Openers:
    """How to open a client of each service; each raises ConfigError that names the variable which is missing."""

    radarr: Callable[[], Radarr]
    sonarr: Callable[[], Sonarr]

    def open(self, service: Service) -> Radarr | Sonarr:
        """Open a client. Raises ConfigError."""
        return self.radarr() if service is Service.RADARR else self.sonarr()


def _absent(service: str) -> NoReturn:
    raise ConfigError(
        f"{service.upper()}_URL and {service.upper()}_API_KEY are not set", hint="Set both, then restart."
    )


NO_SERVICES = Openers(lambda: _absent("Radarr"), lambda: _absent("Sonarr"))
"""For a household that asks for nothing."""


class Shelf:
    """The last reading of each service; what is not async may be called from any thread."""

    def __init__(self, store: Store, openers: Openers, clock: Clock) -> None:
        self._store = store
        self._openers = openers
        self._clock = clock
        self._readings: dict[Service, Reading | None] = {}
        self._problems: dict[Service, str | None] = {}
        self._missing: dict[Service, ConfigError | None] = {}
        self._news: dict[TitleKey, News] = {}
        self._tried_at: dict[Service, datetime] = {}
        self._being_read: set[Service] = set()
        self._changes: Counter[Service] = Counter()

    def reading(self, service: Service) -> Reading | None:
        """Give the last reading that is not older than seven days. Raises StoreError."""
        if service not in self._readings:
            self._readings[service] = self._stored(service)
        found = self._readings[service]
        return found if found and self._clock() - found.read_at <= KEPT_FOR else None

    def state(self, key: TitleKey, tvdb_id: int | None) -> State | None:
        """Give how a title stands, as last read or as said here since; None if the service does not have it."""
        found = self.reading(service_of(key.kind))
        told = found.state(key, tvdb_id) if found else None
        news = self._news.get(key)
        if news is None or (found and found.read_at > news.said_at):
            return told
        return (told or "requested") if news.is_wanted else None

    def problem(self, service: Service) -> str | None:
        """Say why the last attempt to read a service failed; None if it did not."""
        return self._problems.get(service)

    def missing(self, service: Service) -> ConfigError | None:
        """Say what is not set to ask a service; None if nothing is."""
        if service not in self._missing:
            self._missing[service] = self._tried(service)
        return self._missing[service]

    def note(self, key: TitleKey) -> None:
        """Note that a title was just asked for; the next reading that begins after this knows it."""
        self._news[key] = News(self._clock(), is_wanted=True)

    def note_removed(self, key: TitleKey) -> None:
        """Note that a title was just taken out again; the next reading that begins after this knows it."""
        self._news[key] = News(self._clock(), is_wanted=False)

    async def forget(self, service: Service) -> None:
        """Forget all that is known of a service: another one may answer from now on.

        What a reading that is under way brings is dropped.
        """
        self._changes[service] += 1
        self._readings[service] = None
        self._problems.pop(service, None)
        self._missing.pop(service, None)
        self._tried_at.pop(service, None)
        self._news = {key: news for key, news in self._news.items() if key.kind is not service.kind}
        try:
            await asyncio.to_thread(self._store.remember, f"reading_{service}", "")
        except StoreError as error:  # it would only come back at the next start, until the service is read then
            log.warning("What %s said before could not be forgotten: %s", service, error.message)

    async def refresh_stale(self) -> None:
        """Read those services anew whose reading is not fresh; what fails is logged, and the old reading stays.

        However many call this, each service is read once at a time, and one that failed is left alone for a minute.
        """
        due = [service for service in Service if self._is_due(service)]
        self._being_read.update(due)  # before anybody else has a turn
        await asyncio.gather(*(self.refresh(service) for service in due))

    async def refresh(self, service: Service) -> None:
        """Read one service anew; a failure is kept as its problem."""
        self._tried_at[service] = self._clock()
        self._being_read.add(service)
        changes = self._changes[service]
        try:
            reading = await self._read(service)
            if changes == self._changes[service]:
                await self._keep(service, reading)
        except SourceError as error:
            log.warning("%s", error.message)
            if changes == self._changes[service]:
                self._problems[service] = error.message
        except StoreError as error:  # it serves until the process ends
            log.warning("What %s said could not be kept: %s", service, error.message)
        finally:
            self._being_read.discard(service)

    async def _keep(self, service: Service, reading: Reading) -> None:
        self._readings[service], self._problems[service] = reading, None
        await asyncio.to_thread(self._store.remember, f"reading_{service}", READING.dump_json(reading).decode())

    def _is_due(self, service: Service) -> bool:
        if service in self._being_read or self.missing(service):
            return False
        tried_at, found = self._tried_at.get(service), self._readings.get(service)
        rests = tried_at is not None and self._clock() - tried_at < REST_AFTER_FAILURE
        return not rests and not (found and self._clock() - found.read_at < FRESH_FOR)

    async def _read(self, service: Service) -> Reading:
        client = self._openers.open(service)
        try:
            return await _read(client, self._clock())
        finally:
            await client.close()

    def _tried(self, service: Service) -> ConfigError | None:
        try:
            self._openers.open(service)  # it has no connection yet, so there is nothing to close
        except ConfigError as error:
            return error
        return None

    def _stored(self, service: Service) -> Reading | None:
        text = self._store.recall(f"reading_{service}")
        try:
            return READING.validate_json(text) if text else None
        except ValidationError:  # of an older version: it is read anew soon
            return None


async def _read(client: Radarr | Sonarr, now: datetime) -> Reading:
    info = await client.check()
    library = await client.library()
    coming = {download.service_id for download in await client.queue()}
    states = {entry.service_id: _state(entry, coming) for entry in library}
    return Reading(
        read_at=now,
        name=info.name,
        version=info.version,
        by_tmdb={entry.key.tmdb_id: states[entry.service_id] for entry in library if entry.key},
        by_tvdb={entry.tvdb_id: states[entry.service_id] for entry in library if entry.tvdb_id},
        profiles=await client.profiles(),
        root_folders=await client.root_folders(),
    )


def _state(entry: LibraryEntry, coming: Container[int]) -> State:
    if entry.service_id in coming:
        return "downloading"
    return "available" if entry.has_files else "requested"
