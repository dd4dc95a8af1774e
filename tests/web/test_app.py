"""The app around the endpoints: guards, headers, methods, pages, sub-paths, and the sync that begins with it."""

import pytest
from starlette.testclient import TestClient

from doublebill.errors import StoreError
from doublebill.model import SyncKind, SyncStatus
from doublebill.web.app import create_app
from sync.faulty_store import FaultyStore
from web.asked import got, refused

GUARDED = ("content-security-policy", "x-content-type-options", "referrer-policy")
OWN = "testserver"


def below(engine, root_path):
    return TestClient(create_app(engine, root_path=root_path, syncs_on_start=False), follow_redirects=False)


@pytest.fixture
def posting(engine):
    """A client of an app whose one POST changes nothing, since nothing runs on its event loop."""
    app = create_app(engine, syncs_on_start=False)

    @app.post("/change")
    def change() -> dict[str, str]:
        return {"status": "changed"}

    return TestClient(app)


# Other websites


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": f"http://{OWN}"},
        {"Sec-Fetch-Site": "same-origin, cross-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "https://evil.example", "Referer": f"http://{OWN}/ui/"},
        {"Origin": f"http://{OWN}.evil.example"},
        {"Origin": f"http://{OWN}:8097"},
        {"Origin": "null"},
        {"Origin": ""},
    ],
)
def test_another_website_may_change_nothing(posting, headers):
    answer = posting.post("/change", headers=headers)
    refused(answer, 403, "forbidden")
    assert all(name in answer.headers for name in GUARDED)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://name.before.the.proxy"},
        {"Origin": f"http://{OWN}"},
        {"Origin": f"https://{OWN}"},
    ],
)
def test_scripts_and_our_own_pages_may(posting, headers):
    assert posting.post("/change", headers=headers).json() == {"status": "changed"}


def test_another_website_may_link_to_us(client):
    assert client.get("/genres", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_no_other_website_is_let_in_to_read(client):
    answer = client.options(
        "/genres", headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "GET"}
    )
    assert not [name for name in answer.headers if name.startswith("access-control")]


# Methods and paths


@pytest.mark.parametrize("path", ["/api/health", "/recommendations", "/people", "/ui/docs.html", "/openapi.json"])
def test_head_answers_as_get_without_the_body(client, path):
    get, head = client.get(path), client.head(path)
    assert (head.status_code, head.headers["content-type"]) == (200, get.headers["content-type"])
    assert not head.content


@pytest.mark.parametrize("method", ["OPTIONS", "DELETE", "PUT", "PATCH", "POST", "TRACE"])
def test_a_method_that_is_not_there_is_a_problem_that_says_which_are(client, method):
    answer = client.request(method, "/genres")
    refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize("path", ["/nothing", "/ui/nothing.js", "/ui/../web/app.py", "/ui/%2e%2e/web/app.py", "/%00"])
def test_what_is_not_there_is_a_problem(client, path):
    refused(client.get(path), 404, "not_found")


def test_every_answer_says_what_a_page_may_load(client):
    for path in ("/genres", "/nothing", "/", "/ui/docs.html"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


def test_the_page_of_the_interface_may_style_itself_but_run_no_scripts_of_others(client):
    answer = client.get("/docs")
    assert answer.status_code == 200
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert policy["default-src"] == "'self'"


def test_the_page_of_the_interface_is_made_of_our_own_files(client):
    assert client.get("/docs/static/swagger-ui-bundle.js").status_code == 200
    assert "://" not in client.get("/docs").text


@pytest.mark.parametrize("path", ["/", "/app"])
def test_the_address_alone_leads_to_the_page(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (307, "/ui/")
    assert client.get("/ui/").headers["content-type"] == "text/html; charset=utf-8"


# Behind a proxy


@pytest.mark.parametrize("prefix", ["", "/films"])
@pytest.mark.parametrize("path", ["/genres", "/ui/docs.html", "/docs", "/docs/static/swagger-ui.css", "/api/health"])
def test_a_proxy_may_strip_the_sub_path_or_leave_it(engine, prefix, path):
    assert below(engine, "/films").get(f"{prefix}{path}").status_code == 200


@pytest.mark.parametrize("path", ["/", "/app", "/films", "/films/", "/films/app"])
def test_below_a_sub_path_the_address_alone_leads_to_the_page_there(engine, path):
    assert below(engine, "/films").get(path).headers["location"] == "/films/ui/"


def test_below_a_sub_path_the_document_says_where_the_server_is(engine):
    assert got(below(engine, "/films"), "/openapi.json")["servers"] == [{"url": "/films"}]


def test_a_path_that_only_begins_like_the_sub_path_is_another(engine):
    refused(below(engine, "/films").get("/filmsgenres"), 404, "not_found")


# What nobody foresaw


def test_an_unforeseen_error_is_a_problem_and_the_log_has_its_traceback(engine, caplog):
    app = create_app(engine, syncs_on_start=False)

    @app.get("/fails")
    def fails() -> None:
        raise ZeroDivisionError("something private")

    answer = TestClient(app, raise_server_exceptions=False).get("/fails")
    assert "private" not in str(refused(answer, 500, "internal_error"))
    assert [record.exc_info[0] for record in caplog.records if record.name.startswith("doublebill")] == [
        ZeroDivisionError
    ]


# The sync that begins with it


def test_the_sync_that_is_due_begins_with_the_app(new_engine, house):
    with TestClient(create_app(new_engine)):
        assert new_engine.runner.progress.kind is SyncKind.FULL


def test_a_sync_under_way_is_cancelled_when_the_app_ends(new_engine, store):
    with TestClient(create_app(new_engine)):
        assert new_engine.runner.is_running
    assert not new_engine.runner.is_running
    assert [run.status for run in store.sync_runs(5)] in ([], [SyncStatus.CANCELLED], [SyncStatus.RUNNING])


def test_an_app_without_a_sync_begins_none(new_engine):
    with TestClient(create_app(new_engine, syncs_on_start=False)):
        assert new_engine.runner.progress is None


def test_the_app_serves_although_the_sync_cannot_begin(house, store):
    engine = house.engine(FaultyStore(store, {"begin_sync": StoreError("the disk is full")}))
    with TestClient(create_app(engine)) as client:
        assert got(client, "/genres") == []
