"""What is measured: a way to order the pool for a person.

A preset is run through the product's own functions. The references need no history: what they score is what a preset
has to beat.
"""

from collections.abc import Callable

import numpy as np

from doublebill.core.diversity import varied
from doublebill.core.metrics import Rows, best_first
from doublebill.core.profile import Circumstances, build_profile
from doublebill.core.recommend import hybrid_scores
from doublebill.core.scoring import Floats
from doublebill.evaluation.cases import Case, Pool
from doublebill.model import Formula, Weights

Ranker = Callable[[Case], Rows]
"""Gives the places of the pool for one person, best first, (m,); what is barred comes last."""


def random_ranker(case: Case) -> Rows:
    """Order by chance."""
    return best_first(np.zeros(len(case.is_barred)), case.is_barred, case.ties())


def popularity_ranker(pool: Pool) -> Ranker:
    """Order by TMDB's votes, the same for everybody."""
    votes = pool.votes.astype(np.float64)
    return lambda case: best_first(votes, case.is_barred, case.ties())


def preset_ranker(pool: Pool, weights: Weights) -> Ranker:
    """Order as the page would at the moment of the case."""

    def rank(case: Case) -> Rows:
        is_barred = np.ones(len(pool.catalogue), dtype=np.bool_)
        is_barred[pool.rows] = case.is_barred
        circumstances = Circumstances([case.watches], (), (), case.now, formula=weights.formula, barred=is_barred)
        scores = hybrid_scores(build_profile(pool.catalogue, circumstances), weights)
        order = best_first(scores[pool.rows], case.is_barred, case.ties())
        return _varied(pool, case, order, scores) if weights.formula is Formula.DEFAULT else order

    return rank


def _varied(pool: Pool, case: Case, order: Rows, scores: Floats) -> Rows:
    """Let the page's variety order the candidates; what is barred stays behind them."""
    count = int((~case.is_barred).sum())
    rows = varied(pool.catalogue, pool.rows[order[:count]], scores)
    return np.concatenate([np.searchsorted(pool.rows, rows), order[count:]])
