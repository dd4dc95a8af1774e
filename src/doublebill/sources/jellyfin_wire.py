"""What Jellyfin's answers mean in our vocabulary (12.x down to 10.8).

Jellyfin leaves nulls out, writes ids without dashes here and with dashes there, and counts time in ticks of 100 ns.
Provider ids are whatever a metadata plug-in or an .nfo file put there, under keys of any case.
"""

import re
from dataclasses import replace
from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_pascal

from doublebill.model import LibraryItem, Observation, Person
from doublebill.sources.wire import BadRow, Block, Flag, Moment, Opinion, Part, Real, Text, Whole, Wire, read_row

TICKS_PER_MIN = 600_000_000
LARGEST_ID = 2**31 - 1

ItemKind: TypeAlias = Literal["movie", "series", "episode"]
ITEM_KINDS: dict[str, ItemKind] = {"Movie": "movie", "Series": "series", "Episode": "episode"}


class JellyfinWire(Wire):
    """A model with Jellyfin's PascalCase names."""

    model_config = ConfigDict(alias_generator=to_pascal)


class SystemInfo(JellyfinWire):
    """Part of GET /System/Info and /System/Info/Public."""

    version: Text = None
    server_name: Text = None


class Policy(JellyfinWire):
    """Part of a user."""

    is_disabled: Flag = False


class User(JellyfinWire):
    """One row of GET /Users."""

    id: Text = None
    name: Text = None
    policy: Block[Policy] = Policy()


class UserData(JellyfinWire):
    """What one user did with one item."""

    played: Flag = False
    play_count: Whole = None
    last_played_date: Moment = None
    playback_position_ticks: Real = None
    played_percentage: Real = None
    is_favorite: Flag = False
    likes: Opinion = None
    rating: Real = None


class Item(JellyfinWire):
    """One row of GET /Items."""

    id: Text = None
    type: Text = None
    name: Text = None
    location_type: Text = None
    production_year: Whole = None
    provider_ids: Block[dict[str, JsonValue]] = Field(default_factory=dict)
    series_id: Text = None
    series_name: Text = None
    parent_index_number: Whole = None
    index_number: Whole = None
    run_time_ticks: Real = None
    user_data: Part[UserData] = None


class ItemsAnswer(JellyfinWire):
    """GET /Items; the rows are read one by one, so that a bad one is only itself."""

    items: list[JsonValue]
    total_record_count: Whole = None


def person(row: JsonValue) -> Person | None:
    """Read a user; None for one who is disabled.

    Raises: BadRow if there is no id or name.
    """
    user = read_row(User, row)
    if user.id is None or user.name is None:
        raise BadRow("user without id or name")
    return None if user.policy.is_disabled else Person(item_id(user.id), user.name)


def library_item(row: JsonValue) -> LibraryItem:
    """Read a film, series or episode.

    Raises: BadRow if it is none of them, has no id or name, or is not on disk.
    """
    item, kind, own_id = _leaf(row)
    name = item.name or (item.series_name if kind == "episode" else None)
    if name is None:
        raise BadRow("item without name")
    is_title = kind != "episode"
    ids = {key.lower(): value for key, value in item.provider_ids.items()} if is_title else {}
    return LibraryItem(
        item_id=own_id,
        item_kind=kind,
        name=name,
        year=_positive(item.production_year),
        tmdb_id=_number_id(ids.get("tmdb")),
        imdb_id=_imdb_id(ids.get("imdb")),
        tvdb_id=_number_id(ids.get("tvdb")),
        series_item_id=item_id(item.series_id) if item.series_id and not is_title else None,
        series_name=None if is_title else item.series_name,
        season=None if is_title else item.parent_index_number,
        episode=None if is_title else item.index_number,
        runtime_min=round(item.run_time_ticks / TICKS_PER_MIN, 2) or None if item.run_time_ticks else None,
    )


def observation(row: JsonValue, person_id: str, observed_at: datetime) -> Observation:
    """Read what a person did with a film or episode, and what they think of a series.

    What a series is said to have been played is not read: 10.11 and 12 mean different things by it.
    Raises: BadRow if it is none of them, has no id, is not on disk, or comes without the person's data.
    """
    item, kind, own_id = _leaf(row)
    data = item.user_data
    if data is None:
        raise BadRow("item without user data")
    opinion = Observation(
        person_id=person_id,
        item_id=own_id,
        observed_at=observed_at,
        is_favorite=data.is_favorite,
        likes=data.likes,
        rating=data.rating if data.rating is not None and 0 <= data.rating <= 10 else None,
    )
    if kind == "series":
        return opinion
    return replace(
        opinion,
        finished=data.played,
        play_count=max(0, data.play_count or 0),
        position=None if data.played else _position(data, item.run_time_ticks),
        last_played_at=data.last_played_date,
    )


def item_id(text: str) -> str:
    """Write an id as we keep it: without dashes, in lower case."""
    return text.replace("-", "").lower()


def _leaf(row: JsonValue) -> tuple[Item, ItemKind, str]:
    item = read_row(Item, row)
    kind = ITEM_KINDS.get(item.type or "")
    if item.id is None:
        raise BadRow("item without id")
    if kind is None:
        raise BadRow("not a film, series or episode")
    if item.location_type == "Virtual":
        raise BadRow("not on disk")
    return item, kind, item_id(item.id)


def _position(data: UserData, runtime_ticks: float | None) -> float | None:
    """Give how far the last play came, 0..1; four places, so that a remuxed file does not look like a new event."""
    if data.playback_position_ticks and runtime_ticks and runtime_ticks > 0:
        share = data.playback_position_ticks / runtime_ticks
    else:
        share = (data.played_percentage or 0.0) / 100
    return round(min(1.0, max(0.0, share)), 4) or None


def _number_id(value: JsonValue) -> int | None:
    """Read "603", 603 or TMDB's own "603-the-matrix"; anything else names no title."""
    match = re.fullmatch(r"\s*(\d{1,10})(?:-\D.*)?\s*", str(value), re.ASCII | re.DOTALL)
    number = int(match[1]) if match else 0
    return number if 0 < number <= LARGEST_ID else None


def _imdb_id(value: JsonValue) -> str | None:
    match = re.search(r"\btt\d{5,10}\b", str(value).lower(), re.ASCII)
    return match[0] if match else None


def _positive(number: int | None) -> int | None:
    return number if number is not None and number > 0 else None
