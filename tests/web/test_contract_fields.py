"""Every answer has the fields that scripts rely on, each of its type and no other; written by hand, not from the code.

What the fields mean is checked beside each group of endpoints; here it is only that they are there.
"""

import asyncio
import re
from datetime import date, datetime
from types import NoneType, UnionType

import pytest
from starlette.testclient import TestClient

from doublebill.model import Kind, Title, TitleKey
from doublebill.store import open_store
from doublebill.web.app import create_app
from doublebill.web.schemas import facts
from sync.house import NOW, House, films_and_series, sync
from web.asked import got, said
from web.test_titles import ALIEN, DARK

KINDS = {"movie", "tv"}
SUCCESS = {"status": {"success"}, "message": str}
TITLE = {
    "tmdb_id": int,
    "title": str,
    "type": KINDS,
    "year": str | None,
    "genres": [str],
    "vote_average": float | None,
    "vote_count": int | None,
    "overview": str | None,
    "poster_path": str | None,
    "backdrop_path": str | None,
    "language": str | None,
    "runtime_min": int | None,
}
SCORES = {
    "hybrid": float,
    "content": float | None,
    "collaborative": float | None,
    "quality": float | None,
    "confidence": float | None,
    "penalty": float,
}
RECOMMENDATION = TITLE | {"scores": SCORES, "recommended_because": [str]}
PAGE = {"count": int, "recommendations": [RECOMMENDATION], "total": int, "next": int | None}
WEIGHTS_USED = dict.fromkeys(("content", "collab", "quality", "confidence"), float)
TUNER = dict.fromkeys(("content_weight", "collaborative_weight", "quality_weight", "confidence_weight"), float)
TUNED = {**TUNER, "formula": {"default", "classic"}}
STATUS = {
    "is_watched": bool,
    "is_hidden": bool,
    "is_requested": bool,
    "in_library": bool,
    "service_status": {"available", "downloading", "requested", "absent"},
    "service_status_from": datetime,
}
BECAUSE_OF = {name: TITLE[name] for name in ("tmdb_id", "type", "title", "year", "genres", "poster_path")} | {
    "component": {"content", "collaborative"},
    "share": float,
}
DETAILS = RECOMMENDATION | {
    "original_title": str | None,
    "original_language": str | None,
    "keywords": [str],
    "people": [str],
    "tagline": str | None,
    "directors": [str],
    "cast": [{"name": str, "character": str | None}],
    "collection": str | None,
    "imdb_id": str | None,
    "trailer_url": str | None,
    "because_of": [BECAUSE_OF],
    "rank": int | None,
    "total": int,
    "barred_because": [str],
    "held_back_by": [str],
    "standing": STATUS,
}
SIMILAR = {name: TITLE[name] for name in ("tmdb_id", "title", "type", "year", "genres", "vote_average")} | {
    "similarity_score": float,
    "shared_features": [str],
}
FOUND = TITLE | {"bm25_score": float | None, "is_fuzzy": bool, "similarity_score": float | None, "matched_via": str}
FOUND_PAGE = {"count": int, "results": [FOUND], "hint": NoneType}
LOCAL_KNOWLEDGE = {
    "hybrid": float | None,
    "is_watched": bool,
    "is_requested": bool,
    "in_library": bool,
    "is_hidden": bool,
}
WATCHED = TITLE | {
    "completion": float,
    "plays": int,
    "episodes": int,
    "last_played_at": datetime,
    "is_favorite": bool,
    "rating": float | None,
    "by_hand": bool,
    "counts": bool,
    "why_not": str | None,
    "watched_by": [{"id": str, "name": str}],
}
OPTIONS = {"quality_profile": int | str | None, "root_folder": str | None, "tags": [str], "monitored": bool}
FILM_CHOICES = OPTIONS | {"search": bool, "minimum_availability": {"announced", "inCinemas", "released"}}
SERIES_CHOICES = OPTIONS | {"search": bool, "monitor": str, "series_type": str, "season_folder": bool}
ADDED = {"status": {"success", "exists"}, "message": str, "plan": NoneType}
PLANNED = {
    "status": {"planned"},
    "message": str,
    "plan": {"exists": bool, "is_excluded": bool, "quality_profile": str | None, "new_tags": [str], "body": dict},
}
SERVICE = {
    "service": {"radarr", "sonarr"},
    "is_configured": bool,
    "missing": str | None,
    "name": str,
    "version": str,
    "read_at": datetime,
    "problem": str | None,
    "quality_profiles": [{"id": int, "name": str}],
    "root_folders": [{"path": str, "is_accessible": bool, "free_bytes": int | None}],
    "defaults": (FILM_CHOICES, SERIES_CHOICES),
}
STEP = {
    "step": str,
    "words": str,
    "done": int,
    "total": int | None,
    "rate_per_s": float | None,
    "left_s": float | None,
    "finished": bool,
}
SYSTEM = {
    "status": {"success"},
    "kind": {"full"},
    "left_s": NoneType,
    "step": NoneType,
    "message": str,
    "progress": int,
    "last_update": datetime,
    "last_full_sync": datetime,
    "last_light_sync": datetime,
    "next_sync": str | None,
    "steps": [STEP],
    "skipped": dict,
}
SYNC = {
    "id": int,
    "kind": {"full", "light"},
    "status": {"success"},
    "started_at": datetime,
    "finished_at": datetime,
    "message": str,
    "skipped": dict,
}
REFRESHED = {"status": {"refreshed"}} | dict.fromkeys(
    ("recommendations_loaded", "candidates_loaded", "bm25_items_indexed"), int
)

BODY = {"tmdb_id": ALIEN, "title": "Alien", "type": "movie"}
HIDDEN = TITLE | {"hidden_at": datetime, "until": datetime}

ASKED = [
    ("GET /recommendations", None, PAGE),
    (
        "GET /recommendations/weighted?content_w=1",
        None,
        PAGE | {"weights_used": WEIGHTS_USED},
    ),
    (
        "GET /recommendations/rows?user=Anna",
        None,
        {"rows": [{"because": TITLE, "words": str, "recommendations": [RECOMMENDATION]}], "next": NoneType},
    ),
    (
        "GET /filters",
        None,
        {
            "genres": [str],
            "languages": [{"code": str, "name": str, "count": int}],
            "year_from": int,
            "year_to": int,
        },
    ),
    ("GET /top-rated", None, {"count": int, "recommendations": [TITLE | {"weighted_rating": float}]}),
    (
        f"GET /similar/{ALIEN}",
        None,
        {"source_title": str, "source_tmdb_id": int, "similar_items": [SIMILAR]},
    ),
    ("GET /genres", None, [str]),
    *(
        (f"GET /search?query=alien{more}", None, FOUND_PAGE | {"method": {method}})
        for more, method in (("", "bm25"), ("&mode=meaning", "meaning"))
    ),
    *(
        (
            f"GET /search/tmdb?query=alien&mode={mode}",
            None,
            {
                "count": int,
                "results": [TITLE | LOCAL_KNOWLEDGE | {"matched_via": str}],
                "method": {mode},
                "backend_time": float,
            },
        )
        for mode in ("simple", "advanced")
    ),
    ("GET /history", None, {"history": [WATCHED], "next": int | None}),
    ("POST /history?user=Cem", BODY, SUCCESS),
    (f"DELETE /history/movie/{ALIEN}?user=Cem", None, SUCCESS),
    ("POST /dislike?user=Cem", BODY, SUCCESS | {"until": datetime}),
    ("POST /dislike?user=Cem", BODY, {"status": {"already_disliked"}, "message": str, "until": datetime}),
    ("GET /hidden?user=Cem", None, {"hidden": [HIDDEN], "next": NoneType}),
    (f"DELETE /hidden/movie/{ALIEN}?user=Cem", None, SUCCESS),
    ("GET /settings/tuner", None, TUNED),
    ("POST /settings/tuner?user=Cem", {"content_weight": 1}, SUCCESS),
    ("GET /tuner/presets", None, {"presets": [{"name": str, "words": str, "weights": TUNED}], "next": NoneType}),
    (
        "GET /tuner/preview?content_w=0&collab_w=0&quality_w=0&confidence_w=1",
        None,
        {"changed": int, "entering": [TITLE], "leaving": [TITLE], "weights_used": WEIGHTS_USED},
    ),
    (f"GET /check/status?tmdb_id={ALIEN}&type=movie", None, STATUS),
    ("POST /check/status/batch", {"items": [{"tmdb_id": ALIEN, "type": "movie"}]}, {"*": STATUS}),
    (f"GET /titles/movie/{ALIEN}", None, DETAILS),
    (f"GET /titles/tv/{DARK}?user=Ben", None, DETAILS),
    ("POST /add/radarr", {"tmdb_id": ALIEN, "title": "Alien", "year": "1979"}, ADDED),
    ("POST /add/radarr", {"tmdb_id": ALIEN, "dry_run": True}, PLANNED),
    ("POST /add/sonarr", {"tmdb_id": DARK, "title": "Dark"}, ADDED),
    ("POST /add/sonarr", {"tmdb_id": DARK, "dry_run": True}, PLANNED),
    ("GET /services", None, {"services": [SERVICE], "next": NoneType}),
    ("PUT /services/radarr/defaults", {"tags": ["family"]}, FILM_CHOICES),
    ("PUT /services/sonarr/defaults", {"monitor": "pilot"}, SERIES_CHOICES),
    (
        "GET /api/health",
        None,
        {"status": {"healthy"}, "total_candidates": int, "total_recommendations": int, "message": str},
    ),
    ("GET /people", None, {"people": [{"id": str, "name": str}], "default": str, "next": NoneType}),
    ("GET /system/status", None, SYSTEM),
    ("GET /syncs", None, {"syncs": [SYNC], "next": NoneType}),
    ("POST /refresh", None, REFRESHED),
]
"""What is asked, in this order, of one house: the call, its body, and the shape of the answer."""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """Ask everything once, of a house in which all four services are played."""
    house, store = House(), open_store(tmp_path_factory.mktemp("contract") / "doublebill.db")
    engine = house.engine(store)
    sync(engine)
    asyncio.run(engine.shelf.refresh_stale())
    client = TestClient(create_app(engine, syncs_on_start=False))
    told = [client.request(*asked.split(" "), json=body) for asked, body, _ in ASKED]
    store.close()
    return told


def misfits(value, shape, place="answer"):
    """Name each place of a value that is not of a shape.

    A shape is a type (a datetime is told in UTC), a set of words, a list of one shape, a tuple of shapes of which one
    fits, or a dict of fields, where ``*`` is any key. A list of objects must not be empty, or nothing would be seen of
    them.
    """
    if isinstance(shape, tuple):
        if all(any(misfits(value, one)) for one in shape):
            yield f"{place}: {value!r}"
    elif isinstance(shape, dict) and isinstance(value, dict):
        fields = dict.fromkeys(value, shape["*"]) if "*" in shape else shape
        yield from (f"{place}.{name}" for name in sorted(fields.keys() ^ value.keys()))
        for name in fields.keys() & value.keys():
            yield from misfits(value[name], fields[name], f"{place}.{name}")
    elif isinstance(shape, list) and isinstance(value, list):
        if not value and isinstance(shape[0], dict):
            yield f"{place} is empty"
        for item in value:
            yield from misfits(item, shape[0], f"{place}[]")
    elif not is_of(value, shape):
        yield f"{place}: {value!r}"


def is_of(value, shape):
    if shape is datetime:
        return isinstance(value, str) and value.endswith("Z") and datetime.fromisoformat(value).tzinfo is not None
    if isinstance(shape, set):
        return value in shape
    kinds = shape.__args__ if isinstance(shape, UnionType) else (shape,)
    return type(value) in kinds


@pytest.mark.parametrize("number", range(len(ASKED)), ids=[asked for asked, *_ in ASKED])
def test_an_answer_has_every_field_of_its_type_and_no_other(answers, number):
    answer = answers[number]
    assert answer.status_code == 200, answer.text
    assert list(misfits(answer.json(), ASKED[number][2])) == []


def by_key(kind, tmdb_id):
    return next(title for title in films_and_series() if title.key == TitleKey(Kind(kind), tmdb_id))


def titles_in(value):
    """Give every title that stands anywhere in an answer."""
    if isinstance(value, dict) and "tmdb_id" in value:
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from titles_in(inner)


@pytest.mark.parametrize("number", range(len(ASKED)), ids=[asked for asked, *_ in ASKED])
def test_whatever_is_told_of_a_title_is_what_tmdb_says_of_it(answers, number):
    for told in titles_in(answers[number].json()):
        title = by_key(told["type"], told["tmdb_id"])
        expected = {
            "title": title.title,
            "year": str(title.released.year),
            "genres": list(title.genres),
            "vote_average": title.vote_average,
            "vote_count": title.vote_count,
            "overview": title.overview,
            "poster_path": None,  # the demo's are drawn
            "language": title.language,
        }
        assert {name: told[name] for name in expected.keys() & told.keys()} == {
            name: value for name, value in expected.items() if name in told
        }


def test_every_fact_that_is_known_is_told():
    key, poster, backdrop = TitleKey(Kind.TV, 605), "/poster.jpg", "/wide.jpg"
    told = facts(
        Title(
            key,
            "Nikita",
            released=date(1997, 1, 13),
            genres=("Crime",),
            vote_average=7.1,
            vote_count=9,
            overview="O.",
            original_language="en",
            poster_path=poster,
            backdrop_path=backdrop,
            runtime_min=45,
        )
    )
    assert list(told.values()) == [605, "Nikita", "tv", "1997", ["Crime"], 7.1, 9, "O.", poster, backdrop, "en", 45]


# What no other test says of a field


def test_the_history_says_how_much_of_a_title_was_seen_and_what_was_thought_of_it(client):
    anna, ben = (
        {each["title"]: each for each in got(client, "/history", user=user)["history"]} for user in ("Anna", "Ben")
    )
    assert (anna["Dark"]["completion"], anna["Dark"]["episodes"]) == (1, by_key("tv", DARK).episodes)
    assert (anna["Arrival"]["plays"], anna["Arrival"]["is_favorite"]) == (3, True)
    assert not anna["Alien"]["is_favorite"]
    assert anna["Brazil"]["rating"] is None or anna["Brazil"]["rating"] < 4
    assert (ben["Chernobyl"]["completion"], ben["Chernobyl"]["episodes"]) == (0.6, 3)


def test_a_hide_is_told_with_when_it_began(home):
    said(home.client, "/dislike", BODY)
    assert [datetime.fromisoformat(each["hidden_at"]) for each in got(home.client, "/hidden")["hidden"]] == [NOW]


def test_every_step_says_how_much_it_did(client, engine):
    steps = {step["step"]: step for step in got(client, "/system/status")["steps"]}
    embedded = steps["embed"]
    assert embedded["done"] == embedded["total"] == int(engine.edition.catalogue.has_vector.sum())
    assert all(step["finished"] and step["left_s"] in (None, 0) for step in steps.values())


def test_a_sync_says_when_it_was_and_what_it_passed_over(client, engine):
    (run,) = got(client, "/syncs")["syncs"]
    assert run["id"] == engine.store.sync_runs(1)[0].run_id
    assert datetime.fromisoformat(run["started_at"]) == datetime.fromisoformat(run["finished_at"]) == NOW
    assert run["message"] == "Everything is up to date"
    assert run["skipped"] == {"library items that no TMDB title was found for": 1}


def test_a_service_says_its_version_and_when_it_was_read(home):
    got(home.client, "/services")
    for told in got(home.client, "/services")["services"]:
        assert re.fullmatch(r"\d+(\.\d+)+", told["version"])
        assert datetime.fromisoformat(told["read_at"]) == NOW
        assert [profile["id"] for profile in told["quality_profiles"]] == [1, 4, 5]
        assert told["problem"] is None
