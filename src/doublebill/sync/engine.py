"""Everything one process works with: the store, the current edition, and the runner that renews it.

The command line and the web app both stand on an Engine; what differs between the real household and the demo is only
how its upstreams are opened.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from uuid import uuid4

from doublebill.core.profile import Bar
from doublebill.core.recommend import Reader, Standing, Verdict, recommend, standing, why
from doublebill.core.wish import Wish
from doublebill.model import Person, Pick, SyncKind, SyncStatus, Title, TitleKey, Weights
from doublebill.store.protocol import Store
from doublebill.sync.edition import Edition, build_edition, next_number, reader_by, with_fresh_readers
from doublebill.sync.embed import Model
from doublebill.sync.pipeline import Tools
from doublebill.sync.progress import Clock
from doublebill.sync.query_model import LoadedModels, QueryModel
from doublebill.sync.runner import Runner
from doublebill.sync.services import NO_SERVICES, Openers, Shelf
from doublebill.sync.upstreams import Upstreams

FULL_SYNC_AGE = timedelta(days=7)
SERVING = "serving_model"
"""The fact that says whose vectors are published."""

PUBLISHED = "published"
"""The fact that names the last publishing of a sync: another name than one has seen means something new to read."""


def utc_now() -> datetime:
    """Give the present moment."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was last seen of all processes: the name of the last publishing, and number and state of the last run."""

    published: str | None
    run: tuple[int, SyncStatus] | None


class Engine:
    """The store, the current edition and the sync of one household.

    ``next_sync`` is when the next one will begin by itself, None where nothing is planned. ``builds_behind`` is set by
    whoever will see to the first edition, until that is there or has failed.
    """

    def __init__(
        self,
        store: Store,
        model: Model,
        open_upstreams: Callable[[], Upstreams],
        services: Openers = NO_SERVICES,
        *,
        clock: Clock = utc_now,
    ) -> None:
        self.store = store
        self.model = model
        self.clock = clock
        self.open_upstreams = open_upstreams
        self.services = services
        self.shelf = Shelf(store, services, clock)
        self.runner = Runner(store, open_upstreams, self._tools, clock)
        self.models = LoadedModels()
        self.query_model = QueryModel(self.models)
        self._edition: Edition | None = None
        self.next_sync: datetime | None = None
        self.builds_behind = False
        self._renewal = 0
        self._seen: Seen = Seen(None, None)
        self._first_build = Lock()
        self._swap = Lock()

    @property
    def edition(self) -> Edition:
        """The current edition; the first time it is built from what the store holds.

        Whoever publishes meanwhile, on the event loop, does not wait for the build, and what they publish stays.
        """
        if self._edition is None:
            with self._first_build:
                if self._edition is None:
                    self._seen = self._look()
                    self._publish_first(build_edition(self.store, self.model.model_id, self.clock()))
        assert self._edition is not None  # it is never taken away again
        if self._is_stale(self._edition):
            with self._swap:
                if self._is_stale(self._edition):  # whoever waited meanwhile finds it done
                    self._renew()
        return self._edition

    def publish(self, edition: Edition) -> None:
        """Make an edition the current one; what people said while it was built is put into it first.

        One that was begun before the current one knows less than it, and is dropped.
        """
        with self._swap:
            if self._edition is not None and edition.number < self._edition.number:
                return
            is_behind = edition.number < self._renewal
            self._edition = with_fresh_readers(edition, self.store, self.clock()) if is_behind else edition

    def renew(self) -> None:
        """Make everybody's view anew, after somebody said something."""
        _ = self.edition  # built, if this is the first that is heard here
        with self._swap:
            self._renew()

    def _is_stale(self, edition: Edition) -> bool:
        return edition.stale_at is not None and edition.stale_at <= self.clock()

    def _renew(self) -> None:
        assert self._edition is not None  # there is one before anything can be renewed
        self._renewal = next_number()
        self._edition = with_fresh_readers(self._edition, self.store, self.clock())

    def _publish_first(self, edition: Edition) -> None:
        with self._swap:
            self._edition = self._edition or edition

    @property
    def edition_at_hand(self) -> Edition | None:
        """The current edition; None while the first one is built, or will be, behind. Raises: StoreError."""
        is_behind = self.builds_behind or self._first_build.locked()
        return None if self._edition is None and is_behind else self.edition

    def reload(self) -> Edition:
        """Build a new edition from what the store holds now, and publish it; give the one that is current then."""
        self.publish(build_edition(self.store, self.model.model_id, self.clock()))
        return self.edition

    def announce(self) -> None:
        """Tell other processes that the store has something new to read. Raises: StoreError."""
        name = uuid4().hex
        self._seen = replace(self._seen, published=name)  # first: to this process it is no news
        self.store.remember(PUBLISHED, name)

    def catch_up(self) -> bool:
        """Read anew what another process published, if it did; tell whether that or its sync is news.

        Cheap where there is none. Not to be called while a sync runs here: what that publishes is no news.
        Raises: StoreError.
        """
        before, self._seen = self._seen, self._look()
        if self._edition is not None and before.published != self._seen.published:
            self.reload()
        return before != self._seen

    def _look(self) -> "Seen":
        run = next(iter(self.store.sync_runs(1)), None)
        return Seen(self.store.recall(PUBLISHED), (run.run_id, run.status) if run else None)

    def switch(self, model: Model) -> None:
        """Serve the vectors of another model from now on, of all titles at once; nothing of the old one is published.

        The choice is written down first: a kill after that finds it done.
        """
        self.store.remember(SERVING, model.model_id)
        self.model = model
        self.reload()

    def weights_of(self, person: Person) -> Weights:
        """Give the weights that a person confirmed, else the default ones."""
        return self.store.weights(person.person_id) or Weights()

    def reader(self, person: Person, weights: Weights) -> Reader:
        """Give a person's way into the current edition by the formula of some weights."""
        return reader_by(self.edition, self.store, person, weights.formula, self.clock())

    def recommend(self, person: Person, wish: Wish) -> list[Pick]:
        """Give a person's picks from the current edition, best first."""
        return recommend(self.edition.reader(person), wish)

    def why(self, person: Person, key: TitleKey) -> Verdict | None:
        """Say where a title stands for a person and why; None if nothing is known of it."""
        return why(self.edition.reader(person), self.weights_of(person), key)

    def named(self, keys: Sequence[TitleKey]) -> dict[TitleKey, Title]:
        """Give a title for every key: one that no sync has met has the name that the library gives it, else its key."""
        known = self.edition.titles(keys)
        names = {item.key: item.name for item in self.store.items() if item.key} if len(known) < len(set(keys)) else {}
        return {key: known.get(key) or Title(key, names.get(key) or str(key)) for key in keys}

    def standings(self, person: Person, keys: Sequence[TitleKey]) -> dict[TitleKey, Standing]:
        """Say how titles stand for a person, also those that nothing is known of."""
        edition, weights, held = self.edition, self.weights_of(person), self.store.held()
        hidden = {hide.key for hide in self.store.hides(person.person_id, self.clock())}
        found = {key: standing(edition.catalogue, edition.profile(person), weights, key) for key in dict.fromkeys(keys)}
        return {
            key: one if one.scores else Standing(None, (*one.bars, *_bars_of_unknown(key, held, hidden)))
            for key, one in found.items()
        }

    def due_sync(self) -> SyncKind:
        """Say which sync a start calls for: a full one if none succeeded in the last 7 days, else a light one.

        One that a wrong clock dated far ahead does not count as fresh either.
        """
        last = self.store.last_success(SyncKind.FULL)
        is_fresh = last is not None and abs(self.clock() - last.started_at) <= FULL_SYNC_AGE
        return SyncKind.LIGHT if is_fresh else SyncKind.FULL

    def _tools(self, upstreams: Upstreams) -> Tools:
        return Tools(self.store, upstreams, self.models.shared(self.model), self.clock, self._publish_synced)

    def _publish_synced(self, edition: Edition) -> None:
        self.publish(edition)
        self.announce()


def _bars_of_unknown(key: TitleKey, held: Container[TitleKey], hidden: Container[TitleKey]) -> Iterator[Bar]:
    if key in held:
        yield Bar.HELD
    if key in hidden:
        yield Bar.HIDDEN


def people_of(edition: Edition) -> Sequence[Person]:
    """Give everybody with a profile, the household last."""
    return (*edition.people, edition.person(None))
