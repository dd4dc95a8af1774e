"""Every parameter and every field of a body is looked at: what does not fit is a 422 that names it.

What they mean is checked beside each group of endpoints.
"""

import pytest

from web.asked import got, refused, said
from web.test_contract_fields import BODY, FILM_CHOICES, SERIES_CHOICES, TUNER, WEIGHTS_USED

SHORT_NAMES = ("content_w", "collab_w", "quality_w", "confidence_w")
WEIGHT_NAMES = (*SHORT_NAMES, *TUNER)
PAGED_PATHS = ("/history", "/hidden")
PERSONAL = [
    ("GET /recommendations", None),
    ("GET /recommendations/weighted", None),
    ("GET /recommendations/rows", None),
    ("GET /top-rated", None),
    ("GET /titles/movie/348", None),
    ("GET /search/tmdb?query=alien", None),
    ("GET /history", None),
    ("POST /history", BODY),
    ("DELETE /history/movie/348", None),
    ("GET /hidden", None),
    ("POST /dislike", BODY),
    ("DELETE /hidden/movie/348", None),
    ("GET /settings/tuner", None),
    ("POST /settings/tuner", {}),
    ("GET /tuner/preview", None),
    ("GET /check/status?tmdb_id=348", None),
    ("POST /check/status/batch", {"items": []}),
]
"""Everything that is answered for one person."""

REQUEST_NAMES = {"tmdb_id", "title", "force", "dry_run"}
WRONG_CHOICES = {
    "tmdb_id": 0,
    "title": "x" * 501,
    "force": "maybe",
    "dry_run": "maybe",
    "quality_profile": [],
    "root_folder": "x" * 1001,
    "tags": "family",
    "monitored": "maybe",
    "search": "maybe",
    "minimum_availability": "soon",
    "monitor": "some",
    "series_type": "long",
    "season_folder": "maybe",
}

TOO_LONG = "x" * 10_001
REFUSED = [
    *((f"GET /top-rated?{wrong}=-1", None, f"query.{wrong}") for wrong in ("limit", "type_filter")),
    (f"GET /top-rated?genre={'x' * 101}", None, "query.genre"),
    *((f"GET {path}?{wrong}=-1", None, f"query.{wrong}") for path in PAGED_PATHS for wrong in ("limit", "offset")),
    *((f"GET /tuner/preview?{name}=2", None, f"query.{name}") for name in WEIGHT_NAMES),
    *((f"GET /recommendations/weighted?{name}=2", None, f"query.{name}") for name in WEIGHT_NAMES),
    ("GET /search", None, "query.query"),
    (f"GET /search?query={TOO_LONG}", None, "query.query"),
    ("GET /search?query=alien&limit=51", None, "query.limit"),
    ("GET /search?query=alien&mode=best", None, "query.mode"),
    ("GET /search/tmdb", None, "query.query"),
    ("GET /search/tmdb?query=alien&limit=51", None, "query.limit"),
    ("GET /search/tmdb?query=alien&mode=best", None, "query.mode"),
    ("GET /check/status", None, "query.tmdb_id"),
    ("GET /check/status?tmdb_id=603&type=film", None, "query.type"),
    ("POST /check/status/batch", {}, "body.items"),
    ("POST /check/status/batch", {"items": [{"tmdb_id": 1}] * 501}, "body.items"),
    ("POST /check/status/batch", {"items": [{}]}, "body.items.0.tmdb_id"),
    ("POST /check/status/batch", {"items": [{"tmdb_id": 603, "type": "film"}]}, "body.items.0.type"),
    *(
        (f"{method} {path}/{kind}/{number}", None, f"path.{wrong}")
        for method, path in (("GET", "/titles"), ("DELETE", "/history"), ("DELETE", "/hidden"))
        for kind, number, wrong in (("film", 603, "kind"), ("movie", 0, "tmdb_id"))
    ),
    *(
        (f"POST {path}", BODY | {name: value}, f"body.{name}")
        for path in ("/history", "/dislike")
        for name, value in (("tmdb_id", 0), ("title", "x" * 501), ("type", "film"))
    ),
    *(("POST /settings/tuner", {name: 1.1}, f"body.{name}") for name in TUNER),
    *(
        (f"POST /add/{service}", {"tmdb_id": 603, name: value}, f"body.{name}")
        for service, names in (("radarr", FILM_CHOICES), ("sonarr", SERIES_CHOICES))
        for name, value in WRONG_CHOICES.items()
        if name in names or name in REQUEST_NAMES
    ),
    ("POST /add/radarr", {"tmdb_id": 603, "year": []}, "body.year"),
    *(
        (f"DELETE /add/{service}/{number}", None, "path.tmdb_id")
        for service in ("radarr", "sonarr")
        for number in (0, 2**31)
    ),
    *(
        (f"PUT /services/{service}/defaults", {name: WRONG_CHOICES[name]}, f"body.{name}")
        for service, names in (("radarr", FILM_CHOICES), ("sonarr", SERIES_CHOICES))
        for name in names
    ),
]


@pytest.mark.parametrize(("asked", "body", "field"), REFUSED)
def test_whatever_does_not_fit_is_named(client, asked, body, field):
    problem = refused(client.request(*asked.split(" "), json=body), 422, "invalid_request")
    assert {error["field"].removesuffix(".int").removesuffix(".str") for error in problem["errors"]} == {field}


@pytest.mark.parametrize(("asked", "body"), PERSONAL)
def test_nothing_is_answered_for_a_person_whom_nobody_knows(client, asked, body):
    method, path = asked.split(" ")
    url = f"{path}{'&' if '?' in path else '?'}user="
    assert "nobody" in refused(client.request(method, f"{url}nobody", json=body), 404, "not_found")["detail"]
    problem = refused(client.request(method, url + "x" * 201, json=body), 422, "invalid_request")
    assert [error["field"] for error in problem["errors"]] == ["query.user"]


@pytest.mark.parametrize("path", ["/recommendations/weighted", "/tuner/preview"])
@pytest.mark.parametrize("name", WEIGHT_NAMES)
def test_each_weight_goes_by_its_short_and_its_long_name(client, path, name):
    zero = dict.fromkeys(SHORT_NAMES if name in SHORT_NAMES else TUNER, 0)
    used = got(client, path, **zero | {name: 0.5})["weights_used"]
    part = name.split("_")[0].replace("collaborative", "collab")
    assert used == dict.fromkeys(WEIGHTS_USED, 0) | {part: 1}


@pytest.mark.parametrize("filters", [{"genre": "anim"}, {"min_score": 0.3}, {"type_filter": "tv"}, {"user": "Ben"}])
def test_filters_mean_the_same_whatever_the_weights(client, filters):
    plain, weighted = (
        [(found["type"], found["tmdb_id"]) for found in got(client, path, limit=30, **filters)["recommendations"]]
        for path in ("/recommendations", "/recommendations/weighted")
    )
    assert plain == weighted
    assert plain


@pytest.mark.parametrize(
    ("service", "own"),
    [
        ("radarr", {"minimum_availability": "inCinemas"}),
        ("sonarr", {"monitor": "future", "series_type": "daily", "season_folder": False}),
    ],
)
def test_every_default_that_is_sent_is_kept(home, service, own):
    sent = {"quality_profile": "Any", "root_folder": "/media", "tags": ["family"], "monitored": False, "search": False}
    kept = said(home.client, f"/services/{service}/defaults", sent | own, method="PUT")
    told = {each["service"]: each["defaults"] for each in got(home.client, "/services")["services"]}
    assert told[service] == kept == sent | own


def test_a_problem_says_in_full_what_is_wrong(client):
    answer = client.get("/recommendations?limit=0")
    assert answer.json() == {
        "type": "about:blank",
        "title": "Invalid Request",
        "status": 422,
        "code": "invalid_request",
        "detail": "query.limit: Input should be greater than or equal to 1",
        "errors": [{"field": "query.limit", "message": "Input should be greater than or equal to 1"}],
    }
