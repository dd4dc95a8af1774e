"""The whole read path: catalogue, profile and weights in, explained picks out.

Everything here is arithmetic on arrays that are only read; the words come last, for the few titles that are shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from doublebill.core.catalogue import Catalogue, top_rows
from doublebill.core.diversity import VARIED, varied
from doublebill.core.explain import Evidence, Line, Lookup, evidence_for, lines_for, reasons_of, take_apart
from doublebill.core.profile import Bar, Profile
from doublebill.core.scoring import PLACES, Floats, blend
from doublebill.core.wish import GRID, Sort, Wish, fitting, sorted_by
from doublebill.core.witnesses import Part, backings
from doublebill.model import Pick, Scores, Title, TitleKey, Weights

NOISE = 1e-6
"""What float32 may lose of a score; a score so near to a limit is looked at in full."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in its place: its catalogue row and its score taken apart."""

    row: int
    scores: Scores


@dataclass(frozen=True, slots=True)
class Ranking:
    """One page of candidates in their order, and how many fit on all pages."""

    entries: list[Ranked]
    total: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of picks, how many there are on all pages, and the offset of the next; None: this is the last."""

    picks: list[Pick]
    total: int
    next_offset: int | None


@dataclass(frozen=True, slots=True)
class Backer:
    """A watched title that speaks for another one, and its share (0..1) of what a component adds to the score."""

    title: Title
    component: Part
    share: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How a title stands for a person: its score, None where the catalogue does not know it, and what bars it."""

    scores: Scores | None
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a title is, or is not, recommended.

    ``rank`` counts from 1 among ``total`` candidates and is None for a title that is none; then ``bars`` says why.
    ``because_of``: the watched titles that account for most of the score, the strongest first.
    """

    pick: Pick
    rank: int | None
    total: int
    bars: tuple[Bar, ...]
    held_back_by: tuple[str, ...]
    because_of: tuple[Backer, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """A title that is shown, and all that can be said for it."""

    title: Title
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """One person's way into an edition.

    ``lookup`` gives the titles of keys; ``watcher`` is who "watched" in the reasons. What was found and said of a title
    is kept: it does not depend on the weights, so turning the dials says it again for nothing. Threads may say the same
    twice, to the same effect.
    """

    catalogue: Catalogue
    profile: Profile
    lookup: Lookup
    watcher: str = "you"
    _found: dict[int, Evidence] = field(default_factory=dict)
    _said: dict[int, Explained] = field(default_factory=dict)

    def evidence(self, rows: Sequence[int]) -> dict[int, Evidence]:
        """Give what speaks for some rows."""
        new = [row for row in rows if row not in self._found]
        if new:
            found = evidence_for(self.catalogue, self.profile, np.array(new, dtype=np.int64))
            self._found.update(zip(new, found, strict=True))
        return {row: self._found[row] for row in rows}

    def explain(self, rows: Sequence[int]) -> dict[int, Explained]:
        """Put into words what speaks for some rows; a title that the lookup does not know is left out."""
        new = [row for row in rows if row not in self._said]
        if new:
            self._said.update(self._explained(new))
        return {row: self._said[row] for row in rows if row in self._said}

    def _explained(self, rows: Sequence[int]) -> dict[int, Explained]:
        evidence = self.evidence(rows)
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
    """Give the candidates of one page that fit a wish, in its order."""
    return ranking(catalogue, profile, wish).entries


def ranking(catalogue: Catalogue, profile: Profile, wish: Wish) -> Ranking:
    """Give the candidates of one page that fit a wish, and count all that do.

    One matrix-vector product and one partial sort: 3 ms for 100,000 candidates, 5 with every filter. No two have one
    place (ties go by the hybrid score, then by key), so of one edition a page begins where the one before it ended.
    """
    scores = _blended(profile, wish.weights)
    scores += _handicap(profile, include_owned=wish.include_owned)
    fits = fitting(catalogue, wish)
    if wish.min_score:
        fits &= _reaches(profile, scores, wish)
    scores[~fits] = -np.inf
    total = int(np.isfinite(scores).sum())
    end = wish.offset + wish.limit
    rows = top_rows(sorted_by(wish.sort, catalogue, profile, scores), max(end, VARIED))
    if wish.sort is Sort.VARIED:
        rows = varied(catalogue, rows, scores)
    entries = [Ranked(row, _scores_of(profile, row, wish.weights)) for row in rows[wish.offset : end].tolist()]
    return Ranking(entries, total)


def recommend(reader: Reader, wish: Wish) -> list[Pick]:
    """Rank, take apart and explain: the picks of one page that fit a wish, in its order."""
    return recommend_page(reader, wish).picks


def recommend_page(reader: Reader, wish: Wish) -> Page:
    """Give the same with what a reader needs to go on; a page may be short of titles that were purged meanwhile."""
    ranked = ranking(reader.catalogue, reader.profile, wish)
    after = wish.offset + wish.limit
    picks = explained_picks(reader, ranked.entries, wish.weights)
    return Page(picks, ranked.total, after if after < ranked.total else None)


def explained_picks(reader: Reader, ranked: Iterable[Ranked], weights: Weights) -> list[Pick]:
    """Say of ranked candidates what they are and why, in their order."""
    entries = list(ranked)
    explained = reader.explain([entry.row for entry in entries])
    return [
        Pick(said.title, entry.scores, reasons_of(said.lines, entry.scores, weights))
        for entry in entries
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
        because_of=_backers(reader, row, scores, weights),
    )


def standing(catalogue: Catalogue, profile: Profile, weights: Weights, key: TitleKey) -> Standing:
    """Say how one title stands, without words."""
    row = catalogue.row(key)
    if row is None:
        return Standing(None, (Bar.WATCHED,) if key in profile.watched else ())
    return Standing(_scores_of(profile, row, weights), tuple(bar for bar in Bar if profile.bars[row] & bar))


def top_rated(catalogue: Catalogue, profile: Profile, wish: Wish) -> list[tuple[TitleKey, float]]:
    """Give the best rated candidates that fit a wish, with their ratings drawn towards the mean (0..10)."""
    fits = profile.is_candidate & fitting(catalogue, wish)
    quality = np.where(fits, catalogue.quality, np.float32(-np.inf))
    return [(catalogue.key(row), round(10 * float(quality[row]), 3)) for row in top_rows(quality, wish.limit).tolist()]


def hybrid_scores(profile: Profile, weights: Weights) -> Floats:
    """Score every row of the catalogue, candidate or not, (n,) in 0..1."""
    return np.asarray(np.maximum(_blended(profile, weights) - profile.penalties, 0))


def _blended(profile: Profile, weights: Weights) -> Floats:
    parts = np.array(weights.normalised().parts, dtype=np.float32)
    return np.asarray(profile.components @ parts) if profile.is_complete else blend(profile.components, parts)


def _scores_of(profile: Profile, row: int, weights: Weights) -> Scores:
    return take_apart(profile.components[row], float(profile.penalties[row]), weights)


def _handicap(profile: Profile, *, include_owned: bool) -> Floats:
    """Give what is added to the blend to rank: minus the penalty, -inf where a title cannot be picked, (n,)."""
    if not include_owned:
        return profile.handicap
    is_open = (profile.bars | Bar.HELD.value) == Bar.HELD.value
    return np.where(is_open, -profile.penalties, np.float32(-np.inf))


def _reaches(profile: Profile, scores: Floats, wish: Wish) -> NDArray[np.bool_]:
    """Mark the rows whose score, as it is shown, is at least the wished one, (n,).

    Half a step of the grid below the limit it is the rounding that decides; there the shown score itself is asked.
    """
    steps = int(wish.min_score / GRID)
    steps += round(steps * GRID, PLACES) < wish.min_score
    border = (steps - 0.5) * GRID
    reaches = np.asarray(scores > border)
    for row in np.flatnonzero(np.abs(scores - border) < NOISE).tolist():
        reaches[row] = _scores_of(profile, row, wish.weights).hybrid >= wish.min_score
    return reaches


def _rank_of(profile: Profile, row: int, weights: Weights) -> int:
    scores = hybrid_scores(profile, weights)
    ahead = (scores > scores[row]) | ((scores == scores[row]) & (np.arange(len(scores)) < row))
    return int((ahead & profile.is_candidate).sum()) + 1


def _backers(reader: Reader, row: int, scores: Scores, weights: Weights) -> tuple[Backer, ...]:
    """Name the watched titles that account for most of a score, the strongest first."""
    found = backings(reader.profile, row, reader.evidence([row])[row], scores, weights)
    known = reader.lookup([reader.catalogue.key(backing.row) for backing in found])
    return tuple(
        Backer(title, backing.component, backing.share)
        for backing in found
        if (title := known.get(reader.catalogue.key(backing.row)))
    )


def _held_back_by(scores: Scores) -> tuple[str, ...]:
    """Name the parts that keep a score low, the lowest first: those under one half, and the penalty."""
    low = sorted((part, name) for name, part in scores.components.items() if part is not None and part < 0.5)
    return (*(("penalty",) if scores.penalty else ()), *(name for _, name in low))
