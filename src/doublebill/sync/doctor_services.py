"""What the doctor finds at the services: whether they answer and take the key, what they offer, and what time it is."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from doublebill.errors import ConfigError, SourceError
from doublebill.sources.radarr import open_radarr
from doublebill.sources.servarr import Profile, RootFolder
from doublebill.sources.servarr_client import Servarr
from doublebill.sources.sonarr import open_sonarr
from doublebill.sync.diagnosis import Line, failed, problem, warning, well
from doublebill.sync.health import CHECKS, ONE_TRY, SERVICES, Check, Connection, Find, ServiceName

OLDEST_JELLYFIN = (10, 8)
REQUIRED: frozenset[ServiceName] = frozenset({"tmdb", "jellyfin"})
RATHER_OFF, TOO_FAR_OFF = timedelta(minutes=2), timedelta(hours=1)

JELLYFIN_HINT = "Bring Jellyfin up to date: what it tells of watches before 10.8 is not read."
CLOCK_HINT = "Set the clock of this machine, and let it be kept: timedatectl set-ntp true"


@dataclass(frozen=True, slots=True)
class Visit:
    """What was found at one service, and by how much our clock is ahead of its own, if it told."""

    name: ServiceName
    lines: Sequence[Line]
    ahead: timedelta | None = None


async def look_at_services(find: Find, now: Callable[[], datetime]) -> list[Line]:
    """Ask every service that is set, each once, and say how they are and whether the clock is right."""
    visits = await asyncio.gather(*(_visit(name, find, now) for name in SERVICES))
    return [*(line for visit in visits for line in visit.lines), clock_line(visits)]


def clock_line(visits: Sequence[Visit]) -> Line:
    """Say whether our clock is right: by TMDB's, which keeps it for all the world, else by the first that told."""
    told = [(visit.name, visit.ahead) for visit in visits if visit.ahead is not None]
    if not told:
        return warning("clock", "No service told the time", "Make one answer first.")
    name, ahead = told[0]
    words = f"{_span(ahead)} the clock of {'TMDB' if name == 'tmdb' else name.capitalize()}"
    if abs(ahead) > TOO_FAR_OFF:
        return problem("clock", words, CLOCK_HINT)
    if abs(ahead) > RATHER_OFF:
        return warning("clock", words, CLOCK_HINT)
    return well("clock", words)


async def _visit(name: ServiceName, find: Find, now: Callable[[], datetime]) -> Visit:
    try:
        connection = find(name)
    except ConfigError as error:
        return Visit(name, [_not_set(name, error)])
    check = await CHECKS[name](connection.url, connection.key, transport=connection.transport)
    ahead = now() - check.date if check.date else None
    if not check.ok:
        return Visit(name, [Line(name, "problem", check.words, check.hint)], ahead)
    lines = [_version(check) if name == "jellyfin" else well(name, check.words)]
    if name in OPENERS:
        lines += await _offer(name, connection)
    return Visit(name, lines, ahead)


def _not_set(name: ServiceName, error: ConfigError) -> Line:
    if name in REQUIRED:
        return failed(name, error)
    if len(error.message.splitlines()) == 1:  # it has a line for each of address and key that is not set
        return warning(name, error.message, error.hint or "Set both.")
    return well(name, "Not set up: nothing is handed to it")


def _version(check: Check) -> Line:
    """Judge Jellyfin's version; the key went in the one header that all versions we know take."""
    version = tuple(int(part) for part in (check.version or "").split(".")[:2] if part.isdecimal())
    if version and version < OLDEST_JELLYFIN:
        return warning("jellyfin", check.words, JELLYFIN_HINT)
    return well("jellyfin", f"{check.words} as Authorization: MediaBrowser")


OPENERS: Mapping[ServiceName, Callable[[Connection], Servarr]] = {
    "radarr": lambda at: open_radarr(at.url, at.key, transport=at.transport, pace=ONE_TRY),
    "sonarr": lambda at: open_sonarr(at.url, at.key, transport=at.transport, pace=ONE_TRY),
}


async def _offer(name: ServiceName, connection: Connection) -> list[Line]:
    """Say whether there is a profile to ask with and a folder to put things in."""
    try:
        client = OPENERS[name](connection)
        try:
            profiles, folders = await client.profiles(), await client.root_folders()
        finally:
            await client.close()
    except SourceError as error:
        return [failed(name, error)]
    return [_profiles(name, profiles), *_folders(name, folders)]


def _profiles(name: ServiceName, profiles: Sequence[Profile]) -> Line:
    if not profiles:
        return problem(name, "It has no quality profile", f"Make one in {name.capitalize()}: Settings, Profiles.")
    return well(name, f"Quality profiles: {', '.join(profile.name for profile in profiles)}")


def _folders(name: ServiceName, folders: Sequence[RootFolder]) -> list[Line]:
    where = f"in {name.capitalize()}: Settings, Media Management, Root Folders."
    if not any(folder.is_accessible for folder in folders):
        return [problem(name, "It has no root folder that it can reach", f"Add or mend one {where}")]
    return [
        well(name, f"Root folder {folder.path}{_room(folder)}")
        if folder.is_accessible
        else warning(name, f"Root folder {folder.path} is out of its reach", f"Mend or remove it {where}")
        for folder in folders
    ]


def _room(folder: RootFolder) -> str:
    return "" if folder.free_bytes is None else f", {folder.free_bytes / 1e9:,.0f} GB free"


def _span(ahead: timedelta) -> str:
    seconds = round(ahead.total_seconds())
    size = abs(seconds)
    span = f"{size} s" if size < 120 else f"{size // 60} min" if size < 7200 else f"{size // 3600} h"
    return f"{span} {'ahead of' if seconds >= 0 else 'behind'}"
