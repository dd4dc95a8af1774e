"""How the tests check an answer: success as JSON, or a refusal in the one shape that all have."""

from typing import Any

from starlette.testclient import TestClient

PROBLEM_FIELDS = {"type", "title", "status", "code", "detail", "hint", "errors"}


def got(client: TestClient, path: str, **query: object) -> Any:
    """Ask for something that is there."""
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def refused(answer, status: int, code: str) -> dict[str, Any]:
    """See that an answer is a problem of that status and code, and give it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["code"] == code
    assert body["title"]
    assert body["detail"]
    assert set(body) <= PROBLEM_FIELDS
    assert None not in body.values()
    return body


def refused_fields(client: TestClient, path: str, query: str) -> list[str]:
    """Ask with a parameter that does not fit, and give the fields that are named."""
    body = refused(client.get(f"{path}?{query}"), 422, "invalid_request")
    assert all(error["field"] in body["detail"] for error in body["errors"])
    return [error["field"] for error in body["errors"]]


def said(client: TestClient, path: str, body: object = None, *, method: str = "POST", **query: object) -> Any:
    """Say something that is taken, and give the answer."""
    answer = client.request(method, path, json=body, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()
