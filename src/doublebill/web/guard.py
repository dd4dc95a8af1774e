"""What every answer passes: it is refused to other websites that act here, and says what pages may load."""

from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doublebill.web.problems import problem

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
"""Everything the pages need comes from this server."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuse what another website makes a browser send, and say what pages may load.

    A browser names where a request comes from (Fetch Metadata, https://www.w3.org/TR/fetch-metadata/); scripts do not.
    """

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or the server's start and stop."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", POLICY)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
            await send(message)

        answer = self.app
        if scope["method"] not in SAFE_METHODS and _is_foreign(Headers(scope=scope)):
            answer = problem(403, "forbidden", "Another website may not do this here.")
        await answer(scope, receive, tell)


def _is_foreign(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and origin.split("://")[-1] != headers.get("host")
