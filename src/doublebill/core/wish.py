"""What somebody asks for: which titles fit, and in what order they come.

Everything is a column of the catalogue or the profile, so a filter is a comparison and an order is an addition.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from doublebill.core.catalogue import Catalogue
from doublebill.core.profile import Profile
from doublebill.core.scoring import COMPONENTS, PLACES, Floats
from doublebill.model import Kind, Weights

GRID = 10.0**-PLACES
"""How far apart two scores are at least, if they are shown as different ones."""


class Sort(StrEnum):
    """What comes first: the best score, the best rated, what most watched titles point to, or the newest.

    ``VARIED`` is by score too, with the first hundred so ordered that neighbours are unlike, as ``diversity`` does.
    """

    HYBRID = "hybrid"
    VARIED = "varied"
    QUALITY = "quality"
    COLLABORATIVE = "collaborative"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: ``limit`` picks after the first ``offset``, in an order, of all that fit.

    kind, genre (part of its name, without case), years of release (both included), original language (ISO 639-1) and
    the least score narrow what fits; where they are asked for and unknown of a title it does not fit. With
    ``include_owned`` also fits what the household owns and the person has not seen.
    """

    limit: int = 20
    kind: Kind | None = None
    genre: str | None = None
    min_score: float = 0.0
    weights: Weights = field(default_factory=Weights)
    offset: int = 0
    sort: Sort = Sort.HYBRID
    year_from: int | None = None
    year_to: int | None = None
    language: str | None = None
    include_owned: bool = False


def fitting(catalogue: Catalogue, wish: Wish) -> NDArray[np.bool_]:
    """Mark the titles of the wished kind, genre, years and language, (n,); what bars a title is not asked."""
    fits = np.ones(len(catalogue), dtype=np.bool_)
    if wish.kind is not None:
        fits &= catalogue.is_movie == (wish.kind is Kind.MOVIE)
    if wish.genre:
        fits &= (catalogue.genre_bits & np.uint64(catalogue.genre_mask(wish.genre))) > 0
    if wish.year_from is not None:
        fits &= catalogue.titles.years >= wish.year_from
    if wish.year_to is not None:
        fits &= catalogue.titles.years <= wish.year_to
    if wish.language is not None:
        fits &= catalogue.is_in_language(wish.language)
    return fits


def sorted_by(sort: Sort, catalogue: Catalogue, profile: Profile, scores: Floats) -> NDArray[np.floating]:
    """Give what to sort by, highest first, -inf where the score is, (n,).

    Components stand on the shown grid and days are whole, so half a step is room for the hybrid score to part equals.
    """
    if sort in (Sort.HYBRID, Sort.VARIED):
        return scores
    if sort is Sort.NEWEST:
        first, step = catalogue.titles.released.astype(np.float64), 1.0
    else:
        column = profile.components[:, COMPONENTS.index(sort.value)]
        first, step = np.where(np.isfinite(column), column, -1).astype(np.float64), GRID
    return first + step / 2 * scores
