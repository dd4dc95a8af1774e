"""Measure what a request feels of the embedding job beside it, and how much memory the demo's server takes.

Usage: python benchmarks/serving.py [--candidates N] [--rounds N]

In each round the same requests are sent to the app twice: while nothing else is done, and while the job embeds titles
with the bundled model, on its own thread as in a sync. The rounds take turns, so that a busy machine slows both alike.
Memory is that of a process of its own, which syncs the demo and then answers searches by meaning (Linux only).
"""

import argparse
import asyncio
import itertools
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import numpy as np
from starlette.types import ASGIApp

from doublebill.embedding.bundled import open_bundled
from doublebill.model import SyncKind, TitleKey
from doublebill.store.sqlite import open_store
from doublebill.sync.embed import EmbeddingJob, Model
from doublebill.sync.engine import Engine
from doublebill.sync.progress import Progress, Step
from doublebill.web.app import create_app
from generated.library import MODEL_ID, PERSON, fill
from generated.world import Size
from reading import get, no_upstreams, now

EMBEDDED_A_ROUND = 96
GOAL = 1.5
MEMORY_GOAL_MB = 350
PORT = 8397
QUESTIONS: list[tuple[str, dict[str, str | int]]] = [
    ("/recommendations/weighted", {"user": PERSON.person_id}),
    ("/search", {"query": "the"}),
    ("/search", {"query": "a slow sad film about grief", "mode": "meaning"}),
    ("/similar/1", {"limit": 20}),
]


@contextmanager
def full_engine(size: Size) -> Iterator[Engine]:
    """Give an engine whose vectors are made up, and whose queries are read by the bundled model."""
    with tempfile.TemporaryDirectory(prefix="doublebill-bench-") as folder:
        store = open_store(Path(folder) / "doublebill.db")
        try:
            fill(store, size, entries=30)
            yield Engine(store, Model(MODEL_ID, open_bundled), no_upstreams, clock=now)
        finally:
            store.close()


class Job(threading.Thread):
    """The embedding job of a sync, over some titles."""

    def __init__(self, engine: Engine, number: int, keys: Sequence[TitleKey]) -> None:
        super().__init__()
        # Another name each time, so that no title has its vector yet; the weights are those that serve the queries.
        shared = engine.models.shared(engine.model)
        self._job = EmbeddingJob(Model(f"bench@{number}/d384/t1", shared.open), engine.store, self._progress())
        self._job.put(keys)
        self._job.finish()

    @staticmethod
    def _progress() -> Progress:
        progress = Progress(SyncKind.FULL, now, lambda _: None)
        progress.begin(Step.EMBED, EMBEDDED_A_ROUND)
        return progress

    def run(self) -> None:
        async def nothing() -> None:
            return

        asyncio.run(self._job.run(nothing))


def ask_while(app: ASGIApp, goes_on: Callable[[int], bool]) -> list[float]:
    """Send requests one after the other as long as it goes on; give their milliseconds."""
    spans: list[float] = []

    async def ask() -> None:
        for path, query in itertools.cycle(QUESTIONS):
            if not goes_on(len(spans)):
                return
            began = time.perf_counter()
            await get(app, path, urlencode(query))
            spans.append(1000 * (time.perf_counter() - began))

    asyncio.run(ask())
    return spans


def measure(engine: Engine, rounds: int) -> tuple[list[float], list[float]]:
    """Give the milliseconds of requests while idle and beside the job, equally many of each."""
    app = create_app(engine, syncs_on_start=False)
    keys = [engine.edition.catalogue.key(row) for row in range(EMBEDDED_A_ROUND)]
    ask_while(app, lambda sent: sent < 5 * len(QUESTIONS))
    idle: list[float] = []
    busy: list[float] = []
    for number in range(rounds):
        job = Job(engine, number, keys)
        job.start()
        beside = ask_while(app, lambda _, job=job: job.is_alive())
        busy += beside
        idle += ask_while(app, lambda sent, asked=beside: sent < len(asked))
    return idle, busy


def report(idle: list[float], busy: list[float]) -> None:
    print(f"{'':22}{'count':>8}{'median ms':>11}{'p99 ms':>9}")
    for name, spans in (("idle", idle), ("beside the job", busy)):
        print(f"{name:22}{len(spans):8}{np.median(spans):11.2f}{np.percentile(spans, 99):9.2f}")
    ratio = np.percentile(busy, 99) / np.percentile(idle, 99)
    print(f"p99 beside the job / idle: {ratio:.2f} (goal: {GOAL})\n")


def measure_memory() -> None:
    """Serve the demo in a process of its own, search it by meaning, and read how much memory it took."""
    command = [str(Path(sys.executable).parent / "doublebill"), "demo", "--port", str(PORT)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://127.0.0.1:{PORT}/api/health", server)
            served_mb, peak_mb = memory_mb(server.pid, "VmRSS"), memory_mb(server.pid, "VmHWM")
            for number in range(50):
                query = urlencode({"query": f"slow sad film about grief {number}", "mode": "meaning"})
                with urlopen(f"http://127.0.0.1:{PORT}/search?{query}") as answer:
                    answer.read()
            print(f"memory of the demo's server: {served_mb:.0f} MB after its sync, {peak_mb:.0f} at most", end="; ")
            print(f"{memory_mb(server.pid, 'VmRSS'):.0f} MB with searches by meaning", end=", ")
            print(f"{memory_mb(server.pid, 'VmHWM'):.0f} MB at most (goal: {MEMORY_GOAL_MB})")
        finally:
            server.terminate()


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        try:
            with urlopen(url):
                return
        except URLError:
            time.sleep(0.2)
    raise RuntimeError("the demo ended before it served")


def memory_mb(pid: int, name: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split(f"{name}:")[1].split()[0]) / 1024


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure requests beside the embedding job, and memory.")
    parser.add_argument("--candidates", type=int, default=20_000, help="titles that can be recommended (20000)")
    parser.add_argument("--rounds", type=int, default=10, help="times that the job runs (10)")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    with full_engine(Size(300, given.candidates)) as engine:
        print(f"{given.candidates:,} candidates, {EMBEDDED_A_ROUND} titles embedded a round")
        report(*measure(engine, given.rounds))
    measure_memory()


if __name__ == "__main__":
    main()
