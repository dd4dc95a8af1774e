"""Everything one process works with: the store, the current edition, and the runner that renews it.

The command line and the web app both stand on an Engine; what differs between the real household and the demo is only
how its upstreams are opened.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock

from doublebill.core.recommend import Verdict, Wish, recommend, why
from doublebill.embedding.protocol import Embedder
from doublebill.model import HOUSEHOLD, Person, Pick, SyncKind, TitleKey, Weights
from doublebill.store.protocol import Store
from doublebill.sync.edition import Edition, build_edition
from doublebill.sync.pipeline import Tools
from doublebill.sync.progress import Clock
from doublebill.sync.runner import Runner
from doublebill.sync.upstreams import Upstreams

FULL_SYNC_AGE = timedelta(days=7)


def utc_now() -> datetime:
    """Give the present moment."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Model:
    """A text model that can be opened later: its identity, known without loading it, and how to load it."""

    model_id: str
    open: Callable[[], Embedder]


class Engine:
    """The store, the current edition and the sync of one household."""

    def __init__(
        self, store: Store, model: Model, open_upstreams: Callable[[], Upstreams], *, clock: Clock = utc_now
    ) -> None:
        self.store = store
        self.model = model
        self.clock = clock
        self.runner = Runner(store, open_upstreams, self._tools, clock)
        self._edition: Edition | None = None
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
                    self._publish_first(build_edition(self.store, self.model.model_id, self.clock()))
        assert self._edition is not None  # it is never taken away again
        return self._edition

    def publish(self, edition: Edition) -> None:
        """Make an edition the current one."""
        with self._swap:
            self._edition = edition

    def _publish_first(self, edition: Edition) -> None:
        with self._swap:
            self._edition = self._edition or edition

    def reload(self) -> Edition:
        """Build a new edition from what the store holds now, and publish it."""
        edition = build_edition(self.store, self.model.model_id, self.clock())
        self.publish(edition)
        return edition

    def weights_of(self, person: Person) -> Weights:
        """Give the weights that a person confirmed, else the default ones."""
        return self.store.weights(person.person_id) or Weights()

    def recommend(self, person: Person, wish: Wish) -> list[Pick]:
        """Give a person's picks from the current edition, best first."""
        edition = self.edition
        return recommend(edition.catalogue, edition.profile(person), wish, self.store.titles, watcher=_watcher(person))

    def why(self, person: Person, key: TitleKey) -> Verdict | None:
        """Say where a title stands for a person and why; None if nothing is known of it."""
        edition = self.edition
        return why(
            edition.catalogue,
            edition.profile(person),
            self.weights_of(person),
            key,
            self.store.titles,
            watcher=_watcher(person),
        )

    def due_sync(self) -> SyncKind:
        """Say which sync a start calls for: a full one if none succeeded in the last 7 days, else a light one."""
        last = self.store.last_success(SyncKind.FULL)
        is_fresh = last is not None and self.clock() - last.started_at <= FULL_SYNC_AGE
        return SyncKind.LIGHT if is_fresh else SyncKind.FULL

    def _tools(self, upstreams: Upstreams) -> Tools:
        return Tools(self.store, upstreams, self.model.open, self.model.model_id, self.clock, self.publish)


def people_of(edition: Edition) -> Sequence[Person]:
    """Give everybody with a profile, the household last."""
    return (*edition.people, edition.person(None))


def _watcher(person: Person) -> str:
    return "the household" if person.person_id == HOUSEHOLD else "you"
