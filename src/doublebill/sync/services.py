"""What Radarr and Sonarr have, read whole and kept at hand, so that no request waits for them.

A reading is fresh for five minutes. When a service is down, its last reading goes on serving for seven days and says
from when it is. Readings survive a restart in the store.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, NoReturn

from pydantic import TypeAdapter, ValidationError

from doublebill.errors import ConfigError, SourceError
from doublebill.model import Kind, TitleKey
from doublebill.sources.radarr import Radarr
from doublebill.sources.servarr import Download, LibraryEntry, Profile, RootFolder
from doublebill.sources.sonarr import Sonarr
from doublebill.store.protocol import Store
from doublebill.sync.progress import Clock

log = logging.getLogger(__name__)

FRESH_FOR = timedelta(minutes=5)
KEPT_FOR = timedelta(days=7)


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

    ``by_tmdb`` and ``by_tvdb`` give the state of each title that it has, by id; ``problem`` is why the last attempt
    failed.
    """

    read_at: datetime
    name: str
    version: str
    by_tmdb: dict[int, State] = field(default_factory=dict)
    by_tvdb: dict[int, State] = field(default_factory=dict)
    profiles: list[Profile] = field(default_factory=list)
    root_folders: list[RootFolder] = field(default_factory=list)
    problem: str | None = None

    def state(self, key: TitleKey, tvdb_id: int | None) -> State | None:
        """Give how a title stands there; None if the service does not have it."""
        return self.by_tmdb.get(key.tmdb_id) or (self.by_tvdb.get(tvdb_id) if tvdb_id else None)


READING = TypeAdapter(Reading)


@dataclass(frozen=True, slots=True)
class Openers:
    """How to open a client of each service; each raises ConfigError that names the variable which is missing."""

    radarr: Callable[[], Radarr]
    sonarr: Callable[[], Sonarr]

    def open(self, service: Service) -> Radarr | Sonarr:
        """Open a client. Raises ConfigError."""
        return self.radarr() if service is Service.RADARR else self.sonarr()


def _absent(service: str) -> NoReturn:
    raise ConfigError(f"{service} is not set up", hint=f"Set {service.upper()}_URL and {service.upper()}_API_KEY.")


NO_SERVICES = Openers(lambda: _absent("Radarr"), lambda: _absent("Sonarr"))
"""For a household that asks for nothing."""


class Shelf:
    """The last reading of each service; all methods may be called from any thread, ``refresh`` from an event loop."""

    def __init__(self, store: Store, openers: Openers, clock: Clock) -> None:
        self._store = store
        self._openers = openers
        self._clock = clock
        self._readings: dict[Service, Reading | None] = {}

    def reading(self, service: Service) -> Reading | None:
        """Give the last reading that is not older than seven days."""
        if service not in self._readings:
            self._readings[service] = self._stored(service)
        found = self._readings[service]
        return found if found and self._clock() - found.read_at <= KEPT_FOR else None

    def is_fresh(self, service: Service) -> bool:
        """Whether the last reading is younger than five minutes."""
        found = self.reading(service)
        return found is not None and self._clock() - found.read_at < FRESH_FOR

    def is_configured(self, service: Service) -> ConfigError | None:
        """Say what is missing to ask a service; None if nothing is."""
        try:
            self._openers.open(service)
        except ConfigError as error:
            return error
        return None

    def note(self, service: Service, key: TitleKey, tvdb_id: int | None) -> None:
        """Note that a title was just asked for, without reading everything anew."""
        found = self.reading(service)
        if found and not found.state(key, tvdb_id):
            by_tvdb = {**found.by_tvdb, tvdb_id: "requested"} if tvdb_id else found.by_tvdb
            self._keep(service, replace(found, by_tmdb={**found.by_tmdb, key.tmdb_id: "requested"}, by_tvdb=by_tvdb))

    async def refresh_stale(self) -> None:
        """Read those services anew whose reading is not fresh; what fails is logged, and the old reading stays."""
        stale = [service for service in Service if not self.is_fresh(service) and not self.is_configured(service)]
        await asyncio.gather(*(self.refresh(service) for service in stale))

    async def refresh(self, service: Service) -> None:
        """Read one service anew. A failure is noted on the reading that stays."""
        client = self._openers.open(service)
        try:
            reading = await _read(client, self._clock())
        except SourceError as error:
            log.warning("%s", error.message)
            old = self.reading(service)
            if old:
                self._readings[service] = replace(old, problem=error.message)
            return
        finally:
            await client.close()
        await asyncio.to_thread(self._keep, service, reading)

    def _keep(self, service: Service, reading: Reading) -> None:
        self._readings[service] = reading
        self._store.remember(f"reading_{service}", READING.dump_json(reading).decode())

    def _stored(self, service: Service) -> Reading | None:
        text = self._store.recall(f"reading_{service}")
        try:
            return READING.validate_json(text) if text else None
        except ValidationError:  # of an older version: it is read anew soon
            return None


async def _read(client: Radarr | Sonarr, now: datetime) -> Reading:
    info = await client.check()
    library, queue = await client.library(), await client.queue()
    states = {entry.service_id: _state(entry, queue) for entry in library}
    return Reading(
        read_at=now,
        name=info.name,
        version=info.version,
        by_tmdb={entry.key.tmdb_id: states[entry.service_id] for entry in library if entry.key},
        by_tvdb={entry.tvdb_id: states[entry.service_id] for entry in library if entry.tvdb_id},
        profiles=await client.profiles(),
        root_folders=await client.root_folders(),
    )


def _state(entry: LibraryEntry, queue: list[Download]) -> State:
    if any(download.service_id == entry.service_id for download in queue):
        return "downloading"
    return "available" if entry.has_files else "requested"
