from collections.abc import Mapping
from typing import Any

import httpx2
import pytest

from contract.checked import CheckedTransport
from doublebill.model import Kind, TitleKey
from doublebill.sources.tmdb import Tmdb, open_tmdb
from doublebill.sources.tmdb_search import search_by_title, search_everything
from sources.fake_service import Service, says

pytestmark = pytest.mark.anyio

GENRES = {"genres": [{"id": 18, "name": "Drama"}]}


def work(tmdb_id: int, media_type: str = "movie", **facts: Any) -> dict[str, Any]:
    name = "title" if media_type == "movie" else "name"
    return {"id": tmdb_id, "media_type": media_type, name: f"Work {tmdb_id}", "genre_ids": [18], **facts}


ANSWERS: Mapping[str, Any] = {
    "/3/genre/movie/list": GENRES,
    "/3/genre/tv/list": GENRES,
    "/3/search/multi": {
        "results": [work(1), work(1, "tv"), {"id": 50, "media_type": "person", "name": "Agnes Moor"}],
        "total_pages": 9,
    },
    "/3/search/person": {
        "results": [
            {"id": n, "name": name}
            for n, name in enumerate(
                ["Agnès Moor", "Agnes Moorland", "Someone Else", "Agnes B. Moor", "Agnes Moor Junior", "Nobody"],
                start=50,
            )
        ]
        + [{"id": None, "name": "Agnes Moor"}, "junk"]
    },
    **{
        f"/3/person/{n}/combined_credits": {
            "cast": [work(100 + n, vote_count=n), work(1, vote_count=9)],
            "crew": [work(200 + n, "tv", job="Creator", vote_count=2 * n), work(300 + n, job="Editor")],
        }
        for n in range(50, 56)
    },
}


def service() -> Service:
    return Service(answer=lambda request: says(ANSWERS[request.url.path]))


def tmdb(transport: httpx2.AsyncBaseTransport) -> Tmdb:
    return open_tmdb("v4.token", transport=transport, rate_per_s=None)


async def test_titles_are_found_by_name_films_and_series_both() -> None:
    matches = await search_by_title(tmdb(service()), "work", 2)
    assert [(match.title.key, match.matched_via) for match in matches] == [
        (TitleKey(Kind.MOVIE, 1), "title"),
        (TitleKey(Kind.TV, 1), "title"),
    ]


@pytest.mark.parametrize(("limit", "calls"), [(1, 1), (20, 1), (21, 2), (50, 3)])
async def test_a_search_by_name_asks_for_no_more_pages_than_wanted(limit: int, calls: int) -> None:
    asked = service()
    await search_by_title(tmdb(asked), "work", limit)
    assert sum(request.url.path == "/3/search/multi" for request in asked.requests) == calls


async def test_everything_is_found_by_name_actor_and_director_each_title_once() -> None:
    matches = await search_everything(tmdb(service()), "agnes moor", 50)
    vias = {match.title.key: match.matched_via for match in matches}
    assert vias[TitleKey(Kind.MOVIE, 1)] == "title"
    assert vias[TitleKey(Kind.TV, 250)] == "director:Agnès Moor"
    assert vias[TitleKey(Kind.MOVIE, 150)] == "actor:Agnès Moor"
    assert TitleKey(Kind.MOVIE, 350) not in vias
    assert len(matches) == len(vias) == 8
    assert await search_everything(tmdb(service()), "agnes moor", 3) == matches[:3]


async def test_it_takes_five_calls_at_most_besides_the_names_of_genres() -> None:
    asked = service()
    await search_everything(tmdb(asked), "agnes moor", 50)
    calls = [request.url.path for request in asked.requests if "genre" not in request.url.path]
    assert len(calls) == 5


async def test_people_whose_name_does_not_fit_are_not_examined() -> None:
    asked = service()
    await search_everything(tmdb(asked), "someone", 50)
    assert [request.url.path for request in asked.requests if "credits" in request.url.path] == [
        "/3/person/52/combined_credits"
    ]


@pytest.mark.parametrize("query", ["", "   "])
async def test_a_blank_query_finds_nothing_and_asks_nothing(query: str) -> None:
    asked = service()
    assert await search_everything(tmdb(asked), query, 5) == []
    assert await search_by_title(tmdb(asked), query, 5) == []
    assert asked.requests == []


async def test_every_call_is_allowed_by_the_specification(contracts) -> None:
    checked = CheckedTransport(service(), "tmdb", contracts)
    assert await search_everything(tmdb(checked), "agnes moor", 5)
