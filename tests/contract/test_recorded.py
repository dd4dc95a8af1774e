"""Every recorded answer that a client has a reader for is read, where it lies beside the checkout."""

import base64
import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import yaml

from doublebill.errors import SourceRefused, SourceUnknown
from doublebill.model import Kind, TitleKey
from doublebill.sources import open_jellyfin, open_tmdb
from doublebill.sources import tmdb_titles as titles
from doublebill.sources import tmdb_wire as wire
from doublebill.sources.jellyfin_wire import library_item, observation
from doublebill.sources.wire import read

FIXTURES = Path(__file__).parents[3] / "shared" / "contracts" / "fixtures"
NOW = datetime(2026, 10, 1, tzinfo=UTC)
KEY = TitleKey(Kind.MOVIE, 2**31)
GENRES = {kind: {number: f"genre {number}" for number in range(100_000)} for kind in Kind}

pytestmark = pytest.mark.skipif(not FIXTURES.is_dir(), reason="the contracts folder is not beside this checkout")


class Loader(yaml.SafeLoader):
    """Reads the cassettes, which write bodies that are not plain text as base64 under a tag of their own."""


Loader.add_constructor("!binary", lambda loader, node: base64.b64decode(loader.construct_scalar(node)))


@dataclass(frozen=True)
class Recorded:
    """One recorded answer: what was asked, with _ for / as file names have it, and how to read what came."""

    name: str
    label: str
    status: int
    body: Callable[[], Any]


def recorded_tmdb() -> Iterator[Recorded]:
    """Give all recordings, none of them read yet."""
    folder = FIXTURES / "tmdb"
    for file in sorted((folder / "official-examples").glob("*.json")):
        label, status, _ = file.name.split(".")
        yield Recorded(file.name, label, int(status), partial(from_example, file))
    for file in sorted((folder / "18months-vcr-2022").glob("*.yml")):
        path = urlsplit(re.findall(r"uri: (\S+)", file.read_text("utf-8"))[0]).path
        yield Recorded(file.name, path.strip("/").replace("/", "_"), 200, partial(from_cassette, file))
    if (folder / "INDEX.tsv").is_file():
        for row in csv.DictReader((folder / "INDEX.tsv").read_text("utf-8").splitlines(), delimiter="\t"):
            label, file = row["path"].strip("/").replace("/", "_"), folder / row["set"] / row["file"]
            yield Recorded(file.name, label, int(row["status"]), partial(from_mapping, file))


def from_example(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))


def from_cassette(file: Path) -> Any:
    exchange = yaml.load(file.read_text("utf-8"), Loader)["http_interactions"][0]
    return json.loads(exchange["response"]["body"]["string"])


def from_mapping(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))["Response"]["BodyAsJson"]


# Readers: each asserts what the body itself says.


def is_title(row: Any) -> bool:
    return row.get("media_type", "movie") in ("movie", "tv") and bool(row.get("title") or row.get("name"))


def distinct(rows: list[Any]) -> set[Any]:
    return {(row.get("media_type", "movie"), row["id"]) for row in rows if is_title(row)}


def reads_list(body: Any) -> None:
    found = titles.listed(read("TMDB", wire.Listing, body).entries, Kind.MOVIE, GENRES)
    assert len(found) == len(distinct(body["results"]))
    overviews = {(row.get("overview") or "").strip() or None for row in body["results"] if is_title(row)}
    assert {title.overview for title in found} == overviews


def reads_details(body: Any) -> None:
    title = titles.details(KEY, read("TMDB", wire.Details, body), GENRES, NOW).title
    assert title.title == body.get("title", body.get("name"))
    assert list(title.genres) == [genre["name"] for genre in body["genres"]]
    assert title.vote_count == body["vote_count"]
    assert title.released is not None


def reads_neighbours(body: Any) -> None:
    details = titles.details(
        KEY, read("TMDB", wire.Details, {"id": 1, "title": "Any", "recommendations": body}), GENRES, NOW
    )
    assert len(details.neighbours) == len(details.listed) == len(distinct(body.get("results", [])))


def reads_part(name: str) -> Callable[[Any], None]:
    def reads(body: Any) -> None:
        title = titles.details(
            KEY, read("TMDB", wire.Details, {"id": 1, "title": "Any", name: body}), GENRES, NOW
        ).title
        expected = {
            "keywords": bool(body.get("keywords") or body.get("results")),
            "credits": bool(body.get("cast")),
            "external_ids": bool(body.get("imdb_id")),
        }
        assert (
            bool({"keywords": title.keywords, "credits": title.credits, "external_ids": title.imdb_id}[name])
            is (expected[name])
        )

    return reads


def reads_videos(body: Any) -> None:
    trailer = titles.details(KEY, read("TMDB", wire.Details, {"id": 1, "title": "Any", "videos": body}), {}, NOW).title
    kinds = {row["key"]: row["type"] for row in body["results"] if row["type"] in ("Trailer", "Teaser")}
    assert (trailer.trailer_id is None) is (not kinds)
    assert kinds.get(trailer.trailer_id) == ("Trailer" if "Trailer" in kinds.values() else None)


def reads_find(body: Any) -> None:
    answer = read("TMDB", wire.Found, body)
    for kind, rows in ((Kind.MOVIE, body["movie_results"]), (Kind.TV, body["tv_results"])):
        assert titles.found(answer, kind) == (TitleKey(kind, rows[0]["id"]) if rows else None)


def reads_genres(body: Any) -> None:
    assert read("TMDB", wire.GenreList, body).names == {genre["id"]: genre["name"] for genre in body["genres"]}


def reads_configuration(body: Any) -> None:
    assert titles.images(read("TMDB", wire.ConfigurationAnswer, body)).poster_sizes[-1] == "original"


TITLE = r"3_(movie|tv)_(\d+|tt\d+|movie_id|series_id)"
READERS: Mapping[str, Callable[[Any], None]] = {
    TITLE: reads_details,
    TITLE + "_keywords": reads_part("keywords"),
    TITLE + "_credits": reads_part("credits"),
    TITLE + "_external_ids": reads_part("external_ids"),
    TITLE + "_videos": reads_videos,
    TITLE + "_(recommendations|similar)": reads_neighbours,
    r"3_(discover|search)_(movie|tv)|3_search_multi": reads_list,
    r"3_trending_(all|movie|tv)_(time_window|day|week)": reads_list,
    r"3_(movie|tv)_(popular|top_rated|upcoming|now_playing|on_the_air|airing_today)|3_keyword_\d+_movies": reads_list,
    r"3_find_(external_id|\w+)": reads_find,
    r"3_genre_(movie|tv)_list": reads_genres,
    r"3_configuration": reads_configuration,
}


def reader_of(label: str) -> Callable[[Any], None] | None:
    return next((reader for pattern, reader in READERS.items() if re.fullmatch(pattern, label)), None)


READABLE = [one for one in recorded_tmdb() if one.status == 200 and reader_of(one.label)]


@pytest.mark.parametrize("recorded", READABLE, ids=lambda recorded: recorded.name)
def test_a_recorded_answer_of_tmdb_is_read(recorded: Recorded) -> None:
    reader = reader_of(recorded.label)
    assert reader is not None
    reader(recorded.body())


@pytest.mark.parametrize("pattern", READERS)
def test_there_are_recordings_for_every_reader(pattern: str) -> None:
    assert any(re.fullmatch(pattern, recorded.label) for recorded in READABLE)


@pytest.mark.anyio
@pytest.mark.parametrize(("status", "kind"), [(401, SourceRefused), (404, SourceUnknown)])
async def test_the_recorded_refusals_of_tmdb_are_their_errors(status: int, kind: type[Exception]) -> None:
    bodies = [recorded.body() for recorded in recorded_tmdb() if recorded.status == status]
    assert bodies
    for body in bodies:
        transport = httpx2.MockTransport(lambda _, body=body: httpx2.Response(status, json=body))
        with pytest.raises(kind):
            await open_tmdb("any", transport=transport).details(KEY)


def jellyfin_file(name: str) -> Any:
    return json.loads((FIXTURES / "jellyfin" / "jellytrim-12.1.0" / name).read_text("utf-8"))


def play_jellyfin(request: httpx2.Request) -> httpx2.Response:
    files = {
        "/System/Info/Public": "system_info_public.json",
        "/System/Info": "system_info.json",
        "/Users": "users.json",
        "/Items": "items_userdata.json",
    }
    # The recording is the first two rows of twelve; there is nothing behind them.
    start = request.url.params.get("startIndex", "0")
    return httpx2.Response(200, json={"Items": []} if start != "0" else jellyfin_file(files[request.url.path]))


@pytest.mark.anyio
async def test_the_recorded_jellyfin_is_read_whole() -> None:
    jellyfin = open_jellyfin("http://host", "any", transport=httpx2.MockTransport(play_jellyfin))
    assert (await jellyfin.server()).version == "12.1.0"
    (person,) = await jellyfin.people()
    (library,) = [page async for page in jellyfin.library()]
    (watches,) = [page async for page in jellyfin.watches(person.person_id, NOW)]
    assert [item.year for item in library.rows] == [2019, 2020]
    assert [(one.finished, one.is_favorite) for one in watches.rows] == [(True, False), (False, True)]
    assert not library.skipped
    assert not watches.skipped


def test_the_recorded_item_of_jellyfin_is_read() -> None:
    row = jellyfin_file("item.json")
    assert library_item(row).runtime_min == 0.05
    assert observation(row, "any", NOW).last_played_at == datetime(2026, 9, 22, 18, 17, 3, tzinfo=UTC)
