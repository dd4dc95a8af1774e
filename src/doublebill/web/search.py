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
from doublebill.sync.search import Findings, Method, Mode, Via
from doublebill.sync.search import search as search_here
from doublebill.web.context import EngineOf, PersonOf
from doublebill.web.problems import documented
from doublebill.web.schemas import TitleFacts, facts
from doublebill.web.standings import Status, statuses

router = APIRouter(tags=["search"])

Words = Annotated[str, Query(min_length=1, max_length=10_000, description="What to look for; any text is only words.")]
Limit = Annotated[int, Query(ge=1, le=50)]


class Found(TitleFacts):
    """A title of the local catalogue that was found."""

    bm25_score: float | None = Field(
        description="Higher is better; compares within one answer. null: it was not found by words.", examples=[11.2034]
    )
    is_fuzzy: bool = Field(description="The words were not found; the name only looks like them.")
    similarity_score: float | None = Field(
        ge=0,
        le=1,
        description="The cosine of its vector and the query's. null: meaning was not asked, or it has no vector.",
    )
    matched_via: Via = Field(
        description="`title`: its name has the words; `words`: people, keywords, genres or plot have them; "
        "`likeness`: its name looks like them; `meaning`: none of these, but it is near in meaning."
    )


class FoundTitles(BaseModel):
    """What was found, best first."""

    count: int
    results: list[Found]
    method: Method = Field(description="How they were found and ranked; with both, blended by their places.")
    hint: str | None = Field(
        description="Why meaning, which was wanted, could not help; words alone were searched then.",
        examples=["Only words were searched. No plot has a vector yet. A full sync makes them."],
    )


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
def search(
    engine: EngineOf,
    query: Words,
    limit: Limit = 20,
    mode: Annotated[
        Mode,
        Query(description="By words, by meaning, or by words with meaning joining in where a title is described."),
    ] = "auto",
) -> FoundTitles:
    """Find titles of the local catalogue as somebody types: by names, people, genres, keywords, plot, or by meaning."""
    return _told(engine, search_here(engine, query, limit, mode))


def _told(engine: Engine, findings: Findings) -> FoundTitles:
    titles = engine.store.titles([each.key for each in findings.found])
    results = [
        Found.model_validate(
            {
                **facts(title),
                "bm25_score": _rounded(each.hit.score if each.hit else None),
                "is_fuzzy": each.via == "likeness",
                "similarity_score": _rounded(each.similarity),
                "matched_via": each.via,
            }
        )
        for each in findings.found
        if (title := titles.get(each.key))
    ]
    return FoundTitles(count=len(results), results=results, method=findings.method, hint=findings.hint)


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 4)


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
