"""A person's taste in its plain form: which watched titles speak for it, and how close the catalogue comes to them.

``worth`` grades a watch. The formula ``classic``, which is this file, counts every title with a worth above 0 once; the
default one, in ``affinity``, goes by the grade. A household is the tastes of its members side by side, each with the
same say however much they watch.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from doublebill.core.catalogue import Catalogue, Rows
from doublebill.core.scoring import Floats, on_grid, summed_at
from doublebill.model import Kind, Watch

ABANDONED_BELOW = 0.15
ABANDONED_AFTER = timedelta(days=30)
ABANDONED_EPISODES = 3
"""Who finished more episodes than this did not abandon the series, however long it is."""

LIKED_FROM = 6.5
"""Jellyfin's own line between liked and not liked, of 10."""

DISLIKED_BELOW = 4.0

NO_DIRECTION = 1e-6
"""Watched titles whose mean vector is shorter than this cancel out: it points nowhere."""


@dataclass(frozen=True, slots=True)
class Taste:
    """The evidence of one or several people: for each, the catalogue rows of the titles that speak for their taste.

    people: tuple of (w,) ascending row arrays, none of them empty; empty tuple: nothing is known.
    """

    people: tuple[Rows, ...] = ()


def is_abandoned(watch: Watch, now: datetime) -> bool:
    """Say whether a title was begun, left under 15 % and not touched for 30 days."""
    if watch.completion >= ABANDONED_BELOW or watch.episodes > ABANDONED_EPISODES or watch.by_hand:
        return False
    begun = watch.plays > 0 or watch.completion > 0
    return begun and watch.last_played_at is not None and now - watch.last_played_at > ABANDONED_AFTER


def is_disliked(watch: Watch) -> bool:
    """Say whether the person said no to the title; a favourite never is.

    Jellyfin calls every rating under 6.5 "not liked", so where there is a rating it decides: a 5 is no dislike.
    """
    if watch.is_favorite:
        return False
    return watch.likes is False if watch.rating is None else watch.rating < DISLIKED_BELOW


def worth(watch: Watch, now: datetime) -> float:
    """Grade how much a watch says for a title: 0 nothing, 1 seen to the end, up to 3 for a loved and rewatched one.

    What was seen counts by its share; a series counts from one half as soon as it was not abandoned, since who has
    seen eight of sixty episodes has seen more than a film. Favourite or liked: x 1.5; each doubling of plays: x 1.25,
    at most x 2. Disliked or abandoned: 0.
    """
    if is_disliked(watch) or is_abandoned(watch, now):
        return 0.0
    seen = watch.completion
    if watch.key.kind is Kind.TV and watch.episodes:
        seen = 0.5 + 0.5 * watch.completion
    is_liked = watch.is_favorite or watch.likes is True or (watch.rating is not None and watch.rating >= LIKED_FROM)
    if is_liked:
        seen = max(seen, 0.5) * 1.5
    replays = min(2.0, 1.25 ** math.log2(max(1, watch.plays)))
    return float(seen * replays)


def taste_of(catalogue: Catalogue, histories: Iterable[Sequence[Watch]], now: datetime) -> Taste:
    """Find the rows that speak for the taste of each person; who has none of them has no say."""
    rows = (catalogue.rows(watch.key for watch in history if worth(watch, now) > 0) for history in histories)
    return Taste(tuple(person for person in rows if len(person)))


@dataclass(frozen=True, slots=True)
class Nearness:
    """The watched titles that have a vector, weighed so that their shares of a cosine add up to it.

    rows (w,) distinct; vectors (w, d) unit; weights (w,): the cosine of a unit vector v with the taste is ``weights @
    (vectors @ v)``.
    """

    rows: Rows
    vectors: Floats
    weights: Floats


def nearness(catalogue: Catalogue, taste: Taste) -> Nearness:
    """Weigh the watched titles into one mean vector; of several people, into the mean of their means."""
    people = [person[catalogue.has_vector[person]] for person in taste.people]
    people = [person for person in people if len(person)]
    told = np.concatenate([*people, np.zeros(0, dtype=np.int64)]).astype(np.int64)
    said = np.concatenate([*(np.full(len(person), 1 / len(person)) for person in people), np.zeros(0)])
    rows, places = np.unique(told, return_inverse=True)
    shares = np.bincount(places, weights=said, minlength=len(rows))
    vectors = catalogue.vectors[rows]
    length = np.linalg.norm(shares @ vectors)
    weights = shares / length if length > NO_DIRECTION else np.zeros_like(shares)
    return Nearness(rows, vectors, weights.astype(np.float32))


def content(catalogue: Catalogue, near: Nearness) -> Floats:
    """Score every title by the cosine of its vector with the mean vector of the watched titles, clipped at 0.

    Returns (n,) in 0..1; NaN where the title has no vector, everywhere if no watched title has one.
    One matrix-vector product: 10 ms for 100,000 titles of 384 dimensions.
    """
    if not near.weights.any():
        return np.full(len(catalogue), np.nan, dtype=np.float32)
    cosines = on_grid(np.clip(catalogue.vectors @ (near.weights @ near.vectors), 0, 1))
    cosines[~catalogue.has_vector] = np.nan
    return cosines


@dataclass(frozen=True, slots=True)
class Pointers:
    """Which watched title names which title in TMDB's lists, each pair once, sorted by the named title.

    targets, sources (p,) rows; shares (p,): what the pair adds to its target's evidence, all of one person's titles
    together having 1 divided by the number of people; ranks (p,): how early it is named, `recommendations` before all
    of `similar`; totals (n,): all evidence for each title, of which the shares are part.
    """

    targets: Rows
    sources: Rows
    shares: Floats
    ranks: NDArray[np.int64]
    totals: NDArray[np.float64]

    def to(self, row: int) -> slice:
        """Give where the pairs that name one row stand."""
        start, stop = np.searchsorted(self.targets, (row, row + 1))
        return slice(int(start), int(stop))


SIMILAR_RANK = 10_000
"""Behind every position in `recommendations`, which TMDB lets run to 10,000 entries."""


def pointers(catalogue: Catalogue, taste: Taste) -> Pointers:
    """Collect the list entries of everybody's watched titles."""
    parts = [_pointers_of(catalogue, person, 1 / (len(person) * len(taste.people))) for person in taste.people]
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return Pointers(empty, empty, empty.astype(np.float32), empty, np.zeros(len(catalogue)))
    targets, sources, shares, ranks = (np.concatenate(column) for column in zip(*parts, strict=True))
    pairs, firsts, places = np.unique(targets * len(catalogue) + sources, return_index=True, return_inverse=True)
    summed = np.bincount(places, weights=shares, minlength=len(pairs))
    totals = summed_at(targets[firsts], summed.astype(np.float32), len(catalogue))
    return Pointers(targets[firsts], sources[firsts], summed.astype(np.float32), ranks[firsts], totals)


def _pointers_of(catalogue: Catalogue, rows: Rows, share: float) -> tuple[Rows, Rows, Floats, Rows]:
    edges = catalogue.edges
    entries, sources = _entries_of(catalogue, rows)
    targets = edges.targets[entries]
    ranks = edges.positions[entries] + np.where(edges.is_recommendation[entries], 0, SIMILAR_RANK)
    order = np.lexsort((ranks, targets, sources))
    pairs = sources[order] * len(catalogue) + targets[order]
    first = order[np.flatnonzero(np.diff(pairs, prepend=-1))]
    return targets[first], sources[first], np.full(len(first), share, dtype=np.float32), ranks[first].astype(np.int64)


def _entries_of(catalogue: Catalogue, rows: Rows) -> tuple[Rows, Rows]:
    """Give the indices of all list entries of some rows, and for each the row whose list it stands in."""
    starts, stops = catalogue.edges.starts[rows], catalogue.edges.starts[rows + 1]
    counts = stops - starts
    offsets = np.repeat(starts - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
    return offsets + np.arange(len(offsets)), np.repeat(rows, counts)


def collaborative(catalogue: Catalogue, taste: Taste, named: Pointers, is_candidate: NDArray[np.bool_]) -> Floats:
    """Score every title by how many watched titles point to it through TMDB's lists, 1 for the most in the candidate
    pool.

    Each watched title counts once, in whichever list it names the candidate. Of several people, the mean of the shares
    of their watched titles. Returns (n,) in 0..1; all NaN where nothing was watched.
    """
    if not taste.people:
        return np.full(len(catalogue), np.nan, dtype=np.float32)
    evidence = named.totals
    most = evidence[is_candidate].max(initial=0.0)
    scaled = np.minimum(evidence / most, 1) if most > 0 else np.zeros(len(catalogue))
    return on_grid(scaled.astype(np.float32))
