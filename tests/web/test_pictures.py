"""Posters from this server: the narrow gate before them, what comes with them, and none in the demo."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

import anyio
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from doublebill.demo.images import IMAGES_URL, DemoImages, drawn
from doublebill.model import PICTURE_SIZES
from doublebill.sources.http import in_process
from doublebill.sources.tmdb_images import open_tmdb_images
from doublebill.store.pictures import PictureFolder
from doublebill.sync.pictures import Gallery
from doublebill.web.app import create_app
from doublebill.web.context import BARE
from sync.house import Clock, Line, answer, dead_line
from web.asked import refused

NAME = "x2LSRK2Cm7MZhjluni1msVJ3wDF.jpg"
PATH = f"/images/w342/{NAME}"


@dataclass(frozen=True, slots=True)
class Place:
    app: FastAPI
    client: TestClient
    line: Line
    folder: Path


@pytest.fixture
def place(engine, tmp_path: Path) -> Iterator[Place]:
    line, clock = Line(DemoImages([NAME])), Clock()
    folder = PictureFolder(tmp_path / "images", 1_000_000, clock)
    gallery = Gallery(lambda: open_tmdb_images(url=IMAGES_URL, transport=in_process(line)), folder, clock)
    app = create_app(engine, syncs_on_start=False, around=replace(BARE, gallery=gallery))
    with TestClient(app, follow_redirects=False) as client:
        yield Place(app, client, line, tmp_path / "images")


def status_of_raw(app: FastAPI, raw_path: str) -> int:
    """Ask as a server does that was sent these very bytes; clients would tidy the path up."""
    statuses: list[int] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(raw_path),
        "raw_path": raw_path.encode(),
        "query_string": b"",
        "headers": [],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 1),
    }

    async def receive():
        await anyio.sleep_forever()

    async def send(message):
        statuses.extend([message["status"]] if message["type"] == "http.response.start" else [])

    anyio.run(app, scope, receive, send)
    return statuses[0]


@pytest.mark.parametrize("size", PICTURE_SIZES)
def test_a_picture_comes_in_every_size_that_pages_use(place, size):
    picture = place.client.get(f"/images/{size}/{NAME}")
    assert picture.status_code == 200
    assert picture.content == drawn(int(size[1:]), NAME)
    assert picture.headers["content-type"] == "image/png"


def test_a_picture_may_be_kept_by_the_browser_for_half_a_year(place):
    picture = place.client.get(PATH)
    assert picture.headers["cache-control"] == "private, max-age=15552000, immutable"
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in picture.headers["content-security-policy"]


def test_a_picture_that_was_fetched_is_there_without_tmdb(place):
    first = place.client.get(PATH)
    place.line.fault = lambda _: dead_line
    assert place.client.get(PATH).content == first.content
    assert place.line.calls == [f"/t/p/w342/{NAME}"]


@pytest.mark.parametrize(
    "path",
    [
        "w342/abc.jpg",
        "w342/" + "a" * 65 + ".jpg",
        "w342/" + "a" * 5000 + ".jpg",
        f"w342/{NAME}.svg",
        "w342/x2LSRK2Cm7MZhjluni1msVJ3wDF.svg",
        "w342/x2LSRK2Cm7MZhjluni1msVJ3wDF.svg.jpg",
        "w342/x2LSRK2Cm7MZhjluni1msVJ3wDF.JPG",
        "w342/x2LSRK2Cm7MZhjluni1msVJ3wDF",
        f"w342/{NAME}%00",
        f"w342/{NAME}%00.jpg",
        f"w342/{NAME}%0a",
        "w342/%2e%2e",
        "w342/..",
        "w342/..%5c..%5cdoublebill.db",
        "w342/..\\..\\doublebill.db",
        "w342/%ef%bd%81bcdefghijk.jpg",
        "w342/abcdefghij%d0%b0.jpg",
        "w342/%ff%fe%fd%fc%fb%fa%f9%f8%f7%f6.jpg",
        "w342/@169.254.169.254.jpg",
        f"w342/{NAME}%3fx=1",
        f"original/{NAME}",
        f"w343/{NAME}",
        f"W342/{NAME}",
        f"w342%00/{NAME}",
        f"%2e%2e/{NAME}",
        f"../{NAME}",
    ],
)
def test_whatever_is_not_the_name_of_a_picture_is_refused_before_anything_is_done(place, path):
    assert status_of_raw(place.app, f"/images/{path}") == 422
    assert place.line.calls == []
    assert not place.folder.exists()


@pytest.mark.parametrize(
    "path",
    [
        "w342/../../doublebill.db",
        "w342/..%2f..%2fdoublebill.db",
        "w342%2f" + NAME + "%2f..",
        f"w342//{NAME}",
        f"/w342/{NAME}",
        "w342/http:%2f%2f169.254.169.254%2fx.jpg",
        f"w342/w342/{NAME}",
    ],
)
def test_a_path_with_more_parts_leads_nowhere(place, path):
    assert status_of_raw(place.app, f"/images/{path}") == 404
    assert place.line.calls == []
    assert not place.folder.exists()


def test_a_name_that_does_not_fit_is_a_problem_that_names_the_field(place):
    body = refused(place.client.get("/images/w342/abc.jpg"), 422, "invalid_request")
    assert [error["field"] for error in body["errors"]] == ["path.name"]
    body = refused(place.client.get(f"/images/original/{NAME}"), 422, "invalid_request")
    assert [error["field"] for error in body["errors"]] == ["path.size"]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (answer(404, {}), 404, "not_found"),
        (answer(500, {}), 502, "source_broken"),
        (answer(200, text="<svg onload=alert(1)>"), 502, "source_broken"),
        (answer(403, {}), 502, "source_refused"),
        (dead_line, 504, "source_unreachable"),
    ],
)
def test_a_picture_that_cannot_be_had_is_a_problem(place, fault, status, code):
    place.line.fault = lambda _: fault
    refused(place.client.get(PATH), status, code)


def test_where_nothing_is_fetched_there_is_no_picture(client):
    body = refused(client.get(PATH), 404, "not_found")
    assert "demo" in body["hint"]
