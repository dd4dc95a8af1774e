"""GET /recommendations and /recommendations/weighted, as existing scripts call them."""

import math

import pytest
from starlette.testclient import TestClient

from doublebill.model import Weights
from doublebill.web.app import create_app
from sync.house import House, sync
from web.asked import got, refused, refused_fields

FIELDS = {
    "tmdb_id": int,
    "title": str,
    "type": str,
    "year": str | None,
    "genres": list,
    "vote_average": float | None,
    "vote_count": int | None,
    "overview": str | None,
    "poster_path": str | None,
    "backdrop_path": str | None,
    "language": str | None,
    "runtime_min": int | None,
    "scores": dict,
    "recommended_because": list,
}
PARTS = ("content", "collaborative", "quality", "confidence")
NOTHING = {"count": 0, "recommendations": [], "total": 0, "next": None}
PATHS = ("/recommendations", "/recommendations/weighted")
DEFAULT = dict(zip(PARTS, (0.4, 0.3, 0.2, 0.1), strict=True))


def adds_up(scores, weights):
    """See that weights x components - penalty is the score, to the last of four places."""
    known = {part: scores[part] for part in PARTS if scores[part] is not None}
    total = sum(weights[part] for part in known)
    blended = sum(weights[part] / total * value for part, value in known.items()) if total else 0.0
    return math.isclose(max(0.0, blended - scores["penalty"]), scores["hybrid"], abs_tol=0.000051)


def shares(answer):
    used = answer["weights_used"]
    return dict(zip(PARTS, (used["content"], used["collab"], used["quality"], used["confidence"]), strict=True))


@pytest.mark.parametrize("path", PATHS)
def test_a_recommendation_has_every_field_of_its_type(client, path):
    for found in got(client, path, limit=100)["recommendations"]:
        assert set(found) == set(FIELDS)
        assert [name for name, kind in FIELDS.items() if not isinstance(found[name], kind)] == []
        assert found["type"] in {"movie", "tv"}
        assert found["year"] is None or len(found["year"]) == 4
        assert all(isinstance(line, str) and line for line in found["recommended_because"])
        assert 1 <= len(found["recommended_because"]) <= 2


def test_every_score_is_in_0_to_1_on_four_places(client):
    for found in got(client, "/recommendations", limit=100)["recommendations"]:
        assert list(found["scores"]) == ["hybrid", *PARTS, "penalty"]
        for value in found["scores"].values():
            assert 0 <= value <= 1
            assert value == round(value, 4)


def test_ratings_are_told_as_tmdb_told_them(client):
    ratings = [found["vote_average"] for found in got(client, "/recommendations", limit=100)["recommendations"]]
    assert all(rating is None or rating == round(rating, 3) for rating in ratings)


@pytest.mark.parametrize("user", ["Anna", "Ben", "Cem", "household"])
def test_the_parts_of_every_score_add_up(client, user):
    picks = got(client, "/recommendations", user=user, limit=100)["recommendations"]
    assert picks
    assert all(adds_up(found["scores"], DEFAULT) for found in picks)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("query", [{}, {"sort": "varied"}, {"sort": "newest"}, {"sort": "quality", "min_score": 0.45}])
def test_page_by_page_one_comes_to_the_end_and_meets_everything_once(client, path, query):
    whole = got(client, path, limit=100, **query)
    pages, offset = [], 0
    while offset is not None:
        pages.append(got(client, path, limit=7, offset=offset, **query))
        offset = pages[-1]["next"]
    found = [each for page in pages for each in page["recommendations"]]
    assert found == whole["recommendations"]
    assert {page["total"] for page in pages} == {len(found)} == {whole["total"]}
    assert [page["count"] for page in pages[:-1]] == [7] * (len(pages) - 1)


def test_behind_the_end_there_is_nothing(client):
    answer = got(client, "/recommendations", offset=5_000)
    assert (answer["recommendations"], answer["next"]) == ([], None)
    assert answer["total"] == got(client, "/recommendations")["total"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("sort", "told"),
    [
        ("quality", lambda found: found["scores"]["quality"]),
        ("collaborative", lambda found: found["scores"]["collaborative"]),
        ("newest", lambda found: found["year"] or ""),
    ],
)
def test_what_comes_first_can_be_chosen(client, path, sort, told):
    found = [told(each) for each in got(client, path, sort=sort, limit=100)["recommendations"]]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) > 5


@pytest.mark.parametrize("path", PATHS)
def test_years_narrow_what_comes_both_included(client, path):
    found = got(client, path, sort="newest", year_from=1980, year_to=1999, limit=100)["recommendations"]
    everything = got(client, path, sort="newest", limit=100)["recommendations"]
    assert found[:20] == [each for each in everything if each["year"] and "1980" <= each["year"] <= "1999"][:20]
    assert len(found) >= 20
    assert got(client, path, sort="newest", year_from=1999, year_to=1980, limit=100)["recommendations"] == found


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["ja", "JA"])
def test_only_the_language_that_is_asked_for_comes(client, path, language):
    found = got(client, path, language=language)["recommendations"]
    assert {each["language"] for each in found} == {"ja"}


def test_an_empty_language_is_none(client):
    assert got(client, "/recommendations", language="") == got(client, "/recommendations")


@pytest.mark.parametrize("path", PATHS)
def test_what_is_owned_and_unseen_comes_where_it_is_asked_for(client, path):
    query = {"user": "Ben", "limit": 100, "year_from": 1979, "year_to": 2000}
    plain, with_owned = (
        {each["title"] for each in got(client, path, include_owned=told, **query)["recommendations"]}
        for told in (False, True)
    )
    assert with_owned - plain >= {"Alien", "Memento"}
    assert "Toy Story" not in with_owned
    assert plain <= with_owned


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"content_w": 1, "collab_w": 1, "quality_w": 1, "confidence_w": 0},
        {"content_w": 0.1, "collab_w": 0.7, "quality_w": 1e-9, "confidence_w": 0.33},
        {"content_w": 5e-324, "collab_w": 0, "quality_w": 0, "confidence_w": 0},
    ],
)
def test_the_parts_add_up_by_the_weights_used_which_sum_to_1(client, given):
    answer = got(client, "/recommendations/weighted", limit=100, **given)
    weights = shares(answer)
    assert sum(weights.values()) == pytest.approx(1, abs=1e-8)
    assert all(adds_up(found["scores"], weights) for found in answer["recommendations"])


@pytest.mark.parametrize("path", PATHS)
def test_the_best_come_first_and_the_count_is_theirs(client, path):
    answer = got(client, path, limit=50)
    scores = [found["scores"]["hybrid"] for found in answer["recommendations"]]
    assert scores == sorted(scores, reverse=True)
    assert answer["count"] == len(scores) == 50


def test_twenty_are_given_where_no_number_is_asked_for(client):
    assert got(client, "/recommendations")["count"] == 20


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", ["movie", "tv"])
def test_only_the_kind_that_is_asked_for_comes(client, path, kind):
    found = got(client, path, type_filter=kind)["recommendations"]
    assert {each["type"] for each in found} == {kind}


@pytest.mark.parametrize("genre", ["Animation", "aNIMat"])
def test_a_genre_is_part_of_a_name_without_case(client, genre):
    found = got(client, "/recommendations", genre=genre)["recommendations"]
    assert found
    assert all("Animation" in each["genres"] for each in found)


@pytest.mark.parametrize("genre", ["no such genre", "\x00", "💥", "%", "\\"])
def test_an_unknown_genre_is_an_empty_answer(client, genre):
    assert got(client, "/recommendations", genre=genre) == NOTHING


def test_an_empty_genre_is_none(client):
    assert got(client, "/recommendations", genre="") == got(client, "/recommendations")


def test_a_least_score_leaves_out_what_is_below(client):
    everything = got(client, "/recommendations", limit=100)["recommendations"]
    middle = everything[30]["scores"]["hybrid"]
    kept = got(client, "/recommendations", limit=100, min_score=middle)["recommendations"]
    assert kept == [each for each in everything if each["scores"]["hybrid"] >= middle]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        (f"limit={'9' * 5000}", "limit"),
        ("min_score=-0.1", "min_score"),
        ("min_score=1.1", "min_score"),
        ("min_score=nan", "min_score"),
        ("min_score=inf", "min_score"),
        ("type_filter=film", "type_filter"),
        (f"genre={'x' * 101}", "genre"),
        (f"user={'x' * 201}", "user"),
        ("offset=-1", "offset"),
        ("offset=1000001", "offset"),
        ("sort=best", "sort"),
        ("year_from=0", "year_from"),
        ("year_to=10000", "year_to"),
        ("year_to=old", "year_to"),
        ("language=eng", "language"),
        ("language=%C3%A9n", "language"),
        ("include_owned=perhaps", "include_owned"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(client, path, query, field):
    assert refused_fields(client, path, query) == [f"query.{field}"]


@pytest.mark.parametrize("name", ["content_w", "collab_w", "quality_w", "confidence_w", "collaborative_weight"])
@pytest.mark.parametrize("value", ["nan", "inf", "-0.01", "1.01", "", "much", "1e400"])
def test_a_weight_that_does_not_fit_is_named(client, name, value):
    assert refused_fields(client, "/recommendations/weighted", f"{name}={value}") == [f"query.{name}"]


@pytest.mark.parametrize("zero", ["0", "-0.0", "1e-400"])
def test_weights_that_are_all_zero_are_refused(client, zero):
    query = "&".join(f"{name}={zero}" for name in ("content_w", "collab_w", "quality_w", "confidence_w"))
    assert refused_fields(client, "/recommendations/weighted", query) == ["query.content_w"]


def test_a_weight_may_have_its_short_or_long_name_and_the_short_one_wins(client):
    short = got(client, "/recommendations/weighted", content_w=0.9, collab_w=0.1)
    long = got(client, "/recommendations/weighted", content_weight=0.9, collaborative_weight=0.1)
    both = got(client, "/recommendations/weighted", content_w=0.9, collab_w=0.1, content_weight=0.2)
    assert short == long == both


def test_weights_change_the_order_and_are_not_saved(client):
    before = got(client, "/recommendations")
    quality = got(client, "/recommendations/weighted", content_w=0, collab_w=0, quality_w=1, confidence_w=0)
    parts = [found["scores"]["quality"] for found in quality["recommendations"]]
    assert parts == sorted(parts, reverse=True)
    assert got(client, "/recommendations") == before


def test_each_person_has_picks_of_their_own_by_name_or_id(client):
    people = {each["name"]: each["id"] for each in got(client, "/people")["people"]}
    anna = got(client, "/recommendations", user="anna")
    assert anna == got(client, "/recommendations", user=people["Anna"])
    assert anna != got(client, "/recommendations", user="Ben")


@pytest.mark.parametrize("user", ["", "   ", "household", "HOUSEHOLD"])
def test_who_names_nobody_means_the_household(client, user):
    assert got(client, "/recommendations", user=user) == got(client, "/recommendations")


@pytest.mark.parametrize("user", ["nobody", "%ED%A0%80", "%00", "%F0%9F%92%A5", "..%2F..%2Fetc", "'%20OR%201=1--"])
def test_an_unknown_person_is_not_found(client, user):
    refused(client.get(f"/recommendations?user={user}"), 404, "not_found")


def test_a_default_person_stands_in_where_nobody_is_named(engine, client):
    anna = TestClient(create_app(engine, default_user="Anna", syncs_on_start=False))
    assert got(anna, "/recommendations") == got(client, "/recommendations", user="Anna")
    assert got(anna, "/recommendations", user="household") == got(client, "/recommendations")


def test_a_default_person_whom_nobody_knows_names_the_setting(engine):
    client = TestClient(create_app(engine, default_user="Ana", syncs_on_start=False))
    body = refused(client.get("/recommendations"), 409, "not_configured")
    assert "JELLYFIN_USER" in body["detail"]


def test_before_the_first_sync_there_is_an_empty_answer_also_for_a_default_person(new_engine):
    client = TestClient(create_app(new_engine, default_user="Anna", syncs_on_start=False))
    assert got(client, "/recommendations") == NOTHING
    assert got(client, "/genres") == []


def test_the_weights_that_a_person_confirmed_are_theirs_alone(new_engine, store):
    sync(new_engine)
    client = TestClient(create_app(new_engine, syncs_on_start=False))
    anna, before = new_engine.edition.person("Anna"), got(client, "/recommendations", user="Ben")
    store.save_weights(anna.person_id, Weights(0, 0, 1, 0))
    assert shares(got(client, "/recommendations/weighted", user="Anna")) == dict(zip(PARTS, (0, 0, 1, 0), strict=True))
    scores = [pick["scores"] for pick in got(client, "/recommendations", user="Anna")["recommendations"]]
    assert all(each["hybrid"] == each["quality"] for each in scores)
    assert got(client, "/recommendations", user="Ben") == before


def test_who_watched_nothing_gets_null_and_never_0_for_what_is_unknown(client):
    scores = [pick["scores"] for pick in got(client, "/recommendations", user="Cem")["recommendations"]]
    assert {(each["content"], each["collaborative"]) for each in scores} == {(None, None)}


def test_an_empty_house_gets_an_answer(store):
    engine = House({"people": [{"name": "Anna", "taste": "none yet"}]}).engine(store)
    sync(engine)
    client = TestClient(create_app(engine, syncs_on_start=False))
    assert got(client, "/recommendations", user="Anna")["count"] > 5
