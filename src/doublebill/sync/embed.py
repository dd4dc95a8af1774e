"""Vectors for titles, best candidates first, while details are still arriving.

A vector carries its model and the hash of its words, so nothing is embedded twice, and a title whose words changed is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from doublebill.core.text import document_of
from doublebill.embedding.protocol import Embedder
from doublebill.embedding.salvage import embed_where_possible
from doublebill.model import TitleKey
from doublebill.store.protocol import Store
from doublebill.sync.progress import Progress, Step

BATCH = 16
"""How many titles are embedded between two commits: a third of a second on two cores, and all that a kill can lose."""
AfterBatch = Callable[[], Awaitable[None]]


class EmbeddingJob:
    """Embeds what is put in, in order, off the event loop, until ``finish`` is called and everything is done."""

    def __init__(self, embedder: Embedder, store: Store, progress: Progress) -> None:
        self._embedder = embedder
        self._store = store
        self._progress = progress
        self._batches: asyncio.Queue[Sequence[TitleKey] | None] = asyncio.Queue()
        self._hashes = store.text_hashes(embedder.model_id)

    def put(self, keys: Sequence[TitleKey]) -> None:
        """Add titles to be embedded; those whose words have a vector already cost next to nothing."""
        for start in range(0, len(keys), BATCH):
            self._batches.put_nowait(keys[start : start + BATCH])

    def finish(self) -> None:
        """Tell that nothing more will come."""
        self._batches.put_nowait(None)

    async def run(self, after_batch: AfterBatch) -> None:
        """Embed until finished, and call back after each commit. Raises StoreError."""
        while (keys := await self._batches.get()) is not None:
            await asyncio.to_thread(self._embed, keys)
            self._progress.advance(Step.EMBED, len(keys))
            await after_batch()

    def _embed(self, keys: Sequence[TitleKey]) -> None:
        titles = self._store.titles(keys)
        documents = {key: document_of(title) for key, title in titles.items()}
        stale = {key: document for key, document in documents.items() if self._hashes.get(key) != document.text_hash}
        keys_of_rows = list(stale)
        salvage = embed_where_possible(self._embedder, list(stale.values()))
        self._progress.skip("titles whose words gave no usable vector", len(salvage.failures))
        done = [keys_of_rows[row] for row in salvage.rows]
        if done:
            hashes = [stale[key].text_hash for key in done]
            self._store.save_vectors(self._embedder.model_id, done, hashes, salvage.vectors)
            self._hashes.update(zip(done, hashes, strict=True))
