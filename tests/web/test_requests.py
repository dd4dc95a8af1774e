"""Asking Radarr and Sonarr for titles, and how they stand."""

import asyncio

import pytest
from starlette.testclient import TestClient

from doublebill.sync.engine import Engine
from doublebill.web.app import create_app
from sync.house import answer, dead_line
from web.asked import got, refused, said

STAR_WARS, MEMENTO = 11, 77
FIREFLY, FAWLTY_TOWERS, MR_BEAN, DARK = 1437, 2207, 4327, 70523
ADD = [("radarr", STAR_WARS), ("sonarr", FIREFLY)]


def posts(line):
    return [path for path in line.calls if path in {"/api/v3/movie", "/api/v3/series"}]


def radarr(home):
    return home.house.upstreams.radarr


def sonarr(home):
    return home.house.upstreams.sonarr


# Success


def test_a_film_is_added_with_the_defaults_and_searched_for(home):
    told = said(home.client, "/add/radarr", {"tmdb_id": STAR_WARS, "title": "Star Wars", "year": 1977})
    held = radarr(home).held(STAR_WARS)
    assert told == {"status": "success", "message": "Star Wars was added", "plan": None}
    assert (held.profile_id, held.monitored, held.path) == (1, True, "/media/movies/Star Wars (1977)")
    assert held.movie_id in radarr(home).downloads


def test_a_series_is_added_by_the_id_that_sonarr_wants(home):
    told = said(home.client, "/add/sonarr", {"tmdb_id": FIREFLY, "title": "Firefly"})
    held = sonarr(home).held(78874)
    assert told["status"] == "success"
    assert (held.monitored, held.season_folder) == (True, True)


@pytest.mark.parametrize(("service", "tmdb_id"), ADD)
def test_a_second_call_finds_it_there(home, service, tmdb_id):
    said(home.client, f"/add/{service}", {"tmdb_id": tmdb_id})
    assert said(home.client, f"/add/{service}", {"tmdb_id": tmdb_id})["status"] == "exists"


def test_a_year_may_be_a_text_or_a_number_and_more_is_passed_over(home):
    for year in ("1977", 1977, None, ""):
        body = {"tmdb_id": str(STAR_WARS), "title": "", "year": year, "poster": "x", "dry_run": True}
        assert said(home.client, "/add/radarr", body)["status"] == "planned"


def test_choices_are_honoured(home):
    body = {"quality_profile": "ultra-hd", "root_folder": "/media/movies/", "tags": ["Family", "new"], "search": False}
    body |= {"monitored": False, "minimum_availability": "announced"}
    said(home.client, "/add/radarr", {"tmdb_id": STAR_WARS, **body})
    held = radarr(home).held(STAR_WARS)
    assert (held.profile_id, held.tags, held.monitored, held.minimum_availability) == (5, (1, 2), False, "announced")
    assert held.movie_id not in radarr(home).downloads


def test_choices_for_a_series_are_honoured(home):
    body = {"monitor": "pilot", "series_type": "anime", "season_folder": False, "quality_profile": 4}
    said(home.client, "/add/sonarr", {"tmdb_id": FIREFLY, **body})
    held = sonarr(home).held(78874)
    assert (held.series_type, held.season_folder, held.profile_id) == ("anime", False, 4)
    assert held.monitored_seasons == frozenset({1})


@pytest.mark.parametrize(("service", "tmdb_id"), ADD)
def test_a_dry_run_says_what_would_be_sent_and_sends_nothing(home, service, tmdb_id):
    before = len(radarr(home).movies), len(sonarr(home).series)
    told = said(home.client, f"/add/{service}", {"tmdb_id": tmdb_id, "dry_run": True, "tags": ["brand-new"]})
    plan = told["plan"]
    assert (told["status"], plan["exists"], plan["is_excluded"]) == ("planned", False, False)
    assert (plan["quality_profile"], plan["new_tags"]) == ("Any", ["brand-new"])
    assert plan["body"]["qualityProfileId"] == 1
    assert (len(radarr(home).movies), len(sonarr(home).series)) == before
    assert posts(home.house.radarr) + posts(home.house.sonarr) == []


def test_a_dry_run_says_what_is_there_or_excluded(home):
    exclude(home)
    told = said(home.client, "/add/radarr", {"tmdb_id": MEMENTO, "dry_run": True})
    assert told["plan"]["exists"]
    assert told["message"].endswith("is there already")
    told = said(home.client, "/add/radarr", {"tmdb_id": STAR_WARS, "dry_run": True})
    assert told["plan"]["is_excluded"]
    assert told["message"].endswith("is on the exclusion list")


def exclude(home):
    radarr(home).exclude(STAR_WARS, {"tmdbId": STAR_WARS, "movieTitle": "Star Wars", "movieYear": 1977})


def test_an_excluded_film_is_refused_unless_forced(home):
    exclude(home)
    refusal = refused(home.client.post("/add/radarr", json={"tmdb_id": STAR_WARS}), 409, "conflict")
    assert "exclusion list" in refusal["detail"]
    assert said(home.client, "/add/radarr", {"tmdb_id": STAR_WARS, "force": True})["status"] == "success"


def test_an_excluded_series_is_refused_unless_forced(home):
    sonarr(home).exclude(78874, {"tvdbId": 78874, "title": "Firefly"})
    refused(home.client.post("/add/sonarr", json={"tmdb_id": FIREFLY}), 409, "conflict")
    assert said(home.client, "/add/sonarr", {"tmdb_id": FIREFLY, "force": True})["status"] == "success"


def test_a_series_that_no_sync_has_met_is_looked_up_at_tmdb(home):
    assert home.store.titles([]) == {}
    assert said(home.client, "/add/sonarr", {"tmdb_id": FAWLTY_TOWERS})["status"] == "success"
    assert f"/3/tv/{FAWLTY_TOWERS}" in home.house.tmdb.calls


def test_while_tmdb_is_down_sonarr_looks_it_up(home):
    home.house.tmdb.fault = lambda _: dead_line
    assert said(home.client, "/add/sonarr", {"tmdb_id": FAWLTY_TOWERS})["status"] == "success"


# Taking back


def standing(client, service, tmdb_id):
    kind = "movie" if service == "radarr" else "tv"
    return got(client, "/check/status", tmdb_id=tmdb_id, type=kind)


@pytest.mark.parametrize(("service", "tmdb_id"), ADD)
def test_what_was_added_is_taken_out_again_and_its_status_is_right_at_once(home, service, tmdb_id):
    got(home.client, "/services")  # it is read behind this
    said(home.client, f"/add/{service}", {"tmdb_id": tmdb_id})
    assert standing(home.client, service, tmdb_id)["is_requested"]
    told = said(home.client, f"/add/{service}/{tmdb_id}", method="DELETE")
    assert told["status"] == "success"
    assert told["message"].endswith(f"was taken out of {service.title()} again")
    found = standing(home.client, service, tmdb_id)
    assert (found["is_requested"], found["service_status"]) == (False, "absent")
    assert said(home.client, f"/add/{service}", {"tmdb_id": tmdb_id})["status"] == "success"


@pytest.mark.parametrize(("service", "tmdb_id"), ADD)
def test_taking_out_what_is_not_there_is_a_success(home, service, tmdb_id):
    told = said(home.client, f"/add/{service}/{tmdb_id}", method="DELETE")
    assert told == {"status": "success", "message": f"{service.title()} does not have it"}


@pytest.mark.parametrize(("service", "tmdb_id", "words"), [("radarr", MEMENTO, "a file"), ("sonarr", DARK, "files")])
def test_what_has_files_is_not_taken_out(home, service, tmdb_id, words):
    before = dict(radarr(home).movies), dict(sonarr(home).series)
    detail = refused(home.client.delete(f"/add/{service}/{tmdb_id}"), 409, "conflict")["detail"]
    assert words in detail
    assert (radarr(home).movies, sonarr(home).series) == before


@pytest.mark.parametrize(("service", "tmdb_id"), ADD)
def test_where_nothing_is_configured_nothing_is_taken_out(home, service, tmdb_id):
    client = TestClient(create_app(Engine(home.store, home.engine.model, home.house.open), syncs_on_start=False))
    assert service.upper() in refused(client.delete(f"/add/{service}/{tmdb_id}"), 409, "not_configured")["detail"]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [(dead_line, 504, "source_unreachable"), (answer(500, {"message": "boom"}), 502, "source_broken")],
)
@pytest.mark.parametrize(("service", "tmdb_id"), ADD)
def test_a_failure_to_take_out_names_the_service(home, service, tmdb_id, fault, status, code):
    getattr(home.house, service).fault = lambda _: fault
    assert service.title() in refused(home.client.delete(f"/add/{service}/{tmdb_id}"), status, code)["detail"]


def test_another_website_cannot_take_anything_out(home):
    headers = {"Sec-Fetch-Site": "cross-site"}
    refused(home.client.delete(f"/add/radarr/{STAR_WARS}", headers=headers), 403, "forbidden")
    assert home.house.radarr.calls == []


# Defaults


def test_defaults_are_kept_and_a_request_says_otherwise(home):
    kept = said(home.client, "/services/radarr/defaults", {"quality_profile": 5, "search": False}, method="PUT")
    assert (kept["quality_profile"], kept["search"], kept["minimum_availability"]) == (5, False, "released")
    body = {"tmdb_id": STAR_WARS, "dry_run": True}
    assert said(home.client, "/add/radarr", body)["plan"]["body"]["qualityProfileId"] == 5
    assert said(home.client, "/add/radarr", {**body, "quality_profile": 4})["plan"]["body"]["qualityProfileId"] == 4
    assert got(home.client, "/services")["services"][0]["defaults"] == kept


def test_defaults_for_series_are_kept_apart(home):
    kept = said(home.client, "/services/sonarr/defaults", {"monitor": "firstSeason"}, method="PUT")
    film, series = (each["defaults"] for each in got(home.client, "/services")["services"])
    assert (series, "monitor" in film) == (kept, False)
    plan = said(home.client, "/add/sonarr", {"tmdb_id": FIREFLY, "dry_run": True})["plan"]
    assert plan["body"]["addOptions"]["monitor"] == "firstSeason"


def test_defaults_that_another_version_kept_are_passed_over(home):
    home.store.remember("defaults_radarr", '{"minimum_availability": "some day"}')
    assert said(home.client, "/add/radarr", {"tmdb_id": STAR_WARS, "dry_run": True})["status"] == "planned"


# Refusals


@pytest.mark.parametrize(
    ("service", "tmdb_id"), [("radarr", 999_999_999), ("sonarr", 999_999_999), ("sonarr", MR_BEAN)]
)
def test_what_the_service_does_not_know_is_not_found(home, service, tmdb_id):
    detail = refused(home.client.post(f"/add/{service}", json={"tmdb_id": tmdb_id}), 404, "not_found")["detail"]
    assert service.title() in detail
    assert str(tmdb_id) in detail


@pytest.mark.parametrize(("service", "tmdb_id"), ADD)
@pytest.mark.parametrize(("name", "value"), [("quality_profile", "8K"), ("quality_profile", -1), ("root_folder", "/x")])
def test_what_cannot_be_chosen_names_what_can(home, service, tmdb_id, name, value):
    answered = home.client.post(f"/add/{service}", json={"tmdb_id": tmdb_id, name: value})
    hint = refused(answered, 409, "conflict")["hint"]
    assert ("HD-1080p (4)" if name == "quality_profile" else "/media/") in hint


@pytest.mark.parametrize(("service", "tmdb_id"), ADD)
def test_where_nothing_is_configured_the_variable_is_named(home, service, tmdb_id):
    client = TestClient(create_app(Engine(home.store, home.engine.model, home.house.open), syncs_on_start=False))
    refusal = refused(client.post(f"/add/{service}", json={"tmdb_id": tmdb_id}), 409, "not_configured")
    assert f"{service.upper()}_URL" in refusal["detail"]
    assert f"{service.upper()}_URL" in {each["service"]: each["missing"] for each in services(client)}[service]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (dead_line, 504, "source_unreachable"),
        (answer(503, {"errorMessage": "Radarr is starting up, please try again later"}), 504, "source_unreachable"),
        (answer(500, {"message": "boom"}), 502, "source_broken"),
        (answer(401), 502, "source_refused"),
        (answer(200, text="<html>"), 502, "source_broken"),
    ],
)
@pytest.mark.parametrize(("service", "tmdb_id"), ADD)
def test_a_failure_names_the_service_and_never_its_key(home, service, tmdb_id, fault, status, code, caplog):
    getattr(home.house, service).fault = lambda _: fault
    told = home.client.post(f"/add/{service}", json={"tmdb_id": tmdb_id})
    assert service.title() in refused(told, status, code)["detail"]
    assert getattr(home.house.upstreams, f"{service}_key") not in told.text + caplog.text


@pytest.mark.parametrize("path", ["/add/radarr", "/add/sonarr"])
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.tmdb_id"),
        ({"tmdb_id": 0}, "body.tmdb_id"),
        ({"tmdb_id": 2**31}, "body.tmdb_id"),
        ({"tmdb_id": True}, "body.tmdb_id"),
        ({"tmdb_id": 1, "tags": "family"}, "body.tags"),
        ({"tmdb_id": 1, "tags": ["x"] * 21}, "body.tags"),
        ({"tmdb_id": 1, "root_folder": "x" * 1001}, "body.root_folder"),
        ({"tmdb_id": 1, "dry_run": "perhaps"}, "body.dry_run"),
        ({"tmdb_id": 1, "quality_profile": True}, "body.quality_profile"),
        (None, "body"),
    ],
)
def test_a_body_that_does_not_fit_names_the_field(client, path, body, field):
    errors = refused(client.post(path, json=body), 422, "invalid_request")["errors"]
    assert [error["field"] for error in errors] == [field]


def test_another_website_cannot_ask_for_anything(home):
    headers = {"Sec-Fetch-Site": "cross-site"}
    refused(home.client.post("/add/radarr", json={"tmdb_id": STAR_WARS}, headers=headers), 403, "forbidden")
    assert home.house.radarr.calls == []


# How the services stand


def services(client):
    return got(client, "/services")["services"]


def test_services_are_read_behind_the_answer(home):
    first, second = services(home.client), services(home.client)
    assert [each["service"] for each in first] == ["radarr", "sonarr"]
    assert [(each["is_configured"], each["missing"], each["read_at"]) for each in first] == [(True, None, None)] * 2
    assert [each["name"] for each in second] == ["Radarr", "Sonarr"]
    assert [profile["name"] for profile in second[0]["quality_profiles"]] == ["Any", "HD-1080p", "Ultra-HD"]
    assert second[0]["root_folders"] == [
        {"path": "/media/movies", "is_accessible": True, "free_bytes": 2_000_000_000_000}
    ]


def test_why_a_service_cannot_be_read_is_told_also_if_it_never_was(home, caplog):
    home.house.radarr.fault = lambda _: answer(401)
    services(home.client)
    told = services(home.client)[0]
    assert "Radarr" in told["problem"]
    assert told["read_at"] is None
    assert home.house.upstreams.radarr_key not in str(told) + caplog.text


@pytest.mark.anyio
@pytest.mark.parametrize(
    "path",
    [
        "/services",
        "/check/status?tmdb_id=11",
        "/titles/movie/11",
        "/recommendations",
        "/top-rated",
        "/search?query=alien",
        "/history",
        "/hidden",
        "/tuner/preview",
        "/system/status",
        "/api/health",
        "/similar/11",
    ],
)
async def test_nobody_waits_for_a_service_that_never_answers(home, path):
    never = asyncio.Event()

    async def silent(scope, receive, send):
        await never.wait()
        await dead_line(scope, receive, send)

    for line in (home.house.radarr, home.house.sonarr, home.house.tmdb, home.house.jellyfin):
        line.fault = lambda _: silent
    ended, messages = asyncio.Event(), []

    async def send(message):
        messages.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            ended.set()

    name, _, query = path.partition("?")
    scope = {"type": "http", "method": "GET", "path": name, "query_string": query.encode(), "headers": []}
    serving = asyncio.create_task(home.client.app({**scope, "asgi": {"version": "3.0"}}, asyncio.Event().wait, send))
    await asyncio.wait_for(ended.wait(), 4)
    assert messages[0]["status"] == 200
    never.set()
    serving.cancel()
    await asyncio.wait([serving])
