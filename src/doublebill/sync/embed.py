"""Vectors for titles, best candidates first, while details are still arriving.

A vector carries its model and the hash of its words, so nothing is embedded twice, and a title whose words changed is.
The model is loaded when the first title needs it, on a thread that yields to everything else: requests and the fetching
of details come first.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from doublebill.core.text import document_of
from doublebill.embedding.protocol import Embedder
from doublebill.embedding.salvage import embed_where_possible
from doublebill.errors import EmbeddingError
from doublebill.model import TitleKey
from doublebill.store.protocol import Store
from doublebill.sync.progress import Progress, Step

BATCH = 16
"""How many titles are embedded between two commits: about half a second on two cores, and all that a kill can lose."""

NICENESS = 10
"""Half-way to the most yielding: an otherwise idle machine gives it everything."""

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
        with ThreadPoolExecutor(1, "embedding", initializer=_yield_to_others) as thread:
            while (keys := await self._batches.get()) is not None:
                await loop.run_in_executor(thread, self._embed, keys)
                self._progress.advance(Step.EMBED, len(keys))
                await after_batch()

    def _embed(self, keys: Sequence[TitleKey]) -> None:
        titles = self._store.titles(keys)
        documents = {key: document_of(title) for key, title in titles.items()}
        stale = [key for key, document in documents.items() if self._hashes.get(key) != document.text_hash]
        embedder = self._opened() if stale else None
        if embedder is None:
            return
        salvage = embed_where_possible(embedder, [documents[key] for key in stale])
        self._progress.skip("titles whose words gave no usable vector", len(salvage.failures))
        done = [stale[row] for row in salvage.rows]
        if done:
            hashes = [documents[key].text_hash for key in done]
            self._store.save_vectors(self._model.model_id, done, hashes, salvage.vectors)
            self._hashes.update(zip(done, hashes, strict=True))

    def _opened(self) -> Embedder | None:
        """Load the model the first time; None if it cannot be: the other components still rank."""
        if self._embedder is None and not self._is_broken:
            try:
                self._embedder = self._model.open()
            except EmbeddingError as error:
                self._is_broken = True
                self._progress.skip(f"all plots, since the text model cannot be loaded: {error.message}")
        return self._embedder


def _yield_to_others() -> None:
    """Lower the priority of the calling thread, and of those that it will start, where the system has that for threads.

    On Linux a thread is a task with a niceness of its own, which the threads that it starts inherit (setpriority(2)).
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
