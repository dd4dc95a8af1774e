"""The state of the played Jellyfin: who lives here, what is in the library, and what each has done with it.

Tests and the demo play the world by its methods; times are given, never read from a clock. Two of Jellyfin's habits are
kept because clients fall over them: a play is counted when it starts, and un-marking an item erases its last date.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

LIKED_FROM: Final = 6.5
"""The rating from which Jellyfin calls an item liked; a thumb up or down is kept as a rating of 10 or 1."""

ItemType = Literal["Movie", "Series", "Episode"]


@dataclass(frozen=True, slots=True)
class JellyfinItem:
    """A film, series or episode; `provider_ids` are its own (an episode's, never its series').

    `is_missing` marks an episode that Jellyfin lists although there is no file.
    """

    item_id: str
    item_type: ItemType
    name: str
    added_at: datetime
    year: int | None = None
    runtime_min: float | None = None
    provider_ids: Mapping[str, str] = field(default_factory=dict)
    series_id: str | None = None
    series_name: str | None = None
    season: int | None = None
    episode: int | None = None
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class UserData:
    """What one person did with one item: Jellyfin keeps one such row and no history of plays."""

    played: bool = False
    play_count: int = 0
    last_played_at: datetime | None = None
    position_min: float = 0.0
    is_favorite: bool = False
    rating: float | None = None
    unplayed_count: int | None = None

    @property
    def likes(self) -> bool | None:
        """Whether the rating stands for liking; None where there is none."""
        return None if self.rating is None else self.rating >= LIKED_FROM


class JellyfinWorld:
    """People, items, and the user data between them. Methods that name an unknown item or person raise KeyError."""

    def __init__(self) -> None:
        self.people: dict[str, str] = {}
        self.items: dict[str, JellyfinItem] = {}
        self._episodes: dict[str, dict[str, JellyfinItem]] = {}
        self._marks: dict[tuple[str, str], UserData] = {}

    def add_person(self, person_id: str, name: str) -> None:
        """Let somebody move in."""
        self.people[person_id] = name

    def person_id(self, name: str) -> str:
        """Give the id of the person with this name."""
        return {name: person_id for person_id, name in self.people.items()}[name]

    def add_item(self, item: JellyfinItem) -> None:
        """Put an item into the library; what people did with it before it was deleted comes back with it."""
        self.items[item.item_id] = item
        if item.series_id is not None:
            self._episodes.setdefault(item.series_id, {})[item.item_id] = item

    def delete_item(self, item_id: str) -> None:
        """Take an item out of the library, a series with all of its episodes; its user data is no longer told."""
        item = self.items.pop(item_id)
        for episode_id in self._episodes.pop(item_id, {}):
            del self.items[episode_id]
        if item.series_id is not None:
            del self._episodes[item.series_id][item_id]

    def episodes(self, series_id: str) -> list[JellyfinItem]:
        """Give the episodes of a series that have a file."""
        return [episode for episode in self._episodes.get(series_id, {}).values() if not episode.is_missing]

    def user_data(self, person_id: str, item_id: str) -> UserData:
        """Give what Jellyfin tells of a person and an item; a series is played when no episode of it is unplayed."""
        item, own = self.items[item_id], self._mark(person_id, item_id)
        if item.item_type != "Series":
            return own
        marks = [self._mark(person_id, episode.item_id) for episode in self.episodes(item_id)]
        unplayed = sum(not mark.played for mark in marks)
        dates = [mark.last_played_at for mark in marks if mark.last_played_at]
        return replace(
            own, played=bool(marks) and not unplayed, last_played_at=max(dates, default=None), unplayed_count=unplayed
        )

    def start_playing(self, person_id: str, item_id: str, at: datetime, position_min: float = 0.0) -> None:
        """Begin a play and leave it at a position; Jellyfin counts it and dates it at once."""
        mark = self._mark(person_id, item_id)
        self._keep(
            person_id,
            item_id,
            replace(mark, play_count=mark.play_count + 1, last_played_at=at, position_min=position_min),
        )

    def finish_playing(self, person_id: str, item_id: str, at: datetime) -> None:
        """Play an item from beginning to end."""
        self.start_playing(person_id, item_id, at)
        self._keep(person_id, item_id, replace(self._mark(person_id, item_id), played=True))

    def mark_played(self, person_id: str, item_id: str, at: datetime) -> None:
        """Tick an item as played by hand: an earlier date stays."""
        mark = self._mark(person_id, item_id)
        count, date = max(mark.play_count, 1), mark.last_played_at or at
        self._keep(
            person_id, item_id, replace(mark, played=True, play_count=count, last_played_at=date, position_min=0.0)
        )

    def mark_unplayed(self, person_id: str, item_id: str) -> None:
        """Take the tick away, and with it count, date and position."""
        mark = self._mark(person_id, item_id)
        self._keep(person_id, item_id, replace(mark, played=False, play_count=0, last_played_at=None, position_min=0.0))

    def set_favorite(self, person_id: str, item_id: str, *, is_favorite: bool = True) -> None:
        """Set or clear the heart."""
        self._keep(person_id, item_id, replace(self._mark(person_id, item_id), is_favorite=is_favorite))

    def rate(self, person_id: str, item_id: str, rating: float | None) -> None:
        """Set or clear the rating, 0 to 10."""
        self._keep(person_id, item_id, replace(self._mark(person_id, item_id), rating=rating))

    def like(self, person_id: str, item_id: str) -> None:
        """Give a thumb up."""
        self.rate(person_id, item_id, 10.0)

    def dislike(self, person_id: str, item_id: str) -> None:
        """Give a thumb down."""
        self.rate(person_id, item_id, 1.0)

    def _mark(self, person_id: str, item_id: str) -> UserData:
        return self._marks.get((person_id, item_id), UserData())

    def _keep(self, person_id: str, item_id: str, mark: UserData) -> None:
        if person_id not in self.people or item_id not in self.items:
            raise KeyError(f"no such person or item: {person_id}, {item_id}")
        self._marks[person_id, item_id] = mark
