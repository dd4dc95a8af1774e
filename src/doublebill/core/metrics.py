"""How good a ranking is, judged by the titles that a person really went on to like.

Relevance is binary: a title is one of the person's held-out titles (a target) or not. Every candidate is ranked; none
is sampled, since sampled metrics put rankings in another order than full ones (Krichene and Rendle 2020, doi
10.1145/3394486.3403226). A ranking is an array of rows, best first; ``hits`` marks the targets along it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Marks = NDArray[np.bool_]
Rows = NDArray[np.int64]

TOP: Final = 10
"""How many titles a person looks at."""

HEAD_SHARE: Final = 0.1
"""The share of the titles, by votes, that everybody knows; ``tail_ndcg`` is measured without them."""

HISTORY_SHARE: Final = 0.8
"""The share of a person's likes, the oldest, that is their history; the rest is to be found."""

RESAMPLES: Final = 2000


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What m titles are judged by, whoever watches: genre_bits (m,) uint64, is_head (m,), percentiles (m,) 0..1."""

    genre_bits: NDArray[np.uint64]
    is_head: Marks
    percentiles: Reals


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one ranking is worth: each metric of one person by name (NaN: undefined for them), and its first titles."""

    values: Mapping[str, float]
    top: Rows


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and the bounds between which it lies in 95 of 100 resamples."""

    mean: float
    low: float
    high: float


def yardstick(genre_bits: NDArray[np.uint64], votes: NDArray[np.int32]) -> Yardstick:
    """Say of each of m titles how known it is: whether among the most voted tenth, and its place by votes as 0..1."""
    places = np.argsort(np.argsort(votes.astype(np.float64)))
    bound = np.quantile(votes, 1 - HEAD_SHARE) if len(votes) else 0
    return Yardstick(genre_bits, votes >= bound, places / max(1, len(votes) - 1))


def best_first(scores: NDArray[np.floating], barred: Marks, ties: Reals) -> Rows:
    """Order all rows by score, the highest first.

    Args:
        scores: (m,); what is not finite comes after what is.
        barred: (m,) what is no candidate comes last.
        ties: (m,) decides between equal scores, the lowest first; drawn at random, a ranking that says nothing of
            the titles is no better than chance.
    """
    sortable = np.where(np.isfinite(scores), scores, -1e18).astype(np.float64)
    sortable[barred] = -np.inf
    return np.lexsort((ties, -sortable))


def judge(stick: Yardstick, order: Rows, targets: Rows) -> Judgement:
    """Work out every metric of one ranking of m titles for one person with at least one target."""
    is_target = np.zeros(len(order), dtype=np.bool_)
    is_target[targets] = True
    hits, top, count = is_target[order], order[:TOP], len(targets)
    values = {
        "ndcg@10": ndcg(hits, count, 10),
        "ndcg@100": ndcg(hits, count, 100),
        "recall@20": recall(hits, count, 20),
        "recall@100": recall(hits, count, 100),
        "hit_rate@10": hit_rate(hits, 10),
        "mrr": reciprocal_rank(hits),
        "tail_ndcg@10": ndcg(hits[~stick.is_head[order]], int((~stick.is_head[targets]).sum()), 10),
        "intra_list_diversity@10": intra_list_diversity(stick.genre_bits[top]),
        "popularity@10": float(stick.percentiles[top].mean()),
    }
    return Judgement(MappingProxyType(values), top)


def ndcg(hits: Marks, targets: int, k: int) -> float:
    """Give the normalised discounted cumulative gain of the first k; NaN without a target.

    nDCG@k = sum of 1 / log2(1 + place) over the targets in the first k, places counted from 1, by the same sum for a
    ranking that begins with all targets (Jarvelin and Kekalainen 2002, doi 10.1145/582415.582418).
    """
    if not targets:
        return float("nan")
    return float(discounts(k)[: len(hits[:k])][hits[:k]].sum() / discounts(min(k, targets)).sum())


def discounts(k: int) -> Reals:
    """Give what a target is worth at each of the first k places: 1 / log2(1 + place), (k,)."""
    return 1 / np.log2(np.arange(2, k + 2, dtype=np.float64))


def recall(hits: Marks, targets: int, k: int) -> float:
    """Give the share of all targets that stand in the first k; NaN without a target."""
    return int(hits[:k].sum()) / targets if targets else float("nan")


def hit_rate(hits: Marks, k: int) -> float:
    """Give 1 if any target stands in the first k, else 0."""
    return float(hits[:k].any())


def reciprocal_rank(hits: Marks) -> float:
    """Give 1 / place of the first target in the whole ranking, 0 if there is none."""
    return 1 / (1 + int(np.argmax(hits))) if hits.any() else 0.0


def intra_list_diversity(genre_bits: NDArray[np.uint64]) -> float:
    """Give 1 minus the mean Jaccard index of the genres of all pairs; two titles without a genre differ.

    NaN where there is no pair.
    """
    first, second = np.triu_indices(len(genre_bits), 1)
    shared = np.bitwise_count(genre_bits[first] & genre_bits[second])
    together = np.bitwise_count(genre_bits[first] | genre_bits[second])
    alike = np.divide(shared, together, out=np.zeros(len(first)), where=together > 0)
    return float(1 - alike.mean()) if len(first) else float("nan")


def coverage(tops: Sequence[Rows], titles: int) -> float:
    """Give the share of the titles that stands in anybody's first ones."""
    return len(np.unique(np.concatenate(tops))) / titles if tops and titles else 0.0


def temporal_split(moments: NDArray[np.integer], ties: Reals, share: float = HISTORY_SHARE) -> tuple[Rows, Rows]:
    """Cut a person's likes in two by time: the history, oldest first, and what is held out.

    Args:
        moments: (l,) when each title was liked.
        ties: (l,) decides which of two liked at the same moment came first.
    """
    order = np.lexsort((ties, moments))
    cut = int(len(order) * share)
    return order[:cut], order[cut:]


def resampled(count: int, rng: np.random.Generator, resamples: int = RESAMPLES) -> Reals:
    """Draw bootstrap samples of ``count`` things as weights (resamples, count), each row of sum 1."""
    return rng.multinomial(count, np.full(count, 1 / count), size=resamples) / count


def bootstrap(values: Reals, rng: np.random.Generator, resamples: int = RESAMPLES) -> Interval:
    """Give the mean of values and the bounds of 95 of 100 resampled means (Efron 1979, doi 10.1214/aos/1176344552).

    What is not finite is left out; NaN where nothing is left.
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return Interval(*[float("nan")] * 3)
    return interval(float(known.mean()), resampled(len(known), rng, resamples) @ known)


def interval(mean: float, resampled_means: Reals) -> Interval:
    """Give the bounds of the middle 95 % of resampled means."""
    low, high = np.quantile(resampled_means, (0.025, 0.975))
    return Interval(mean, float(low), float(high))
