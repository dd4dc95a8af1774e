"""What a bug report needs, live checks too, and no secret."""

import platform
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from starlette.testclient import TestClient

from doublebill import __version__
from doublebill.config import Settings, load_settings
from doublebill.errors import ConfigError, StoreError
from doublebill.model import LibraryItem
from doublebill.sources.http import in_process
from doublebill.sync.health import SERVICES, Connection, find_in_demo
from doublebill.web.app import create_app
from doublebill.web.context import BARE, surroundings
from doublebill.web.diagnostics import MOST_UNRESOLVED
from sync.faulty_store import FaultyStore
from sync.house import NOW, House, answer, dead_line
from web.asked import got, refused

VARIABLES = [str(field.alias) for field in Settings.model_fields.values()]
SECRETS = {
    name: f"planted-{name.lower().replace('_', '-')}"
    for name in VARIABLES
    if name.endswith(("KEY", "TOKEN", "PASSWORD"))
}


def client_of(engine, **around) -> TestClient:
    return TestClient(create_app(engine, syncs_on_start=False, around=replace(BARE, **around)))


def states(told) -> dict[str, str]:
    return {service["name"]: service["state"] for service in told["services"]}


def test_it_says_what_runs_since_when_and_how_much_there_is(client, engine):
    told = got(client, "/diagnostics")
    assert (told["version"], told["python"]) == (__version__, platform.python_version())
    assert told["platform"]
    assert datetime.fromisoformat(told["started_at"]) == NOW
    assert told["database"]["size_bytes"] > 0
    assert told["database"]["schema_version"] == engine.store.database().schema_version
    assert told["counts"] == {
        "people": 3,
        "titles": len(engine.edition.catalogue),
        "candidates": engine.edition.candidate_count,
        "owned": len(engine.store.held()),
        "library_items": len(engine.store.items()),
        "unresolved": 1,
    }


def test_it_says_which_text_model_there_is_and_how_far_it_is(client, engine):
    model = got(client, "/diagnostics")["model"]
    assert model["id"] == engine.model.model_id
    assert model["dimensions"] == engine.edition.catalogue.vectors.shape[1]
    assert 0 < model["titles_embedded"] <= model["titles_total"] == len(engine.edition.catalogue)


def test_before_the_first_sync_it_makes_nothing_up(new_engine):
    told = got(client_of(new_engine), "/diagnostics")
    assert set(told["counts"].values()) == {0}
    assert (told["model"]["dimensions"], told["model"]["titles_embedded"]) == (None, 0)
    assert told["unresolved"] == []


def test_it_lists_what_no_title_was_found_for(client):
    (item,) = got(client, "/diagnostics")["unresolved"]
    assert (item["name"], item["year"]) == ("Summer by the lake", 2019)
    assert item["reason"]


def test_a_long_list_of_what_was_not_found_is_cut_but_counted(house, store):
    items = [
        LibraryItem(f"{n:04}", "movie", f"Film {n:04}", unresolved="not found") for n in range(MOST_UNRESOLVED + 5)
    ]
    store.save_items(items, NOW)
    told = got(client_of(house.engine(store)), "/diagnostics")
    assert len(told["unresolved"]) == MOST_UNRESOLVED
    assert told["counts"]["unresolved"] == MOST_UNRESOLVED + 5
    assert told["unresolved"][0]["name"] == "Film 0000"


# The services


def test_each_service_is_looked_at(new_engine, house):
    told = got(client_of(new_engine, find=find_in_demo(house.upstreams)), "/diagnostics")
    assert states(told) == dict.fromkeys(SERVICES, "ok")
    for service in told["services"]:
        assert "takes the key" in service["words"]
        assert service["hint"] is None
        assert datetime.fromisoformat(service["checked_at"]) == NOW
        assert bool(service["version"]) is (service["name"] != "tmdb")


def test_what_is_wrong_with_a_service_is_told_with_what_to_do(new_engine, house):
    house.radarr.fault = lambda _: dead_line

    def find(name):
        if name == "sonarr":
            raise ConfigError("SONARR_URL is not set", hint="Set it.")
        way = in_process(getattr(house, name))
        return replace(find_in_demo(house.upstreams)(name), transport=way)

    told = got(client_of(new_engine, find=find), "/diagnostics")
    assert states(told) == {"tmdb": "ok", "jellyfin": "ok", "radarr": "failed", "sonarr": "not_configured"}
    radarr, sonarr = told["services"][2:]
    assert "cannot be reached" in radarr["words"]
    assert "is the address right?" in radarr["hint"]
    assert (sonarr["words"], sonarr["hint"], sonarr["checked_at"]) == ("SONARR_URL is not set", "Set it.", None)


def test_where_nothing_is_set_nothing_is_asked(client):
    told = got(client, "/diagnostics")
    assert states(told) == dict.fromkeys(SERVICES, "not_configured")
    assert all(service["words"] and service["hint"] for service in told["services"])


# Settings and secrets


def test_every_setting_is_told_and_of_a_secret_only_whether_there_is_one(new_engine):
    settings = load_settings(None, {"TMDB_API_KEY": "0" * 32, "DOUBLEBILL_PORT": "9000"})
    told = got(client_of(new_engine, settings=lambda: settings), "/diagnostics")
    values = {setting["name"]: setting["value"] for setting in told["settings"]}
    assert list(values) == VARIABLES
    assert (values["TMDB_API_KEY"], values["JELLYFIN_API_KEY"]) == ("set", "not set")
    assert (values["DOUBLEBILL_PORT"], values["JELLYFIN_URL"]) == ("9000", "not set")


def planted(folder: Path) -> dict[str, str]:
    """Give settings in which every secret is set, and stands in other settings too."""
    files = {"HF_TOKEN_FILE": folder / "token", "DOUBLEBILL_PASSWORD_FILE": folder / "password"}
    for name, path in files.items():
        path.write_text(SECRETS[name.removesuffix("_FILE")])
    plain = {name: value for name, value in SECRETS.items() if f"{name}_FILE" not in files}
    urls = {
        f"{name}_URL": f"http://{name.lower()}.invalid/{plain[f'{name}_API_KEY']}"
        for name in ("JELLYFIN", "RADARR", "SONARR")
    }
    return {
        **plain,
        **urls,
        **{name: str(path) for name, path in files.items()},
        "JELLYFIN_USER": SECRETS["DOUBLEBILL_PASSWORD"],
    }


def test_no_secret_is_told_wherever_it_stands_and_whatever_a_service_says(house, store, tmp_path):
    """A service may repeat a key in its refusal, and a key may stand in an address or in the name of an item."""
    settings = load_settings(None, planted(tmp_path))
    assert set(settings.secrets) == set(SECRETS.values())
    store.save_items([LibraryItem("1", "movie", f"{SECRETS['HF_TOKEN']} the film", unresolved="not found")], NOW)
    chatty = in_process(answer(400, {"message": " ".join(SECRETS.values())}))

    def find(name):
        return replace(surroundings(lambda: settings).find(name), transport=chatty)

    body = client_of(house.engine(store), find=find, settings=lambda: settings).get("/diagnostics")
    assert body.status_code == 200
    assert states(body.json()) == dict.fromkeys(SERVICES, "failed")
    assert [secret for secret in SECRETS.values() if secret in body.text] == []
    assert "planted" not in body.text


def test_a_short_password_spoils_no_word_of_the_interface(new_engine, house):
    settings = load_settings(None, {"DOUBLEBILL_PASSWORD": "ok"})
    around = {"find": find_in_demo(house.upstreams), "settings": lambda: settings}
    assert states(got(client_of(new_engine, **around), "/diagnostics")) == dict.fromkeys(SERVICES, "ok")


def test_settings_are_those_of_the_moment(new_engine):
    given: dict[str, str] = {}
    client = client_of(new_engine, settings=lambda: load_settings(None, given))
    for expected in ("not set", "set"):
        values = {each["name"]: each["value"] for each in got(client, "/diagnostics")["settings"]}
        assert values["SONARR_API_KEY"] == expected
        given["SONARR_API_KEY"] = "key"


def test_a_store_that_cannot_be_read_is_a_problem(house: House, store):
    engine = house.engine(FaultyStore(store, {"database": StoreError("the database is damaged")}))
    refused(client_of(engine).get("/diagnostics"), 500, "store_error")


def test_a_connection_names_no_key():
    assert "planted" not in repr(Connection("http://here", "planted"))
