import base64

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from doublebill.web.app import create_app

PASSWORD = "ünlucky-13:house"


@pytest.fixture(scope="module")
def locked(engine):
    app = create_app(engine, password=SecretStr(PASSWORD), root_path="/films", syncs_on_start=False)
    return TestClient(app, base_url="http://house.invalid/films", follow_redirects=False)


def basic(credentials: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(credentials.encode()).decode()}"}


@pytest.mark.parametrize("path", ["/people", "/", "/ui/", "/docs", "/openapi.json", "/nothing-there"])
def test_nothing_is_told_to_whoever_does_not_give_the_password(locked, path):
    answer = locked.get(path)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer.headers["www-authenticate"].startswith("Basic ")


def test_nothing_is_done_for_whoever_does_not_give_the_password(locked):
    assert locked.post("/system/regenerate").status_code == 401


@pytest.mark.parametrize("user", ["", "anna", "who:ever".partition(":")[0]])
def test_the_password_lets_in_with_any_user_name(locked, user):
    assert locked.get("/people", headers=basic(f"{user}:{PASSWORD}")).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        basic("anna:wrong"),
        basic("anna:"),
        basic(PASSWORD.replace(":", "")),
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic"},
        {"Authorization": f"Bearer {base64.b64encode(b'a:b').decode()}"},
    ],
)
def test_anything_else_does_not(locked, header):
    assert locked.get("/people", headers=header).status_code == 401


def test_health_stays_open_for_what_watches_the_process(locked):
    assert locked.get("/api/health").status_code == 200


def test_without_a_password_everybody_is_let_in(engine):
    assert TestClient(create_app(engine, syncs_on_start=False)).get("/people").status_code == 200
