"""TMDB's image service, played: a plain picture in each size for the names that it knows, and its refusal for others.

The demo itself shows no pictures; this is for whoever tests what does.
"""

import struct
import zlib
from collections.abc import Iterable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from doublebill.demo.service import DemoService, Refusal

IMAGES_URL: Final = "http://images.invalid"
"""An address that no network knows (RFC 2606)."""


class DemoImages(DemoService):
    """Play the image service for some names such as ``abcdefghij.jpg``; an ASGI app.

    What it gives is PNG whatever the name ends in, as a mirror may do it.
    """

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__([Route("/t/p/{size}/{name}", self._picture)])
        self._names = frozenset(names)

    def gate(self, request: Request) -> Refusal | None:
        """Let everybody in: pictures need no key."""
        del request
        return None

    async def _picture(self, request: Request) -> Response:
        size, name = request.path_params["size"], request.path_params["name"]
        if name not in self._names or not size.startswith("w") or not size[1:].isdecimal():
            raise self.missing()
        return Response(drawn(int(size[1:]), name), media_type="image/png")


def drawn(width: int, name: str) -> bytes:
    """Draw a PNG (https://www.w3.org/TR/png/) of a poster's shape, in a grey of its own for each name."""
    height, grey = width * 3 // 2, bytes([zlib.crc32(name.encode()) % 256])
    rows = (b"\0" + grey * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
