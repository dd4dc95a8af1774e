"""Bringing the wanted text model into use, behind everything else: fetch it, test it, embed with it, change over.

It begins when the first sync has published, so it delays none, and whatever fails is told on the status page while the
present model goes on. A start with the wanted model in use asks nobody.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from doublebill.embedding.offers import Offer, name_of
from doublebill.embedding.opening import check_runtime
from doublebill.errors import Conflict, DoublebillError, EmbeddingError
from doublebill.model import SyncKind
from doublebill.sync.embed import Model
from doublebill.sync.engine import Engine
from doublebill.sync.fetching import Fetch, ModelSource
from doublebill.sync.gauge import Gauge
from doublebill.sync.model_choice import ModelChoice
from doublebill.sync.switching import Switch

log = logging.getLogger(__name__)

RETRY_S = 6 * 3600.0
"""How long after a failure the wanted model is tried again; a start and a choice try at once."""

BUNDLED_WORDS = "all-MiniLM-L6-v2, comes with doublebill: small and quick, understands English"

State = Literal["serving", "ready", "absent", "waiting", "fetching", "testing", "embedding", "failed"]
OpenSource = Callable[[Offer], ModelSource]
Listener = Callable[["Stage"], None]


def ignore(_: "Stage") -> None:
    """Listen to nothing."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What is being done about one model, or why it failed."""

    name: str
    state: State
    gauge: Gauge | None = None
    failure: DoublebillError | None = None


WORDS: Mapping[State, str] = {
    "serving": "In use",
    "ready": "Here, and not in use",
    "absent": "Not here",
    "waiting": "Waits for the first sync",
    "fetching": "Is being fetched",
    "testing": "Is being tested",
    "embedding": "Reads the plots, then takes over",
    "failed": "Cannot be used",
}


def words_of(stage: Stage) -> str:
    """Say in a line how a model is."""
    gauge = stage.gauge
    if stage.failure:
        return stage.failure.message
    if gauge is None:
        return WORDS[stage.state]
    divisor, unit = (1_000_000, "MB") if gauge.unit == "bytes" else (1, "titles")
    return f"{WORDS[stage.state]}: {gauge.done // divisor:,} of {gauge.total // divisor:,} {unit}"


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """One model: ``model_id`` is None while it is not here, ``size_bytes`` what its files take on the disk."""

    name: str
    words: str
    model_id: str | None
    size_bytes: int | None
    is_wanted: bool
    stage: Stage


class Models:
    """The text models of one installation and the way from one to another; it belongs to one event loop."""

    def __init__(self, engine: Engine, choice: ModelChoice, open_source: OpenSource) -> None:
        self.engine = engine
        self.choice = choice
        self._open_source = open_source
        self._stages: dict[str, Stage] = {}
        self._asked: list[Offer] = []
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Bring the wanted model into use, and again whenever another is wanted; it never ends by itself."""
        while True:
            self._woken.clear()
            work, woken = asyncio.create_task(self._work()), asyncio.create_task(self._woken.wait())
            try:
                await asyncio.wait({work, woken}, return_when=asyncio.FIRST_COMPLETED)
                if work.done():
                    work.result()
                    await asyncio.wait({woken}, timeout=RETRY_S)
            finally:
                work.cancel()
                woken.cancel()
                await asyncio.gather(work, woken, return_exceptions=True)

    async def use(self, name: str) -> None:
        """Want a model from now on. Raises NotFound, Conflict, StoreError."""
        await asyncio.to_thread(self.choice.want, name)
        self._woken.set()

    async def fetch(self, name: str) -> None:
        """Have a model fetched if it is not here, and tested, without using it. Raises NotFound, Conflict."""
        offer = await asyncio.to_thread(self.choice.offer, name)
        if offer is None:
            raise Conflict("The bundled model is here already")
        self._asked.append(offer)
        self._woken.set()

    async def remove(self, name: str) -> None:
        """Remove a model's files and vectors. Raises NotFound, Conflict, StoreError."""
        stage = self._stages.get(name)
        if stage and stage.gauge:
            raise Conflict(f"{name} is being brought into use", hint="Use another model first, then remove this one.")
        await asyncio.to_thread(self.choice.remove, name, self.engine.model)
        self._stages.pop(name, None)

    async def bring(self, offer: Offer | None, listen: Listener = ignore) -> Model:
        """Fetch a model if it is not here, and test it; one that fails is looked at again, file by file, once.

        Raises: SourceError, StoreError, EmbeddingError.
        """
        if offer is None:
            return self.choice.bundled
        check_runtime(offer)
        model = await asyncio.to_thread(self.choice.model, offer) or await self._fetched(offer, listen)
        try:
            await self._test(model, offer, listen)
        except EmbeddingError as error:
            log.warning("%s. Its files are looked at again", error.message)
            await asyncio.to_thread(self.choice.folder.unseal, offer.name)
            model = await self._fetched(offer, listen)
            await self._test(model, offer, listen)
        self._stages.pop(offer.name, None)
        return model

    async def catch_up(self, listen: Listener = ignore) -> None:
        """Let the wanted model take over if it is here, else the bundled one if the present one is not; fetch nothing.

        Raises: EmbeddingError, StoreError.
        """
        wanted = await asyncio.to_thread(self.choice.wanted)
        model = await asyncio.to_thread(self.choice.model_or_none, wanted)
        if model:
            await self.switch(wanted, model, listen)
        elif not await asyncio.to_thread(self.choice.is_here, self.engine.model):
            await self.switch(None, self.choice.bundled, listen)

    async def switch(self, offer: Offer | None, model: Model, listen: Listener = ignore) -> None:
        """Let a model take over when every title has a vector of it. Raises EmbeddingError, StoreError."""
        name = name_of(offer)
        if model.model_id == self.engine.model.model_id:
            self.engine.model = model  # its files may have been gone until now
        else:
            self._say(Stage(name, "embedding"), listen)
            await Switch(self.engine, model, lambda gauge: self._say(Stage(name, "embedding", gauge), listen)).run()
        self._stages.pop(name, None)

    def statuses(self) -> list[ModelStatus]:
        """Say how every model is, the bundled one first; from any thread. Raises StoreError."""
        wanted, offers = self.choice.wanted(), self.choice.offers().values()
        return [self._status(offer, is_wanted=offer == wanted) for offer in (None, *offers)]

    async def _work(self) -> None:
        wanted = await asyncio.to_thread(self.choice.wanted)
        # What a choice broke off is not under way any more.
        self._stages = {name: stage for name, stage in self._stages.items() if stage.failure}
        if not await asyncio.to_thread(self._serves, wanted):
            self._stages[name_of(wanted)] = Stage(name_of(wanted), "waiting")
        await self._after_the_first_sync()
        while self._asked:
            await self._attempt(self._asked[0], self.bring)
            self._asked.pop(0)
        if not await asyncio.to_thread(self._serves, wanted):
            await self._attempt(wanted, self._reach)
        if not await asyncio.to_thread(self.choice.is_here, self.engine.model):
            await self._attempt(None, self._reach)

    async def _attempt(self, offer: Offer | None, work: Callable[[Offer | None], Awaitable[object]]) -> None:
        """Do something about a model; what goes wrong is told on the status page and in the log."""
        name = name_of(offer)
        try:
            await work(offer)
            self._stages.pop(name, None)
        except DoublebillError as error:
            self._stages[name] = Stage(name, "failed", failure=error)
            log.warning("The text model %s cannot be used: %s. %s", name, error.message, error.hint or "")

    async def _reach(self, offer: Offer | None) -> None:
        await self.switch(offer, await self.bring(offer))

    def _serves(self, offer: Offer | None) -> bool:
        """Whether a model is in use already, by its files and identity: nothing is loaded, and nobody asked."""
        model = self.choice.model_or_none(offer)
        return model is not None and model.model_id == self.engine.model.model_id

    async def _after_the_first_sync(self) -> None:
        """Wait until there are recommendations, and no sync that would make more of them."""
        changes, store = self.engine.runner.changes, self.engine.store
        while True:
            count = changes.count
            last = await asyncio.to_thread(store.last_success, SyncKind.FULL)
            if last and not self.engine.runner.is_running:
                return
            await changes.beyond(count)

    async def _fetched(self, offer: Offer, listen: Listener) -> Model:
        self._say(Stage(offer.name, "fetching"), listen)
        source = self._open_source(offer)
        try:
            await Fetch(
                offer,
                source,
                self.choice.folder,
                self.engine.clock,
                lambda gauge: self._say(Stage(offer.name, "fetching", gauge), listen),
            ).run()
        finally:
            await source.close()
        model = await asyncio.to_thread(self.choice.model, offer)
        assert model is not None  # it was sealed a moment ago
        return model

    async def _test(self, model: Model, offer: Offer, listen: Listener) -> None:
        self._say(Stage(offer.name, "testing"), listen)
        await asyncio.to_thread(model.open)

    def _say(self, stage: Stage, listen: Listener) -> None:
        self._stages[stage.name] = stage
        listen(stage)

    def _status(self, offer: Offer | None, *, is_wanted: bool) -> ModelStatus:
        name, model = name_of(offer), self.choice.model_or_none(offer)
        is_used = model is not None and model.model_id == self.engine.model.model_id
        state: State = "absent" if model is None else "serving" if is_used else "ready"
        return ModelStatus(
            name=name,
            words=offer.words if offer else BUNDLED_WORDS,
            model_id=model.model_id if model else None,
            size_bytes=self.choice.size_bytes(offer) if offer else None,
            is_wanted=is_wanted,
            stage=self._stages.get(name) or Stage(name, state),
        )
