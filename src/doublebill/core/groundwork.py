"""What the default formula needs of a catalogue and is the same for everybody, worked out once for each edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doublebill.core.columns import TitleColumns
from doublebill.core.graph import ListGraph, build_graph
from doublebill.core.habits import FAME, RATING, Crowd, Places, above_mean, crowd_shares
from doublebill.core.scoring import Floats

GENRES_OF_SERIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Action & Adventure": ("Action", "Adventure"),
        "Sci-Fi & Fantasy": ("Science Fiction", "Fantasy"),
        "War & Politics": ("War",),
        "Kids": ("Family",),
    }
)
"""TMDB's genres of series that films know by other names, so that a taste in one kind speaks for the other."""


@dataclass(frozen=True, slots=True)
class Groundwork:
    """The n titles seen as the default formula sees them.

    graph: of their lists; crowd: what anybody would choose; ratings, fames (n,): their places on ``RATING`` and
    ``FAME``; has_genre (n, g): 1 where a title has a genre, those of series by the names of films; languages (n,):
    numbers from 0, one for each language; centre (d,): the mean of all vectors; spread (n,): how far each title's
    vector is from it, 1 where it has none.
    """

    graph: ListGraph
    crowd: Crowd
    ratings: Places
    fames: Places
    has_genre: Floats
    languages: Places
    centre: Floats
    spread: Floats

    def centred(self, vectors: Floats, rows: Places) -> Floats:
        """Give the unit vectors of some rows as seen from the centre, (k, d): what sets a title apart from all."""
        return np.asarray((vectors[rows] - self.centre) / self.spread[rows, None])

    def cosines(self, vectors: Floats, direction: Floats) -> NDArray[np.float64]:
        """Multiply every centred unit vector with a direction (d,), without making them, (n,)."""
        return ((vectors @ direction - self.centre @ direction) / self.spread).astype(np.float64)


def lay_ground(
    titles: TitleColumns,
    quality: Floats,
    entries: tuple[Places, Places],
    vectors: Floats,
    has_vector: NDArray[np.bool_],
) -> Groundwork:
    """Work it out; 0.4 s for 100,000 titles with a million list entries.

    Args:
        quality: (n,) the ratings drawn towards the mean, 0..1.
        entries: (m,) each, the rows that name and that are named in `recommendations`.
        vectors: (n, d) unit rows, zero where ``has_vector`` is not.
    """
    is_movie = titles.codes % 2 == 0
    shares = crowd_shares(titles.votes, is_movie)
    ratings = above_mean(10 * quality, shares, is_movie)
    fames = above_mean(np.log10(1 + titles.votes.astype(np.float64)), shares, is_movie)
    _, languages = np.unique(np.array(titles.languages, dtype=np.str_), return_inverse=True)
    centre, spread = _spread(vectors, has_vector)
    return Groundwork(
        graph=build_graph(*entries, len(titles.codes)),
        crowd=Crowd(is_movie, shares),
        ratings=RATING.places(ratings),
        fames=FAME.places(fames),
        has_genre=_has_genre(titles.genres),
        languages=languages.astype(np.int64),
        centre=centre,
        spread=spread,
    )


def _spread(vectors: Floats, has_vector: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Give the mean vector and the distances from it; |v - c|^2 = 1 - 2 v c + c c for a unit vector v."""
    if not has_vector.any():
        return np.zeros(vectors.shape[1], dtype=np.float32), np.ones(len(vectors), dtype=np.float32)
    centre = vectors[has_vector].mean(axis=0)
    squares = 1 - 2 * (vectors @ centre) + centre @ centre
    spread = np.sqrt(np.maximum(squares, 0))
    spread[~has_vector | (spread < 1e-3)] = 1
    return centre.astype(np.float32), spread.astype(np.float32)


def _has_genre(genres: Sequence[tuple[str, ...]]) -> Floats:
    renamed = {combination: _as_of_films(combination) for combination in set(genres)}
    names = sorted(set().union(*renamed.values()))
    place_of = {name: place for place, name in enumerate(names)}
    has = np.zeros((len(genres), len(names)), dtype=np.float32)
    for row, combination in enumerate(genres):
        has[row, [place_of[name] for name in renamed[combination]]] = 1
    return has


def _as_of_films(combination: tuple[str, ...]) -> set[str]:
    return {name for genre in combination for name in GENRES_OF_SERIES.get(genre, (genre,))}
