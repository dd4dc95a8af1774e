"""Secrets are planted in every setting, and services repeat them in every way they can: no output has one."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from cli.conftest import listening
from cli.parts import SMALL
from doublebill.cli.opening import real_house, surroundings_of
from doublebill.config import Settings
from doublebill.web.app import create_app

MARK = "planted/"
"""What every secret here holds; the slash is another character where a secret stands encoded."""

SECRETS = {
    str(field.alias): f"{MARK}{field.alias}".replace("_", "-")
    for field in Settings.model_fields.values()
    if str(field.alias).endswith(("_KEY", "_TOKEN", "_PASSWORD"))
}
PAGES = (
    "/diagnostics", "/setup", "/services", "/system/status", "/syncs", "/api/health", "/metrics", "/models",
    "/openapi.json", "/people", "/search/tmdb?query=alien", "/", "/status.html",
)  # fmt: skip
ASKED = {
    "/setup/test": {"service": "jellyfin"},
    "/add/radarr": {"tmdb_id": 603, "title": "The Matrix"},
    "/add/sonarr": {"tmdb_id": 605, "title": "A series"},
    "/system/regenerate": {},
}


def repeated(request: Request, answer: str) -> Response:
    """Answer with all that was sent, which is all a service can know, in one of the ways that it or a proxy might."""
    said = [*request.headers.values(), str(request.url)]
    match answer:
        case "moved":
            return RedirectResponse(f"http://127.0.0.1:9/?api_key={quote(str(said))}", 302)
        case "a page":
            return HTMLResponse(f"<html><title>{said}</title></html>")
        case "another shape":
            return JSONResponse(dict.fromkeys(said, said))
    return JSONResponse([{"errorMessage": " ".join(said), "status_message": said, "message": said}], int(answer))


def telltale(answer: str) -> ASGIApp:
    async def play(scope: Scope, receive: Receive, send: Send) -> None:
        await repeated(Request(scope), answer)(scope, receive, send)

    return play


@pytest.fixture(params=["400", "500", "moved", "a page", "another shape"])
def planted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """An environment with a secret in every setting that may hold one, and services that tell all they know."""
    with listening(telltale(request.param)) as address:
        services = ("JELLYFIN_URL", "RADARR_URL", "SONARR_URL", "DOUBLEBILL_TMDB_URL")
        yield {
            **SECRETS,
            **dict.fromkeys(services, address),
            "JELLYFIN_USER": SECRETS["HF_TOKEN"],
            "DOUBLEBILL_LOG_LEVEL": "DEBUG",
            "DOUBLEBILL_EMBEDDING": "bundled",
            "DOUBLEBILL_DATA_DIR": str(tmp_path / "data"),
            "COLUMNS": "200",
        }


def asked(env: Mapping[str, str]) -> Iterator[str]:
    """Ask the interface for everything that tells something, and give the answers with their headers."""
    with real_house(SMALL) as (engine, connections):
        around = surroundings_of(connections)
        app = create_app(engine, syncs_on_start=False, password=connections.settings.password, around=around)
        with TestClient(app, raise_server_exceptions=False) as client:  # its end stops the sync that is asked for
            yield client.get("/diagnostics").text
            client.auth = ("anybody", env["DOUBLEBILL_PASSWORD"])
            answers = [client.get(page) for page in PAGES]
            answers += [client.post(path, json=body) for path, body in ASKED.items()]
        yield from (f"{answer.headers}{answer.text}" for answer in answers)


def test_no_output_has_a_secret(planted, shell, monkeypatch, capsys):
    said = [shell("sync", exits=3, **planted, DOUBLEBILL_LOG_FORMAT=form).output for form in ("text", "json")]
    said += [shell("doctor", "--bundle", "report.zip", exits=1, **planted).output, shell("status", **planted).output]
    with zipfile.ZipFile(shell.folder / "report.zip") as held:
        said += [held.read(name).decode() for name in held.namelist()]
    for name, value in planted.items():
        monkeypatch.setenv(name, value)
    said += [*asked(planted), *capsys.readouterr()]
    said += [log.read_text() for log in (shell.folder / "data").glob("sync.log*")]
    assert [text for text in said if "planted" in text.lower()] == []


def test_every_line_of_json_is_json(planted, shell):
    lines = shell("sync", exits=3, **planted, DOUBLEBILL_LOG_FORMAT="json").stderr.splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert {"1"} <= {each["run"] for each in told}
