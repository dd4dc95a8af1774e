"""Measure what one person's view costs: 20,000 made-up titles with their lists, and 1,000 watches.

Usage: python benchmarks/ranking.py [TITLES] [WATCHES]

The person's taste and graph scores are worked out anew for each sample, as after a sync or a mark; a turn of the dials
is measured by ``benchmarks/reading.py``. It is the processor's time that counts, of all threads. The goal is 50 ms.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np

from doublebill.core.catalogue import Catalogue, build_catalogue
from doublebill.core.columns import EdgeColumns, TitleColumns, VectorColumns
from doublebill.core.diversity import varied
from doublebill.core.profile import Circumstances, build_profile
from doublebill.core.recommend import hybrid_scores
from doublebill.model import Formula, Watch, Weights

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TITLES = 20_000
WATCHES = 1_000
LISTED = 20
DIMENSIONS = 384
SAMPLES = 30
GOAL_MS = 50
GENRES = ("Action", "Comedy", "Crime", "Drama", "Family", "Fantasy", "Horror", "Mystery", "Romance", "Thriller")


def made_up(count: int, rng: np.random.Generator) -> Catalogue:
    """Make a catalogue whose lists name near and famous titles, as TMDB's do."""
    codes = 2 * np.arange(1, count + 1, dtype=np.int64)
    released = rng.integers(0, 20_000, count).astype(np.int32)
    titles = TitleColumns(
        codes=codes,
        names=[f"Title {code}" for code in codes],
        genres=[tuple(rng.choice(GENRES, 2, replace=False)) for _ in range(count)],
        years=(1970 + released / 365.25).astype(np.float32),
        ratings=rng.uniform(4, 9, count).astype(np.float32),
        votes=(10 ** rng.uniform(0, 4.5, count)).astype(np.int32),
        released=released,
        is_adult=np.zeros(count, dtype=np.bool_),
        languages=[str(code) for code in rng.choice(["en", "fr", "ja", "ko"], count)],
    )
    sources = np.repeat(codes, LISTED)
    named = (np.repeat(np.arange(count), LISTED) + rng.geometric(0.01, len(sources))) % count
    positions = np.tile(np.arange(LISTED, dtype=np.int16), count)
    edges = EdgeColumns(sources, codes[named], np.ones(len(sources), dtype=np.bool_), positions)
    vectors = rng.normal(size=(count, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return build_catalogue(titles, edges, VectorColumns(codes, vectors))


def made_up_history(catalogue: Catalogue, count: int, rng: np.random.Generator) -> list[Watch]:
    """Let somebody watch titles at random, one a day, and rate them."""
    rows = rng.choice(len(catalogue), count, replace=False)
    return [
        Watch(
            "anna",
            catalogue.key(int(row)),
            1.0,
            1,
            1,
            NOW - timedelta(days=day),
            False,
            None,
            float(rng.integers(5, 11)),
        )
        for day, row in enumerate(rows)
    ]


def report(words: str, work: Callable[[], object]) -> float:
    """Time a piece of work, print the processor's time, and give the least: what it costs on an idle machine."""
    taken = []
    for _ in range(SAMPLES):
        begun = time.process_time()
        work()
        taken.append(1000 * (time.process_time() - begun))
    print(f"{words:<40} {min(taken):7.1f} ms at best, {statistics.median(taken):7.1f} ms in the median")
    return min(taken)


def main(titles: int, watches: int) -> int:
    """Measure, and give 1 if the goal is missed."""
    rng = np.random.default_rng(7)
    begun = time.perf_counter()
    catalogue = made_up(titles, rng)
    print(f"{titles:,} titles and {len(catalogue.edges.targets):,} list entries in {time.perf_counter() - begun:.1f} s")
    history = made_up_history(catalogue, watches, rng)
    cases = {formula: Circumstances([history], [], [], NOW, formula) for formula in Formula}
    report("the profile by the plain formula", lambda: build_profile(catalogue, cases[Formula.CLASSIC]))
    taken = report("the profile by the default formula", lambda: build_profile(catalogue, cases[Formula.DEFAULT]))
    scores = hybrid_scores(build_profile(catalogue, cases[Formula.DEFAULT]), Weights())
    order = np.argsort(-scores, kind="stable")
    report("variety among the first hundred", lambda: varied(catalogue, order, scores))
    print(f"goal: {GOAL_MS} ms, {'met' if taken <= GOAL_MS else 'missed'}")
    return int(taken > GOAL_MS)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(main(*(given + [TITLES, WATCHES][len(given) :])))
