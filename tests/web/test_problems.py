"""Every error of ours, and every other, as one shape."""

import logging

import pytest
from fastapi import FastAPI, HTTPException
from starlette.testclient import TestClient

from doublebill import errors
from doublebill.logs import SERVER, setup_logging
from doublebill.web.problems import documented, install
from web.asked import refused

OURS = [
    (errors.ConfigError("TMDB_API_KEY is not set", hint="Set it."), 409, "not_configured"),
    (errors.Conflict("not now"), 409, "conflict"),
    (errors.NotFound("no such title"), 404, "not_found"),
    (errors.NotSignedIn("who are you?"), 401, "not_signed_in"),
    (errors.SetupCodeRefused("wrong", hint="Look at the console."), 403, "setup_code"),
    (errors.StoreBusy("held by another"), 503, "store_busy"),
    (errors.StoreTooNew("newer"), 500, "store_too_new"),
    (errors.StoreError("full"), 500, "store_error"),
    (errors.BackupRefused("half of one"), 500, "backup_refused"),
    (errors.SourceUnreachable("TMDB", "no answer"), 504, "source_unreachable"),
    (errors.SourceLimited("TMDB", "too fast", retry_after_s=9), 504, "source_limited"),
    (errors.SourceRefused("Jellyfin", "no"), 502, "source_refused"),
    (errors.SourceUnknown("TMDB", "gone"), 502, "source_unknown"),
    (errors.SourceBroken("TMDB", "rubbish"), 502, "source_broken"),
    (errors.EmbeddingError("no model"), 500, "embedding_error"),
    (errors.ImportRefused("not ours"), 500, "import_refused"),
    (errors.DatasetRefused("not ours"), 500, "dataset_refused"),
    (errors.DoublebillError("something"), 500, "doublebill_error"),
]


def client_that_raises(error: Exception) -> TestClient:
    app = FastAPI()
    install(app)

    @app.get("/")
    def fail() -> None:
        raise error

    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(("error", "status", "code"), OURS, ids=lambda value: getattr(value, "code", None))
def test_each_error_of_ours_has_its_status_and_code(error, status, code):
    body = refused(client_that_raises(error).get("/"), status, code)
    assert body["detail"] == error.message
    assert body.get("hint") == error.hint


def test_every_class_of_ours_is_tried_here():
    ours = {each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Exception)}
    assert ours - {type(error) for error, _, _ in OURS} == {errors.SourceError}  # only its subclasses are raised


def test_an_error_of_ours_that_is_nobodys_mistake_is_logged(caplog):
    client_that_raises(errors.StoreError("the disk is full")).get("/")
    client_that_raises(errors.NotFound("no such title")).get("/")
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == ["the disk is full"]


def test_what_nobody_foresaw_gives_nothing_away_and_is_logged_with_its_traceback(caplog):
    body = refused(client_that_raises(ZeroDivisionError("the key is 1234")).get("/"), 500, "internal_error")
    assert "1234" not in str(body)
    record = next(record for record in caplog.records if record.name == "doublebill.web.problems")
    assert record.exc_info[0] is ZeroDivisionError
    assert "GET /" in record.message


@pytest.mark.parametrize(("status", "code"), [(403, "forbidden"), (400, "bad_request"), (418, "error")])
def test_an_error_of_the_framework_has_the_same_shape_and_keeps_its_headers(status, code):
    answer = client_that_raises(HTTPException(status, "because", headers={"X-Why": "so"})).get("/")
    assert refused(answer, status, code)["detail"] == "because"
    assert answer.headers["X-Why"] == "so"


def test_documented_statuses_have_a_description():
    assert {status: each["description"] for status, each in documented(404, 422).items()} == {
        404: "Not Found",
        422: "Invalid Request",
    }


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/history", "GET, POST"), ("/settings/tuner", "GET, POST"), ("/genres", "GET"), ("/ui/index.html", "GET")],
)
def test_a_method_that_a_path_does_not_have_is_told_all_that_it_has(client, path, allowed):
    answer = client.patch(path)
    refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allowed


def test_an_error_that_nobody_foresaw_is_logged_once_though_the_server_is_told_too(caplog):
    error = ZeroDivisionError("something private")
    setup_logging("INFO")
    client_that_raises(error).get("/")
    logging.getLogger(SERVER).error("Exception in ASGI application", exc_info=error)  # what uvicorn does with it
    assert [record.name for record in caplog.records if record.exc_info] == ["doublebill.web.problems"]
