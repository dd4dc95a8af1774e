"""What Radarr and Sonarr have, kept at hand: read behind everybody's back, once at a time, and old rather than none."""

import asyncio
from datetime import timedelta

import pytest

from doublebill.errors import ConfigError, StoreError
from doublebill.model import Kind, TitleKey
from doublebill.sync.services import NO_SERVICES, Openers, Service, Shelf, service_of
from sync.faulty_store import FaultyStore
from sync.house import NOW, answer, dead_line

ALIEN, STAR_WARS, DARK = TitleKey(Kind.MOVIE, 348), TitleKey(Kind.MOVIE, 11), TitleKey(Kind.TV, 70523)
DARK_TVDB = 334824


@pytest.fixture
def shelf(house, store):
    return Shelf(store, house.services, house.clock)


def refresh(shelf):
    asyncio.run(shelf.refresh_stale())


def test_each_kind_has_its_service():
    assert {kind: service_of(kind) for kind in Kind} == {Kind.MOVIE: Service.RADARR, Kind.TV: Service.SONARR}
    assert all(service_of(service.kind) is service for service in Service)


def test_a_reading_tells_how_each_title_stands(house, shelf):
    radarr = house.upstreams.radarr
    radarr.hold(STAR_WARS.tmdb_id, has_file=False)
    refresh(shelf)
    assert shelf.state(ALIEN, None) == "available"
    assert shelf.state(STAR_WARS, None) == "requested"
    assert shelf.state(TitleKey(Kind.MOVIE, 999), None) is None
    radarr.start_download(STAR_WARS.tmdb_id)
    house.clock.pass_time(minutes=5)
    refresh(shelf)
    assert shelf.state(STAR_WARS, None) == "downloading"


def test_a_series_is_known_by_either_id(house, shelf):
    refresh(shelf)
    assert shelf.state(DARK, None) == "available"
    assert shelf.state(TitleKey(Kind.TV, 1), DARK_TVDB) == "available"
    assert shelf.state(TitleKey(Kind.TV, 1), 1) is None


def test_a_film_and_a_series_of_one_id_are_two(shelf):
    refresh(shelf)
    assert shelf.state(TitleKey(Kind.TV, ALIEN.tmdb_id), None) is None


def test_a_whole_library_takes_a_handful_of_calls(house, shelf):
    refresh(shelf)
    assert sorted(house.radarr.calls) == [
        "/api/v3/movie",
        "/api/v3/qualityprofile",
        "/api/v3/queue",
        "/api/v3/rootfolder",
        "/api/v3/system/status",
    ]


def test_a_reading_is_fresh_for_five_minutes(house, shelf):
    refresh(shelf)
    asked = len(house.radarr.calls)
    house.clock.pass_time(minutes=4, seconds=59)
    refresh(shelf)
    assert len(house.radarr.calls) == asked
    house.clock.pass_time(seconds=1)
    refresh(shelf)
    assert len(house.radarr.calls) == 2 * asked
    assert shelf.reading(Service.RADARR).read_at == NOW + timedelta(minutes=5)


def test_a_dead_service_is_left_alone_for_a_minute_and_the_other_is_read(house, shelf, caplog):
    house.radarr.fault = lambda _: dead_line
    refresh(shelf)
    asked = len(house.radarr.calls)
    refresh(shelf)
    assert len(house.radarr.calls) == asked
    assert "Radarr" in shelf.problem(Service.RADARR)
    assert (shelf.reading(Service.RADARR), shelf.problem(Service.SONARR)) == (None, None)
    assert shelf.reading(Service.SONARR).name == "Sonarr"
    house.clock.pass_time(minutes=1)
    refresh(shelf)
    assert len(house.radarr.calls) > asked


def test_a_service_that_is_back_has_no_problem_any_more(house, shelf, caplog):
    house.radarr.fault = lambda _: answer(500, text="boom")
    refresh(shelf)
    house.radarr.fault = lambda _: None
    house.clock.pass_time(minutes=1)
    refresh(shelf)
    assert shelf.problem(Service.RADARR) is None
    assert shelf.state(ALIEN, None) == "available"


def test_the_last_reading_of_a_dead_service_serves_for_seven_days(house, shelf, caplog):
    refresh(shelf)
    house.radarr.fault = lambda _: dead_line
    house.clock.now = NOW + timedelta(days=7)
    refresh(shelf)
    assert shelf.reading(Service.RADARR).read_at == NOW
    house.clock.pass_time(seconds=1)
    assert shelf.reading(Service.RADARR) is None
    assert shelf.state(ALIEN, None) is None


def test_a_reading_survives_a_restart(house, store, shelf):
    refresh(shelf)
    again = Shelf(store, house.services, house.clock)
    assert again.reading(Service.SONARR) == shelf.reading(Service.SONARR)
    assert again.state(ALIEN, None) == "available"


@pytest.mark.parametrize("text", ["", "{}", "[]", "no json", '{"read_at": "yesterday"}'])
def test_a_reading_of_another_version_is_none(store, shelf, text):
    store.remember("reading_radarr", text)
    assert shelf.reading(Service.RADARR) is None


@pytest.mark.anyio
async def test_a_service_is_read_once_however_many_ask(house, shelf):
    gate = asyncio.Event()

    async def held(scope, receive, send):
        await gate.wait()
        await house.upstreams.radarr(scope, receive, send)

    house.radarr.fault = lambda _: held
    asking = [asyncio.create_task(shelf.refresh_stale()) for _ in range(20)]
    while not house.radarr.calls:
        await asyncio.sleep(0)
    house.clock.pass_time(minutes=2)
    asking.append(asyncio.create_task(shelf.refresh_stale()))
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(*asking)
    assert house.radarr.calls.count("/api/v3/movie") == 1


@pytest.mark.anyio
async def test_what_is_asked_for_while_a_reading_is_under_way_is_not_lost(house, shelf):
    def asked_for(count):
        if count == 3:  # the library was read
            shelf.note(STAR_WARS)

    house.radarr.before = asked_for
    await shelf.refresh_stale()
    assert shelf.state(STAR_WARS, None) == "requested"
    house.clock.pass_time(minutes=5)
    await shelf.refresh_stale()
    assert shelf.state(STAR_WARS, None) is None  # somebody took it out over there


def test_what_was_asked_for_shows_before_any_reading(shelf):
    shelf.note(STAR_WARS)
    assert shelf.state(STAR_WARS, None) == "requested"


def test_a_note_does_not_outdo_what_the_service_says(shelf):
    refresh(shelf)
    shelf.note(ALIEN)
    assert shelf.state(ALIEN, None) == "available"


def test_a_store_that_cannot_keep_a_reading_is_logged_and_the_reading_serves(house, store, caplog):
    shelf = Shelf(FaultyStore(store, {"remember": StoreError("the disk is full")}), house.services, house.clock)
    refresh(shelf)
    assert shelf.state(ALIEN, None) == "available"
    assert "the disk is full" in caplog.text


def test_what_is_not_set_is_asked_for_once_and_named(house, store):
    shelf = Shelf(store, NO_SERVICES, house.clock)
    refresh(shelf)
    assert "RADARR_API_KEY" in shelf.missing(Service.RADARR).message
    assert "SONARR_URL" in shelf.missing(Service.SONARR).message
    assert shelf.missing(Service.SONARR) is shelf.missing(Service.SONARR)
    with pytest.raises(ConfigError):
        NO_SERVICES.open(Service.SONARR)


def test_no_key_is_in_a_reading_or_a_log(house, store, shelf, caplog):
    refresh(shelf)
    house.radarr.fault = lambda _: answer(401)
    house.clock.pass_time(minutes=5)
    refresh(shelf)
    kept = store.recall("reading_radarr") + store.recall("reading_sonarr")
    for key in (house.upstreams.radarr_key, house.upstreams.sonarr_key):
        assert key not in kept + caplog.text + shelf.problem(Service.RADARR)


# What was taken back, and services that are others now


def test_what_was_taken_back_is_gone_at_once_until_a_later_reading_knows_better(house, shelf):
    house.upstreams.radarr.hold(STAR_WARS.tmdb_id, has_file=False)
    refresh(shelf)
    shelf.note_removed(STAR_WARS)
    assert shelf.state(STAR_WARS, None) is None
    shelf.note(STAR_WARS)
    assert shelf.state(STAR_WARS, None) == "requested"
    shelf.note_removed(STAR_WARS)
    house.clock.pass_time(minutes=5)
    refresh(shelf)
    assert shelf.state(STAR_WARS, None) == "requested"  # it is there all the same


def test_a_service_that_is_forgotten_is_read_anew_at_once(house, store, shelf):
    refresh(shelf)
    shelf.note(STAR_WARS)
    asyncio.run(shelf.forget(Service.RADARR))
    assert (shelf.reading(Service.RADARR), shelf.state(STAR_WARS, None)) == (None, None)
    assert shelf.state(DARK, None) == "available"
    assert Shelf(store, house.services, house.clock).reading(Service.RADARR) is None
    asked = len(house.radarr.calls)
    refresh(shelf)
    assert len(house.radarr.calls) > asked
    assert shelf.state(ALIEN, None) == "available"


def test_what_is_set_after_it_was_missing_is_asked_for(house, store):
    present = [NO_SERVICES]
    shelf = Shelf(
        store,
        Openers(lambda: present[0].open(Service.RADARR), lambda: present[0].open(Service.SONARR)),
        house.clock,
    )
    assert shelf.missing(Service.RADARR)
    present[0] = house.services
    asyncio.run(shelf.forget(Service.RADARR))
    refresh(shelf)
    assert shelf.missing(Service.RADARR) is None
    assert shelf.reading(Service.RADARR).name == "Radarr"


@pytest.mark.anyio
@pytest.mark.parametrize("end", [None, dead_line])
async def test_what_a_reading_brings_after_its_service_was_forgotten_is_dropped(house, shelf, end, caplog):
    gate = asyncio.Event()

    async def held(scope, receive, send):
        await gate.wait()
        await (end or house.upstreams.radarr)(scope, receive, send)

    house.radarr.fault = lambda _: held
    reading = asyncio.create_task(shelf.refresh(Service.RADARR))
    while not house.radarr.calls:
        await asyncio.sleep(0)
    await shelf.forget(Service.RADARR)
    gate.set()
    await reading
    assert (shelf.reading(Service.RADARR), shelf.problem(Service.RADARR)) == (None, None)


def test_a_store_that_cannot_forget_is_logged(house, store, caplog):
    shelf = Shelf(FaultyStore(store, {"remember": StoreError("the disk is full")}), house.services, house.clock)
    asyncio.run(shelf.forget(Service.RADARR))
    assert "the disk is full" in caplog.text
