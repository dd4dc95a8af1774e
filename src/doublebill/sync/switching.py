"""Going over to another text model: every title gets a vector of the new one, then the whole catalogue changes at once.

Until then the old vectors serve. Each vector is kept as soon as it is made, so whatever is cut goes on from there, and
the way back is short as well: only titles that came meanwhile have to be embedded. While a sync runs this rests, for
both want the processor, and a sync that began with the old model has to end before the new one may serve.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from doublebill.core.text import document_of
from doublebill.embedding.protocol import Embedder
from doublebill.errors import EmbeddingError
from doublebill.model import TitleKey
from doublebill.sync.edition import best_first
from doublebill.sync.embed import BATCH, Model, embed_and_save
from doublebill.sync.engine import Engine
from doublebill.sync.gauge import Gauge
from doublebill.sync.priority import yield_to_others

log = logging.getLogger(__name__)

MOST_WITHOUT = 0.1
"""A model that has no vector for more titles than this share of all is not fit to take over."""


class Switch:
    """One way from the model that serves to another."""

    def __init__(self, engine: Engine, model: Model, tell: Callable[[Gauge], None]) -> None:
        self._engine = engine
        self._model = model
        self._tell = tell
        self._gauge = Gauge("titles", 0, 0, engine.clock())
        self._embedder: Embedder | None = None
        self._hashes: dict[TitleKey, bytes] = {}
        self._hopeless: dict[TitleKey, bytes] = {}
        self._is_cut = False

    async def run(self) -> None:
        """Embed what has no vector of the new model, then let it serve.

        Raises: EmbeddingError if it cannot be loaded, or has no vector for too many titles; StoreError.
        """
        engine = self._engine
        self._hashes = await asyncio.to_thread(engine.store.text_hashes, self._model.model_id)
        try:
            while not await self._pass():
                await until_no_sync_runs(engine)
        finally:
            self._is_cut = True  # a thread that is still at it ends after its title
        # Nothing is awaited between the last look at the runner and this: the next sync works with the new model.
        engine.model = self._model
        await asyncio.to_thread(engine.switch, self._model)
        log.info("The text model is now %s", self._model.model_id)

    async def _pass(self) -> bool:
        """Go through all titles once; True if nothing was left to do, and no sync runs that could bring more."""
        keys = await asyncio.to_thread(self._keys)
        begun_with = sum(key in self._hashes for key in keys)
        self._gauge = Gauge("titles", len(keys), begun_with, self._engine.clock())
        try:
            with ThreadPoolExecutor(1, "switch", initializer=yield_to_others) as thread:
                for start in range(0, len(keys), BATCH):
                    if self._engine.runner.is_running:
                        return False
                    loop = asyncio.get_running_loop()
                    await loop.run_in_executor(thread, self._embed, keys[start : start + BATCH])
                    self._tell(self._gauge)
        finally:
            self._embedder = None  # a sync that comes between needs the memory for its own
        self._refuse_if_unfit(len(keys))
        return self._gauge.done == begun_with and not self._engine.runner.is_running

    def _keys(self) -> list[TitleKey]:
        """Give all titles, the best candidates first."""
        return list(dict.fromkeys([*best_first(self._engine.edition), *self._engine.store.detail_ages()]))

    def _embed(self, keys: Sequence[TitleKey]) -> None:
        """Embed those of some titles that have no vector for their present words."""
        titles = self._engine.store.titles(keys)
        documents = {key: document_of(titles[key]) for key in keys if key in titles}
        stale = {key: words for key, words in documents.items() if words.text_hash not in self._tried(key)}
        if not stale:
            return
        self._embedder = self._embedder or self._engine.models.open(self._model)
        for saved in embed_and_save(self._embedder, self._engine.store, stale):
            self._hashes |= saved.hashes
            self._gauge.done += len(saved.hashes)
            if self._is_cut:
                return
        tried = {key: words.text_hash for key, words in stale.items()}
        self._hopeless |= {key: text_hash for key, text_hash in tried.items() if text_hash != self._hashes.get(key)}

    def _tried(self, key: TitleKey) -> tuple[bytes | None, bytes | None]:
        return self._hashes.get(key), self._hopeless.get(key)

    def _refuse_if_unfit(self, title_count: int) -> None:
        if len(self._hopeless) > MOST_WITHOUT * title_count:
            raise EmbeddingError(
                f"{self._model.model_id} has no usable vector for {len(self._hopeless):,} of {title_count:,} titles",
                hint="Choose another model; the present one goes on.",
            )


async def until_no_sync_runs(engine: Engine) -> None:
    """Wait as long as a sync is under way."""
    changes = engine.runner.changes
    while engine.runner.is_running:
        await changes.beyond(changes.count)
