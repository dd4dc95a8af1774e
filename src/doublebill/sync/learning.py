"""Learning one title that somebody spoke of and that no sync has met: fetched, embedded and published on its own."""

import asyncio
import logging

import numpy as np

from doublebill.core.text import document_of
from doublebill.errors import DoublebillError
from doublebill.model import TitleDetails, TitleKey
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
    engine.store.save_details([details], engine.clock())
    embedder, document = engine.model.open(), document_of(details.title)
    vectors = np.asarray(embedder.embed_documents([document]), dtype=np.float32)
    engine.store.save_vectors(embedder.model_id, [details.title.key], [document.text_hash], vectors)
