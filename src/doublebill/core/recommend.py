"""The whole read path: catalogue, profile and weights in, explained picks out.

Everything here is arithmetic on arrays that are only read; the words come last, for the few titles that are shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from doublebill.core.catalogue import Catalogue, Rows, top_rows
from doublebill.core.explain import Line, Lookup, evidence_for, lines_for, reasons_of, take_apart
from doublebill.core.profile import Bar, Profile
from doublebill.core.scoring import Floats, blend
from doublebill.model import Kind, Pick, Scores, Title, TitleKey, Weights


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
class Standing:
    """How a title stands for a person: its score, None where the catalogue does not know it, and what bars it."""

    scores: Scores | None
    bars: tuple[Bar, ...]


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


@dataclass(frozen=True, slots=True)
class Explained:
    """A title that is shown, and all that can be said for it."""

    title: Title
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """One person's way into an edition.

    ``lookup`` gives the titles of keys; ``watcher`` is who "watched" in the reasons. What was said of a title is kept:
    it does not depend on the weights, so turning the dials says it again for nothing. Threads may say the same twice,
    to the same effect.
    """

    catalogue: Catalogue
    profile: Profile
    lookup: Lookup
    watcher: str = "you"
    _said: dict[int, Explained] = field(default_factory=dict)

    def explain(self, rows: Sequence[int]) -> dict[int, Explained]:
        """Put into words what speaks for some rows; a title that the lookup does not know is left out."""
        new = [row for row in rows if row not in self._said]
        if new:
            self._said.update(self._explained(np.array(new, dtype=np.int64)))
        return {row: self._said[row] for row in rows if row in self._said}

    def _explained(self, rows: Rows) -> dict[int, Explained]:
        evidence = dict(zip(rows.tolist(), evidence_for(self.catalogue, self.profile, rows), strict=True))
        spoken_of = {row for found in evidence.values() for row in found.rows} | set(evidence)
        keys = {row: self.catalogue.key(row) for row in spoken_of}
        known = self.lookup(list(keys.values()))
        titles = {row: known[key] for row, key in keys.items() if key in known}
        return {
            row: Explained(titles[row], lines_for(titles[row], found, titles, watcher=self.watcher))
            for row, found in evidence.items()
            if row in titles
        }


def rank(catalogue: Catalogue, profile: Profile, wish: Wish) -> list[Ranked]:
    """Give the best candidates that fit a wish, best first, ties by key.

    One matrix-vector product and one partial sort: about 2 ms for 100,000 candidates.
    """
    scores = _blended(profile, wish.weights)
    scores += profile.handicap
    if wish.kind is not None or wish.genre:
        scores[~_fits(catalogue, profile, wish)] = -np.inf
    ranked = [Ranked(row, _scores_of(profile, row, wish.weights)) for row in top_rows(scores, wish.limit).tolist()]
    return [entry for entry in ranked if entry.scores.hybrid >= wish.min_score]


def recommend(reader: Reader, wish: Wish) -> list[Pick]:
    """Rank, take apart and explain: the picks that fit a wish, best first."""
    ranked = rank(reader.catalogue, reader.profile, wish)
    explained = reader.explain([entry.row for entry in ranked])
    return [
        Pick(said.title, entry.scores, reasons_of(said.lines, entry.scores, wish.weights))
        for entry in ranked
        if (said := explained.get(entry.row))
    ]


def why(reader: Reader, weights: Weights, key: TitleKey) -> Verdict | None:
    """Say of any title where it stands and what speaks for and against it; None if nothing is known of it."""
    row = reader.catalogue.row(key)
    said = reader.explain([row]).get(row) if row is not None else None
    if row is None or said is None:
        return None
    scores = _scores_of(reader.profile, row, weights)
    bars = standing(reader.catalogue, reader.profile, weights, key).bars
    return Verdict(
        pick=Pick(said.title, scores, reasons_of(said.lines, scores, weights)),
        rank=None if bars else _rank_of(reader.profile, row, weights),
        total=int(reader.profile.is_candidate.sum()),
        bars=bars,
        held_back_by=_held_back_by(scores),
    )


def standing(catalogue: Catalogue, profile: Profile, weights: Weights, key: TitleKey) -> Standing:
    """Say how one title stands, without words."""
    row = catalogue.row(key)
    if row is None:
        return Standing(None, (Bar.WATCHED,) if key in profile.watched else ())
    return Standing(_scores_of(profile, row, weights), tuple(bar for bar in Bar if profile.bars[row] & bar))


def top_rated(catalogue: Catalogue, profile: Profile, wish: Wish) -> list[tuple[TitleKey, float]]:
    """Give the best rated candidates that fit a wish, with their ratings drawn towards the mean (0..10)."""
    quality = np.where(_fits(catalogue, profile, wish), catalogue.quality, np.float32(-np.inf))
    return [(catalogue.key(row), round(10 * float(quality[row]), 3)) for row in top_rows(quality, wish.limit).tolist()]


def hybrid_scores(profile: Profile, weights: Weights) -> Floats:
    """Score every row of the catalogue, candidate or not, (n,) in 0..1."""
    return np.asarray(np.maximum(_blended(profile, weights) - profile.penalties, 0))


def _blended(profile: Profile, weights: Weights) -> Floats:
    parts = np.array(weights.normalised().parts, dtype=np.float32)
    return np.asarray(profile.components @ parts) if profile.is_complete else blend(profile.components, parts)


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
