"""What is asked of Jellyfin: who lives here, what is in the library, and who did what with it.

What was played is read of films and episodes only: what "played" means for a series changed between 10.11 and 12.
Nothing is asked by date either: Jellyfin compares dates of items, not of what people did with them, so a reading is
always a whole one. The key travels as ``Authorization: MediaBrowser``, the one form that 10.8 to 12 all take.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Generic, TypeVar

from pydantic import JsonValue

from doublebill.errors import SourceBroken, SourceUnreachable
from doublebill.model import LibraryItem, Observation, Person
from doublebill.sources.address import clean_key
from doublebill.sources.http import ApiClient, Params, Transport
from doublebill.sources.jellyfin_wire import ItemsAnswer, SystemInfo, item_id, library_item, observation, person
from doublebill.sources.pace import Pace
from doublebill.sources.wire import BadRow, read

SOURCE = "Jellyfin"
KEY_HINT = (
    "JELLYFIN_API_KEY may be wrong or deleted, a proxy may drop the Authorization header, or this Jellyfin no longer "
    "takes the key: make a new one in Jellyfin's dashboard under API Keys"
)
PACE = Pace(connections=4, timeout_s=60.0)
"""No rate: it is the household's own server. Few connections: it may be a very small one."""

PAGE = 500
MOST_STEPS_BACK = 20
"""A server whose totals jump about for ever must not hold us for ever."""

START_CHECKS = 10
START_WAIT_S = 3.0

ALWAYS: Params = {
    "recursive": True,
    # Without a user Jellyfin folds films into their box sets.
    "collapseBoxSetItems": False,
    # An API key sees missing episodes too.
    "excludeLocationTypes": ["Virtual"],
    "enableImages": False,
    # There is no order by id; the later keys only part what came in at the same moment.
    "sortBy": ["DateCreated", "SortName", "ProductionYear"],
    "sortOrder": ["Ascending"],
    "limit": PAGE,
}

Row = TypeVar("Row", LibraryItem, Observation)
Out = TypeVar("Out")


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """Which Jellyfin answers."""

    version: str
    name: str


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a reading: its rows, how far the reading is, and what this page skipped (reason -> count).

    A reading whose last page has ``done`` below ``total`` ended early: what it did not show may still be there.
    """

    rows: tuple[Row, ...]
    done: int
    total: int
    skipped: Mapping[str, int]


class Jellyfin:
    """Read one Jellyfin server with an API key. Every method raises SourceError of the kind that fits."""

    def __init__(self, client: ApiClient) -> None:
        self.client = client

    async def server(self, *, checks: int = START_CHECKS) -> ServerInfo:
        """Give version and name, having made sure that the key is taken; waits half a minute for a server that starts.

        ``checks`` is how often it is looked whether it has started; with 1 nobody waits.
        Raises: SourceUnreachable if it still starts after that, SourceRefused if the key is not taken.
        """
        await self._wait_for_start(checks)
        info = read(SOURCE, SystemInfo, await self.client.get("/System/Info"))
        if info.version is None:
            raise SourceBroken(SOURCE, "does not say its version", hint="Is it a Jellyfin that JELLYFIN_URL names?")
        return ServerInfo(info.version, info.server_name or SOURCE)

    async def people(self) -> list[Person]:
        """Give the users, hidden ones too: hidden only keeps them off the log-in page, as most administrators are.

        Disabled ones are left out: nobody watches with them, and what they once watched would still count as one full
        member of the household.
        """
        answer = await self.client.get("/Users")
        if not isinstance(answer, list):
            raise SourceBroken(SOURCE, "its answer for /Users is not a list")
        people, _ = _sift(answer, person)
        return [one for one in people if one is not None]

    async def library(self) -> AsyncIterator[Page[LibraryItem]]:
        """Give all films, series and episodes on disk, whoever may see them, oldest first."""
        asked: Params = {
            "includeItemTypes": ["Movie", "Series", "Episode"],
            "fields": ["ProviderIds"],
            "enableUserData": False,
        }
        async for page in self._pages(asked, library_item):
            yield page

    async def watches(self, person_id: str, observed_at: datetime) -> AsyncIterator[Page[Observation]]:
        """Give what Jellyfin knows now of a person and every film, episode and series that they may see.

        Nothing is filtered by "played": what was begun, liked or rated counts, and so does what is no longer marked.
        """
        asked: Params = {
            "includeItemTypes": ["Movie", "Episode", "Series"],
            "userId": _dashed(item_id(person_id)),
            "enableUserData": True,
        }
        reader = partial(observation, person_id=item_id(person_id), observed_at=observed_at)
        async for page in self._pages(asked, reader):
            yield page

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def _wait_for_start(self, checks: int) -> None:
        """Return when the server is itself: while it starts, a small stand-in answers with 503 or in camelCase."""
        for check in range(checks):
            if check:
                await asyncio.sleep(START_WAIT_S)
            if read(SOURCE, SystemInfo, await self.client.get("/System/Info/Public")).version:
                return
        hint = "Try again in a minute; it may be migrating its database"
        raise SourceUnreachable(SOURCE, "is still starting", hint=hint)

    async def _pages(self, asked: Params, reader: Callable[[JsonValue], Row]) -> AsyncIterator[Page[Row]]:
        """Read /Items to its end, each item once, also when the library changes meanwhile.

        What is new comes last by this order. What was deleted moves the rest forward past our place: when the total has
        shrunk we step back by as much and drop what we have seen. (What is added and deleted in the same moment hides
        a row until the next reading.) The total alone never ends a reading: the last page is one that is not full.
        """
        start, total, seen, steps_back = 0, 0, set[str](), MOST_STEPS_BACK
        while True:
            answer = read(
                SOURCE, ItemsAnswer, await self.client.get("/Items", {**ALWAYS, **asked, "startIndex": start})
            )
            count, before = len(answer.items), total
            total = before if answer.total_record_count is None else answer.total_record_count
            rows, skipped = _sift(answer.items, reader)
            fresh = _unseen(rows, seen)
            if count:
                yield Page(fresh, start + count, max(start + count, total), skipped)
            if total < before and steps_back:
                start, steps_back = max(0, start - (before - total)), steps_back - 1
                continue
            start += count
            if not count or (start >= total and (count < PAGE or not fresh)):
                return


def open_jellyfin(url: str, api_key: str, *, transport: Transport | None = None, pace: Pace = PACE) -> Jellyfin:
    """Give a reader of the Jellyfin at an address.

    Raises: ConfigError if address or key cannot be right.
    """
    headers = {"Authorization": f'MediaBrowser Token="{clean_key(api_key, SOURCE)}"'}
    return Jellyfin(ApiClient(SOURCE, url, headers=headers, pace=pace, transport=transport, key_hint=KEY_HINT))


def _sift(rows: list[JsonValue], reader: Callable[[JsonValue], Out]) -> tuple[list[Out], Counter[str]]:
    """Read row by row; a bad one is counted by its reason."""
    good, skipped = [], Counter[str]()
    for row in rows:
        try:
            good.append(reader(row))
        except BadRow as reason:
            skipped[str(reason)] += 1
    return good, skipped


def _unseen(rows: list[Row], seen: set[str]) -> tuple[Row, ...]:
    """Give the rows whose item is not in ``seen``, and put them there."""
    fresh = {row.item_id: row for row in rows if row.item_id not in seen}
    seen.update(fresh)
    return tuple(fresh.values())


def _dashed(person_id: str) -> str:
    """Write an id as the specification has it, a UUID with dashes; any other id as it is."""
    if len(person_id) != 32:
        return person_id
    return "-".join((person_id[:8], person_id[8:12], person_id[12:16], person_id[16:20], person_id[20:]))
