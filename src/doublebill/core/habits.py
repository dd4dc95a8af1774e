"""A person's habits: of what genre, language, age, fame and rating the titles are that they choose.

A habit compares what a person chose with what would be expected of anybody: the shares in the catalogue, each title
counted by the square root of its votes, film and series as often as the person watches them. It is the logarithm of
the ratio, so 0 is "like everybody"; ten imagined watches of anybody keep it near 0 until there are enough real ones.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doublebill.core.scoring import summed_at

Places = NDArray[np.int64]
Reals = NDArray[np.float64]

IMAGINED: Final = 10.0
"""So many watches of anybody are added to a person's own."""

RARE: Final = 0.001
"""A share below this says nothing: it is added to what is expected."""

UNKNOWN: Final = -1


@dataclass(frozen=True, slots=True)
class Ruler:
    """A scale on which neighbouring values are alike: bins of a fifth of ``width``, smoothed by a Gaussian of it."""

    low: float
    high: float
    width: float

    @property
    def step(self) -> float:
        """How wide a bin is."""
        return self.width / 5

    @property
    def count(self) -> int:
        """How many bins there are."""
        return round((self.high - self.low) / self.step) + 1

    def places(self, values: NDArray[np.floating]) -> Places:
        """Give the bin of each value, the first or last beyond the ends, ``UNKNOWN`` for NaN."""
        bins = np.clip(np.round((np.nan_to_num(values) - self.low) / self.step), 0, self.count - 1)
        return np.where(np.isfinite(values), bins, UNKNOWN).astype(np.int64)

    def smoothed(self, counts: Reals) -> Reals:
        """Let every count speak for its neighbourhood, (..., k): a value counts 1 for itself."""
        centres = np.arange(self.count) * self.step
        return np.asarray(counts @ np.exp(-0.5 * ((centres[:, None] - centres) / self.width) ** 2))


AGE: Final = Ruler(0.0, 4.75, 0.25)
"""Years since the release, as ln(1 + years): the width tells last month from last year, and 30 years from 60."""

FAME: Final = Ruler(-4.0, 3.0, 0.5)
"""log10(1 + votes) above or below the mean of the kind."""

RATING: Final = Ruler(-4.0, 3.0, 0.35)
"""The rating (0..10, drawn to the mean) above or below the mean of the kind."""


def crowd_shares(votes: NDArray[np.int32], is_movie: NDArray[np.bool_]) -> Reals:
    """Say how often anybody chooses each title: by the square root of its votes, (n,), summing to 1 for each kind."""
    roots = np.sqrt(votes.astype(np.float64))
    shares = np.zeros(len(votes))
    for kind in (is_movie, ~is_movie):
        total = roots[kind].sum()
        shares[kind] = roots[kind] / total if total > 0 else 1 / max(1, int(kind.sum()))
    return shares


def above_mean(values: NDArray[np.floating], shares: Reals, is_movie: NDArray[np.bool_]) -> Reals:
    """Take from each value the mean of its kind as the crowd chooses, so that films and series compare, (n,)."""
    lowered = values.astype(np.float64)
    for kind in (is_movie, ~is_movie):
        lowered[kind] -= shares[kind] @ lowered[kind]
    return lowered


@dataclass(frozen=True, slots=True)
class Chosen:
    """What one person chose: rows (w,) distinct, and how much each says, strengths (w,) > 0 with mean 1."""

    rows: Places
    strengths: Reals


@dataclass(frozen=True, slots=True)
class Crowd:
    """What anybody would choose: is_movie (n,) and shares (n,) summing to 1 for each kind."""

    is_movie: NDArray[np.bool_]
    shares: Reals

    def expected_for(self, chosen: Chosen) -> Reals:
        """Give each title's share for somebody who watches films and series as often as this person, (n,)."""
        films = float(chosen.strengths @ self.is_movie[chosen.rows]) / len(chosen.rows)
        return self.shares * np.where(self.is_movie, films, 1 - films)


def lift(told: Reals, expected: Reals, weight: float) -> Reals:
    """Compare what was chosen with what was to be expected.

    lift = ln((told / (expected + 0.001) + 10) / (weight + 10))

    Args:
        told: (k,) how much was chosen of each sort, of ``weight`` in all.
        expected: (k,) the share of each sort for anybody.
    Returns: (k,); for what was never chosen ln(10 / (weight + 10)).
    """
    return np.asarray(np.log((told / (expected + RARE) + IMAGINED) / (weight + IMAGINED)))


def habit_of_sorts(places: Places, chosen: Chosen, expected: Reals) -> Reals:
    """Give for every title how much more of its sort (such as its language) a person chooses, (n,)."""
    count = int(places.max()) + 1
    told = summed_at(places[chosen.rows], chosen.strengths, count)
    lifts = lift(told, summed_at(places, expected, count), len(chosen.rows))
    return lifts[places]


def habit_on_ruler(ruler: Ruler, places: Places, told_places: Places, told: Reals, expected: Reals) -> Reals:
    """Give for every title how much more of its region of a ruler a person chooses, 0 where its place is unknown, (n,).

    Args:
        places: (n,) where every title is; expected (n,) its share for anybody.
        told_places, told: (t,) where the person's choices are, and how much each says.
    """
    known, heard = places != UNKNOWN, told_places != UNKNOWN
    own = ruler.smoothed(summed_at(told_places[heard], told[heard], ruler.count))
    anybody = ruler.smoothed(summed_at(places[known], expected[known], ruler.count))
    lifts = lift(own, anybody, float(told[heard].sum()))
    return np.where(known, lifts[places], 0.0)


def habit_of_genres(has_genre: NDArray[np.float32], chosen: Chosen, expected: Reals) -> Reals:
    """Give for every title how much more of its genres a person chooses: the sum of their lifts / sqrt(their number).

    has_genre (n, g): 1 where a title has a genre.
    """
    lifts = lift(chosen.strengths @ has_genre[chosen.rows], expected @ has_genre, len(chosen.rows))
    return np.asarray((has_genre @ lifts) / np.sqrt(np.maximum(has_genre.sum(axis=1), 1)))
