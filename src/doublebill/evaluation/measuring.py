"""Running rankers over people and adding up what they are worth."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from doublebill.core.metrics import Interval, Judgement, Reals, bootstrap, coverage, judge
from doublebill.evaluation.cases import Case, Pool
from doublebill.evaluation.rankers import Ranker


@dataclass(frozen=True, slots=True)
class Measured:
    """What one ranker is worth: the mean of each metric over the people, by name, NaN where it is defined for nobody.

    ``ndcg`` is nDCG@10 with the bounds of its bootstrap over the people.
    """

    means: Mapping[str, float]
    ndcg: Interval


def measure(
    pool: Pool, cases: Sequence[Case], rankers: Mapping[str, Ranker], advance: Callable[[], None]
) -> dict[str, Measured]:
    """Judge each ranker on each person, at least one; ``advance`` is called after each person."""
    stick = pool.yardstick()
    judged: dict[str, list[Judgement]] = {name: [] for name in rankers}
    for case in cases:
        for name, ranker in rankers.items():
            judged[name].append(judge(stick, ranker(case), case.targets))
        advance()
    return {name: _summed_up(judgements, len(pool)) for name, judgements in judged.items()}


def _summed_up(judgements: Sequence[Judgement], titles: int) -> Measured:
    names = judgements[0].values
    values = {name: np.array([judgement.values[name] for judgement in judgements]) for name in names}
    means = {name: _mean(column) for name, column in values.items()}
    means["coverage@10"] = coverage([judgement.top for judgement in judgements], titles)
    return Measured(means, bootstrap(values["ndcg@10"], np.random.default_rng(0)))


def _mean(column: Reals) -> float:
    known = column[np.isfinite(column)]
    return float(known.mean()) if len(known) else float("nan")
