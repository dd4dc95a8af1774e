"""/check/status, /top-rated: where a title stands for a person and in the services."""

from collections import Counter
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, BackgroundTasks, Depends
from pydantic import BaseModel, Field

from doublebill.core.profile import Bar
from doublebill.core.recommend import Standing, top_rated
from doublebill.core.wish import Wish
from doublebill.model import Kind, Person, TitleKey
from doublebill.sync.engine import Engine
from doublebill.sync.services import Shelf, service_of
from doublebill.web.bodies import OptionalKind, QueryId, TmdbId, likely_key
from doublebill.web.context import EngineOf, PersonOf
from doublebill.web.problems import documented
from doublebill.web.recommendations import Choice
from doublebill.web.schemas import TitleFacts, facts

router = APIRouter(tags=["titles"])


class Status(BaseModel):
    """Where a title stands."""

    is_watched: bool
    is_hidden: bool
    is_requested: bool
    in_library: bool
    service_status: Literal["available", "downloading", "requested", "absent", "unknown", "not_configured"] = Field(
        description="In Radarr or Sonarr; `unknown` until it has been read."
    )
    service_status_from: datetime | None = Field(
        description="When the service was read; more than five minutes ago if it does not answer."
    )


class BatchItem(BaseModel):
    """A title to look up."""

    tmdb_id: TmdbId
    type: Kind | None = None


class Batch(BaseModel):
    """Titles to look up."""

    items: list[BatchItem] = Field(max_length=500)


class TopRatedTitle(TitleFacts):
    """A well rated title."""

    weighted_rating: float = Field(description="The rating, 0..10, drawn towards the mean until votes confirm it.")


class TopRated(BaseModel):
    """Titles by rating, best first."""

    count: int
    recommendations: list[TopRatedTitle]


@router.get("/check/status", responses=documented(404, 409, 422))
def check_status(
    engine: EngineOf,
    person: PersonOf,
    behind: BackgroundTasks,
    tmdb_id: QueryId,
    kind: OptionalKind = None,
) -> Status:
    """Say whether a title is watched, owned or asked for; nobody is waited for."""
    behind.add_task(engine.shelf.refresh_stale)
    key = likely_key(engine.edition, tmdb_id, kind)
    return statuses(engine, person, [key])[key]


@router.post("/check/status/batch", responses=documented(403, 404, 409, 422))
def check_status_batch(engine: EngineOf, person: PersonOf, body: Batch, behind: BackgroundTasks) -> dict[str, Status]:
    """Say the same of many titles, by `movie:603`, and by the bare id where it names one title of the request."""
    behind.add_task(engine.shelf.refresh_stale)
    keys = list(dict.fromkeys(likely_key(engine.edition, item.tmdb_id, item.type) for item in body.items))
    times = Counter(key.tmdb_id for key in keys)
    found = statuses(engine, person, keys)
    bare = {str(key.tmdb_id): status for key, status in found.items() if times[key.tmdb_id] == 1}
    return bare | {str(key): status for key, status in found.items()}


@router.get("/top-rated", responses=documented(404, 409, 422))
def top_rated_titles(engine: EngineOf, person: PersonOf, choice: Annotated[Choice, Depends()]) -> TopRated:
    """Give the best rated titles that a person could watch, whatever their taste."""
    reader = engine.edition.reader(person)
    wish = Wish(choice.limit, choice.type_filter, choice.genre)
    ranked = top_rated(reader.catalogue, reader.profile, wish)
    titles = engine.named([key for key, _ in ranked])
    rows = [TopRatedTitle.model_validate({**facts(titles[key]), "weighted_rating": rating}) for key, rating in ranked]
    return TopRated(count=len(rows), recommendations=rows)


def statuses(engine: Engine, person: Person, keys: list[TitleKey]) -> dict[TitleKey, Status]:
    """Say where titles stand for a person and in the services."""
    standings, titles = engine.standings(person, keys), engine.store.titles(keys)
    tvdb_ids = {key: title.tvdb_id for key, title in titles.items()}
    return {key: _status(engine.shelf, key, tvdb_ids.get(key), standings[key]) for key in keys}


def _status(shelf: Shelf, key: TitleKey, tvdb_id: int | None, standing: Standing) -> Status:
    service = service_of(key.kind)
    reading = shelf.reading(service)
    state = shelf.state(key, tvdb_id)
    absent: Literal["absent", "unknown"] = "absent" if reading else "unknown"
    return Status(
        is_watched=Bar.WATCHED in standing.bars,
        is_hidden=Bar.HIDDEN in standing.bars,
        is_requested=state in {"requested", "downloading"},
        in_library=Bar.HELD in standing.bars or state == "available",
        service_status="not_configured" if shelf.missing(service) else state or absent,
        service_status_from=reading.read_at if reading else None,
    )
