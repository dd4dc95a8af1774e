"""/setup: what it tells, who may change it, and that what is typed reaches only whom it is meant for."""

from dataclasses import replace
from functools import partial

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from doublebill.config import CONNECTIONS_FILE, load_configuration
from doublebill.model import SyncKind
from doublebill.sources.http import in_process
from doublebill.sync.engine import Engine
from doublebill.sync.health import CHECKS, SERVICES
from doublebill.sync.setup import Connections
from doublebill.sync.upstreams import open_services, open_upstreams
from doublebill.web.app import create_app
from doublebill.web.context import surroundings
from doublebill.web.setup_code import TRIES, SetUp
from sync.house import answer, dead_line
from web.asked import got, refused, said

HEADER = "X-Setup-Code"
FIELDS = ["is_complete", "can_write", "needs_code", "services"]
SERVICE_FIELDS = ["name", "is_required", "url", "has_key", "set_in"]
WRITES = [
    ("POST", "/setup/test", {"service": "radarr", "url": "http://radarr.invalid", "key": "key"}),
    ("PUT", "/setup/radarr", {"url": "http://radarr.invalid", "key": "key"}),
    ("DELETE", "/setup/radarr", None),
]


@pytest.fixture
def checks(house):
    """The real checks, on the lines of the small house."""
    return {name: partial(CHECKS[name], transport=in_process(getattr(house, name))) for name in SERVICES}


@pytest.fixture
def opened(house, store, checks, tmp_path):
    """Give a client of an installation whose settings lie in a folder, and its set-up."""

    def open_with(*, password=None, syncs_on_start=False, **environ):
        configuration = load_configuration(None, {"DOUBLEBILL_DATA_DIR": str(tmp_path), **environ})
        connections = Connections(configuration, checks)

        def upstreams():
            open_upstreams(connections.settings)  # raises where something is not set
            return house.open()

        services = open_services(lambda: connections.settings)
        engine = Engine(store, house.engine(store).model, upstreams, services, clock=house.clock)
        around = replace(surroundings(lambda: connections.settings), setup=SetUp(connections))
        app = create_app(engine, password=password, syncs_on_start=syncs_on_start, around=around)
        return TestClient(app), around.setup

    return open_with


@pytest.fixture
def installed(opened):
    """A client of an installation where nothing is set, which gives the code with all that it asks."""
    client, setup = opened()
    client.headers[HEADER] = setup.code.text
    return client


def typed(house, name):
    return {"url": getattr(house.upstreams, f"{name}_url"), "key": getattr(house.upstreams, f"{name}_key")}


def put(client, house, name):
    return said(client, f"/setup/{name}", typed(house, name), method="PUT")


def told(client, name):
    return next(service for service in got(client, "/setup")["services"] if service["name"] == name)


def secrets(house):
    return [getattr(house.upstreams, f"{name}_key") for name in SERVICES]


# What it tells


def test_before_anything_is_set_the_set_up_says_so(installed):
    state = got(installed, "/setup")
    assert list(state) == FIELDS
    assert all(list(service) == SERVICE_FIELDS for service in state["services"])
    assert (state["is_complete"], state["can_write"], state["needs_code"]) == (False, True, True)
    assert [(one["name"], one["is_required"], one["has_key"], one["set_in"]) for one in state["services"]] == [
        ("tmdb", True, False, None),
        ("jellyfin", True, False, None),
        ("radarr", False, False, None),
        ("sonarr", False, False, None),
    ]


def test_what_is_saved_is_told_but_never_its_key(installed, house, tmp_path):
    states = [put(installed, house, name) for name in ("radarr", "sonarr", "jellyfin")]
    assert states[-1] == got(installed, "/setup")
    radarr = {"name": "radarr", "is_required": False, "url": house.upstreams.radarr_url}
    assert told(installed, "radarr") == radarr | {"has_key": True, "set_in": "page"}
    assert not any(key in f"{states} {installed.get('/setup').text}" for key in secrets(house))
    assert house.upstreams.radarr_key in (tmp_path / CONNECTIONS_FILE).read_text(encoding="utf-8")


def test_the_demo_shows_its_services_as_connected_and_changes_nothing(client):
    state = got(client, "/setup")
    assert (state["is_complete"], state["can_write"], state["needs_code"]) == (True, False, False)
    assert {(one["url"], one["has_key"], one["set_in"]) for one in state["services"]} == {("demo", True, None)}
    for method, path, body in WRITES:
        assert "demo" in refused(client.request(method, path, json=body), 409, "conflict")["detail"]


def test_what_the_environment_sets_is_told_and_cannot_be_changed(opened):
    client, setup = opened(RADARR_URL="http://radarr", RADARR_API_KEY="key")
    client.headers[HEADER] = setup.code.text
    assert told(client, "radarr")["set_in"] == "environment"
    for method, body in (("PUT", {"key": "other"}), ("DELETE", None)):
        detail = refused(client.request(method, "/setup/radarr", json=body), 409, "conflict")["detail"]
        assert "RADARR_API_KEY is set in the environment" in detail


def test_where_the_environment_sets_all_no_code_is_needed(opened):
    client, _ = opened(**{f"{name.upper()}_API_KEY": "key" for name in SERVICES})
    state = got(client, "/setup")
    assert (state["can_write"], state["needs_code"]) == (False, False)


# Who may


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: "0000-0000-0000-0000"}])
def test_without_the_code_nothing_is_asked_and_nothing_is_changed(opened, house, tmp_path, method, path, body, headers):
    client, _ = opened()
    problem = refused(client.request(method, path, json=body, headers=headers), 403, "setup_code")
    assert "sync.log" in problem["hint"]
    assert (house.radarr.calls, (tmp_path / CONNECTIONS_FILE).exists()) == ([], False)


def test_who_tries_codes_is_shut_out_for_a_while(opened):
    client, setup = opened()
    for _ in range(TRIES):
        refused(client.delete("/setup/radarr", headers={HEADER: "wrong"}), 403, "setup_code")
    problem = refused(client.delete("/setup/radarr", headers={HEADER: setup.code.text}), 403, "setup_code")
    assert "try again in" in problem["detail"]


def test_a_password_is_enough(opened, house):
    client, _ = opened(password=SecretStr("correct-horse"))
    refused(client.delete("/setup/radarr"), 401, "not_signed_in")
    client.auth = ("anybody", "correct-horse")
    assert got(client, "/setup")["needs_code"] is False
    assert put(client, house, "radarr")["services"][2]["has_key"]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_another_website_can_neither_test_nor_change(installed, house, method, path, body):
    headers = {"Sec-Fetch-Site": "cross-site"}
    refused(installed.request(method, path, json=body, headers=headers), 403, "forbidden")
    assert house.radarr.calls == []


# Testing


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_that_answers_is_well(installed, house, name):
    told = said(installed, "/setup/test", {"service": name, **typed(house, name)})
    assert list(told) == ["ok", "words", "hint", "version"]
    assert (told["ok"], told["hint"], told["version"] is None) == (True, None, name == "tmdb")
    assert "answers and takes the key" in told["words"]


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (dead_line, "cannot be reached"),
        (answer(401), "does not accept the key"),
        (answer(200, text="<html>sign in</html>"), "something that is not JSON"),
        (answer(500, {"message": "at Secret.Stack()"}), "failed"),
    ],
)
def test_what_is_wrong_is_said_in_words_without_key_or_body(installed, house, name, fault, words):
    getattr(house, name).fault = lambda _: fault
    answered = installed.post("/setup/test", json={"service": name, **typed(house, name)})
    found = answered.json()
    assert (answered.status_code, found["ok"], found["version"]) == (200, False, None)
    assert words in found["words"]
    assert not any(key in answered.text for key in secrets(house))
    assert "sign in" not in answered.text


def test_a_test_saves_nothing(installed, house):
    said(installed, "/setup/test", {"service": "radarr", **typed(house, "radarr")})
    assert told(installed, "radarr")["has_key"] is False


def test_what_is_stored_is_tested_without_typing_it_again(installed, house):
    put(installed, house, "radarr")
    for body in ({}, {"url": None, "key": ""}, {"url": house.upstreams.radarr_url + "/"}):
        assert said(installed, "/setup/test", {"service": "radarr", **body})["ok"]


def test_a_stored_key_is_never_sent_to_a_new_address(installed, house):
    put(installed, house, "radarr")
    body = {"url": "http://elsewhere.invalid"}
    refused(installed.post("/setup/test", json={"service": "radarr", **body}), 409, "conflict")
    refused(installed.put("/setup/radarr", json=body), 409, "conflict")
    assert house.radarr.calls == []
    assert told(installed, "radarr")["url"] == house.upstreams.radarr_url


# Changing


def test_the_save_that_completes_the_set_up_begins_a_full_sync(installed, house):
    assert refused(installed.post("/system/regenerate"), 409, "not_configured")["detail"].startswith("JELLYFIN_URL")
    with installed:
        put(installed, house, "jellyfin")
        assert got(installed, "/system/status")["status"] == "idle"
        assert put(installed, house, "tmdb")["is_complete"]
        assert installed.app.state.engine.runner.progress.kind is SyncKind.FULL


def test_a_start_without_the_set_up_begins_no_sync_and_with_it_the_one_that_is_due(opened, house):
    client, _ = opened(syncs_on_start=True)
    with client:
        assert got(client, "/system/status")["status"] == "idle"
    keys = {"JELLYFIN_URL": house.upstreams.jellyfin_url, "JELLYFIN_API_KEY": "key", "TMDB_API_KEY": "key"}
    client, _ = opened(syncs_on_start=True, **keys)
    with client:
        assert client.app.state.engine.runner.progress.kind is SyncKind.FULL


def test_a_removed_service_is_not_set_any_more(installed, house):
    put(installed, house, "radarr")
    state = said(installed, "/setup/radarr", method="DELETE")
    assert state == said(installed, "/setup/radarr", method="DELETE")
    assert not state["services"][2]["has_key"]
    refused(installed.post("/add/radarr", json={"tmdb_id": 11}), 409, "not_configured")


def test_half_a_connection_is_refused(installed):
    assert (
        "key of Radarr" in refused(installed.put("/setup/radarr", json={"url": "http://r"}), 409, "conflict")["detail"]
    )
    assert "address" in refused(installed.put("/setup/radarr", json={"key": "key"}), 409, "conflict")["detail"]


def test_what_cannot_be_kept_is_said_without_the_folder(installed, house, tmp_path):
    (tmp_path / CONNECTIONS_FILE).mkdir()
    answered = installed.put("/setup/radarr", json=typed(house, "radarr"))
    assert CONNECTIONS_FILE in refused(answered, 409, "not_configured")["detail"]
    assert str(tmp_path) not in answered.text


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        *(
            (method, path, {**service, name: value}, f"body.{name}")
            for method, path, service in (("POST", "/setup/test", {"service": "radarr"}), ("PUT", "/setup/radarr", {}))
            for name, value in (
                ("url", "radarr:7878"),
                ("url", "http://ada:hush@radarr"),
                ("url", "http://" + "x" * 500),
                ("url", 7),
                ("key", "hush hush"),
                ("key", "hush\nDOUBLEBILL_PASSWORD=x"),
                ("key", "h" * 1001),
            )
        ),
        ("POST", "/setup/test", {"service": "plex"}, "body.service"),
        ("POST", "/setup/test", {}, "body.service"),
        ("PUT", "/setup/plex", {}, "path.service"),
        ("DELETE", "/setup/plex", None, "path.service"),
        ("PUT", "/setup/radarr", None, "body"),
    ],
)
def test_what_does_not_fit_is_named_and_not_repeated(installed, method, path, body, field):
    answered = installed.request(method, path, json=body)
    assert [error["field"] for error in refused(answered, 422, "invalid_request")["errors"]] == [field]
    assert "hush" not in answered.text


def test_a_code_that_is_too_long_to_be_one_is_named(installed):
    problem = refused(installed.delete("/setup/radarr", headers={HEADER: "x" * 201}), 422, "invalid_request")
    assert [error["field"] for error in problem["errors"]] == [f"header.{HEADER}"]
