"""Posters and backdrops from TMDB's image service, which asks for no key.

Only what is named by a ``PictureKey`` can be asked for, and only a picture comes back: its first bytes have to be those
of JPEG, PNG or WebP, whatever else is said of it. An SVG is a document that runs scripts, and is none of these.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from doublebill.errors import SourceBroken
from doublebill.model import PictureKey
from doublebill.sources.http import ApiClient, SizeLimit, Transport, network
from doublebill.sources.pace import Pace

SOURCE = "TMDB images"
URL = "https://image.tmdb.org"
KEY_HINT = "Pictures need no key: DOUBLEBILL_TMDB_IMAGE_URL may lead to another service"
MOST_BYTES = 5_000_000
"""A backdrop of 1280 pixels has about 300 kB."""

PACE = Pace(connections=8, timeout_s=8.0, attempts=1, max_wait_s=0.0)
"""A page waits, and draws a poster of its own where none comes: better soon than surely."""

ImageType: TypeAlias = Literal["image/jpeg", "image/png", "image/webp"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it came."""

    image_type: ImageType
    content: bytes


class TmdbImages:
    """Ask TMDB's image service. Every method raises SourceError of the kind that fits."""

    def __init__(self, client: ApiClient) -> None:
        self.client = client

    async def picture(self, key: PictureKey) -> Picture:
        """Give a picture.

        Raises: SourceUnknown if there is no such picture, SourceBroken if what comes is none or too large.
        """
        file = await self.client.get_file(f"/t/p/{key}")
        image_type = image_type_of(file.content)
        if image_type is None or not file.content_type.startswith("image/"):
            raise SourceBroken(SOURCE, f"gives something for {key} that is not a picture")
        return Picture(image_type, file.content)

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()


def image_type_of(content: bytes) -> ImageType | None:
    """Tell a picture by its first bytes (https://mimesniff.spec.whatwg.org, 6.1); None if it is of no type we show."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def open_tmdb_images(*, url: str = URL, transport: Transport | None = None) -> TmdbImages:
    """Give a client; ``url`` is another address for mirrors and tests.

    Raises: ConfigError if the address cannot be right.
    """
    limited = SizeLimit(transport or network(SOURCE, url, PACE), SOURCE, MOST_BYTES)
    return TmdbImages(ApiClient(SOURCE, url, headers={}, pace=PACE, transport=limited, key_hint=KEY_HINT))
