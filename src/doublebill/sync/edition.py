"""One published edition of the recommendations: the catalogue and everybody's profile, built whole and then only read.

A sync publishes a new edition several times; a request reads whichever is current and is never half in one and half in
another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from doublebill.core.catalogue import Catalogue, build_catalogue
from doublebill.core.history import fold
from doublebill.core.profile import Circumstances, Profile, build_profile
from doublebill.core.recommend import hybrid_scores
from doublebill.errors import ConfigError, NotFound
from doublebill.model import HOUSEHOLD, LibraryItem, Person, TitleKey, Watch, Weights
from doublebill.store.protocol import Store

EVERYBODY = Person(HOUSEHOLD, HOUSEHOLD)


@dataclass(frozen=True, slots=True)
class Edition:
    """What requests read: the catalogue, a profile for each person and for the household, and when it was made."""

    catalogue: Catalogue
    profiles: Mapping[str, Profile]
    people: tuple[Person, ...]
    published_at: datetime

    def person(self, name_or_id: str | None) -> Person:
        """Find a person by id, or by name without case; None is the household. Raises NotFound."""
        if name_or_id is None:
            return EVERYBODY
        wanted = name_or_id.strip()
        everybody = (EVERYBODY, *self.people)
        found = [person for person in everybody if person.person_id == wanted]
        found = found or [person for person in everybody if person.name.casefold() == wanted.casefold()]
        if not found:
            raise NotFound(f"Nobody is called {wanted[:80]!r} here", hint="GET /people lists everybody.")
        return found[0]

    def person_meant(self, named: str | None, default: str | None) -> Person:
        """Find the person who is named, else the default one; while nobody is known yet the default is the household.

        Raises: NotFound if the name is nobody's; ConfigError if the default is.
        """
        if named and named.strip():
            return self.person(named)
        try:
            return self.person(default if self.people else None)
        except NotFound as error:
            raise ConfigError(
                f"JELLYFIN_USER is {default!r}, and Jellyfin has nobody of that name or id",
                hint="Correct it, or leave it empty for the whole household, then start again.",
            ) from error

    def profile(self, person: Person) -> Profile:
        """Give a person's profile."""
        return self.profiles[person.person_id]

    @property
    def candidate_count(self) -> int:
        """How many titles can be recommended to the household."""
        return int(self.profiles[HOUSEHOLD].is_candidate.sum())


def build_edition(store: Store, model_id: str, now: datetime) -> Edition:
    """Read the store into a new edition, with the vectors of one model; about 3 s for 100,000 titles."""
    catalogue = build_catalogue(store.title_columns(), store.edge_columns(), store.vector_columns(model_id))
    people = tuple(store.people())
    return Edition(catalogue, _profiles(store, catalogue, people, now), people, now)


def with_fresh_profiles(edition: Edition, store: Store, now: datetime) -> Edition:
    """Give the same edition with everybody's profile made anew, after somebody said something."""
    return replace(edition, profiles=_profiles(store, edition.catalogue, edition.people, now))


def histories_of(store: Store, people: Sequence[Person]) -> dict[str, list[Watch]]:
    """Fold everybody's ledger, by person id."""
    items: dict[str, LibraryItem] = {item.item_id: item for item in store.items()}
    everybody = (*people, EVERYBODY)
    return {person.person_id: fold(store.observations(person.person_id), items) for person in everybody}


def best_first(edition: Edition) -> list[TitleKey]:
    """Order everybody's candidates by the best score that anybody gives them."""
    best = np.full(len(edition.catalogue), -np.inf, dtype=np.float32)
    for profile in edition.profiles.values():
        scores = hybrid_scores(profile, Weights())
        best = np.maximum(best, np.where(profile.is_candidate, scores, -np.inf))
    order = np.argsort(-best, kind="stable")
    return [edition.catalogue.key(int(row)) for row in order if np.isfinite(best[row])]


def _profiles(store: Store, catalogue: Catalogue, people: Sequence[Person], now: datetime) -> dict[str, Profile]:
    """Make everybody's profile; what the household marked as watched was watched by each of them."""
    histories = histories_of(store, people)
    together = histories.pop(HOUSEHOLD)
    own = {person_id: [*history, *together] for person_id, history in histories.items()}
    views = {person_id: [history] for person_id, history in own.items()} | {HOUSEHOLD: list(own.values()) or [together]}
    held = store.held()
    hidden = {person_id: [hide.key for hide in store.hides(person_id, now)] for person_id in views}
    return {
        person_id: build_profile(catalogue, Circumstances(view, held, hidden[person_id], now))
        for person_id, view in views.items()
    }
