"""How the sync is, as it is told: put together from what the store has on record and how far the running one is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from doublebill.model import SyncKind, SyncRun, SyncStatus
from doublebill.sync.engine import Engine
from doublebill.sync.progress import WORDS, Progress

ELSEWHERE = "Another process of this machine syncs, such as `doublebill sync`"


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
    kind: SyncKind | None = Field(description="null: none has run yet")
    step: str | None
    message: str
    progress: int = Field(ge=0, le=100)
    left_s: float | None = Field(description="How long the running sync will still take; null while nothing is known.")
    last_update: datetime | None
    last_full_sync: datetime | None
    last_light_sync: datetime | None
    next_sync: datetime | None = Field(description="When the next sync begins by itself; null: none is planned.")
    steps: list[StepStatus]
    skipped: dict[str, int] = Field(description="What the running or last sync passed over: reason and count.")


@dataclass(frozen=True, slots=True)
class Records:
    """The newest sync on record, and the newest that succeeded of each kind.

    ``is_elsewhere`` is whether the newest runs in another process.
    """

    last: SyncRun | None
    full: SyncRun | None
    light: SyncRun | None
    is_elsewhere: bool = False


def last_run(engine: Engine) -> SyncRun | None:
    """Give the newest run; how one of this process ended is known also where it could not be written down."""
    stored = engine.store.sync_runs(1)
    runs = [*filter(None, [engine.runner.last_run]), *stored]
    return max(runs, key=lambda run: run.started_at, default=None)


def read_status(engine: Engine) -> SystemStatus:
    """Say how far the running sync is, or how the last one went. Raises StoreError."""
    records = read_records(engine)
    told = status_of(engine, records)
    if told.status != "running" and records.last and records.last.status is SyncStatus.RUNNING:
        told = status_of(engine, read_records(engine))  # it ended in between, or a crash left it open
    return told


def read_records(engine: Engine) -> Records:
    """Read from the store what it has on record of syncs. Raises StoreError."""
    store, last = engine.store, last_run(engine)
    is_open = last is not None and last.status is SyncStatus.RUNNING and not engine.runner.is_running
    is_elsewhere = is_open and store.is_sync_leased()  # else a crash left it open
    return Records(last, store.last_success(SyncKind.FULL), store.last_success(SyncKind.LIGHT), is_elsewhere)


def status_of(engine: Engine, records: Records) -> SystemStatus:
    """Say how far the running sync is, or how the last one went; the store is not asked."""
    progress = engine.runner.progress
    if progress and engine.runner.is_running:
        return _running(engine, progress, records)
    if records.is_elsewhere and records.last:
        return _elsewhere(engine, records.last, records)
    return _resting(engine, records)


def _running(engine: Engine, progress: Progress, records: Records) -> SystemStatus:
    now = engine.clock()
    return SystemStatus(
        status="running",
        kind=progress.kind,
        step=progress.current,
        message=progress.words,
        progress=progress.percent,
        left_s=progress.left_s(now),
        steps=_steps(progress, now),
        skipped=dict(progress.skipped),
        **_moments(records, engine.next_sync),
    )


def _elsewhere(engine: Engine, run: SyncRun, records: Records) -> SystemStatus:
    """Say that another process syncs; how far it is, is not known here."""
    return SystemStatus(
        status="running",
        kind=run.kind,
        step=None,
        message=ELSEWHERE,
        progress=0,
        left_s=None,
        steps=[],
        skipped={},
        **_moments(records, engine.next_sync),
    )


def _resting(engine: Engine, records: Records) -> SystemStatus:
    run, progress = records.last, engine.runner.progress
    outcome: Literal["idle", "success", "error"] = "idle"
    if run and run.status is SyncStatus.SUCCESS:
        outcome = "success"
    elif run and run.status is not SyncStatus.CANCELLED:
        outcome = "error"
    return SystemStatus(
        status=outcome,
        kind=run.kind if run else None,
        step=None,
        message=_words_of(run),
        progress=100 if outcome == "success" else 0,
        left_s=None,
        steps=_steps(progress, engine.clock()) if progress else [],
        skipped=run.skipped if run else {},
        **_moments(records, engine.next_sync),
    )


def _words_of(run: SyncRun | None) -> str:
    if run is None:
        return "No sync has run yet"
    return run.message or "The last sync was cut short; the next one goes on from there"


def _moments(records: Records, next_sync: datetime | None) -> dict[str, datetime | None]:
    last, full, light = records.last, records.full, records.light
    return {
        "last_update": last.finished_at or last.started_at if last else None,
        "last_full_sync": full.finished_at if full else None,
        "last_light_sync": light.finished_at if light else None,
        "next_sync": next_sync,
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
