"""The four components of the hybrid score in their plain form, and how they are blended.

Every component is 0..1 and is rounded to the grid that is shown (four places), so that what a person adds up on the
screen is what the ranking added up. Missing is NaN: an unknown component is left out and the others are rescaled.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

COMPONENTS: Final = ("content", "collaborative", "quality", "confidence")
"""The columns of a component matrix, in order."""

MEAN_RATING: Final = 6.818
"""The mean of TMDB's ratings that a title without votes is taken to have."""

PRIOR_VOTES: Final = 500
"""How many votes at the mean rating every title starts with (Bayesian average)."""

CONFIDENCE_VOTES: Final = (0, 100, 500, 2_000, 10_000, 50_000)
CONFIDENCE_VALUES: Final = (0.0, 0.50, 0.67, 0.80, 0.90, 0.97)
CONFIDENCE_LIMIT: Final = 0.98

HIDE_FLOOR: Final = 0.6
"""Cosine to a hidden title from which a candidate begins to lose."""

HIDE_PENALTY: Final = 0.30
"""What a candidate equal to a hidden title loses."""

PLACES: Final = 4


def on_grid(values: NDArray[np.floating]) -> Floats:
    """Round scores to the places that are shown; NaN stays NaN."""
    return np.round(values.astype(np.float64), PLACES).astype(np.float32)


def summed_at(places: NDArray[np.int64], amounts: NDArray[np.floating], count: int) -> NDArray[np.float64]:
    """Sum amounts by place: places (m,) in 0..count, amounts (m,); (count,)."""
    return np.bincount(places, weights=amounts, minlength=count).astype(np.float64)


def quality(ratings: Floats, votes: NDArray[np.int32]) -> Floats:
    """Shrink ratings towards the mean until enough votes confirm them.

    quality = (rating * votes + 6.818 * 500) / (votes + 500) / 10; a title without votes or rating has 0.6818.

    Args:
        ratings: (n,) 0..10, NaN where there is none.
        votes: (n,) >= 0.
    Returns: (n,) in 0..1.
    """
    known = np.isfinite(ratings)
    votes_known = np.where(known, votes, 0).astype(np.float64)
    rating = np.where(known, ratings, 0).astype(np.float64)
    return on_grid((rating * votes_known + MEAN_RATING * PRIOR_VOTES) / (votes_known + PRIOR_VOTES) / 10)


def confidence(ratings: Floats, votes: NDArray[np.int32]) -> Floats:
    """Say how far a rating can be trusted by how many gave it.

    A curve through (0, 0), (100, .50), (500, .67), (2000, .80), (10000, .90), (50000, .97), linear in log10(1 +
    votes), going on with its last slope up to .98. Ratings above 9.0 or below 4.0 are suspect: x 0.7 at no votes,
    rising linearly to x 1 at 2000 votes. A cult film (8.5 to 9.0 with 500 to 3000 votes) has x 1.05. Never above .98.

    Args:
        ratings: (n,) 0..10, NaN where there is none.
        votes: (n,) >= 0.
    Returns: (n,) in 0..0.98.
    """
    curve = _confidence_curve(votes)
    extreme = (ratings > 9.0) | (ratings < 4.0)
    suspicion = np.where(extreme, 0.7 + 0.3 * np.minimum(votes / 2_000, 1), 1.0)
    is_cult = (ratings >= 8.5) & (ratings <= 9.0) & (votes >= 500) & (votes <= 3_000)
    return on_grid(np.minimum(curve * suspicion * np.where(is_cult, 1.05, 1.0), CONFIDENCE_LIMIT))


def _confidence_curve(votes: NDArray[np.int32]) -> NDArray[np.float64]:
    knots = np.log10(1 + np.array(CONFIDENCE_VOTES, dtype=np.float64))
    x = np.log10(1 + votes.astype(np.float64))
    slope = (CONFIDENCE_VALUES[-1] - CONFIDENCE_VALUES[-2]) / (knots[-1] - knots[-2])
    beyond = np.maximum(x - knots[-1], 0) * slope
    return np.asarray(np.interp(x, knots, CONFIDENCE_VALUES) + beyond)


def blend(components: Floats, weights: Floats) -> Floats:
    """Blend component scores into one score for each title.

    score[i] = sum_j weights[j] * components[i, j] / sum_j weights[j], over the components that are not NaN. A row
    whose known components all have weight 0 scores 0: nothing that counts speaks for it.

    Args:
        components: (n, c) float32 in 0..1; NaN where a component knows nothing of the title.
        weights: (c,) float32, >= 0, not all 0.
    Returns: (n,) float32 in 0..1; NaN where a row is all NaN.
    Raises: ValueError if shapes differ or all weights are 0.
    """
    if components.shape[1:] != weights.shape or not weights.any():
        raise ValueError("one weight for each component is needed, and not all zero")
    known = np.isfinite(components)
    if known.all():
        return np.asarray(components @ (weights / weights.sum()))
    total = known.astype(np.float32) @ weights
    summed = np.where(known, components, np.float32(0)) @ weights
    scores: Floats = np.divide(summed, total, out=np.zeros_like(summed), where=total > 0)
    scores[~known.any(axis=1)] = np.nan
    return scores


def hide_penalty(vectors: Floats, hidden: Floats) -> Floats:
    """Give what each candidate loses for being like a hidden title.

    penalty = 0.30 * clip((cos - 0.6) / 0.4, 0, 1), the largest over the hidden titles.

    Args:
        vectors: (n, d) unit vectors of the candidates; a zero row (no vector) loses nothing.
        hidden: (h, d) unit vectors of the hidden titles; h may be 0.
    Returns: (n,) in 0..0.30.
    """
    if not len(hidden):
        return np.zeros(len(vectors), dtype=np.float32)
    nearest = (vectors @ hidden.T).max(axis=1)
    return on_grid(HIDE_PENALTY * np.clip((nearest - HIDE_FLOOR) / (1 - HIDE_FLOOR), 0, 1))
