"""What stands before the routes: HEAD for whatever answers GET, and the sub-path that a proxy puts in front."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

IS_HEAD = "doublebill.is_head"


def asks_for_headers(scope: Scope) -> bool:
    """Say whether a request was HEAD: what never ends must not begin for it."""
    return bool(scope.get(IS_HEAD))


@dataclass(frozen=True, slots=True)
class Front:
    """Pass requests on in the one form that the routes know.

    HEAD is asked by probes (``wget --spider``, uptime monitors) and is routed as GET; the server leaves the body out.
    ``root_path`` is named in the scope and stands before the path, as ASGI wants it, whether the proxy strips it or
    not.
    """

    app: ASGIApp
    root_path: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or the server's start and stop."""
        if scope["type"] == "http":
            is_head = scope["method"] == "HEAD"
            method = "GET" if is_head else scope["method"]
            scope = {**scope, "method": method, "root_path": self.root_path, "path": self._whole(scope["path"])}
            scope[IS_HEAD] = is_head
        await self.app(scope, receive, send)

    def _whole(self, path: str) -> str:
        if path == self.root_path:
            return f"{path}/"
        return path if path.startswith(f"{self.root_path}/") else f"{self.root_path}{path}"
