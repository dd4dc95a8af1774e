"""GET /similar/{tmdb_id}, /genres and /filters."""

import pytest
from starlette.testclient import TestClient

from doublebill.model import Kind
from doublebill.web.app import create_app
from sync.faulty_store import FaultyStore
from sync.house import House, films_and_series
from web.asked import got, refused, refused_fields

ALIEN = next(title.key.tmdb_id for title in films_and_series() if title.title == "Alien")
DARK = next(title.key.tmdb_id for title in films_and_series() if title.title == "Dark")
FIELDS = {
    "tmdb_id": int,
    "title": str,
    "type": str,
    "year": str | None,
    "genres": list,
    "vote_average": float | None,
    "similarity_score": float,
    "shared_features": list,
}


def test_similar_titles_are_told_with_every_field_nearest_first(client):
    answer = got(client, f"/similar/{ALIEN}", limit=50)
    assert set(answer) == {"source_title", "source_tmdb_id", "similar_items"}
    assert (answer["source_title"], answer["source_tmdb_id"]) == ("Alien", ALIEN)
    for item in answer["similar_items"]:
        assert set(item) == set(FIELDS)
        assert [name for name, kind in FIELDS.items() if not isinstance(item[name], kind)] == []
        assert 0 <= item["similarity_score"] <= 1
        assert item["similarity_score"] == round(item["similarity_score"], 4)
    scores = [item["similarity_score"] for item in answer["similar_items"]]
    assert scores == sorted(scores, reverse=True)
    assert ALIEN not in {item["tmdb_id"] for item in answer["similar_items"] if item["type"] == "movie"}


@pytest.mark.parametrize(("limit", "count"), [(None, 10), (1, 1), (50, 50)])
def test_as_many_come_as_are_asked_for(client, limit, count):
    query = {"limit": limit} if limit else {}
    assert len(got(client, f"/similar/{ALIEN}", **query)["similar_items"]) == count


def test_a_title_is_found_without_or_with_its_kind_and_not_with_the_other(client):
    assert got(client, f"/similar/{DARK}", type="tv") == got(client, f"/similar/{DARK}")
    refused(client.get(f"/similar/{DARK}?type=movie"), 404, "not_found")


@pytest.mark.parametrize("tmdb_id", [1, 2**31 - 1])
def test_an_unknown_title_is_not_found(client, tmdb_id):
    body = refused(client.get(f"/similar/{tmdb_id}"), 404, "not_found")
    assert str(tmdb_id) in body["detail"]


@pytest.mark.parametrize("tmdb_id", ["0", "-1", "2147483648", "9" * 5000, "1.5", "alien", "%00", "movie:603", "1e3"])
def test_an_id_that_cannot_be_is_named(client, tmdb_id):
    body = refused(client.get(f"/similar/{tmdb_id}"), 422, "invalid_request")
    assert [error["field"] for error in body["errors"]] == ["path.tmdb_id"]


@pytest.mark.parametrize(("query", "field"), [("limit=0", "limit"), ("limit=51", "limit"), ("type=film", "type")])
def test_a_parameter_that_does_not_fit_is_named(client, query, field):
    assert refused_fields(client, f"/similar/{ALIEN}", query) == [f"query.{field}"]


def test_a_title_that_was_purged_after_the_edition_is_not_found(client, engine):
    faulty = FaultyStore(engine.store)
    faulty.titles = lambda keys: {}
    whole, engine.store = engine.store, faulty
    try:
        refused(client.get(f"/similar/{ALIEN}"), 404, "not_found")
    finally:
        engine.store = whole


def test_genres_are_sorted_names_each_once(client):
    names = got(client, "/genres")
    assert names == sorted(set(names))
    assert {"Animation", "Science Fiction"} <= set(names)


def test_every_filter_that_is_offered_finds_something(client):
    told = got(client, "/filters")
    assert told["genres"] == sorted(told["genres"])
    for query in (
        *({"genre": name} for name in told["genres"]),
        *({"language": language["code"]} for language in told["languages"]),
        {"year_to": told["year_from"]},
        {"year_from": told["year_to"]},
    ):
        assert any(
            got(client, "/recommendations", user=user, include_owned=True, **query)["total"] for user in ("Ben", "Cem")
        ), query


def test_languages_are_told_by_name_the_most_frequent_first(client):
    told = got(client, "/filters")["languages"]
    counts = [language["count"] for language in told]
    assert counts == sorted(counts, reverse=True)
    assert {"code": "ja", "name": "Japanese"}.items() <= next(each for each in told if each["code"] == "ja").items()
    everything = got(client, "/recommendations", user="Cem", include_owned=True, language="ja")
    assert everything["total"] == next(each["count"] for each in told if each["code"] == "ja")


def test_before_the_first_sync_there_is_nothing_to_filter_by(new_engine):
    client = TestClient(create_app(new_engine, syncs_on_start=False))
    assert got(client, "/filters") == {"genres": [], "languages": [], "year_from": None, "year_to": None}


def test_the_house_of_these_tests_has_both_kinds():
    assert {title.key.kind for title in films_and_series()} == set(Kind)
    assert House().world.items
