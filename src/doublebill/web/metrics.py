"""GET /metrics: how the process does, in the text format of Prometheus.

Requests are counted as they are answered; all else is read from engine and store when it is asked for. Routes go by
their templates, and no label holds anything of a person, a title or an address.
Names and units follow https://prometheus.io/docs/practices/naming/.
"""

import time
from collections import Counter as Tally
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doublebill import __version__
from doublebill.model import SyncKind
from doublebill.sync.engine import Engine
from doublebill.web.problems import documented

router = APIRouter(tags=["system"])

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
ENDLESS = "/system/events"
"""How long it is open says nothing of how quick the server is."""

ELSEWHERE = "elsewhere"
"""The route of what no route answers: an address that somebody guessed would be a label of its own."""

RUNS_COUNTED = 10_000
"""A quarter of a century of daily syncs."""

Family = GaugeMetricFamily | CounterMetricFamily
Timer = Callable[[], float]


class Metrics:
    """What one app counts, and what it reads of its engine when asked; nothing is shared between apps."""

    def __init__(self, engine: Engine) -> None:
        self._registry = CollectorRegistry()
        labels = ["method", "route", "status"]
        self._requests = Counter("doublebill_http_requests", "Requests answered.", labels, registry=self._registry)
        self._durations = Histogram(
            "doublebill_http_request_duration_seconds",
            "How long requests took to be answered.",
            ["route"],
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)
        self._registry.register(_EngineCollector(engine))

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.labels(method, route, str(status)).inc()
        if route != ENDLESS:
            self._durations.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Give everything in the text format. Raises: StoreError."""
        return generate_latest(self._registry)


@dataclass(frozen=True, slots=True)
class Counting:
    """Count every request that passes, refused ones too; ``timer`` gives seconds."""

    app: ASGIApp
    metrics: Metrics
    timer: Timer = time.perf_counter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or the server's start and stop."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500  # what a request is that ends without an answer
        begun = self.timer()

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, tell)
        finally:
            self.metrics.count(scope["method"], _route_of(scope), status, self.timer() - begun)


def _route_of(scope: Scope) -> str:
    """Give the template of the route that answered; the router wrote it into the scope."""
    route = scope.get("route")
    path = getattr(route, "path", None)  # the router may choose any kind of route
    return path if isinstance(path, str) and not isinstance(route, Mount) else ELSEWHERE


class _EngineCollector(Collector):
    """Read from an engine what there is of everything, and how its syncs go."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[Family]:
        """Give every family anew. Raises: StoreError."""
        yield _gauges("doublebill_info", "The version that runs.", "version", {__version__: 1})
        yield from self._sizes()
        yield from self._syncs()

    def _sizes(self) -> Iterator[Family]:
        database = self._engine.store.database()
        yield GaugeMetricFamily("doublebill_database_bytes", "The database file.", database.size_bytes)
        edition = self._engine.edition_at_hand
        if edition is None:  # it is being read, just after the start
            return
        catalogue = edition.catalogue
        embedded = int(catalogue.has_vector.sum())
        yield GaugeMetricFamily("doublebill_people", "People that recommendations are made for.", len(edition.people))
        yield GaugeMetricFamily("doublebill_titles", "Films and series that are known.", len(catalogue))
        yield GaugeMetricFamily("doublebill_candidates", "Titles that may be recommended.", edition.candidate_count)
        yield GaugeMetricFamily("doublebill_embedded_titles", "Titles with a vector of the model in use.", embedded)

    def _syncs(self) -> Iterator[Family]:
        store, runner = self._engine.store, self._engine.runner
        runs = Tally((run.kind, run.status) for run in store.sync_runs(RUNS_COUNTED) if run.finished_at)
        counted = CounterMetricFamily("doublebill_syncs", "Syncs that have ended.", labels=["kind", "outcome"])
        for (kind, status), count in sorted(runs.items()):
            counted.add_metric([kind, status], count)
        yield counted
        yield GaugeMetricFamily("doublebill_sync_running", "Whether a sync is under way here.", runner.is_running)
        done = {kind: run.finished_at for kind in SyncKind if (run := store.last_success(kind))}
        ended = {str(kind): at.timestamp() for kind, at in done.items() if at}
        words = "When a sync last succeeded, one of this kind or one that does more."
        yield _gauges("doublebill_sync_last_success_timestamp_seconds", words, "kind", ended)
        took = {
            str(state.step): (state.finished_at - state.started_at).total_seconds()
            for state in (runner.progress.steps.values() if runner.progress else ())
            if state.started_at and state.finished_at
        }
        yield _gauges("doublebill_sync_step_duration_seconds", "How long the last sync's steps took.", "step", took)


def _gauges(name: str, words: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=[label])
    for labelled, value in values.items():
        family.add_metric([labelled], value)
    return family


class PrometheusResponse(Response):
    """The text format of Prometheus."""

    media_type = "text/plain"


@router.get("/metrics", response_class=PrometheusResponse, responses=documented(500, 503))
def metrics(request: Request) -> Response:
    """Give counts and sizes for Prometheus: requests, syncs, titles, the database and the process."""
    counted: Metrics = request.app.state.metrics
    return Response(counted.text(), media_type=CONTENT_TYPE_LATEST)
