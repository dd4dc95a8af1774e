"""Finding titles here as somebody types, and at TMDB."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from doublebill.errors import ConfigError
from doublebill.sync.engine import Engine
from doublebill.web.app import create_app
from sync.house import answer, dead_line
from web.asked import got, refused, refused_fields, said


def names(found):
    return [each["title"] for each in found["results"]]


# Here


def test_a_title_is_found_by_its_name_with_all_its_facts(client):
    found = got(client, "/search", query="Arrival")
    first = found["results"][0]
    assert (found["method"], first["title"], first["type"], first["year"]) == ("bm25", "Arrival", "movie", "2016")
    assert (first["is_fuzzy"], found["count"]) == (False, len(found["results"]))
    assert first["bm25_score"] == round(first["bm25_score"], 4) > 0


@pytest.mark.parametrize("query", ["arri", "ARRIVAL", "  arrival  ", "àrrivál", '"arrival"', "arrival*", "(arrival"])
def test_case_accents_signs_and_the_end_of_the_last_word_do_not_matter(client, query):
    assert "Arrival" in names(got(client, "/search", query=query))


def test_a_person_and_a_name_in_another_language_are_found(client):
    assert "Arrival" in names(got(client, "/search", query="Amy Adams"))
    assert "Spirited Away" in names(got(client, "/search", query="千と千尋"))


def test_the_best_come_first_and_a_name_beats_the_plot(client):
    found = got(client, "/search", query="dark")["results"]
    scores = [each["bm25_score"] for each in found]
    assert scores == sorted(scores, reverse=True)
    assert found[0]["title"] == "Dark"


def test_a_name_that_is_only_alike_is_marked_so_and_comes_last(client):
    found = got(client, "/search", query="arrivle")["results"]
    assert ("Arrival", True) in [(each["title"], each["is_fuzzy"]) for each in found]
    assert sorted(found, key=lambda each: each["is_fuzzy"]) == found


def test_no_more_come_than_are_wanted(client):
    whole = got(client, "/search", query="a", limit=50)
    assert got(client, "/search", query="a", limit=3)["results"] == whole["results"][:3]


@pytest.mark.parametrize("query", ["zzzzzzzz", "\x00", "💥", "   ", "%", "'; DROP TABLE title; --", "AND", "NEAR("])
def test_what_is_not_there_is_an_empty_answer_or_only_words(client, query):
    assert got(client, "/search", query=query)["count"] >= 0


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(min_size=1, max_size=600), limit=st.integers(1, 50))
def test_no_text_makes_the_search_fail(client, query, limit):
    found = got(client, "/search", query=query.encode("utf-8", "replace").decode(), limit=limit)
    assert found["count"] == len(found["results"]) <= limit


@pytest.mark.parametrize("path", ["/search", "/search/tmdb"])
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "query"),
        ("query=", "query"),
        (f"query={'x' * 10_001}", "query"),
        ("query=x&limit=0", "limit"),
        ("query=x&limit=51", "limit"),
        ("query=x&limit=ten", "limit"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(client, path, query, field):
    assert refused_fields(client, path, query) == [f"query.{field}"]


# At TMDB


def calls(home):
    return [path for path in home.house.tmdb.calls if "/genre/" not in path]


def test_a_simple_search_asks_once_and_tells_how_long_it_took(home):
    found = got(home.client, "/search/tmdb", query="Alien")
    assert calls(home) == ["/3/search/multi"]
    assert found["results"][0]["title"] == "Alien"
    assert {each["matched_via"] for each in found["results"]} == {"title"}
    assert (found["method"], found["count"]) == ("simple", len(found["results"]))
    assert found["backend_time"] >= 0


@pytest.mark.parametrize("query", ["Amy Adams", "Ridley", "a", "Denis Villeneuve"])
def test_an_advanced_search_asks_at_most_five_times(home, query):
    found = got(home.client, "/search/tmdb", query=query, mode="advanced", limit=50)
    assert len(calls(home)) <= 5
    keys = [(each["type"], each["tmdb_id"]) for each in found["results"]]
    assert len(keys) == len(set(keys)) == found["count"] <= 50


def test_an_advanced_search_says_through_whom_a_title_was_found(home):
    assert via(home, "Amy Adams")["Arrival"] == "actor:Amy Adams"
    assert via(home, "Denis Villeneuve")["Arrival"] == "director:Denis Villeneuve"
    assert via(home, "Arrival")["Arrival"] == "title"


def via(home, query):
    found = got(home.client, "/search/tmdb", query=query, mode="advanced", limit=50)["results"]
    return {each["title"]: each["matched_via"] for each in found}


def test_results_carry_what_is_known_of_them_here(home):
    anna = {"user": "Anna"}
    best = got(home.client, "/recommendations", limit=2, **anna)["recommendations"]
    for each in best:
        found = got(home.client, "/search/tmdb", query=each["title"], **anna)["results"]
        same = next(one for one in found if (one["type"], one["tmdb_id"]) == (each["type"], each["tmdb_id"]))
        assert same["hybrid"] == each["scores"]["hybrid"]
        assert not any(same[name] for name in ("is_watched", "is_requested", "in_library", "is_hidden"))


def marks(home, query):
    first = got(home.client, "/search/tmdb", query=query, user="Anna")["results"][0]
    return {name for name in ("is_watched", "is_requested", "in_library", "is_hidden") if first[name]}, first["hybrid"]


def test_what_is_watched_owned_or_hidden_is_marked_and_has_no_score(home):
    best = got(home.client, "/recommendations", limit=1, user="Anna")["recommendations"][0]
    said(home.client, "/dislike", {"tmdb_id": best["tmdb_id"], "type": best["type"]}, user="Anna")
    assert marks(home, "Alien") == ({"is_watched", "in_library"}, None)
    assert marks(home, "Memento") == ({"in_library"}, None)
    assert marks(home, best["title"]) == ({"is_hidden"}, None)


def test_what_was_asked_for_is_marked(home):
    said(home.client, "/add/radarr", {"tmdb_id": 11})
    assert "is_requested" in marks(home, "Star Wars")[0]


def test_nothing_but_space_asks_nothing(home):
    for mode in ("simple", "advanced"):
        assert got(home.client, "/search/tmdb", query="   ", mode=mode)["count"] == 0
    assert home.house.tmdb.calls == []


def test_an_unknown_mode_is_refused(client):
    assert refused_fields(client, "/search/tmdb", "query=x&mode=clever") == ["query.mode"]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (dead_line, 504, "source_unreachable"),
        (answer(500, text="boom"), 502, "source_broken"),
        (answer(401, {"status_code": 7}), 502, "source_refused"),
        (answer(200, text="<html>"), 502, "source_broken"),
    ],
)
@pytest.mark.parametrize("mode", ["simple", "advanced"])
def test_a_failure_of_tmdb_names_it_and_never_the_key(home, fault, status, code, mode, caplog):
    home.house.tmdb.fault = lambda _: fault
    told = home.client.get("/search/tmdb", params={"query": "Alien", "mode": mode})
    assert "TMDB" in refused(told, status, code)["detail"]
    assert home.house.upstreams.tmdb_key not in told.text + caplog.text


def test_without_a_key_the_variable_is_named(home):
    def not_set():
        raise ConfigError("TMDB_API_KEY is not set")

    client = TestClient(create_app(Engine(home.store, home.engine.model, not_set), syncs_on_start=False))
    assert "TMDB_API_KEY" in refused(client.get("/search/tmdb?query=x"), 409, "not_configured")["detail"]


def test_the_local_search_asks_nobody(home):
    async def never(scope, receive, send):
        await asyncio.Event().wait()

    home.house.tmdb.fault = lambda _: never
    assert names(got(home.client, "/search", query="Arrival"))
    assert home.house.tmdb.calls == []
