"""One ranking out of several whose scores do not compare, such as that of words and that of meaning."""

from collections.abc import Sequence

from doublebill.model import TitleKey

K = 60
"""How much less a high place counts than a score would have it; the paper's value, and what most systems use."""


def fuse(rankings: Sequence[Sequence[TitleKey]]) -> list[TitleKey]:
    """Rank the titles of several rankings, each best first, by their places alone.

    score(t) = sum over the rankings that have t of 1 / (K + place of t), the first place being 1. Equals stay in the
    order in which the rankings name them, so the first ranking wins a tie.

    Source: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
    Methods", SIGIR 2009, https://doi.org/10.1145/1571941.1572114
    """
    scores: dict[TitleKey, float] = {}
    for ranking in rankings:
        for place, key in enumerate(ranking, start=1):
            scores[key] = scores.get(key, 0.0) + 1 / (K + place)
    return sorted(scores, key=lambda key: -scores[key])
