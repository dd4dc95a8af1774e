"""The four components of the default formula: what one person's history says of every title.

Each is still 0..1 and blended as ever; what differs from the plain form in ``taste`` and ``scoring`` is where the
evidence comes from. Everything personal is held back by how much is known of the person, so somebody with one watch
sees what is popular and well rated, and becomes themselves watch by watch. What each constant does, and the
measurements it stands on, is told in docs/ranking.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from doublebill.core.catalogue import Catalogue, Rows
from doublebill.core.columns import code_of
from doublebill.core.graph import direct, walk
from doublebill.core.habits import (
    AGE,
    FAME,
    RATING,
    Chosen,
    Reals,
    Ruler,
    habit_of_genres,
    habit_of_sorts,
    habit_on_ruler,
)
from doublebill.core.scoring import MEAN_RATING, Floats, on_grid, summed_at
from doublebill.core.taste import Nearness, Pointers, worth
from doublebill.model import Watch

FEW: Final = 20
"""With so many watches half of what a person's history says is believed."""

NEARNESS: Final = 0.6
GENRE: Final = 0.1
LANGUAGE: Final = 0.03
AGE_HABIT: Final = 0.15
"""What the mean cosine with the watched titles, and the habits, add to a content of one half."""

ENOUGH_EVIDENCE: Final = 0.03
"""Evidence in the graph of lists begins to count from here; ten times as much counts about 2.4 times."""

EVIDENCE: Final = 0.25
"""What each e-fold of evidence adds to the collaborative component."""

STRONG_PRIOR_VOTES: Final = 4_000
"""How many votes at the mean rating every title starts with here."""

FIT_OF_RATING: Final = 0.65
RATING_HABIT: Final = 0.12
FAME_HABIT: Final = 0.7
FAME_OFFSET: Final = 0.25
MOST_VOTES_LOG: Final = 5.0
"""100,000 votes are as many as count."""

SECONDS_IN_YEAR: Final = 365.25 * 86_400
UNKNOWN_DAY: Final = np.iinfo(np.int32).min


@dataclass(frozen=True, slots=True)
class Member:
    """What one person's history holds.

    chosen: the titles that speak for them, with how much each says (mean 1); ages (2 w,): years from the release of
    each to now, then to when it was watched (as of now where that is not known), NaN where the release is not.
    """

    chosen: Chosen
    ages: Reals

    @property
    def trust(self) -> float:
        """How much of what the history says is believed: w / (w + 20)."""
        return len(self.chosen.rows) / (len(self.chosen.rows) + FEW)


@dataclass(frozen=True, slots=True)
class Affinity:
    """The four columns of the default formula, (n, 4), with the evidence they were made of."""

    components: Floats
    near: Nearness
    named: Pointers


def strength(watch: Watch, now: datetime) -> float:
    """Grade how much a watch says for a title: its worth, and of a rated one also how high the rating is.

    A rating of 8 of 10 leaves the worth as it is, 10 doubles it, 7 halves it; never under a quarter.
    """
    graded = 1.0 if watch.rating is None else min(2.0, max(0.25, (watch.rating - 6) / 2))
    return worth(watch, now) * graded


def members_of(catalogue: Catalogue, histories: Sequence[Sequence[Watch]], now: datetime) -> tuple[Member, ...]:
    """Read each person's history; who liked nothing that the catalogue knows is left out."""
    members = (_member(catalogue, history, now) for history in histories)
    return tuple(member for member in members if len(member.chosen.rows))


def _member(catalogue: Catalogue, history: Sequence[Watch], now: datetime) -> Member:
    graded = {code_of(watch.key): (watch, said) for watch in history if (said := strength(watch, now)) > 0}
    rows = catalogue.rows(watch.key for watch, _ in graded.values())
    watches = [graded[code][0] for code in catalogue.titles.codes[rows].tolist()]
    strengths = np.array([graded[code_of(watch.key)][1] for watch in watches])
    told_at = [(watch.last_played_at or now).timestamp() for watch in watches]
    ages = [_ages(catalogue, rows, np.array(moments)) for moments in ([now.timestamp()] * len(rows), told_at)]
    return Member(Chosen(rows, strengths * (len(rows) / max(strengths.sum(), 1e-9))), np.concatenate(ages))


def _ages(catalogue: Catalogue, rows: Rows, moments: Reals) -> Reals:
    """Give how many years before some moments titles came out, not below 0, NaN where unknown."""
    released = catalogue.titles.released[rows].astype(np.float64)
    years = moments / SECONDS_IN_YEAR - released / 365.25
    return np.where(released == UNKNOWN_DAY, np.nan, np.maximum(years, 0))


def affinity(catalogue: Catalogue, histories: Sequence[Sequence[Watch]], now: datetime) -> Affinity:
    """Work out every component for one person, or for several: then the mean of theirs, whoever watched more.

    30 ms for 20,000 titles and 1,000 watches of one person. Without any watch content and collaborative are unknown.
    """
    members = members_of(catalogue, histories, now)
    near = _nearness(catalogue, members)
    named, collaborative = _evidence(catalogue, members)
    columns = (
        _content(catalogue, members, near, now),
        collaborative,
        _quality(catalogue, members),
        _confidence(catalogue, members),
    )
    return Affinity(np.column_stack([on_grid(column) for column in columns]), near, named)


def _nearness(catalogue: Catalogue, members: Sequence[Member]) -> Nearness:
    """Weigh the watched titles that have a vector, so that their shares add up to what nearness adds to content."""
    told = []
    said = []
    for member in members:
        has_vector = catalogue.has_vector[member.chosen.rows]
        strengths = member.chosen.strengths[has_vector]
        told.append(member.chosen.rows[has_vector])
        said.append(strengths * (NEARNESS * member.trust / len(members) / max(strengths.sum(), 1e-9)))
    rows, places = np.unique(np.concatenate([*told, np.zeros(0, dtype=np.int64)]), return_inverse=True)
    weights = summed_at(places, np.concatenate([*said, np.zeros(0)]), len(rows))
    return Nearness(rows, catalogue.ground.centred(catalogue.vectors, rows), weights.astype(np.float32))


def _content(catalogue: Catalogue, members: Sequence[Member], near: Nearness, now: datetime) -> Reals:
    """Say how much a title is of the kind that the person chooses, 1/2 where nothing speaks for or against it.

    content = 1/2 + trust (0.6 mean cosine + 0.1 genre + 0.03 language + 0.15 age), the latter three as ``habits``.
    """
    if not members:
        return np.full(len(catalogue), np.nan)
    ages = np.log1p(_ages(catalogue, np.arange(len(catalogue)), np.full(len(catalogue), now.timestamp())))
    places = AGE.places(ages)
    close = 0.5 + catalogue.ground.cosines(catalogue.vectors, near.weights @ near.vectors)
    for member in members:
        close += member.trust / len(members) * _kind_of_title(catalogue, member, places)
    return np.clip(close, 0, 1)


def _kind_of_title(catalogue: Catalogue, member: Member, places: Rows) -> Reals:
    ground, chosen = catalogue.ground, member.chosen
    expected, strengths = ground.crowd.expected_for(chosen), np.tile(chosen.strengths, 2) / 2
    genre = habit_of_genres(ground.has_genre, chosen, expected)
    language = habit_of_sorts(ground.languages, chosen, expected)
    age = habit_on_ruler(AGE, places, AGE.places(np.log1p(member.ages)), strengths, expected)
    return GENRE * genre + LANGUAGE * language + AGE_HABIT * age


def _evidence(catalogue: Catalogue, members: Sequence[Member]) -> tuple[Pointers, Reals]:
    """Say how strongly TMDB's lists lead from the watched titles to a title, in up to three steps.

    collaborative = trust / 4 * ln(1 + evidence / 0.03), of several people the mean.
    """
    if not members:
        nothing = np.zeros(0, dtype=np.int64)
        empty = np.zeros(0, dtype=np.float32)
        return Pointers(nothing, nothing, empty, nothing, np.zeros(len(catalogue))), np.full(len(catalogue), np.nan)
    totals, scores = np.zeros(len(catalogue)), np.zeros(len(catalogue))
    for member in members:
        evidence = walk(catalogue.ground.graph, member.chosen.rows, member.chosen.strengths)
        totals += evidence / len(members)
        scores += member.trust * EVIDENCE * np.log1p(evidence / ENOUGH_EVIDENCE) / len(members)
    everybody = np.concatenate([member.chosen.rows for member in members])
    amounts = np.concatenate([member.chosen.strengths / len(members) for member in members])
    rows, places = np.unique(everybody, return_inverse=True)
    targets, sources, shares = direct(catalogue.ground.graph, rows, summed_at(places, amounts, len(rows)))
    named = Pointers(targets, sources, shares.astype(np.float32), np.zeros(len(targets), dtype=np.int64), totals)
    return named, np.clip(scores, 0, 1)


def _quality(catalogue: Catalogue, members: Sequence[Member]) -> Reals:
    """Say how well a title is rated, beside what the person usually watches.

    quality = (1 - trust) (rating * votes + 6.818 * 4000) / (votes + 4000) / 10 + trust (0.65 + 0.12 rating habit)
    """
    votes = catalogue.titles.votes.astype(np.float64)
    rating = np.nan_to_num(catalogue.titles.ratings, nan=MEAN_RATING)
    general = (rating * votes + MEAN_RATING * STRONG_PRIOR_VOTES) / (votes + STRONG_PRIOR_VOTES) / 10
    mixed = general.copy()
    for member in members:
        fit = np.clip(FIT_OF_RATING + RATING_HABIT * _habit(catalogue, member, RATING, catalogue.ground.ratings), 0, 1)
        mixed += member.trust / len(members) * (fit - general)
    return mixed


def _confidence(catalogue: Catalogue, members: Sequence[Member]) -> Reals:
    """Say how well known a title is, beside what the person usually watches.

    confidence = log10(1 + votes) / 5 + trust (0.7 fame habit - 0.25)
    """
    known = np.log10(1 + catalogue.titles.votes.astype(np.float64)) / MOST_VOTES_LOG
    for member in members:
        habit = _habit(catalogue, member, FAME, catalogue.ground.fames)
        known += member.trust / len(members) * (FAME_HABIT * habit - FAME_OFFSET)
    return np.clip(known, 0, 1)


def _habit(catalogue: Catalogue, member: Member, ruler: Ruler, places: Rows) -> Reals:
    chosen, expected = member.chosen, catalogue.ground.crowd.expected_for(member.chosen)
    return habit_on_ruler(ruler, places, places[chosen.rows], chosen.strengths, expected)
