"""Planning and carrying out what a person chose."""

import pytest

from doublebill.errors import ConfigError, Conflict, NotFound, SourceUnreachable
from doublebill.model import Kind, TitleKey
from doublebill.sources.servarr import FilmOptions, SeriesOptions
from doublebill.sync.engine import Engine
from doublebill.sync.requests import carry_out, plan_request, take_back, tvdb_id_of
from sync.house import NOW, answer, dead_line

STAR_WARS, FIREFLY = TitleKey(Kind.MOVIE, 11), TitleKey(Kind.TV, 1437)
ALIEN = TitleKey(Kind.MOVIE, 348)
MR_BEAN = TitleKey(Kind.TV, 4327)
FIREFLY_TVDB = 78874

pytestmark = pytest.mark.anyio


async def test_a_plan_changes_nothing_and_carrying_it_out_does_just_that(house, engine):
    plan = await plan_request(engine, STAR_WARS, FilmOptions())
    assert 11 not in {movie.title.key.tmdb_id for movie in house.upstreams.radarr.movies.values()}
    outcome = await carry_out(engine, plan)
    assert (outcome.status, outcome.title) == ("added", "Star Wars")
    assert house.upstreams.radarr.held(11)
    assert engine.shelf.state(STAR_WARS, None) == "requested"


async def test_a_title_that_is_there_is_a_success_and_sends_nothing(house, engine):
    await carry_out(engine, await plan_request(engine, FIREFLY, SeriesOptions()))
    plan = await plan_request(engine, FIREFLY, SeriesOptions())
    assert plan.exists
    assert (await carry_out(engine, plan)).status == "exists"


async def test_what_failed_is_not_noted_as_asked_for(house, engine):
    plan = await plan_request(engine, STAR_WARS, FilmOptions())
    house.radarr.fault = lambda _: answer(400, {"message": "no"})
    with pytest.raises(Exception, match="Radarr"):
        await carry_out(engine, plan)
    assert engine.shelf.state(STAR_WARS, None) is None


async def test_an_id_that_the_store_has_costs_no_call(house, engine, store):
    upstreams = house.open()
    store.save_details([await upstreams.tmdb.details(FIREFLY)], NOW)
    await upstreams.close()
    asked = len(house.tmdb.calls)
    assert await tvdb_id_of(engine, FIREFLY) == FIREFLY_TVDB
    assert len(house.tmdb.calls) == asked


async def test_an_unknown_id_is_asked_of_tmdb(engine):
    assert await tvdb_id_of(engine, FIREFLY) == FIREFLY_TVDB
    assert await tvdb_id_of(engine, MR_BEAN) is None


async def test_without_tmdb_there_is_no_id_and_sonarr_looks_it_up(house, engine, store):
    def not_set():
        raise ConfigError("TMDB_API_KEY is not set")

    house.tmdb.fault = lambda _: dead_line
    assert await tvdb_id_of(engine, FIREFLY) is None
    keyless = Engine(store, engine.model, not_set, house.services, clock=house.clock)
    assert await tvdb_id_of(keyless, FIREFLY) is None
    assert (await plan_request(keyless, FIREFLY, SeriesOptions())).added_by == FIREFLY_TVDB


async def test_a_series_without_that_id_is_not_found_by_sonarr(engine):
    with pytest.raises(NotFound, match="4327"):
        await plan_request(engine, MR_BEAN, SeriesOptions())


@pytest.mark.parametrize(("key", "options"), [(STAR_WARS, FilmOptions()), (FIREFLY, SeriesOptions())])
async def test_where_nothing_is_set_the_variable_is_named(house, store, engine, key, options):
    bare = Engine(store, engine.model, house.open, clock=house.clock)
    with pytest.raises(ConfigError, match=r"_URL and .*_API_KEY"):
        await plan_request(bare, key, options)


@pytest.mark.parametrize(
    ("key", "options", "name"), [(STAR_WARS, FilmOptions(), "Star Wars"), (FIREFLY, SeriesOptions(), "Firefly")]
)
async def test_what_was_asked_for_is_taken_back_and_shows_so_at_once(engine, key, options, name):
    await carry_out(engine, await plan_request(engine, key, options))
    await engine.shelf.refresh_stale()
    assert await take_back(engine, key) == name
    assert engine.shelf.state(key, None) is None
    assert await take_back(engine, key) is None
    assert not (await plan_request(engine, key, options)).exists


async def test_what_has_files_is_not_taken_back_and_keeps_its_state(engine):
    await engine.shelf.refresh_stale()
    with pytest.raises(Conflict, match="Alien has a file in Radarr"):
        await take_back(engine, ALIEN)
    assert engine.shelf.state(ALIEN, None) == "available"


async def test_a_failed_removal_leaves_the_state(house, engine):
    await carry_out(engine, await plan_request(engine, STAR_WARS, FilmOptions()))
    house.radarr.fault = lambda _: dead_line
    with pytest.raises(SourceUnreachable):
        await take_back(engine, STAR_WARS)
    assert engine.shelf.state(STAR_WARS, None) == "requested"
