"""Variety among the first picks: of titles that score alike, those come first that are unlike what stands before them.

Only the order changes, never a score, and only among the first hundred, so pages stay what they are.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from doublebill.core.catalogue import Catalogue, Rows

VARIED: Final = 100
"""So many of the first picks are put in a new order among themselves."""

LOOK_BACK: Final = 9
"""A pick is compared with so many before it: what is seen together."""

PRICE: Final = 0.09
"""What a pick pays, in score, for having the very genres of all of these."""


def varied(catalogue: Catalogue, order: Rows, scores: NDArray[np.floating]) -> Rows:
    """Put the first hundred of an order anew: each place goes to the best of score - 0.09 x likeness.

    likeness = the mean of Jaccard's index of genres over the nine picks before (those both have / those either has);
    equals keep their order. The rest follows as it was. 2 ms.

    Args:
        order: (k,) distinct rows, best first.
        scores: (n,) of all rows of the catalogue.
    Returns: (k,) the same rows.
    """
    first = order[:VARIED]
    alike, worth = _genre_overlap(catalogue, first), scores[first].astype(np.float64)
    chosen: list[int] = []
    likeness = np.zeros(len(first))
    for _ in range(len(first)):
        best = int(np.argmax(worth - PRICE * likeness))
        chosen.append(best)
        worth[best] = -np.inf
        likeness = alike[:, chosen[-LOOK_BACK:]].mean(axis=1)
    return np.concatenate((first[chosen], order[VARIED:]))


def _genre_overlap(catalogue: Catalogue, rows: Rows) -> NDArray[np.float64]:
    """Give Jaccard's index of the genres of each two titles, (k, k); of two without any, 0."""
    has = catalogue.ground.has_genre[rows].astype(np.float64)
    shared, counts = has @ has.T, has.sum(axis=1)
    return np.asarray(shared / np.maximum(counts[:, None] + counts - shared, 1))
