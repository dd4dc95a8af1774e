"""Vectors for titles, best candidates first, while details are still arriving.

A vector carries its model and the hash of its words, so nothing is embedded twice, and a title whose words changed is.
The model is loaded when the first title needs it, on a thread that yields to everything else: requests and the fetching
of details come first. Each vector is saved as soon as it is there: a kill loses at most the one title (on a graphics
card the one batch) that was under way.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from doublebill.core.text import Document, document_of
from doublebill.embedding.protocol import Embedder
from doublebill.embedding.salvage import embed_where_possible
from doublebill.errors import EmbeddingError
from doublebill.model import TitleKey
from doublebill.store.protocol import Store
from doublebill.sync.priority import yield_to_others
from doublebill.sync.progress import Progress, Step

BATCH = 16
"""How many titles are embedded between two looks at what else there is to do: about half a second on two cores."""

AfterBatch = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Model:
    """A text model that can be opened later: its identity, known without loading it, and how to load it."""

    model_id: str
    open: Callable[[], Embedder]


class EmbeddingJob:
    """Embeds what is put in, in order, on a thread of its own, until ``finish`` is called and everything is done."""

    def __init__(self, model: Model, store: Store, progress: Progress) -> None:
        self._model = model
        self._store = store
        self._progress = progress
        self._batches: asyncio.Queue[Sequence[TitleKey] | None] = asyncio.Queue()
        self._hashes = store.text_hashes(model.model_id)
        self._embedder: Embedder | None = None
        self._is_broken = False

    def put(self, keys: Sequence[TitleKey]) -> None:
        """Add titles to be embedded; those whose words have a vector already cost next to nothing."""
        for start in range(0, len(keys), BATCH):
            self._batches.put_nowait(keys[start : start + BATCH])

    def finish(self) -> None:
        """Tell that nothing more will come."""
        self._batches.put_nowait(None)

    async def run(self, after_batch: AfterBatch) -> None:
        """Embed until finished, and call back after each commit. Raises StoreError."""
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, "embedding", initializer=yield_to_others) as thread:
            while (keys := await self._batches.get()) is not None:
                await loop.run_in_executor(thread, self._embed, keys)
                self._progress.advance(Step.EMBED, len(keys))
                await after_batch()

    def _embed(self, keys: Sequence[TitleKey]) -> None:
        titles = self._store.titles(keys)
        documents = {key: document_of(titles[key]) for key in keys if key in titles}
        stale = [key for key, document in documents.items() if self._hashes.get(key) != document.text_hash]
        embedder = self._opened() if stale else None
        if embedder is None:
            return
        for saved in embed_and_save(embedder, self._store, {key: documents[key] for key in stale}):
            self._hashes |= saved.hashes
            self._progress.skip("titles whose words gave no usable vector", saved.failure_count)

    def _opened(self) -> Embedder | None:
        """Load the model the first time; None if it cannot be: the other components still rank."""
        if self._embedder is None and not self._is_broken:
            try:
                self._embedder = self._model.open()
            except EmbeddingError as error:
                self._is_broken = True
                self._progress.skip(f"all plots, since the text model cannot be loaded: {error.message}")
        return self._embedder


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved at once: the hashes of the words that now have a vector, and how many gave none."""

    hashes: dict[TitleKey, bytes]
    failure_count: int


def embed_and_save(embedder: Embedder, store: Store, documents: Mapping[TitleKey, Document]) -> Iterator[Saved]:
    """Embed titles and save each before the next is begun, as many at once as the model likes. Raises StoreError."""
    keys = list(documents)
    for start in range(0, len(keys), embedder.batch_size):
        batch = keys[start : start + embedder.batch_size]
        salvage = embed_where_possible(embedder, [documents[key] for key in batch])
        done = [batch[row] for row in salvage.rows]
        hashes = [documents[key].text_hash for key in done]
        if done:
            store.save_vectors(embedder.model_id, done, hashes, salvage.vectors)
        yield Saved(dict(zip(done, hashes, strict=True)), len(salvage.failures))
