"""From one model to another: all titles get vectors, then the whole catalogue changes; nothing is ever mixed."""

import asyncio
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from doublebill.core.catalogue import similar
from doublebill.core.text import Document, document_of
from doublebill.embedding.protocol import Vectors
from doublebill.errors import EmbeddingError
from doublebill.model import SyncKind
from doublebill.store import SqliteStore, open_store
from doublebill.sync.edition import Edition, best_first
from doublebill.sync.embed import Model
from doublebill.sync.engine import SERVING, Engine
from doublebill.sync.switching import Switch
from hashing_embedder import HashingEmbedder
from sync.house import House

pytestmark = pytest.mark.anyio


class Recording(HashingEmbedder):
    """A model that tells what it was given, and can do something before each title."""

    def __init__(self, revision: str = "2", refused: str | None = None) -> None:
        super().__init__(32, revision=revision, refused=refused)
        self.bodies: list[str] = []
        self.before = lambda: None

    def embed_documents(self, documents: list[Document]) -> Vectors:
        self.before()
        self.bodies += [document.body for document in documents]
        return super().embed_documents(documents)


def model_of(embedder: HashingEmbedder) -> Model:
    return Model(embedder.model_id, lambda: embedder)


@pytest.fixture
def store(synced_store: SqliteStore) -> SqliteStore:
    return synced_store


@pytest.fixture
def synced(house: House, store: SqliteStore) -> Engine:
    return house.engine(store)


def is_of_one_model(edition: Edition, store: SqliteStore) -> bool:
    """Whether the vectors that are served are those of the model that the edition names, row by row."""
    kept = store.vector_columns(edition.model_id or "")
    served = edition.catalogue.vectors[edition.catalogue.has_vector]
    return bool(np.array_equal(served, kept.vectors))


async def switch(engine: Engine, embedder: HashingEmbedder) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    await Switch(engine, model_of(embedder), lambda gauge: told.append((gauge.done, gauge.total))).run()
    return told


async def test_every_title_has_a_vector_when_the_new_model_takes_over(synced: Engine, store: SqliteStore) -> None:
    told = await switch(synced, Recording())
    assert synced.edition.catalogue.has_vector.all()
    assert synced.edition.model_id == synced.model.model_id == store.recall(SERVING) == Recording().model_id
    assert told[-1] == (len(synced.edition.catalogue), len(synced.edition.catalogue))


async def test_until_then_the_old_one_serves_whole(synced: Engine, store: SqliteStore) -> None:
    embedder, editions = Recording(), []
    embedder.before = lambda: editions.append(synced.edition.model_id)
    await switch(synced, embedder)
    assert set(editions) == {HashingEmbedder().model_id}
    assert is_of_one_model(synced.edition, store)


async def test_the_best_candidates_come_first(synced: Engine) -> None:
    embedder, best = Recording(), best_first(synced.edition)
    await switch(synced, embedder)
    titles = synced.store.titles(best[:5])
    assert embedder.bodies[:5] == [document_of(titles[key]).body for key in best[:5]]


async def test_the_way_back_embeds_nothing_twice(synced: Engine) -> None:
    first, second = Recording("1st"), Recording("2nd")
    await switch(synced, first)
    await switch(synced, second)
    before = len(first.bodies)
    await switch(synced, first)
    assert len(first.bodies) == before
    assert synced.edition.model_id == first.model_id


async def test_a_sync_in_between_goes_first_and_its_titles_are_embedded_too(
    synced: Engine, house: House, store: SqliteStore
) -> None:
    embedder, loop = Recording(), asyncio.get_running_loop()
    house.clock.pass_time(days=40)

    def begin_a_sync() -> None:
        if len(embedder.bodies) == 20:
            loop.call_soon_threadsafe(synced.runner.start, SyncKind.FULL)

    embedder.before = begin_a_sync
    await switch(synced, embedder)
    assert not synced.runner.is_running
    assert len(store.sync_runs(5)) == 2
    assert synced.edition.catalogue.has_vector.all()
    assert is_of_one_model(synced.edition, store)
    assert len(embedder.bodies) == len(set(embedder.bodies))


async def test_a_title_without_a_usable_vector_does_not_hold_it_up(synced: Engine) -> None:
    await switch(synced, Recording(refused="western"))
    assert not synced.edition.catalogue.has_vector.all()
    assert synced.model.model_id == Recording().model_id


async def test_a_model_without_vectors_for_many_does_not_take_over(synced: Engine, store: SqliteStore) -> None:
    with pytest.raises(EmbeddingError, match=r"has no usable vector for \d+ of \d+ titles"):
        await switch(synced, Recording(refused="a"))
    assert synced.edition.model_id == HashingEmbedder().model_id
    assert store.recall(SERVING) is None


async def test_a_model_that_cannot_be_loaded_does_not_take_over(synced: Engine) -> None:
    def no_model() -> HashingEmbedder:
        raise EmbeddingError("damaged")

    with pytest.raises(EmbeddingError, match="damaged"):
        await Switch(synced, replace(model_of(Recording()), open=no_model), lambda _: None).run()
    assert synced.model.model_id == HashingEmbedder().model_id


async def test_what_is_cut_loses_at_most_one_title(synced: Engine, store: SqliteStore) -> None:
    first = Recording()
    task = asyncio.create_task(switch(synced, first))
    loop = asyncio.get_running_loop()

    def cut() -> None:
        if len(first.bodies) == 5:
            loop.call_soon_threadsafe(task.cancel)

    first.before = cut
    with pytest.raises(asyncio.CancelledError):
        await task
    first.before = lambda: None
    await switch(synced, first)
    assert len(synced.edition.catalogue) <= len(first.bodies) <= len(synced.edition.catalogue) + 1


async def test_an_empty_house_changes_at_once(house: House, tmp_path: Path) -> None:
    empty = open_store(tmp_path / "empty.db")
    engine = house.engine(empty)
    assert await switch(engine, Recording()) == []
    assert engine.edition.model_id == Recording().model_id
    empty.close()


async def test_similar_and_penalty_are_of_the_new_model(synced: Engine, store: SqliteStore) -> None:
    catalogue = synced.edition.catalogue
    key = catalogue.key(int(np.flatnonzero(catalogue.has_vector)[0]))
    before = similar(catalogue, key, 5)
    await switch(synced, Recording())
    assert similar(synced.edition.catalogue, key, 5) != before
    assert {reader.catalogue.vectors.shape[1] for reader in synced.edition.readers.values()} == {32}
