"""Errors as ``application/problem+json`` (RFC 9457): one shape for all, with a stable ``code``.

This is one of the two places that catch everything: whatever nobody foresaw becomes a 500 that gives nothing away, and
a traceback in the log.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount

from doublebill.errors import (
    ConfigError,
    Conflict,
    DoublebillError,
    NotFound,
    NotSignedIn,
    SetupCodeRefused,
    SourceError,
    SourceLimited,
    SourceUnreachable,
    StoreBusy,
)
from doublebill.logs import note_logged

log = logging.getLogger(__name__)

STATUS: dict[type[DoublebillError], int] = {
    NotFound: 404,
    SetupCodeRefused: 403,
    NotSignedIn: 401,
    Conflict: 409,
    ConfigError: 409,
    StoreBusy: 503,
    SourceLimited: 504,
    SourceUnreachable: 504,
    SourceError: 502,
}
"""The first class that fits decides; everything else of ours is a 500."""


class FieldError(BaseModel):
    """What is wrong with one field or parameter."""

    field: str = Field(examples=["query.limit"])
    message: str = Field(examples=["Input should be less than or equal to 100"])


class Problem(BaseModel):
    """An error, for a person (title, detail, hint) and for a program (status, code)."""

    type: str = Field("about:blank", examples=["about:blank"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    code: str = Field(examples=["not_found"])
    detail: str = Field(examples=["No film or series with the id 603 is known here"])
    hint: str | None = None
    errors: list[FieldError] | None = None


PROBLEM_JSON = "application/problem+json"


class ProblemResponse(JSONResponse):
    """A JSON answer with the media type of RFC 9457."""

    media_type = PROBLEM_JSON


class DescribedApp(FastAPI):
    """An app whose OpenAPI document says of problems what is true."""

    def openapi(self) -> dict[str, Any]:
        """Give the document; FastAPI would add to each problem that it may come as ``application/json`` too."""
        document = super().openapi()
        for path in document["paths"].values():
            for operation in path.values():
                for response in operation["responses"].values():
                    content = response.get("content", {})
                    if PROBLEM_JSON in content:
                        content.pop("application/json", None)
        return document


UNREADABLE = "There was an error parsing the body"
"""FastAPI's own words where a body cannot be decoded."""

METHODS = ("DELETE", "GET", "POST", "PUT")

TITLES = {
    400: "Bad Request",
    401: "Not Signed In",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    422: "Invalid Request",
    500: "Internal Error",
    502: "Service Failed",
    503: "Busy",
    504: "Service Unreachable",
}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    hint: str | None = None,
    errors: Sequence[FieldError] | None = None,
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """Make the answer of an error."""
    body = Problem(
        type="about:blank",
        title=TITLES.get(status, "Error"),
        status=status,
        code=code,
        detail=detail,
        hint=hint,
        errors=list(errors) if errors else None,
    )
    return ProblemResponse(body.model_dump(exclude_none=True), status_code=status, headers=headers)


def documented(*statuses: int) -> dict[int | str, dict[str, object]]:
    """Describe error answers of an endpoint for its OpenAPI document."""
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": TITLES[status], "model": Problem, "content": content} for status in statuses}


def install(app: FastAPI) -> None:
    """Make every error of an app a problem."""
    app.add_exception_handler(DoublebillError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


async def _ours(_: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, DoublebillError)  # registered for nothing else
    status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)
    if status == 500:
        log.error("%s", error.message, exc_info=error)
    code = "not_configured" if isinstance(error, ConfigError) else error.code
    return problem(status, code, error.message, hint=error.hint)


async def _invalid(_: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, RequestValidationError)  # registered for nothing else
    errors = [
        FieldError(field=".".join(str(part) for part in found["loc"]), message=found["msg"]) for found in error.errors()
    ]
    return problem(
        422, "invalid_request", "; ".join(f"{found.field}: {found.message}" for found in errors), errors=errors
    )


async def _http(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)  # registered for nothing else
    if error.status_code == 400 and error.detail == UNREADABLE:  # no UTF-8, and so no JSON either
        broken = FieldError(field="body", message="JSON decode error")
        return problem(422, "invalid_request", f"{broken.field}: {broken.message}", errors=[broken])
    code = TITLES.get(error.status_code, "error").lower().replace(" ", "_")
    headers = {"Allow": _allowed(request)} if error.status_code == 405 else error.headers
    return problem(error.status_code, code, str(error.detail), headers=headers)


def _allowed(request: Request) -> str:
    """Name every method that a path answers; the router names only those of the first route that has the path."""
    app: FastAPI = request.app
    answered = {
        method
        for method in METHODS
        for route in app.routes
        if not isinstance(route, Mount) and route.matches({**request.scope, "method": method})[0] is Match.FULL
    }
    return ", ".join(sorted(answered or {"GET"}))  # a mount holds files


async def _unforeseen(request: Request, error: Exception) -> ProblemResponse:
    log.error("%s %s failed in a way that nobody foresaw", request.method, request.url.path, exc_info=error)
    note_logged(error)  # it is raised on, to the web server
    return problem(500, "internal_error", "Something went wrong here; the log has the details.")
