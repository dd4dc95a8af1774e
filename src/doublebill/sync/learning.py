"""Learning one title that somebody spoke of and that no sync has met: fetched, embedded and published on its own."""

import asyncio
import logging
from dataclasses import replace

import numpy as np

from doublebill.core.text import document_of
from doublebill.errors import DoublebillError, EmbeddingError
from doublebill.model import TitleDetails, TitleKey
from doublebill.sync.edition import EVERYBODY
from doublebill.sync.engine import Engine

log = logging.getLogger(__name__)


async def learn(engine: Engine, key: TitleKey) -> None:
    """Make a title known, so that it feeds the taste; what stands in the way is logged, and the next sync tries."""
    try:
        known = (await asyncio.to_thread(engine.store.titles, [key])).get(key)
        if known is None or known.detailed_at is None:
            details = await _fetch(engine, key)
            await asyncio.to_thread(_keep, engine, details)
            await asyncio.to_thread(engine.reload)
    except DoublebillError as error:
        log.warning("%s is not known yet: %s", key, error.message)


async def _fetch(engine: Engine, key: TitleKey) -> TitleDetails:
    upstreams = engine.open_upstreams()
    try:
        return await upstreams.tmdb.details(key)
    finally:
        await upstreams.close()


def _keep(engine: Engine, details: TitleDetails) -> None:
    """Keep a title and its vector; the titles that it names come into the pool only if somebody watched it."""
    is_watched = details.title.key in engine.edition.profile(EVERYBODY).watched
    engine.store.save_details([details if is_watched else replace(details, listed=())], engine.clock())
    document = document_of(details.title)
    try:
        embedder = engine.model.open()
        vectors = np.asarray(embedder.embed_documents([document]), dtype=np.float32)
    except EmbeddingError as error:  # what else is known of it counts all the same
        log.warning("%s has no vector yet: %s", details.title.key, error.message)
        return
    engine.store.save_vectors(embedder.model_id, [details.title.key], [document.text_hash], vectors)
