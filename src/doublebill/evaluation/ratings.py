"""A file of people's ratings, cut into cases by the protocol.

A title is liked from 3.5 of 5 stars. Of a person's likes, ordered by time, the first 80 % are the history and the rest
is to be found; who has fewer than 20 is left out. What they had rated up to the last title of their history is not
ranked, nor is what came out after the year of their last rating.
"""

from array import array
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from doublebill.core.metrics import Reals, Rows, temporal_split
from doublebill.evaluation.cases import Case, Pool, seed_of
from doublebill.evaluation.files import opened, rows_of
from doublebill.model import Kind, TitleKey, Watch

LIKED_STARS = 3.5
LEAST_LIKES = 20
MOST_STARS = 5
MOST_ID = 2**31 - 1
LAST_MOMENT = 253_402_300_799
"""The last second of the year 9999, in Unix time."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """r ratings in the order of the file: users (r,) numbers of ``names``, ids (r,) TMDB ids, stars (r,) 0.5..5,
    moments (r,) Unix seconds."""

    names: tuple[str, ...]
    users: Rows
    ids: Rows
    stars: Reals
    moments: Rows


def read_ratings(path: Path) -> Ratings:
    """Read a file with the columns user, tmdb_id, rating and ts. Raises DatasetRefused, which names file and line."""
    numbers: dict[str, int] = {}
    users, ids, stars, moments = array("q"), array("q"), array("d"), array("q")  # compact, for files of millions
    with opened(path) as text:
        for line, (user, tmdb_id, rating, moment) in rows_of(text, ("user", "tmdb_id", "rating", "ts")):
            try:
                title, liked, at = int(tmdb_id), float(rating), int(moment)
            except ValueError as error:
                raise ValueError(f"line {line}: {error}") from error
            if not (0 < title <= MOST_ID and 0 < liked <= MOST_STARS and 0 <= at <= LAST_MOMENT):
                raise ValueError(f"line {line}: {rating} stars for title {tmdb_id} at {moment} is no rating")
            users.append(numbers.setdefault(user, len(numbers)))
            ids.append(title)
            stars.append(liked)
            moments.append(at)
    return Ratings(tuple(numbers), np.array(users), np.array(ids), np.array(stars), np.array(moments))


def cases_of(pool: Pool, ratings: Ratings) -> list[Case]:
    """Cut everybody with enough likes among the titles of the pool into a case, in the order of the file."""
    order = np.argsort(ratings.users, kind="stable")
    bounds = np.searchsorted(ratings.users[order], np.arange(len(ratings.names) + 1))
    years = pool.catalogue.titles.years[pool.rows]
    ids = pool.ids
    cases = []
    for name, start, stop in zip(ratings.names, bounds[:-1], bounds[1:], strict=True):
        own = order[start:stop]
        places = np.minimum(np.searchsorted(ids, ratings.ids[own]), len(ids) - 1)
        is_known = ids[places] == ratings.ids[own]
        rated = _Rated(places[is_known], ratings.stars[own][is_known], ratings.moments[own][is_known])
        if (rated.stars >= LIKED_STARS).sum() >= LEAST_LIKES:
            cases.append(_case(name, rated, ids, years))
    return cases


@dataclass(frozen=True, slots=True)
class _Rated:
    """What one person rated of the pool: places, stars and moments, each (r,)."""

    places: Rows
    stars: Reals
    moments: Rows


def _case(name: str, rated: _Rated, ids: Rows, years: NDArray[np.float32]) -> Case:
    liked = np.flatnonzero(rated.stars >= LIKED_STARS)
    ties = np.random.default_rng(seed_of(name)).random(len(liked))
    history, held_out = (liked[part] for part in temporal_split(rated.moments[liked], ties))
    now, last = int(rated.moments[history].max()), _moment(int(rated.moments.max()))
    targets = np.unique(rated.places[held_out])
    is_barred = years > last.year
    is_barred[rated.places[history]] = True
    is_barred[rated.places[(rated.stars < LIKED_STARS) & (rated.moments <= now)]] = True
    is_barred[targets] = False
    watches = tuple(
        _watch(name, int(ids[place]), float(stars), int(moment))
        for place, stars, moment in zip(
            rated.places[history], rated.stars[history], rated.moments[history], strict=True
        )
    )
    return Case(name, watches, is_barred, targets, _moment(now))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _watch(name: str, tmdb_id: int, stars: float, moment: int) -> Watch:
    """Say as the ledger would that a film was seen to the end and rated; stars of 5 are 0..10 there."""
    return Watch(
        person_id=name,
        key=TitleKey(Kind.MOVIE, tmdb_id),
        completion=1.0,
        plays=1,
        episodes=1,
        last_played_at=_moment(moment),
        is_favorite=False,
        likes=None,
        rating=2 * stars,
    )
