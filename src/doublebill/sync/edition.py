"""One published edition of the recommendations: the catalogue and everybody's profile, built whole and then only read.

A sync publishes a new edition several times; a request reads whichever is current and is never half in one and half in
another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

import numpy as np

from doublebill.core.catalogue import Catalogue, build_catalogue
from doublebill.core.history import fold
from doublebill.core.profile import Circumstances, Profile, build_profile
from doublebill.core.recommend import Reader, hybrid_scores
from doublebill.errors import ConfigError, NotFound
from doublebill.model import HOUSEHOLD, Formula, Hide, LibraryItem, Person, TitleKey, Watch, Weights
from doublebill.store.protocol import Store
from doublebill.sync.titles import TitlesAtHand

EVERYBODY = Person(HOUSEHOLD, HOUSEHOLD)

_numbers = count(1)


def next_number() -> int:
    """Give a number larger than all before it in this process, from any thread.

    Editions are compared by these, and not by the clock, which can be set back.
    """
    return next(_numbers)  # one step of the interpreter: no two threads get the same


@dataclass(frozen=True, slots=True)
class Edition:
    """What requests read: the catalogue, a reader for each person and for the household, and titles at hand.

    ``number`` grows with the moment at which the reading of the store began: of two editions the higher knows more.
    ``stale_at`` is when the first hide runs out, after which the readers have to be made anew; None without a hide.
    ``model_id`` is whose vectors these are: only a query that the same model read can be held against them.
    """

    catalogue: Catalogue
    readers: Mapping[str, Reader]
    people: tuple[Person, ...]
    number: int
    published_at: datetime
    titles: TitlesAtHand
    stale_at: datetime | None
    model_id: str | None = None

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

    def reader(self, person: Person) -> Reader:
        """Give a person's way into this edition."""
        return self.readers[person.person_id]

    def profile(self, person: Person) -> Profile:
        """Give a person's profile."""
        return self.readers[person.person_id].profile

    @property
    def candidate_count(self) -> int:
        """How many titles can be recommended to the household."""
        return int(self.profile(EVERYBODY).is_candidate.sum())


def build_edition(store: Store, model_id: str, now: datetime) -> Edition:
    """Read the store into a new edition, with the vectors of one model; about 3 s for 100,000 titles."""
    number = next_number()
    catalogue = build_catalogue(store.title_columns(), store.edge_columns(), store.vector_columns(model_id))
    bare = Edition(catalogue, {}, tuple(store.people()), number, now, TitlesAtHand(store), None, model_id)
    return with_fresh_readers(bare, store, now)


def with_fresh_readers(edition: Edition, store: Store, now: datetime) -> Edition:
    """Give the same edition with everybody's view of it made anew, after somebody said something."""
    people = (*edition.people, EVERYBODY)
    hides = {person.person_id: store.hides(person.person_id, now) for person in people}
    formulas = {person.person_id: formula_of(store, person) for person in people}
    readers = _readers(edition, store, formulas, hides, now)
    ends = (hide.until for told in hides.values() for hide in told)
    return replace(edition, readers=readers, stale_at=min(ends, default=None))


def reader_by(edition: Edition, store: Store, person: Person, formula: Formula, now: datetime) -> Reader:
    """Give a person's way into an edition by a formula, made anew if it is not the one that they chose."""
    own = edition.reader(person)
    if own.profile.formula is formula:
        return own
    hides = {person.person_id: store.hides(person.person_id, now)}
    return _readers(edition, store, {person.person_id: formula}, hides, now)[person.person_id]


def formula_of(store: Store, person: Person) -> Formula:
    """Give the formula that a person confirmed with their weights, else the default one."""
    return (store.weights(person.person_id) or Weights()).formula


def _readers(
    edition: Edition,
    store: Store,
    formulas: Mapping[str, Formula],
    hides: Mapping[str, Sequence[Hide]],
    now: datetime,
) -> dict[str, Reader]:
    """Make a reader for each of some people, each by the formula given and without what they hid."""
    views, held = _views(store, edition.people), store.held()
    readers = {}
    for person_id, formula in formulas.items():
        hidden = [hide.key for hide in hides[person_id]]
        case = Circumstances(views[person_id], held, hidden, now, formula)
        watcher = "the household" if person_id == HOUSEHOLD else "you"
        readers[person_id] = Reader(edition.catalogue, build_profile(edition.catalogue, case), edition.titles, watcher)
    return readers


def histories_of(store: Store, people: Sequence[Person]) -> dict[str, list[Watch]]:
    """Fold everybody's ledger, by person id."""
    items: dict[str, LibraryItem] = {item.item_id: item for item in store.items()}
    everybody = (*people, EVERYBODY)
    return {person.person_id: fold(store.observations(person.person_id), items) for person in everybody}


def best_first(edition: Edition) -> list[TitleKey]:
    """Order everybody's candidates by the best score that anybody gives them."""
    best = np.full(len(edition.catalogue), -np.inf, dtype=np.float32)
    for reader in edition.readers.values():
        scores = hybrid_scores(reader.profile, Weights(formula=reader.profile.formula))
        best = np.maximum(best, np.where(reader.profile.is_candidate, scores, -np.inf))
    order = np.argsort(-best, kind="stable")
    return [edition.catalogue.key(int(row)) for row in order if np.isfinite(best[row])]


def _views(store: Store, people: Sequence[Person]) -> dict[str, list[list[Watch]]]:
    """Give whose histories count for whom, by person id; what the household marked was watched by each of them."""
    histories = histories_of(store, people)
    together = histories.pop(HOUSEHOLD)
    own = {person_id: _with_theirs(history, together) for person_id, history in histories.items()}
    views = {person_id: [history] for person_id, history in own.items()}
    return views | {HOUSEHOLD: list(own.values()) or [together]}


def _with_theirs(history: list[Watch], together: Sequence[Watch]) -> list[Watch]:
    """Add what the household marked to a person's history; what they did with a title themselves says more."""
    own = {watch.key for watch in history}
    return [*history, *(watch for watch in together if watch.key not in own)]
