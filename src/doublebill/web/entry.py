"""Who is let in: with a password set, only those who give it, by HTTP Basic authentication (RFC 7617).

One password for the house, with any user name: browsers ask for it by themselves and scripts send it with ``curl -u``.
It protects as far as the connection does, so across the internet it wants TLS in front. Health stays open: it gives
nothing private away, and what watches the process has no password.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass

from pydantic import SecretStr
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from doublebill.errors import NotSignedIn
from doublebill.web.problems import problem

OPEN_PATHS = frozenset({"/api/health"})
CHALLENGE = {"WWW-Authenticate": 'Basic realm="doublebill", charset="UTF-8"'}


@dataclass(frozen=True, slots=True)
class Entry:
    """Answer 401 to whoever does not give the password."""

    app: ASGIApp
    password: SecretStr

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request in or not; the server's start and stop pass."""
        answer = self.app
        if scope["type"] == "http" and not self._lets_in(Request(scope)):
            answer = problem(401, NotSignedIn.code, "The password is missing or wrong.", headers=CHALLENGE)
        await answer(scope, receive, send)

    def _lets_in(self, request: Request) -> bool:
        path = request.url.path.removeprefix(request.scope.get("root_path", ""))
        given = _password_of(request.headers.get("authorization", ""))
        wanted = self.password.get_secret_value().encode()
        return path in OPEN_PATHS or (given is not None and hmac.compare_digest(given, wanted))


def _password_of(header: str) -> bytes | None:
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        _, colon, password = base64.b64decode(credentials, validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return None
    return password if colon else None
