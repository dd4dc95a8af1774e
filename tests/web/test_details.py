"""GET /titles/{kind}/{tmdb_id}: all that is known of one title."""

import pytest

from web.asked import got, refused, refused_fields, said
from web.test_contract_fields import by_key
from web.test_standings import ALIEN, MEMENTO, STAR_WARS, read, status

ARRIVAL, DARK, TOY_STORY_2 = 329865, 70523, 863


def test_details_tell_the_score_the_rank_and_the_facts(home):
    best = got(home.client, "/recommendations", user="Anna", limit=1)["recommendations"][0]
    told = got(home.client, f"/titles/{best['type']}/{best['tmdb_id']}", user="Anna")
    assert {name: told[name] for name in best} == best
    assert (told["rank"], told["barred_because"]) == (1, [])
    assert told["total"] >= got(home.client, "/recommendations", user="Anna", limit=100)["count"]
    assert told["keywords"]
    assert told["people"]


def test_why_not_says_what_bars_a_title(home):
    said(home.client, "/dislike", {"tmdb_id": STAR_WARS}, user="Anna")
    bars = {
        tmdb_id: got(home.client, f"/titles/movie/{tmdb_id}", user="Anna")["barred_because"]
        for tmdb_id in (ALIEN, MEMENTO, STAR_WARS)
    }
    assert bars == {ALIEN: ["watched", "owned"], MEMENTO: ["owned"], STAR_WARS: ["hidden"]}
    assert got(home.client, f"/titles/movie/{ALIEN}", user="Anna")["rank"] is None


def test_details_tell_where_the_title_stands(home):
    read(home)
    told = got(home.client, f"/titles/movie/{ALIEN}", user="Anna")
    assert told["standing"] == status(home, ALIEN, user="Anna")


@pytest.mark.parametrize("path", ["/titles/movie/999999999", "/titles/tv/348"])
def test_nothing_is_told_of_what_nobody_knows(client, path):
    refused(client.get(path), 404, "not_found")


@pytest.mark.parametrize(("path", "field"), [("/titles/film/1", "kind"), ("/titles/tv/0", "tmdb_id")])
def test_a_path_that_does_not_fit_is_named(client, path, field):
    assert refused_fields(client, path, "") == [f"path.{field}"]


def test_the_trailer_is_an_address_at_youtube_or_null(client):
    trailers = [
        got(client, path)["trailer_url"]
        for path in (f"/titles/movie/{ARRIVAL}", f"/titles/tv/{DARK}", f"/titles/movie/{ALIEN}")
    ]
    assert trailers == [
        "https://www.youtube.com/watch?v=tFMo3UJ4B4g",
        "https://www.youtube.com/watch?v=rrwycJ08PSA",
        None,
    ]


def test_who_made_a_series_is_told_as_who_directed_a_film(client):
    assert got(client, f"/titles/movie/{ARRIVAL}")["directors"] == ["Denis Villeneuve"]
    assert set(got(client, f"/titles/tv/{DARK}")["directors"]) == {"Baran bo Odar", "Jantje Friese"}


def test_the_watched_titles_behind_a_score_are_told_with_their_shares(client):
    seen = {(each["type"], each["tmdb_id"]) for each in got(client, "/history", user="Ben")["history"]}
    for found in got(client, "/recommendations", user="Ben", limit=10)["recommendations"]:
        told = got(client, f"/titles/{found['type']}/{found['tmdb_id']}", user="Ben")["because_of"]
        assert {(each["type"], each["tmdb_id"]) for each in told} <= seen
        for component in ("content", "collaborative"):
            shares = [each["share"] for each in told if each["component"] == component]
            assert shares == sorted(shares, reverse=True)
            assert sum(shares) <= 1.0002
            assert bool(shares) is bool(found["scores"][component])


def test_for_who_watched_nothing_there_is_nobody_behind_a_score(client):
    assert got(client, f"/titles/movie/{STAR_WARS}", user="Cem")["because_of"] == []


def test_the_details_of_a_title_are_what_tmdb_says_of_it(client):
    told, title = got(client, "/titles/movie/862"), by_key("movie", 862)
    assert (told["original_title"], told["original_language"]) == (title.original_title, title.language)
    assert (told["runtime_min"], told["imdb_id"]) == (title.runtime_min, title.imdb_id)
    assert told["collection"] == title.collection == "Toy Story Collection"
    assert told["keywords"] == list(title.keywords)
    assert set(told["people"]) == {*title.directors, *(actor for actor, _ in title.cast)}
    assert told["directors"] == list(title.directors)
    assert [(part["name"], part["character"]) for part in told["cast"]] == list(title.cast)


def test_the_parts_that_are_low_hold_a_title_back(client):
    for found in got(client, "/recommendations", user="Anna", limit=10)["recommendations"]:
        told = got(client, f"/titles/{found['type']}/{found['tmdb_id']}", user="Anna")
        parts = ("content", "collaborative", "quality", "confidence")
        assert set(told["held_back_by"]) == {part for part in parts if told["scores"][part] < 0.5}
