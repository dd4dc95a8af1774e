"""GET /api/health, /system/status, /people; POST /system/regenerate: how the system is, and renewing it."""

import logging
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from doublebill.errors import StoreError
from doublebill.model import SyncKind, SyncRun, SyncStatus
from doublebill.sync.engine import Engine, people_of
from doublebill.sync.progress import WORDS, Progress
from doublebill.web.context import EngineOf
from doublebill.web.problems import documented

log = logging.getLogger(__name__)
router = APIRouter(tags=["system"])


class Health(BaseModel):
    """Whether the process serves, and how many titles it has; nothing private."""

    status: Literal["healthy", "degraded"]
    total_candidates: int
    total_recommendations: int
    message: str


class StepStatus(BaseModel):
    """How far one step of the running sync is."""

    step: str
    words: str
    done: int
    total: int | None
    rate_per_s: float | None
    left_s: float | None
    finished: bool


class SystemStatus(BaseModel):
    """The running or last sync."""

    status: Literal["idle", "running", "success", "error"]
    step: str | None
    message: str
    progress: int = Field(ge=0, le=100)
    last_update: datetime | None
    last_full_sync: datetime | None
    last_light_sync: datetime | None
    next_sync: datetime | None
    steps: list[StepStatus]
    skipped: dict[str, int] = Field(description="What the running or last sync passed over: reason and count.")


class Started(BaseModel):
    """What came of asking for a sync."""

    status: Literal["success"]
    message: str


class PersonOut(BaseModel):
    """A member of the household."""

    id: str
    name: str


class People(BaseModel):
    """Everybody, the household last."""

    people: list[PersonOut]
    next: None = None


@router.get("/api/health")
def health(engine: EngineOf) -> Health:
    """Say whether the process serves and has something to recommend."""
    try:
        edition, last = engine.edition, _last_run(engine)
    except StoreError as error:
        log.warning("health: %s", error.message)  # it names the data folder, which is nobody's business
        message = "The database cannot be read; the log has the details"
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
def people(engine: EngineOf) -> People:
    """Give everybody that recommendations are made for."""
    return People(people=[PersonOut(id=person.person_id, name=person.name) for person in people_of(engine.edition)])


@router.get("/system/status")
def status(engine: EngineOf) -> SystemStatus:
    """Say how far the running sync is, or how the last one went."""
    last, progress = _last_run(engine), engine.runner.progress
    if progress and engine.runner.is_running:
        return _running(engine, progress)
    if last and last.status is SyncStatus.RUNNING:
        last = _last_run(engine)  # it ended in between, or a crash left it open
    return _resting(engine, last)


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


def _last_run(engine: Engine) -> SyncRun | None:
    """Give the newest run; how one of this process ended is known also where it could not be written down."""
    stored = engine.store.sync_runs(1)
    runs = [*filter(None, [engine.runner.last_run]), *stored]
    return max(runs, key=lambda run: run.started_at, default=None)


def _running(engine: Engine, progress: Progress) -> SystemStatus:
    now = engine.clock()
    return SystemStatus(
        status="running",
        step=progress.current,
        message=progress.words,
        progress=progress.percent,
        steps=_steps(progress, now),
        skipped=dict(progress.skipped),
        **_moments(engine),
    )


def _resting(engine: Engine, run: SyncRun | None) -> SystemStatus:
    outcome: Literal["idle", "success", "error"] = "idle"
    if run and run.status is SyncStatus.SUCCESS:
        outcome = "success"
    elif run and run.status is not SyncStatus.CANCELLED:
        outcome = "error"
    progress = engine.runner.progress
    return SystemStatus(
        status=outcome,
        step=None,
        message=_words_of(run),
        progress=100 if outcome == "success" else 0,
        steps=_steps(progress, engine.clock()) if progress else [],
        skipped=run.skipped if run else {},
        **_moments(engine),
    )


def _words_of(run: SyncRun | None) -> str:
    if run is None:
        return "No sync has run yet"
    return run.message or "The last sync was cut short; the next one goes on from there"


def _moments(engine: Engine) -> dict[str, datetime | None]:
    store = engine.store
    full, light = store.last_success(SyncKind.FULL), store.last_success(SyncKind.LIGHT)
    last = _last_run(engine)
    return {
        "last_update": last.finished_at or last.started_at if last else None,
        "last_full_sync": full.finished_at if full else None,
        "last_light_sync": light.finished_at if light else None,
        "next_sync": None,
    }


def _steps(progress: Progress, now: datetime) -> list[StepStatus]:
    return [
        StepStatus(
            step=state.step,
            words=WORDS[state.step],
            done=state.done,
            total=state.total,
            rate_per_s=state.rate_per_s(now),
            left_s=state.left_s(now),
            finished=state.finished_at is not None,
        )
        for state in progress.steps.values()
    ]
