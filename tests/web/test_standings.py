"""Where titles stand: watched, owned, asked for; and the best rated."""

from datetime import datetime, timedelta

import pytest

from doublebill.model import Kind, Title, TitleKey
from sync.house import NOW, dead_line
from web.asked import got, refused, refused_fields, said

ALIEN, STAR_WARS, MEMENTO, GATTACA = 348, 11, 77, 782
FIREFLY, FIREFLY_TVDB = 1437, 78874


def status(home, tmdb_id, **query):
    return got(home.client, "/check/status", tmdb_id=tmdb_id, **query)


def read(home):
    got(home.client, "/services")


def flags(told):
    return told["is_watched"], told["is_requested"], told["in_library"], told["service_status"]


# One title


def test_a_title_is_watched_for_whom_it_is_and_owned_for_all(home):
    read(home)
    assert flags(status(home, ALIEN, user="Anna")) == (True, False, True, "available")
    assert flags(status(home, ALIEN, user="Ben")) == (False, False, True, "available")
    assert flags(status(home, STAR_WARS)) == (False, False, False, "absent")


def test_a_title_is_hidden_for_who_hid_it_until_they_take_it_back(home):
    hidden = {"tmdb_id": STAR_WARS, "type": "movie"}
    said(home.client, "/dislike", hidden, user="Anna")
    assert status(home, STAR_WARS, user="Anna")["is_hidden"]
    assert not status(home, STAR_WARS, user="Ben")["is_hidden"]
    batch = said(home.client, "/check/status/batch", {"items": [hidden]}, user="Anna")
    assert batch["movie:11"]["is_hidden"]
    assert got(home.client, "/titles/movie/11", user="Anna")["standing"]["is_hidden"]
    said(home.client, "/hidden/movie/11", method="DELETE", user="Anna")
    assert not status(home, STAR_WARS, user="Anna")["is_hidden"]


def test_until_a_service_was_read_its_status_is_unknown(home):
    told = status(home, STAR_WARS)
    assert (told["service_status"], told["service_status_from"]) == ("unknown", None)
    assert status(home, STAR_WARS)["service_status"] == "absent"


def test_a_film_goes_from_asked_for_to_coming_to_there(home):
    read(home)
    said(home.client, "/add/radarr", {"tmdb_id": STAR_WARS, "search": False})
    assert flags(status(home, STAR_WARS)) == (False, True, False, "requested")
    home.house.upstreams.radarr.start_download(STAR_WARS)
    home.house.clock.pass_time(minutes=5)
    read(home)
    assert flags(status(home, STAR_WARS)) == (False, True, False, "downloading")
    home.house.upstreams.radarr.finish_download(STAR_WARS)
    home.house.clock.pass_time(minutes=5)
    read(home)
    assert flags(status(home, STAR_WARS)) == (False, False, True, "available")


def test_a_series_is_found_by_either_id(home):
    home.house.upstreams.sonarr.hold(FIREFLY_TVDB, with_files=0)
    read(home)
    assert status(home, FIREFLY)["service_status"] == "requested"


def test_what_was_asked_for_shows_at_once_also_before_the_first_reading(home):
    home.house.radarr.fault = lambda path: dead_line if path.endswith("/system/status") else None
    said(home.client, "/add/radarr", {"tmdb_id": STAR_WARS})
    assert flags(status(home, STAR_WARS)) == (False, True, False, "requested")


def test_a_reading_is_kept_for_five_minutes(home):
    read(home)
    asked = len(home.house.radarr.calls)
    home.house.clock.pass_time(minutes=4, seconds=59)
    status(home, STAR_WARS)
    assert len(home.house.radarr.calls) == asked
    home.house.clock.pass_time(seconds=1)
    told = status(home, STAR_WARS)
    assert datetime.fromisoformat(told["service_status_from"]) == NOW
    assert len(home.house.radarr.calls) > asked


def test_while_a_service_is_down_the_old_reading_serves_for_seven_days_and_says_from_when(home):
    read(home)
    home.house.radarr.fault = lambda _: dead_line
    home.house.clock.now = NOW + timedelta(days=7)
    told = status(home, ALIEN)
    assert told["service_status"] == "available"
    assert datetime.fromisoformat(told["service_status_from"]) == NOW
    home.house.clock.pass_time(seconds=1)
    told = status(home, ALIEN)
    assert (told["service_status"], told["service_status_from"]) == ("unknown", None)
    assert "Radarr" in got(home.client, "/services")["services"][0]["problem"]


def test_an_id_that_is_a_film_and_a_series_is_the_film_unless_the_type_says_otherwise(home):
    home.store.save_listed([Title(TitleKey(Kind.TV, ALIEN), "Not Alien")], NOW)
    home.engine.reload()
    read(home)
    assert status(home, ALIEN, user="Anna")["is_watched"]
    assert flags(status(home, ALIEN, user="Anna", type="tv")) == (False, False, False, "absent")


@pytest.mark.parametrize("query", ["", "tmdb_id=0", "tmdb_id=-1", "tmdb_id=x", "tmdb_id=2147483648", "tmdb_id="])
def test_an_id_that_does_not_fit_is_named(client, query):
    assert refused_fields(client, "/check/status", query) == ["query.tmdb_id"]


def test_an_unknown_type_is_named(client):
    assert refused_fields(client, "/check/status", "tmdb_id=1&type=film") == ["query.type"]


# Many titles


def test_many_are_keyed_by_their_id_and_by_type_and_id(home):
    read(home)
    items = [{"tmdb_id": ALIEN}, {"tmdb_id": STAR_WARS, "type": "movie"}, {"tmdb_id": FIREFLY, "type": "tv"}]
    told = said(home.client, "/check/status/batch", {"items": items}, user="Anna")
    assert set(told) == {"348", "movie:348", "11", "movie:11", "1437", "tv:1437"}
    assert told["348"] == told["movie:348"] == status(home, ALIEN, user="Anna")


def test_an_ambiguous_id_is_keyed_with_its_type_only(home):
    items = [{"tmdb_id": ALIEN, "type": "movie"}, {"tmdb_id": ALIEN, "type": "tv"}, {"tmdb_id": ALIEN}]
    assert set(said(home.client, "/check/status/batch", {"items": items})) == {"movie:348", "tv:348"}


def test_no_titles_are_no_answer_and_500_are_one(home):
    assert said(home.client, "/check/status/batch", {"items": []}) == {}
    items = [{"tmdb_id": number, "type": "movie"} for number in range(1, 501)]
    assert len(said(home.client, "/check/status/batch", {"items": items})) == 1000


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.items"),
        ([], "body"),
        ({"items": None}, "body.items"),
        ({"items": [{}]}, "body.items.0.tmdb_id"),
        ({"items": [{"tmdb_id": 1}, {"tmdb_id": 0}]}, "body.items.1.tmdb_id"),
        ({"items": [{"tmdb_id": 1, "type": "film"}]}, "body.items.0.type"),
        ({"items": [{"tmdb_id": 1}] * 501}, "body.items"),
    ],
)
def test_a_batch_that_does_not_fit_names_the_field(client, body, field):
    errors = refused(client.post("/check/status/batch", json=body), 422, "invalid_request")["errors"]
    assert [error["field"] for error in errors] == [field]


# The best rated


def test_the_best_rated_come_first_and_nobody_has_them_yet(client):
    told = got(client, "/top-rated", user="Anna", limit=100)
    ratings = [each["weighted_rating"] for each in told["recommendations"]]
    assert told["count"] == len(ratings)
    assert ratings == sorted(ratings, reverse=True)
    assert all(0 <= rating <= 10 for rating in ratings)
    assert ALIEN not in [each["tmdb_id"] for each in told["recommendations"]]


def test_many_votes_confirm_a_rating(client):
    found = got(client, "/top-rated", limit=100)["recommendations"]
    for each in found:
        votes, rating = each["vote_count"], each["vote_average"]
        expected = (rating * votes + 6.818 * 500) / (votes + 500) if rating is not None else 6.818
        assert each["weighted_rating"] == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize("kind", ["movie", "tv"])
def test_the_best_rated_of_a_kind_and_genre(client, kind):
    found = got(client, "/top-rated", type_filter=kind, genre="dram", limit=5)["recommendations"]
    assert {each["type"] for each in found} == {kind}
    assert all("Drama" in each["genres"] for each in found)


def test_the_best_rated_know_nothing_of_a_score(client):
    assert got(client, "/top-rated", min_score=1) == got(client, "/top-rated")
    assert refused_fields(client, "/top-rated", "limit=101") == ["query.limit"]
