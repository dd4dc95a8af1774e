"""GET /api/health, /system/status, /people; POST /system/regenerate, /system/cancel: how it is, and renewing it."""

import logging
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from doublebill.errors import ConfigError, StoreError
from doublebill.model import SyncKind, SyncStatus
from doublebill.sync.engine import people_of
from doublebill.web.context import EngineOf
from doublebill.web.problems import documented
from doublebill.web.schemas import PersonOut, person_out
from doublebill.web.status import SystemStatus, last_run, read_status

log = logging.getLogger(__name__)
router = APIRouter(tags=["system"])


class Health(BaseModel):
    """Whether the process serves, and how many titles it has; nothing private."""

    status: Literal["healthy", "degraded"]
    total_candidates: int
    total_recommendations: int
    message: str


class Started(BaseModel):
    """What came of asking for a sync."""

    status: Literal["success"]
    message: str


class Stopped(BaseModel):
    """What came of asking for an end of the sync."""

    status: Literal["success", "idle"] = Field(description="`idle`: none was running.")
    message: str


class People(BaseModel):
    """Everybody, the household last."""

    people: list[PersonOut]
    default: str | None = Field(
        description="The id of the person who is meant where none is named; null where `JELLYFIN_USER` names nobody."
    )
    next: None = None


@router.get("/api/health")
def health(engine: EngineOf) -> Health:
    """Say whether the process serves and has something to recommend; at once, also while that is being read."""
    try:
        edition, last = engine.edition_at_hand, last_run(engine)
    except StoreError as error:
        log.warning("health: %s", error.message)  # it names the data folder, which is nobody's business
        message = "The database cannot be read; the log has the details"
        return Health(status="degraded", total_candidates=0, total_recommendations=0, message=message)
    if edition is None:
        message = "It has just started, and reads the recommendations"
        return Health(status="degraded", total_candidates=0, total_recommendations=0, message=message)
    titles, candidates = len(edition.catalogue), edition.candidate_count
    if not candidates:
        message = "Nothing to recommend yet: the first sync has not come that far"
    elif last and last.status is SyncStatus.ERROR:
        message = "The last sync failed; the last good recommendations are served"
    else:
        return Health(
            status="healthy", total_candidates=titles, total_recommendations=candidates, message="All is well"
        )
    return Health(status="degraded", total_candidates=titles, total_recommendations=candidates, message=message)


@router.get("/people")
def people(request: Request, engine: EngineOf) -> People:
    """Give everybody that recommendations are made for."""
    edition = engine.edition
    everybody = [person_out(person) for person in people_of(edition)]
    try:
        default = edition.person_meant(None, request.app.state.default_user).person_id
    except ConfigError:  # whoever asks for a person by name is answered all the same
        default = None
    return People(people=everybody, default=default)


@router.get("/system/status")
def status(engine: EngineOf) -> SystemStatus:
    """Say how far the running sync is, or how the last one went."""
    return read_status(engine)


class Refreshed(BaseModel):
    """What was read anew."""

    status: Literal["refreshed"]
    recommendations_loaded: int
    candidates_loaded: int
    bm25_items_indexed: int


class SyncOut(BaseModel):
    """One run of the sync."""

    id: int
    kind: SyncKind
    status: SyncStatus
    started_at: datetime
    finished_at: datetime | None
    message: str
    skipped: dict[str, int]


class Syncs(BaseModel):
    """The last syncs, newest first."""

    syncs: list[SyncOut]
    next: None = None


@router.get("/syncs", responses=documented(422))
def syncs(engine: EngineOf, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> Syncs:
    """Say how the last syncs went."""
    return Syncs(
        syncs=[
            SyncOut(
                id=run.run_id,
                kind=run.kind,
                status=run.status,
                started_at=run.started_at,
                finished_at=run.finished_at,
                message=run.message,
                skipped=run.skipped,
            )
            for run in engine.store.sync_runs(limit)
        ]
    )


@router.post("/refresh", responses=documented(403))
def refresh(engine: EngineOf) -> Refreshed:
    """Read everything anew from the database, after another program changed it."""
    edition = engine.reload()
    titles = len(edition.catalogue)
    return Refreshed(
        status="refreshed",
        recommendations_loaded=edition.candidate_count,
        candidates_loaded=titles,
        bm25_items_indexed=titles,
    )


@router.post("/system/regenerate", responses=documented(403, 409))
async def regenerate(engine: EngineOf) -> Started:
    """Start a full sync behind this answer; if one is running, that is the one."""
    if not engine.runner.is_running:
        await engine.runner.require_upstreams()
    if engine.runner.start(SyncKind.FULL):
        return Started(status="success", message="A full sync has begun; GET /system/status tells how far it is")
    return Started(status="success", message="A sync is running already; no second one was started")


@router.post("/system/cancel", responses=documented(403))
async def cancel(engine: EngineOf) -> Stopped:
    """Stop the running sync, and answer when it has stopped; what it saved stays."""
    if not engine.runner.is_running:
        return Stopped(status="idle", message="No sync is running")
    await engine.runner.cancel()
    return Stopped(status="success", message="The sync was stopped; the next one goes on from there")
