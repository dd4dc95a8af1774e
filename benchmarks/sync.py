"""Measure a whole sync of a generated household against the least that TMDB's rate allows.

Usage: python benchmarks/sync.py [--watched N] [--candidates N] [--rate N] [--latency-ms N] [--in-process]

The engine is the product's own, with its clients, its pace, its store in a file and its text model. The services are
played in another process, so that memory and processor time are ours alone; with --in-process they share this one.
The least is one call for each title, two for the names of genres and six for new releases, evenly at the rate.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from doublebill.demo.jellyfin import JELLYFIN_KEY
from doublebill.demo.tmdb import TMDB_KEY
from doublebill.embedding.bundled import bundled_model_id, open_bundled
from doublebill.model import SyncKind, SyncRun, SyncStatus
from doublebill.sources.http import Transport, in_process
from doublebill.sources.jellyfin import open_jellyfin
from doublebill.sources.tmdb import open_tmdb
from doublebill.store.sqlite import open_store
from doublebill.sync.edition import Edition
from doublebill.sync.embed import Model
from doublebill.sync.engine import Engine
from doublebill.sync.progress import Progress, Step
from doublebill.sync.upstreams import Upstreams
from generated.services import Line, services, services_elsewhere
from generated.world import MOST_FOR_EACH, Size

GENRE_CALLS = 2
RELEASE_CALLS = 6

FIRST_GOAL = 1.2
FETCH_GOAL = 1.15
PEAK_GOAL_MB = 600
AGAIN_GOAL = 0.02
AGAIN_GOAL_S = 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where the services are."""

    url: str
    transport: Transport | None


class MeasuredEngine(Engine):
    """An engine that notes when it first had anything to recommend."""

    first_at: datetime | None = None

    def publish(self, edition: Edition) -> None:
        super().publish(edition)
        if self.first_at is None and edition.candidate_count:
            self.first_at = self.clock()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one sync took; moments in seconds since it began."""

    run: SyncRun
    progress: Progress
    tmdb_calls: int
    jellyfin_calls: int
    processor_s: float
    candidates: int

    @property
    def seconds(self) -> float:
        assert self.run.finished_at is not None  # it was waited for
        return self.since_start(self.run.finished_at)

    @property
    def fetched_s(self) -> float:
        return self.since_start(self.progress.steps[Step.DETAILS].finished_at)

    def since_start(self, moment: datetime | None) -> float:
        return (moment - self.run.started_at).total_seconds() if moment else float("nan")


@contextmanager
def services_at(size: Size, line: Line, *, shares_process: bool) -> Iterator[Place]:
    if shares_process:
        yield Place("http://services.invalid", in_process(services(size, line)))
        return
    with services_elsewhere(size, line) as url:
        yield Place(url, None)


def opener(place: Place, rate_per_s: int, opened: list[Upstreams]) -> Callable[[], Upstreams]:
    """Give what opens the clients of one sync, and keeps them in ``opened`` to be asked for their calls."""

    def open_clients() -> Upstreams:
        upstreams = Upstreams(
            open_jellyfin(f"{place.url}/jellyfin", JELLYFIN_KEY, transport=place.transport),
            open_tmdb(TMDB_KEY, url=f"{place.url}/tmdb", rate_per_s=rate_per_s, transport=place.transport),
        )
        opened.append(upstreams)
        return upstreams

    return open_clients


def measure(engine: Engine, opened: list[Upstreams]) -> Outcome:
    began = time.process_time()
    run = asyncio.run(engine.runner.run(SyncKind.FULL))
    if run.status is not SyncStatus.SUCCESS or engine.runner.progress is None:
        sys.exit(f"The sync ended with: {run.message}")
    return Outcome(
        run,
        engine.runner.progress,
        opened[-1].tmdb.client.calls,
        opened[-1].jellyfin.client.calls,
        time.process_time() - began,
        engine.edition.candidate_count,
    )


def measure_twice(place: Place, rate_per_s: int) -> tuple[Outcome, float, Outcome]:
    """Give the first sync, when it first had recommendations, and a second one right after it."""
    opened: list[Upstreams] = []
    with tempfile.TemporaryDirectory(prefix="doublebill-bench-") as folder:
        store = open_store(Path(folder) / "doublebill.db")
        model = Model(bundled_model_id(), open_bundled)
        engine = MeasuredEngine(store, model, opener(place, rate_per_s, opened), clock=lambda: datetime.now(UTC))
        try:
            first = measure(engine, opened)
            return first, first.since_start(engine.first_at), measure(engine, opened)
        finally:
            store.close()


def peak_mb() -> float:
    status = Path("/proc/self/status").read_text()  # Linux only
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def row(name: str, measured: float, least: float | None = None, goal: str = "") -> str:
    shown = f"{measured:,.0f}" if measured >= 1000 or measured == int(measured) else f"{measured:,.1f}"
    ratio = f"{least:12,.1f}{measured / least:8.3f}" if least else " " * 20
    return f"{name:42}{shown:>10}{ratio}{goal:>10}"


def report(size: Size, rate_per_s: int, first: Outcome, first_s: float, again: Outcome) -> None:
    early_calls = size.watched + GENRE_CALLS
    calls = early_calls + RELEASE_CALLS + first.candidates
    print(f"{'':42}{'measured':>10}{'least':>12}{'ratio':>8}{'goal':>10}")
    print(row("first recommendations, s", first_s, early_calls / rate_per_s, f"{FIRST_GOAL}"))
    print(row("last call for details, s", first.fetched_s, calls / rate_per_s, f"{FETCH_GOAL}"))
    print(row("whole sync with vectors, s", first.seconds, calls / rate_per_s))
    print(row("calls to TMDB", first.tmdb_calls, calls))
    print(row("peak memory, MB", peak_mb(), None, f"{PEAK_GOAL_MB}"))
    print(row("processor, s", first.processor_s))
    print(row("second sync: s", again.seconds, None, f"{AGAIN_GOAL_S}"))
    print(row("second sync: calls to TMDB", again.tmdb_calls, calls, f"{AGAIN_GOAL}"))
    print(row("second sync: calls to Jellyfin", again.jellyfin_calls, first.jellyfin_calls))


def report_steps(first: Outcome, again: Outcome) -> None:
    print(f"\n{'from - to, s':14}{'first sync':>18}{'second sync':>18}")
    for step in Step:
        spans = []
        for outcome in (first, again):
            state = outcome.progress.steps[step]
            begun, ended = outcome.since_start(state.started_at), outcome.since_start(state.finished_at)
            spans.append(f"{begun:.1f} - {ended:.1f}")
        print(f"{step:14}{spans[0]:>18}{spans[1]:>18}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure a whole sync of a generated household.")
    parser.add_argument("--watched", type=int, default=1_000, help="titles that were watched (1000)")
    parser.add_argument("--candidates", type=int, default=10_000, help="titles that their lists name (10000)")
    parser.add_argument("--rate", type=int, default=40, help="TMDB's requests a second, and ours (40)")
    parser.add_argument("--latency-ms", type=float, default=80, help="how long a request travels (80)")
    parser.add_argument("--in-process", action="store_true", help="play the services in this process")
    given = parser.parse_args()
    if not 5 <= given.watched <= given.candidates <= given.watched * MOST_FOR_EACH // 2:
        parser.error(f"for each watched title there are 1 to {MOST_FOR_EACH // 2} candidates, and 5 watched ones")
    return given


def main() -> None:
    given = arguments()
    size, line = Size(given.watched, given.candidates), Line(given.rate, given.latency_ms / 1000)
    minutes = size.titles / line.rate_per_s / 60
    print(
        f"{size.watched:,} watched titles, {size.candidates:,} candidates; TMDB: {line.rate_per_s} requests/s, ", end=""
    )
    print(f"{given.latency_ms:.0f} ms; at least {minutes:.1f} minutes", flush=True)
    with services_at(size, line, shares_process=given.in_process) as place:
        first, first_s, again = measure_twice(place, line.rate_per_s)
    report(size, line.rate_per_s, first, first_s, again)
    report_steps(first, again)


if __name__ == "__main__":
    main()
