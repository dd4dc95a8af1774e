"""GET /search, /search/tmdb: finding a title here, and out there."""

import asyncio
import time
from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from doublebill.core.profile import Bar
from doublebill.core.recommend import Standing
from doublebill.model import Person
from doublebill.sources.tmdb_search import Match, search_by_title, search_everything
from doublebill.sync.engine import Engine
from doublebill.web.context import EngineOf, PersonOf
from doublebill.web.problems import documented
from doublebill.web.schemas import TitleFacts, facts
from doublebill.web.standings import Status, statuses

router = APIRouter(tags=["search"])

Words = Annotated[str, Query(min_length=1, max_length=10_000, description="What to look for; any text is only words.")]
Limit = Annotated[int, Query(ge=1, le=50)]


class Found(TitleFacts):
    """A title of the local catalogue that was found."""

    bm25_score: float = Field(description="Higher is better; compares within one answer.", examples=[11.2034])
    is_fuzzy: bool = Field(description="The words were not found; the name only looks like them.")


class FoundTitles(BaseModel):
    """What was found, best first."""

    count: int
    results: list[Found]
    method: Literal["bm25"]


class FoundAtTmdb(TitleFacts):
    """A title that TMDB found, and what is known of it here."""

    matched_via: str = Field(examples=["title", "actor:Tilda Swinton", "director:Agnès Varda"])
    hybrid: float | None = Field(description="Its score for this person; null where it is no candidate here.")
    is_watched: bool
    is_requested: bool
    in_library: bool
    is_hidden: bool


class FoundAtTmdbTitles(BaseModel):
    """What TMDB found."""

    count: int
    results: list[FoundAtTmdb]
    method: Literal["simple", "advanced"]
    backend_time: float = Field(description="How long TMDB took, in seconds.")


@router.get("/search", responses=documented(422))
def search(engine: EngineOf, query: Words, limit: Limit = 20) -> FoundTitles:
    """Find titles of the local catalogue by title, people, genres, keywords and plot, as somebody types."""
    hits = engine.store.search(query, limit)
    titles = engine.store.titles([hit.key for hit in hits])
    results = [
        Found.model_validate({**facts(title), "bm25_score": round(hit.score, 4), "is_fuzzy": hit.is_fuzzy})
        for hit in hits
        if (title := titles.get(hit.key))
    ]
    return FoundTitles(count=len(results), results=results, method="bm25")


@router.get("/search/tmdb", responses=documented(404, 409, 422, 502, 504))
async def search_tmdb(
    engine: EngineOf,
    person: PersonOf,
    query: Words,
    limit: Limit = 20,
    mode: Annotated[
        Literal["simple", "advanced"], Query(description="By title, or by title, actor and director together.")
    ] = "simple",
) -> FoundAtTmdbTitles:
    """Find films and series at TMDB, in one to five calls, with what is known of them here."""
    upstreams, started = engine.open_upstreams(), time.perf_counter()
    try:
        find = search_by_title if mode == "simple" else search_everything
        matches = await find(upstreams.tmdb, query, limit)
    finally:
        await upstreams.close()
    took = time.perf_counter() - started
    results = await asyncio.to_thread(_with_what_is_known, engine, person, matches)
    return FoundAtTmdbTitles(count=len(results), results=results, method=mode, backend_time=round(took, 3))


def _with_what_is_known(engine: Engine, person: Person, matches: Sequence[Match]) -> list[FoundAtTmdb]:
    keys = [match.title.key for match in matches]
    standings, status = engine.standings(person, keys), statuses(engine, person, keys)
    return [_found(match, standings[match.title.key], status[match.title.key]) for match in matches]


def _found(match: Match, standing: Standing, status: Status) -> FoundAtTmdb:
    return FoundAtTmdb.model_validate(
        {
            **facts(match.title),
            "matched_via": match.matched_via,
            "hybrid": standing.scores.hybrid if standing.scores and not standing.bars else None,
            "is_watched": status.is_watched,
            "is_requested": status.is_requested,
            "in_library": status.in_library,
            "is_hidden": Bar.HIDDEN in standing.bars,
        }
    )
