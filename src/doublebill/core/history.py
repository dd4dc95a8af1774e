"""The ledger folded into watches: from what Jellyfin said of films and episodes to what a person did with titles.

Jellyfin forgets: a rewatch un-sets "played", a deleted file takes its user data along. So having finished something is
never taken back by a later observation, only by the person (``removed``); what is an opinion (favourite, like, rating)
is the newest one. Episodes fold into their series: sixty episodes are one title.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from doublebill.model import Kind, LibraryItem, Observation, TitleKey, Watch

Opinion = TypeVar("Opinion", bool, float)

HAND_PREFIX = "manual_"
"""Begins the item id of a title that a person marked by hand: ``manual_movie_603``."""


def hand_item_id(key: TitleKey) -> str:
    """Name the ledger item of a title that was marked by hand."""
    return f"{HAND_PREFIX}{key.kind}_{key.tmdb_id}"


def hand_key(item_id: str) -> TitleKey:
    """Give the title that a ledger item which was marked by hand names; the inverse of ``hand_item_id``."""
    kind, _, tmdb_id = item_id.removeprefix(HAND_PREFIX).partition("_")
    return TitleKey(Kind(kind), int(tmdb_id))


def fold(observations: Sequence[Observation], items: Mapping[str, LibraryItem]) -> list[Watch]:
    """Fold one person's ledger into one watch for each title, in the order of their keys.

    Args:
        observations: the ledger of one person, oldest first.
        items: every library item ever seen, by item id; items without a key count for nothing until they are resolved.
    """
    totals = _episode_totals(items.values())
    by_title: dict[TitleKey, list[Observation]] = {}
    for state in states_of(observations).told.values():
        key = _title_of(state.item_id, items)
        if key and state.is_trace:
            by_title.setdefault(key, []).append(state)
    return [_watch(key, by_title[key], items, totals.get(key, 0)) for key in sorted(by_title)]


@dataclass(frozen=True, slots=True)
class ItemStates:
    """What a ledger amounts to, by item id: what was ``told`` of an item, or was when it was ``taken_out``."""

    told: Mapping[str, Observation]
    taken_out: Mapping[str, Observation]


def states_of(observations: Iterable[Observation]) -> ItemStates:
    """Give for each item of a person's ledger, oldest entry first, what its observations amount to."""
    told: dict[str, Observation] = {}
    taken_out: dict[str, Observation] = {}
    for new in observations:
        old = told.pop(new.item_id, None)
        if not new.removed:
            told[new.item_id] = _merged(old, new) if old else new
            taken_out.pop(new.item_id, None)
        elif old:
            taken_out[new.item_id] = old
    return ItemStates(told, taken_out)


def _merged(old: Observation, new: Observation) -> Observation:
    return replace(
        new,
        finished=old.finished or new.finished,
        play_count=max(old.play_count, new.play_count),
        position=new.position if new.position is not None else old.position,
        last_played_at=_latest([old, new]),
    )


def _title_of(item_id: str, items: Mapping[str, LibraryItem]) -> TitleKey | None:
    if item_id.startswith(HAND_PREFIX):
        return hand_key(item_id)
    item = items.get(item_id)
    return item.key if item else None


def _episode_totals(items: Iterable[LibraryItem]) -> dict[TitleKey, int]:
    """Count the distinct episodes of each series that were ever in the library."""
    episodes: dict[TitleKey, set[object]] = {}
    for item in items:
        if item.item_kind == "episode" and item.key:
            episodes.setdefault(item.key, set()).add(_slot(item))
    return {key: len(slots) for key, slots in episodes.items()}


def _slot(item: LibraryItem | None) -> object:
    """Tell which episode an item is, so that an upgraded file is not a second one."""
    if item and item.season is not None and item.episode is not None:
        return (item.season, item.episode)
    return item.item_id if item else None


def _watch(key: TitleKey, states: list[Observation], items: Mapping[str, LibraryItem], total: int) -> Watch:
    newest = max(states, key=lambda state: state.observed_at)
    by_hand = [state for state in states if state.item_id.startswith(HAND_PREFIX)]
    shares = _shares_seen(states, items)
    finished = sum(share >= 1 for share in shares.values())
    completion = 1.0 if by_hand else sum(shares.values()) / max(total, len(shares), 1)
    return Watch(
        person_id=newest.person_id,
        key=key,
        completion=min(1.0, completion),
        plays=max(state.play_count for state in states),
        episodes=finished,
        last_played_at=_latest(states),
        is_favorite=any(state.is_favorite for state in states),
        likes=_newest([(state.observed_at, state.likes) for state in states]),
        rating=_newest([(state.observed_at, state.rating) for state in states]),
        by_hand=bool(by_hand),
    )


def _shares_seen(states: Iterable[Observation], items: Mapping[str, LibraryItem]) -> dict[object, float]:
    """Give for the film, or for each episode, how much of it was seen (0..1); the series item itself has no share."""
    shares: dict[object, float] = {}
    for state in states:
        item = items.get(state.item_id)
        if item and item.item_kind == "series":
            continue
        slot = _slot(item) if item and item.item_kind == "episode" else None
        share = 1.0 if state.finished else state.position or 0.0
        shares[slot] = max(shares.get(slot, 0.0), share)
    return shares


def _latest(states: Iterable[Observation]) -> datetime | None:
    return max((state.last_played_at for state in states if state.last_played_at), default=None)


def _newest(told: Iterable[tuple[datetime, Opinion | None]]) -> Opinion | None:
    """Give the opinion that was told last, None if there never was one."""
    opinions = [(moment, opinion) for moment, opinion in told if opinion is not None]
    return max(opinions, key=lambda pair: pair[0])[1] if opinions else None
