"""The Hugging Face hub, played: what it says of a model, and its files, most of them with another host."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

SHA = "a" * 40
SIGNED = "signature=of-the-hub"


@dataclass
class PlayedHub:
    """A hub with one model; it counts what it is asked, and by whom.

    ``token`` is asked for if it is set. ``pieces_until_cut`` pieces are given, then the line is dead. ``damaged`` is a
    file whose bytes come changed, ``damages`` times.
    """

    place: str
    folder: Path
    token: str | None = None
    elsewhere: str = "https://files.invalid"
    revision: str = SHA
    pieces_until_cut: int | None = None
    damaged: str = ""
    damages: int = 1
    says_digests: bool = True
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        host = request.headers["host"].partition(":")[0]
        self.asked.append((host, request.url.path, request.headers.get("authorization")))
        response = self._file(request) if SIGNED in request.url.query else self._hub(request)
        await response(scope, receive, send)

    @property
    def pieces(self) -> list[str]:
        """The paths of the pieces that were asked for."""
        return [path for host, path, _ in self.asked if "/resolve/" in path or path.startswith("/signed/")]

    def _hub(self, request: Request) -> Response:
        path = request.url.path
        if self.token and request.headers.get("authorization") != f"Bearer {self.token}":
            return JSONResponse({"error": "gated"}, 401)
        for revision in ("main", self.revision):
            if path == f"/api/models/{self.place}/revision/{revision}":
                return JSONResponse({"sha": self.revision, "siblings": [*map(self._sibling, self._paths())]})
        head = f"/{self.place}/resolve/{self.revision}/"
        if not path.startswith(head):
            return JSONResponse({"error": "not found"}, 404)
        name = path.removeprefix(head)
        if name.endswith(".json"):  # small files are given by the hub itself
            return self._bytes(request, name)
        return RedirectResponse(f"{self.elsewhere}/signed/{name}?{SIGNED}", 302)

    def _file(self, request: Request) -> Response:
        return self._bytes(request, request.url.path.removeprefix("/signed/"))

    def _bytes(self, request: Request, name: str) -> Response:
        if self.pieces_until_cut is not None:
            if self.pieces_until_cut == 0:
                raise ConnectionError
            self.pieces_until_cut -= 1
        content = (self.folder / name).read_bytes()
        start, _, last = request.headers["range"].removeprefix("bytes=").partition("-")
        piece = content[int(start) : int(last) + 1]
        if name == self.damaged and self.damages:
            self.damages -= 1
            piece = bytes(len(piece))
        return Response(piece, 206, headers={"Content-Range": f"bytes {start}-{last}/{len(content)}"})

    def _paths(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file())

    def _sibling(self, path: Path) -> dict[str, object]:
        content, name = path.read_bytes(), path.relative_to(self.folder).as_posix()
        told: dict[str, object] = {"rfilename": name, "size": len(content)}
        if self.says_digests and name.endswith(".json"):
            told["blobId"] = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        elif self.says_digests:
            told["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        return told
