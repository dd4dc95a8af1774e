"""The household's own watches as cases: each person's likes cut in time, the last fifth held out.

Ranked are the titles whose own lists are known: those of watched titles always are, and beside titles whose lists
nobody asked for they would stand out by that alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from doublebill.core.catalogue import Catalogue
from doublebill.core.metrics import Marks, temporal_split
from doublebill.core.taste import worth
from doublebill.evaluation.cases import Case, Pool, seed_of
from doublebill.model import HOUSEHOLD, Person, TitleKey, Watch
from doublebill.sync.edition import Edition

LEAST_LIKES = 20
"""A fifth of fewer titles would be chance."""

MOST_PEOPLE = 10
"""Those with the most likes; it bounds the work."""


@dataclass(frozen=True, slots=True)
class Likes:
    """A person's watches by what they say here: likes with a moment, in order, likes without one, and all the rest."""

    person: Person
    dated: tuple[tuple[datetime, Watch], ...]
    undated: tuple[Watch, ...]
    watched: frozenset[TitleKey]


def pool_of(edition: Edition) -> Pool:
    """Give every title of an edition."""
    return Pool(edition.catalogue, np.arange(len(edition.catalogue)))


def likes_of(edition: Edition, person: Person) -> list[Likes]:
    """Give the likes of one person, or of everybody for the household, whoever has the most first."""
    found = [_likes(edition, each) for each in _meant(edition, person)]
    return sorted(found, key=lambda likes: -len(likes.dated))


def watches_of(edition: Edition, person: Person) -> tuple[Watch, ...]:
    """Give all watches that a report on a person, or on everybody for the household, is made from."""
    return tuple(watch for each in _meant(edition, person) for watch in edition.profile(each).watched.values())


def cases_of(edition: Edition, everybody: Iterable[Likes]) -> list[Case]:
    """Cut everybody with enough likes into a case."""
    return [_case(edition, likes) for likes in everybody if len(likes.dated) >= LEAST_LIKES][:MOST_PEOPLE]


def _meant(edition: Edition, person: Person) -> tuple[Person, ...]:
    return edition.people if person.person_id == HOUSEHOLD else (person,)


def _likes(edition: Edition, person: Person) -> Likes:
    watched = edition.profile(person).watched
    known = edition.catalogue
    liked = [
        watch
        for watch in watched.values()
        if worth(watch, edition.published_at) > 0 and known.row(watch.key) is not None
    ]
    dated = [(watch.last_played_at, watch) for watch in liked if watch.last_played_at is not None]
    undated = tuple(watch for watch in liked if watch.last_played_at is None)
    return Likes(person, tuple(sorted(dated, key=lambda pair: pair[0])), undated, frozenset(watched))


def _case(edition: Edition, likes: Likes) -> Case:
    name, catalogue = likes.person.person_id, edition.catalogue
    moments = np.array([int(moment.timestamp()) for moment, _ in likes.dated])
    ties = np.random.default_rng(seed_of(name)).random(len(moments))
    history, held_out = temporal_split(moments, ties)
    targets = catalogue.rows(likes.dated[place][1].key for place in held_out.tolist())
    is_barred = _is_unfit(catalogue, edition.published_at)
    is_barred[catalogue.rows(likes.watched)] = True
    is_barred[targets] = False
    past = [likes.dated[place] for place in history.tolist()]
    watches = (*likes.undated, *(watch for _, watch in past))
    return Case(name, watches, is_barred, targets, past[-1][0])


def _is_unfit(catalogue: Catalogue, now: datetime) -> Marks:
    """Mark the titles that are not ranked for anybody: of unknown lists, adult, or not released yet, (n,)."""
    today = np.datetime64(now.date(), "D").astype(np.int64)
    has_list = np.diff(catalogue.edges.starts) > 0
    return np.asarray(~has_list | catalogue.titles.is_adult | (catalogue.titles.released > today))
