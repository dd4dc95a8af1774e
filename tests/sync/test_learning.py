"""Learning a title that no sync has met."""

import pytest

from doublebill.errors import EmbeddingError, StoreError
from doublebill.model import Kind, Title, TitleKey
from doublebill.sync import feedback
from doublebill.sync.edition import EVERYBODY
from doublebill.sync.embed import Model
from doublebill.sync.engine import Engine
from doublebill.sync.learning import learn
from sync.faulty_store import FaultyStore
from sync.house import NOW, dead_line

ALIEN = TitleKey(Kind.MOVIE, 348)

pytestmark = pytest.mark.anyio


async def test_an_unknown_title_is_fetched_embedded_and_published(engine):
    await learn(engine, ALIEN)
    catalogue = engine.edition.catalogue
    assert catalogue.has_vector[catalogue.row(ALIEN)]
    assert engine.edition.titles([ALIEN])[ALIEN].keywords


async def test_what_a_watched_title_names_comes_into_the_pool(engine):
    await learn(engine, ALIEN)
    assert len(engine.edition.catalogue) == 1
    feedback.mark_watched(engine, EVERYBODY, TitleKey(Kind.MOVIE, 593))
    await learn(engine, TitleKey(Kind.MOVIE, 593))
    assert engine.edition.candidate_count > 1


async def test_a_title_known_from_a_list_alone_is_fetched_and_one_with_details_is_not(house, engine, store):
    store.save_listed([Title(ALIEN, "Alien")], NOW)
    await learn(engine, ALIEN)
    asked = len(house.tmdb.calls)
    await learn(engine, ALIEN)
    assert 0 < asked == len(house.tmdb.calls)


async def test_an_id_that_tmdb_does_not_know_and_a_dead_tmdb_are_logged(house, engine, caplog):
    await learn(engine, TitleKey(Kind.MOVIE, 999_999_999))
    house.tmdb.fault = lambda _: dead_line
    await learn(engine, ALIEN)
    assert caplog.text.count("is not known yet") == 2
    assert house.upstreams.tmdb_key not in caplog.text


async def test_a_store_that_fails_is_logged(house, store, caplog):
    await learn(house.engine(FaultyStore(store, {"save_details": StoreError("the disk is full")})), ALIEN)
    assert "the disk is full" in caplog.text


async def test_without_a_text_model_the_title_is_known_all_the_same(house, store, caplog):
    def broken():
        raise EmbeddingError("the model is damaged")

    engine = Engine(store, Model("broken", broken), house.open, clock=house.clock)
    await learn(engine, ALIEN)
    assert engine.edition.catalogue.row(ALIEN) is not None
    assert "the model is damaged" in caplog.text
