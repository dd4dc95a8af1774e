"""What the four played services share: an ASGI app with a gate in front, and refusals with a body."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

Json = dict[str, object]
"""A JSON object as the services write them."""


class Refusal(HTTPException):
    """An answer other than success, with the JSON body of the service that refuses, or with none."""

    def __init__(self, status_code: int, body: object = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status_code, headers=headers)
        self.body = body

    def response(self) -> Response:
        """Give the answer that the client sees."""
        if self.body is None:
            return Response(status_code=self.status_code, headers=self.headers)
        return JSONResponse(self.body, status_code=self.status_code, headers=self.headers)


class DemoService(ABC):
    """One played service: an ASGI application that asks `gate` before it routes."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        handlers = {Refusal: self._refuse, HTTPException: self._route_missing}
        self._app = Starlette(routes=routes, exception_handlers=handlers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or the server's start and stop."""
        refusal = self.gate(Request(scope)) if scope["type"] == "http" else None
        await (refusal.response() if refusal else self._app)(scope, receive, send)

    @abstractmethod
    def gate(self, request: Request) -> Refusal | None:
        """Say why a request is not let in; None lets it in."""

    def missing(self) -> Refusal:
        """Give the service's answer to a path that it does not have."""
        return Refusal(404)

    def _refuse(self, _request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        return error.response()

    def _route_missing(self, _request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return self.missing().response() if error.status_code == 404 else Refusal(error.status_code).response()
