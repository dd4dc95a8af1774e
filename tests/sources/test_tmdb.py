import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from contract.checked import CheckedTransport
from doublebill.errors import (
    ConfigError,
    SourceBroken,
    SourceLimited,
    SourceRefused,
    SourceUnknown,
    SourceUnreachable,
)
from doublebill.model import Kind, TitleKey
from doublebill.sources.http import ApiClient
from doublebill.sources.pace import Pace
from doublebill.sources.tmdb import Tmdb, open_tmdb
from doublebill.sources.tmdb_titles import Images
from sources.fake_service import Service, says

pytestmark = pytest.mark.anyio

V3, V4 = "0123456789abcdef0123456789ABCDEF", "eyJhbGciOi.made.up_token-1"
FILM = TitleKey(Kind.MOVIE, 605)
ENTRY = {"id": 7, "title": "Near", "name": "Near", "genre_ids": [18]}
LIST = {"results": [ENTRY], "total_pages": 1, "page": 1}
ANSWERS: Mapping[str, Any] = {
    "/3/authentication": {"success": True},
    "/3/movie/605": {"id": 605, "title": "Made Up", "similar": LIST},
    "/3/tv/605": {"id": 605, "name": "Made Up", "similar": LIST},
    "/3/genre/movie/list": {"genres": [{"id": 18, "name": "Drama"}, {"id": 1, "name": None}, None]},
    "/3/genre/tv/list": {"genres": [{"id": 18, "name": "Drama in parts"}]},
    "/3/find/tt0000605": {"movie_results": [{"id": 605}], "tv_results": []},
    "/3/find/605": {"movie_results": [], "tv_results": [{"id": 605}]},
    "/3/configuration": {"images": {"secure_base_url": "https://i/", "poster_sizes": ["w92", None]}},
}


def tmdb_with(answers: Mapping[str, Any], **changes: Any) -> tuple[Tmdb, Service]:
    def answer(request: httpx2.Request) -> httpx2.Response:
        missing = says({"success": False, "status_code": 34}, 404)
        return says(answers[request.url.path]) if request.url.path in answers else missing

    service = Service(answer=answer, latency_s=0.08)
    return open_tmdb(V4, transport=service, **changes), service


def paths(service: Service) -> list[str]:
    return [request.url.path for request in service.requests]


# Keys


async def test_a_read_token_travels_in_the_header() -> None:
    tmdb, service = tmdb_with(ANSWERS)
    await tmdb.check()
    assert service.requests[0].headers["Authorization"] == f"Bearer {V4}"
    assert not service.requests[0].url.query


@pytest.mark.parametrize("key", [V3, f" {V3}\n"])
async def test_a_v3_key_travels_in_the_query_and_nowhere_else(key: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    service = Service([says({"status_code": 7}, 401)])
    tmdb = open_tmdb(key, transport=service)
    with pytest.raises(SourceRefused) as caught:
        await tmdb.check()
    assert service.requests[0].url.params["api_key"] == V3
    assert "Authorization" not in service.requests[0].headers
    assert V3 not in f"{caplog.text}{caught.value!r}{caught.value.hint}{tmdb!r}{tmdb.client!r}"


async def test_a_token_with_its_scheme_in_front_is_understood() -> None:
    service = Service([says({"success": True})])
    await open_tmdb(f"Bearer {V4}", transport=service).check()
    assert service.requests[0].headers["Authorization"] == f"Bearer {V4}"


@pytest.mark.parametrize(
    ("key", "url"), [("", "http://host"), ("a b", "http://host"), (V3, "host"), (V4, "ftp://host")]
)
def test_a_wrong_key_or_address_is_a_config_error(key: str, url: str) -> None:
    with pytest.raises(ConfigError, match="TMDB_"):
        open_tmdb(key, url=url)


@pytest.mark.parametrize(
    "url", ["http://mirror/tmdb", "http://mirror/tmdb/", "http://mirror/tmdb/3", "http://mirror/tmdb/3/"]
)
async def test_a_mirror_is_taken_with_and_without_the_version(url: str) -> None:
    service = Service([says({"success": True})])
    await open_tmdb(V4, url=url, transport=service).check()
    assert service.requests[0].url.path == "/tmdb/3/authentication"


async def test_a_v3_key_goes_over_the_network_too() -> None:
    await open_tmdb(V3).close()


async def test_a_refused_key_says_where_keys_are() -> None:
    with pytest.raises(SourceRefused) as caught:
        await open_tmdb(V4, transport=Service([says({"status_code": 7}, 401)])).check()
    assert "themoviedb.org/settings/api" in (caught.value.hint or "")


@pytest.mark.parametrize("answer", [{"success": False}, [], None])
async def test_a_check_that_does_not_succeed_is_broken(answer: Any) -> None:
    with pytest.raises(SourceBroken):
        await open_tmdb(V4, transport=Service([says(answer)])).check()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx2.ConnectTimeout(""), SourceUnreachable),
        (says({"status_code": 10}, 401), SourceRefused),
        (says({"status_code": 34}, 404), SourceUnknown),
        (says({"status_code": 25}, 429), SourceLimited),
        (says({"status_code": 46}, 503), SourceBroken),
        (httpx2.Response(200, html="<h1>Maintenance</h1>"), SourceBroken),
        (says({"success": False}), SourceBroken),
    ],
)
async def test_each_failure_of_the_details_is_its_error(answer: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        await open_tmdb(V4, transport=Service([answer])).details(FILM)


# Details and genres


async def test_details_are_one_call_with_all_that_is_appended() -> None:
    answers = {**ANSWERS, "/3/movie/605": {"id": 605, "title": "Made Up"}}
    tmdb, service = tmdb_with(answers, language="de-DE")
    assert (await tmdb.details(FILM)).title.key == FILM
    assert paths(service) == ["/3/movie/605"]
    assert dict(service.requests[0].url.params) == {
        "append_to_response": "keywords,credits,external_ids,recommendations,similar,videos",
        "language": "de-DE",
        "include_video_language": "de,en",
    }


async def test_the_trailer_is_that_of_the_language() -> None:
    videos = [
        {"site": "YouTube", "type": "Trailer", "iso_639_1": language, "key": f"trailer__{language}"}
        for language in ("en", "de")
    ]
    answers = {**ANSWERS, "/3/movie/605": {"id": 605, "title": "Made Up", "videos": {"results": videos}}}
    found = [await tmdb_with(answers, language=language)[0].details(FILM) for language in ("de-DE", "fr-FR")]
    assert [each.title.trailer_id for each in found] == ["trailer__de", "trailer__en"]


async def test_details_carry_the_time_of_the_clock() -> None:
    now = datetime(2026, 10, 1, tzinfo=UTC)
    service = Service([says({"id": 605, "title": "Made Up"})])
    client = ApiClient("TMDB", "http://host", headers={}, pace=Pace(), transport=service)
    found = await Tmdb(client, "en-US", clock=lambda: now).details(FILM)
    assert found.title.detailed_at == now


async def test_genre_names_are_fetched_once_and_callers_at_the_same_time_share_the_fetch() -> None:
    tmdb, service = tmdb_with(ANSWERS)
    answers = await asyncio.gather(*(tmdb.details(TitleKey(kind, 605)) for kind in [*Kind] * 8))
    await tmdb.details(FILM)
    calls = Counter(paths(service))
    assert (calls["/3/genre/movie/list"], calls["/3/genre/tv/list"]) == (1, 1)
    assert [found.listed[0].genres for found in answers] == [("Drama",), ("Drama in parts",)] * 8


async def test_a_fetch_of_genres_that_fails_is_made_again_by_the_next_call() -> None:
    answers = {path: answer for path, answer in ANSWERS.items() if "genre" not in path}
    tmdb, _ = tmdb_with(answers)
    with pytest.raises(SourceUnknown):
        await tmdb.details(FILM)
    answers["/3/genre/movie/list"] = ANSWERS["/3/genre/movie/list"]
    assert (await tmdb.details(FILM)).listed[0].genres == ("Drama",)


# Look-ups


async def test_a_title_is_found_by_imdb_id_then_by_tvdb_id() -> None:
    tmdb, service = tmdb_with(ANSWERS)
    assert await tmdb.find(Kind.MOVIE, imdb_id="tt0000605", tvdb_id=605) == FILM
    assert await tmdb.find(Kind.TV, imdb_id="tt0000605", tvdb_id=605) == TitleKey(Kind.TV, 605)
    assert [request.url.params["external_source"] for request in service.requests] == ["imdb_id", "imdb_id", "tvdb_id"]


async def test_a_title_that_is_not_there_is_none_and_nothing_is_asked_without_an_id() -> None:
    tmdb, service = tmdb_with(ANSWERS)
    assert await tmdb.find(Kind.TV, imdb_id="tt/../1", tvdb_id=0) is None
    assert await tmdb.find(Kind.TV) is None
    assert [request.url.raw_path.partition(b"?")[0] for request in service.requests] == [b"/3/find/tt%2F..%2F1"]


async def test_a_search_asks_for_the_year_in_the_way_of_each_kind() -> None:
    tmdb, service = tmdb_with({**ANSWERS, "/3/search/movie": LIST, "/3/search/tv": LIST})
    assert (await tmdb.search("ne & ar", Kind.MOVIE, 2001))[0].key == TitleKey(Kind.MOVIE, 7)
    assert (await tmdb.search("near", Kind.TV, 2001))[0].genres == ("Drama in parts",)
    film, series = (request.url.params for request in service.requests if "search" in request.url.path)
    assert (film["query"], film["year"], film["include_adult"]) == ("ne & ar", "2001", "false")
    assert series["first_air_date_year"] == "2001"


async def test_a_blank_search_asks_nothing() -> None:
    tmdb, service = tmdb_with(ANSWERS)
    assert await tmdb.search("  ", Kind.MOVIE) == []
    assert service.requests == []


async def test_pictures_are_read_from_the_configuration() -> None:
    tmdb, _ = tmdb_with(ANSWERS)
    assert await tmdb.configuration() == Images("https://i/", ("w92",), ())


# Lists and paging


def numbered(total_pages: int) -> Service:
    def answer(request: httpx2.Request) -> httpx2.Response:
        page = int(request.url.params.get("page", 1))
        rows = [{"id": page * 10 + number, "title": "Any"} for number in range(3)] + [{"id": 10, "title": "Again"}]
        genres: list[Any] = []
        return says({"results": rows, "page": page, "total_pages": total_pages, "genres": genres})

    return Service(answer=answer)


async def test_a_list_is_read_page_by_page_each_title_once() -> None:
    tmdb = open_tmdb(V4, transport=numbered(9))
    found = await tmdb.now_playing(pages=3)
    assert [title.key.tmdb_id for title in found] == [10, 11, 12, 20, 21, 22, 30, 31, 32]


async def test_a_list_ends_where_tmdb_ends_it() -> None:
    service = numbered(2)
    await open_tmdb(V4, transport=service).on_the_air(pages=9)
    assert [request.url.params.get("page") for request in service.requests] == [None, "2", None]


async def test_no_page_beyond_the_last_that_tmdb_gives_is_asked_for() -> None:
    service = numbered(56_999)
    tmdb = Tmdb(ApiClient("TMDB", "http://host", headers={}, pace=Pace(), transport=service), "en-US")
    await tmdb.discover(Kind.MOVIE, date(2026, 1, 1), date(2026, 2, 1), pages=10_000)
    assert max(int(request.url.params.get("page", 1)) for request in service.requests) == 500


async def test_new_releases_are_asked_for_by_day() -> None:
    tmdb, service = tmdb_with({**ANSWERS, "/3/discover/movie": LIST, "/3/discover/tv": LIST})
    for kind in Kind:
        await tmdb.discover(kind, date(2026, 9, 1), date(2026, 10, 1))
    film, series = (request.url.params for request in service.requests if "discover" in request.url.path)
    assert (film["primary_release_date.gte"], film["primary_release_date.lte"]) == ("2026-09-01", "2026-10-01")
    assert series["first_air_date.gte"] == "2026-09-01"


async def test_a_list_without_results_is_broken() -> None:
    with pytest.raises(SourceBroken, match="results"):
        await open_tmdb(V4, transport=Service([says({"page": 1})])).trending(Kind.TV)


# The specification


@pytest.mark.parametrize("key", [V3, V4])
async def test_every_request_is_one_that_tmdb_specifies(key: str, contracts: Path) -> None:
    service = Service(answer=lambda request: says(ANSWERS.get(request.url.path, LIST | {"total_pages": 2})))
    checked = CheckedTransport(service, "tmdb", contracts)
    tmdb = open_tmdb(key, transport=checked)
    await tmdb.check()
    await tmdb.configuration()
    await tmdb.now_playing(pages=2)
    await tmdb.on_the_air(pages=2)
    await tmdb.find(Kind.MOVIE, imdb_id="tt0000605")
    await tmdb.find(Kind.TV, tvdb_id=605)
    for kind in Kind:
        await tmdb.details(TitleKey(kind, 605))
        await tmdb.search("near", kind, 2001)
        await tmdb.trending(kind)
        await tmdb.discover(kind, date(2026, 9, 1), date(2026, 10, 1), pages=2)
    assert len(checked.seen) == 20
