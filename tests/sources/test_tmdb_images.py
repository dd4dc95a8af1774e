"""Pictures of TMDB: only pictures come back, and none that is too large."""

import httpx2
import pytest

from doublebill.errors import ConfigError, SourceBroken, SourceLimited, SourceRefused, SourceUnknown, SourceUnreachable
from doublebill.model import PICTURE_SIZES, PictureKey
from doublebill.sources.http import in_process
from doublebill.sources.tmdb_images import MOST_BYTES, Picture, TmdbImages, image_type_of, open_tmdb_images
from sources.fake_service import Service

pytestmark = pytest.mark.anyio

NAME = "abcDEF0123456789.jpg"
POSTER = PictureKey("w342", NAME)
JPEG, PNG, WEBP = b"\xff\xd8\xff\xe0 and more", b"\x89PNG\r\n\x1a\n and more", b"RIFF\x10\0\0\0WEBPVP8 "


def gives(content: bytes, content_type: str | None = "image/jpeg", **headers: str) -> tuple[TmdbImages, Service]:
    typed = {"Content-Type": content_type} if content_type else {}
    service = Service([httpx2.Response(200, content=content, headers={**typed, **headers})])
    return open_tmdb_images(transport=service), service


# Names


@pytest.mark.parametrize("size", PICTURE_SIZES)
@pytest.mark.parametrize("name", ["abcdefghij.jpg", "A1" * 32 + ".png"])
def test_a_picture_is_named_by_its_size_and_its_file(size, name):
    assert str(PictureKey(size, name)) == f"{size}/{name}"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".jpg",
        "short.jpg",
        "a" * 65 + ".jpg",
        "../../../etc/passwd.jpg",
        "..%2f..%2fetcpasswd.jpg",
        "abcdefghij/../x.jpg",
        "abcdefghij\\..\\x.jpg",
        "abcdefghij.jpg\n",
        "abcdefghij.jpg\0",
        "abcdefghij\0.jpg",
        "abcdefghij.svg",
        "abcdefghij.jpg.svg",
        "abcdefghij.svg.jpg",
        "abcdefghij.JPG",
        "abcdefghij.jpeg",
        "abcdefghij",
        "abcdefghij.",
        "/abcdefghij.jpg",
        "ａｂｃｄｅｆｇｈｉｊ.jpg",
        "abcdefghi\u0435.jpg",
        "abcdefghi\u0660.jpg",
        "abcdefghij.jpg?x=1",
        "abcdefghij.jpg#x",
        "user@abcdefghij.jpg",
        "CON.aaaaaaaaaa.jpg",
    ],
)
def test_a_name_that_could_be_anything_else_cannot_be_made(name):
    with pytest.raises(ValueError, match="not the name of a picture"):
        PictureKey("w342", name)


@pytest.mark.parametrize("size", ["", "original", "w343", "W342", "..", "w342/..", "h632", "w342\n"])
def test_a_size_that_no_page_uses_cannot_be_made(size):
    with pytest.raises(ValueError, match="not the name of a picture"):
        PictureKey(size, NAME)


# What comes back


@pytest.mark.parametrize(("content", "image_type"), [(JPEG, "image/jpeg"), (PNG, "image/png"), (WEBP, "image/webp")])
async def test_a_picture_is_told_by_its_first_bytes(content, image_type):
    images, service = gives(content, "image/anything; q=1")
    assert await images.picture(POSTER) == Picture(image_type, content)
    assert str(service.requests[0].url) == f"https://image.tmdb.org/t/p/w342/{NAME}"
    await images.close()


@pytest.mark.parametrize("content", [b"", b"<svg xmlns='x'/>", b"<html>", b"RIFF\0\0\0\0WAVE", b"GIF89a", b"\xff\xd8"])
async def test_what_is_no_picture_is_broken_whatever_is_said_of_it(content):
    images, _ = gives(content)
    assert image_type_of(content) is None
    with pytest.raises(SourceBroken, match="not a picture"):
        await images.picture(POSTER)


@pytest.mark.parametrize("content_type", ["text/html", "application/json", "image", None])
async def test_what_is_not_said_to_be_a_picture_is_broken(content_type):
    images, _ = gives(JPEG, content_type)
    with pytest.raises(SourceBroken, match="not a picture"):
        await images.picture(POSTER)


async def test_a_picture_may_have_five_million_bytes_and_not_one_more():
    def large(size_bytes):
        async def app(scope, receive, send):
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"image/jpeg")]})
            await send({"type": "http.response.body", "body": JPEG, "more_body": True})
            await send({"type": "http.response.body", "body": bytes(size_bytes - len(JPEG))})

        return open_tmdb_images(transport=in_process(app))

    assert len((await large(MOST_BYTES).picture(POSTER)).content) == MOST_BYTES
    with pytest.raises(SourceBroken, match="more than 5,000,000 bytes"):
        await large(MOST_BYTES + 1).picture(POSTER)


async def test_a_packed_picture_is_refused_before_it_is_unpacked():
    asked = []

    async def packing(scope, receive, send):
        asked.extend(value for name, value in scope["headers"] if name == b"accept-encoding")
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-encoding", b"gzip")]})
        await send({"type": "http.response.body", "body": b"not even packed"})

    with pytest.raises(SourceBroken, match="packs"):
        await open_tmdb_images(transport=in_process(packing)).picture(POSTER)
    assert asked == [b"identity"]


# The failures


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, SourceUnknown), (403, SourceRefused), (401, SourceRefused), (500, SourceBroken), (429, SourceLimited)],
)
async def test_a_failure_is_told_after_one_try(status, kind):
    service = Service([httpx2.Response(status)])
    with pytest.raises(kind, match="TMDB images"):
        await open_tmdb_images(transport=service).picture(POSTER)
    assert len(service.requests) == 1


async def test_a_service_that_hangs_is_given_up_soon():
    service = Service([httpx2.Response(200, content=JPEG)], latency_s=1000)
    with pytest.raises(SourceUnreachable, match="no answer in time") as error:
        await open_tmdb_images(transport=service).picture(POSTER)
    assert "DOUBLEBILL_TMDB_IMAGE_URL" in str(error.value.hint)


@pytest.mark.parametrize(
    "place", ["https://elsewhere.example/x.jpg", "http://169.254.169.254/x", "http://image.tmdb.org/"]
)
async def test_a_redirect_to_another_place_is_not_followed(place):
    service = Service([httpx2.Response(302, headers={"Location": place})])
    with pytest.raises(SourceBroken, match="sends us on"):
        await open_tmdb_images(transport=service).picture(POSTER)
    assert len(service.requests) == 1


def test_a_wrong_address_names_its_setting():
    with pytest.raises(ConfigError, match="DOUBLEBILL_TMDB_IMAGE_URL"):
        open_tmdb_images(url="image.tmdb.org")
