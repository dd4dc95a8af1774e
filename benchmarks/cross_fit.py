"""Choose the constants of the default formula on some people, and measure them on the others.

Usage: python benchmarks/cross_fit.py DATASET_DIR RATINGS [N|F] [PASSES]

The constants in the package were chosen on all development people at once. Here each fifth of the people is ranked with
constants that its people had no part in: a coordinate search over the others, from a start in which each constant is
half or twice what the package has, by chance. A constant may be halved, kept or doubled at each turn; what has the best
nDCG@10 stays. What is lost against the package's own constants bounds what these owe to having seen the same people.
"""

import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from doublebill.core import affinity
from doublebill.core.metrics import judge
from doublebill.core.presets import PRESETS
from doublebill.evaluation.cases import Case, Pool
from doublebill.evaluation.dataset import Track, read_pool
from doublebill.evaluation.rankers import preset_ranker
from doublebill.evaluation.ratings import cases_of, read_ratings

FOLDS = 5
SEARCHED = 240  # of the other people, so that a search takes minutes
NAMES = (
    "FEW", "NEARNESS", "GENRE", "LANGUAGE", "AGE_HABIT", "ENOUGH_EVIDENCE", "EVIDENCE", "STRONG_PRIOR_VOTES",
    "FIT_OF_RATING", "RATING_HABIT", "FAME_HABIT", "FAME_OFFSET",
)  # fmt: skip
OWN: Mapping[str, float] = {name: getattr(affinity, name) for name in NAMES}
(DEFAULT,) = (preset.weights for preset in PRESETS if preset.name == "default")


def ndcg_of(pool: Pool, cases: Sequence[Case], constants: Mapping[str, float]) -> list[float]:
    """Give each person's nDCG@10 with other constants in the package's module."""
    for name, value in constants.items():
        setattr(affinity, name, value)
    stick, ranker = pool.yardstick(), preset_ranker(pool, DEFAULT)
    return [judge(stick, ranker(case), case.targets).values["ndcg@10"] for case in cases]


def searched(pool: Pool, cases: Sequence[Case], start: Mapping[str, float], turns: Sequence[str]) -> dict[str, float]:
    """Search the constants that suit these people, one at each turn."""
    best = dict(start)
    reached = float(np.mean(ndcg_of(pool, cases, best)))
    for name in turns:
        for factor in (0.5, 2):
            tried = {**best, name: best[name] * factor}
            ndcg = float(np.mean(ndcg_of(pool, cases, tried)))
            if ndcg > reached:
                best, reached = tried, ndcg
                break
    return best


def main(folder: str, ratings: str, track: str = "N", passes: str = "2") -> None:
    pool = read_pool(Path(folder), Track(track))
    cases = cases_of(pool, read_ratings(Path(ratings)))
    rng = random.Random(0)
    rng.shuffle(cases)
    folds = [cases[start::FOLDS] for start in range(FOLDS)]
    print(f"{'fold':<6} {'own':>7} {'start':>7} {'cross':>7}  constants as a multiple of the package's", flush=True)
    lines = []
    for number, fold in enumerate(folds):
        others = [case for other in folds if other is not fold for case in other]
        start = {name: value * rng.choice([0.5, 2]) for name, value in OWN.items()}
        turns = [name for _ in range(int(passes)) for name in rng.sample(NAMES, len(NAMES))]
        found = searched(pool, rng.sample(others, min(SEARCHED, len(others))), start, turns)
        means = [float(np.mean(ndcg_of(pool, fold, constants))) for constants in (OWN, start, found)]
        factors = " ".join(f"{found[name] / OWN[name]:g}" for name in NAMES)
        print(f"{number:<6} {means[0]:>7.4f} {means[1]:>7.4f} {means[2]:>7.4f}  {factors}", flush=True)
        lines.append(means)
    own, start_mean, crossed = np.mean(lines, axis=0)
    print(f"{'mean':<6} {own:>7.4f} {start_mean:>7.4f} {crossed:>7.4f}  {' '.join(NAMES)}")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(*sys.argv[1:])
    else:
        print("It needs a dataset: python benchmarks/cross_fit.py DATASET_DIR RATINGS [N|F] [PASSES]")
