"""Picks in rows, each because of one watched title: "Because you watched Alien".

A watched title makes a good row if the scores of the best picks rest on it, if it was watched lately and liked, and if
it tastes of something else than the rows before it. Its picks are those of which it is one of the strongest witnesses,
so what the row says is true of each of them. Rows are chosen one by one, the best first: more rows begin with fewer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from doublebill.core.catalogue import Catalogue, Rows
from doublebill.core.explain import Evidence
from doublebill.core.recommend import Ranked, Reader, explained_picks, rank
from doublebill.core.taste import worth
from doublebill.core.wish import Wish
from doublebill.core.witnesses import backings
from doublebill.model import Pick, Title, TitleKey, Watch, Weights

POOL = 200
"""From how many of the best picks rows are made, of few candidates from the better half: the rest is no one's best."""

LEAST = 4
"""A title that speaks for fewer picks makes no row."""

MOST_TITLES = 50
"""How many watched titles are looked at closely: those on which most rests."""

HALF_LIFE = timedelta(days=180)
"""After this time a watch counts half for being recent."""

OLD = 0.25
"""What is left of that for a watch of long ago, or of nobody knows when."""

ALIKE = 0.7
"""How much a title loses that has the very genres of a row before it."""

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BecauseRow:
    """A watched title, the words above its row, and the picks that it speaks for, best first."""

    because: Title
    words: str
    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """What rows are chosen from: w watched titles, ascending by row, and p picks, the best first.

    titles w; warmth (w,) > 0: how recent and liked each is; points (w, p): what it adds to each pick's score, 0 where
    it is no strong witness; likeness (w, w) 0..1, 1 for those that one row is enough for.
    """

    titles: Sequence[Title]
    warmth: Points
    points: Points
    likeness: Points


def because_rows(reader: Reader, weights: Weights, *, count: int, limit: int) -> list[BecauseRow]:
    """Make at most ``count`` rows of at most ``limit`` picks each; no pick stands in two of them.

    Always the same for one edition and weights. 40 ms the first time, then 15 ms, for 100,000 candidates and 300
    watches.
    """
    better_half = -(-int(reader.profile.is_candidate.sum()) // 2)
    pool = rank(reader.catalogue, reader.profile, Wish(min(POOL, better_half), weights=weights))
    pool.sort(key=lambda entry: -entry.scores.hybrid)  # within a row variety has no meaning
    field = _field(reader, pool, weights)
    rows = []
    for place, columns in _chosen(field, count, limit):
        because = field.titles[place]
        picks = explained_picks(reader, [pool[column] for column in columns.tolist()], weights)
        rows.append(BecauseRow(because, f"Because {reader.watcher} watched {because.title}", tuple(picks)))
    return rows


def _chosen(field: _Field, count: int, limit: int) -> Iterator[tuple[int, Rows]]:
    """Choose titles and their picks one by one, by what the picks of a row would rest on its title.

    value = warmth * sum of its points over the picks it would show * prod over the rows before of (1 - likeness)
    """
    is_free = np.ones(field.points.shape[1], dtype=np.bool_)
    fresh = np.ones(len(field.titles))
    for _ in range(min(count, len(field.titles))):
        speaks = (field.points > 0) & is_free
        shown = speaks & (speaks.cumsum(axis=1) <= limit)
        value = field.warmth * (field.points * shown).sum(axis=1) * fresh
        value[speaks.sum(axis=1) < LEAST] = 0
        best = int(value.argmax())
        if value[best] <= 0:
            return
        yield best, np.flatnonzero(shown[best])
        is_free &= ~shown[best]
        fresh *= 1 - field.likeness[best]


def _field(reader: Reader, pool: Sequence[Ranked], weights: Weights) -> _Field:
    points = _points(reader, pool, weights)
    first = sorted(points, key=lambda row: (-points[row].sum(), row))[:MOST_TITLES]
    keys = {row: reader.catalogue.key(row) for row in sorted(first)}
    known = reader.lookup(list(keys.values()))
    rows = [row for row, key in keys.items() if key in known]
    titles = [known[keys[row]] for row in rows]
    return _Field(
        titles=titles,
        warmth=_warmth(reader.profile.watched, titles),
        points=np.array([points[row] for row in rows]).reshape(len(rows), len(pool)),
        likeness=_likeness(reader.catalogue, rows, titles),
    )


def _points(reader: Reader, pool: Sequence[Ranked], weights: Weights) -> dict[int, Points]:
    """Give by the row of each strong witness what it adds to the score of each pick, (p,)."""
    points: dict[int, Points] = {}
    evidence = reader.evidence([entry.row for entry in pool])
    for column, entry in enumerate(pool):
        found = evidence[entry.row]
        strong = _strong(found)
        for backing in backings(reader.profile, entry.row, found, entry.scores, weights):
            if backing.row in strong:
                points.setdefault(backing.row, np.zeros(len(pool)))[column] += backing.points
    return points


def _strong(evidence: Evidence) -> set[int]:
    """Name the witnesses by whom alone one may say that a title is picked: the first of a kind, and those of both."""
    naming, nearest = ([witness.row for witness in side] for side in (evidence.naming, evidence.nearest))
    return {*naming[:1], *nearest[:1], *(set(naming) & set(nearest))}


def _warmth(watched: Mapping[TitleKey, Watch], titles: Sequence[Title]) -> Points:
    """Give how much each title's watch is worth, times how recent it is beside the newest one, (w,)."""
    watches = [watched[title.key] for title in titles]
    newest = max((watch.last_played_at for watch in watched.values() if watch.last_played_at), default=None)
    return np.array([worth(watch, newest) * _recency(watch, newest) if newest else 1.0 for watch in watches])


def _recency(watch: Watch, newest: datetime) -> float:
    if watch.last_played_at is None:
        return OLD
    return float(OLD + (1 - OLD) * 0.5 ** ((newest - watch.last_played_at) / HALF_LIFE))


def _likeness(catalogue: Catalogue, rows: Sequence[int], titles: Sequence[Title]) -> Points:
    """Say how alike titles are, (w, w): those of one franchise 1, others ``ALIKE`` by the genres that they share.

    Genres are compared by Jaccard's index: those that both have, of those that either has.
    """
    genres = [int(catalogue.genre_bits[row]) for row in rows]
    shared = [[(one & other).bit_count() / max(1, (one | other).bit_count()) for other in genres] for one in genres]
    is_one = [[_is_one_franchise(one, other) for other in titles] for one in titles]
    shape = (len(rows), len(rows))
    return np.where(np.array(is_one, dtype=np.bool_).reshape(shape), 1.0, ALIKE * np.array(shared).reshape(shape))


def _is_one_franchise(one: Title, other: Title) -> bool:
    return one.key == other.key or (one.collection is not None and one.collection == other.collection)
