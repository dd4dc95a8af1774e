"""The whole read path: catalogue, profile and weights in, explained picks out.

Everything here is arithmetic on arrays that are only read; the words come last, for the few titles that are shown.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from doublebill.core.catalogue import Catalogue, top_rows
from doublebill.core.explain import Lookup, evidence_for, reasons_for, take_apart
from doublebill.core.profile import Bar, Profile
from doublebill.core.scoring import Floats, blend
from doublebill.model import Kind, Pick, Scores, TitleKey, Weights


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: so many picks of a kind, a genre (part of its name, without case) and a least score."""

    limit: int = 20
    kind: Kind | None = None
    genre: str | None = None
    min_score: float = 0.0
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in its place: its catalogue row and its score taken apart."""

    row: int
    scores: Scores


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a title is, or is not, recommended.

    ``rank`` counts from 1 among ``total`` candidates and is None for a title that is none; then ``bars`` says why.
    """

    pick: Pick
    rank: int | None
    total: int
    bars: tuple[Bar, ...]
    held_back_by: tuple[str, ...]


def rank(catalogue: Catalogue, profile: Profile, wish: Wish) -> list[Ranked]:
    """Give the best candidates that fit a wish, best first, ties by key.

    One matrix-vector product and one partial sort: about 2 ms for 100,000 candidates.
    """
    scores = hybrid_scores(profile, wish.weights)
    scores[~_fits(catalogue, profile, wish)] = -np.inf
    ranked = [Ranked(row, _scores_of(profile, row, wish.weights)) for row in top_rows(scores, wish.limit).tolist()]
    return [entry for entry in ranked if entry.scores.hybrid >= wish.min_score]


def recommend(
    catalogue: Catalogue, profile: Profile, wish: Wish, lookup: Lookup, *, watcher: str = "you"
) -> list[Pick]:
    """Rank, take apart and explain: the picks that fit a wish, best first.

    Args:
        lookup: gives the titles of keys; a candidate it does not know is left out.
        watcher: who "watched" in the reasons.
    """
    ranked = rank(catalogue, profile, wish)
    evidence = {entry.row: evidence_for(catalogue, profile, entry.row) for entry in ranked}
    rows = {row for found in evidence.values() for row in found.rows} | set(evidence)
    known = lookup([catalogue.key(row) for row in sorted(rows)])
    titles = {row: known[key] for row in rows if (key := catalogue.key(row)) in known}
    return [
        Pick(
            title,
            entry.scores,
            reasons_for(title, entry.scores, wish.weights, evidence[entry.row], titles, watcher=watcher),
        )
        for entry in ranked
        if (title := titles.get(entry.row))
    ]


def why(
    catalogue: Catalogue, profile: Profile, weights: Weights, key: TitleKey, lookup: Lookup, *, watcher: str = "you"
) -> Verdict | None:
    """Say of any title where it stands and what speaks for and against it; None if the catalogue does not know it."""
    row = catalogue.row(key)
    if row is None:
        return None
    scores = _scores_of(profile, row, weights)
    evidence = evidence_for(catalogue, profile, row)
    known = lookup([key, *(catalogue.key(witness) for witness in evidence.rows)])
    titles = {found: known[name] for found in (row, *evidence.rows) if (name := catalogue.key(found)) in known}
    if row not in titles:
        return None
    reasons = reasons_for(titles[row], scores, weights, evidence, titles, watcher=watcher)
    bars = tuple(bar for bar in Bar if profile.bars[row] & bar)
    return Verdict(
        pick=Pick(titles[row], scores, reasons),
        rank=None if bars else _rank_of(profile, row, weights),
        total=int(profile.is_candidate.sum()),
        bars=bars,
        held_back_by=_held_back_by(scores),
    )


def hybrid_scores(profile: Profile, weights: Weights) -> Floats:
    """Score every row of the catalogue, candidate or not, (n,) in 0..1."""
    blended = blend(profile.components, np.array(weights.parts, dtype=np.float32))
    return np.asarray(np.maximum(blended - profile.penalties, 0))


def _scores_of(profile: Profile, row: int, weights: Weights) -> Scores:
    return take_apart(profile.components[row], float(profile.penalties[row]), weights)


def _fits(catalogue: Catalogue, profile: Profile, wish: Wish) -> NDArray[np.bool_]:
    """Mark the candidates that fit the wished kind and genre, (n,)."""
    fits = profile.is_candidate
    if wish.kind is not None:
        fits = fits & (catalogue.is_movie == (wish.kind is Kind.MOVIE))
    if wish.genre:
        fits = fits & ((catalogue.genre_bits & np.uint64(catalogue.genre_mask(wish.genre))) > 0)
    return fits


def _rank_of(profile: Profile, row: int, weights: Weights) -> int:
    scores = hybrid_scores(profile, weights)
    ahead = (scores > scores[row]) | ((scores == scores[row]) & (np.arange(len(scores)) < row))
    return int((ahead & profile.is_candidate).sum()) + 1


def _held_back_by(scores: Scores) -> tuple[str, ...]:
    """Name the parts that keep a score low, the lowest first: those under one half, and the penalty."""
    low = sorted((part, name) for name, part in scores.components.items() if part is not None and part < 0.5)
    return (*(("penalty",) if scores.penalty else ()), *(name for _, name in low))
