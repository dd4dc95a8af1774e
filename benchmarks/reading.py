"""Measure one look at the recommendations, re-weighted, against bare numpy on the same arrays.

Usage: python benchmarks/reading.py [--candidates N] [--watched N] [--rounds N]

The engine stands on a real store in a file, filled with generated titles of 384 dimensions and 30 list entries each.
The bare row multiplies, partitions, sorts, and encodes an equal answer that lies ready, with the encoder of the web
app. The rows take turns, with other weights in each round, so that a busy machine slows all alike.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from pydantic import TypeAdapter
from starlette.types import ASGIApp, Message, Scope

from doublebill.core.recommend import Reader, rank, recommend, recommend_page
from doublebill.core.rows import because_rows
from doublebill.core.wish import Sort, Wish
from doublebill.embedding.protocol import Embedder
from doublebill.model import Title, TitleKey, Weights
from doublebill.store.sqlite import open_store
from doublebill.sync.embed import Model
from doublebill.sync.engine import Engine
from doublebill.sync.upstreams import Upstreams
from doublebill.web.app import create_app
from doublebill.web.schemas import WeightedRecommendations, recommendation, weights_used
from generated.library import MODEL_ID, PERSON, fill
from generated.services import NOW
from generated.world import Size

LIMIT = 20
ENTRIES = 30
WARM_UP = 10
GOAL = 3
FILTERS = {"sort": Sort.NEWEST, "year_from": 1980, "year_to": 2015, "language": "en", "include_owned": True}

BARE = "bare numpy + JSON"
Row = Callable[[Weights], Awaitable[object]]

ANSWER = TypeAdapter(WeightedRecommendations)
"""What FastAPI makes of the endpoint's response model."""


@contextmanager
def full_engine(size: Size) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="doublebill-bench-") as folder:
        store = open_store(Path(folder) / "doublebill.db")
        try:
            fill(store, size, ENTRIES)
            yield Engine(store, Model(MODEL_ID, no_model), no_upstreams, clock=now)
        finally:
            store.close()


def no_model() -> Embedder:
    raise AssertionError("reading never embeds")


def no_upstreams() -> Upstreams:
    raise AssertionError("reading never asks")


def now() -> datetime:
    return NOW


class Reading:
    """The rows that are compared; each answers one request."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._store = engine.store
        self._catalogue = engine.edition.catalogue
        self._profile = engine.edition.profile(PERSON)
        self._app = create_app(engine, syncs_on_start=False)
        self._ready = self._validated(Weights())
        self._keys = self._asked_keys()

    @property
    def rows(self) -> Mapping[str, Row]:
        return {
            BARE: self.bare,
            "  ranking alone": self.ranking,
            "  ranking, newest first, filtered": self.filtered,
            "  ranking, page at 10,000": self.deep,
            "  titles from the store alone": self.titles,
            "read path + JSON": self.read_path,
            "endpoint, in process": self.endpoint,
            "endpoint, newest first, filtered": self.filtered_endpoint,
            "rows, four of twelve": self.rows_of_picks,
        }

    async def bare(self, weights: Weights) -> object:
        scores = self._profile.components @ np.array(weights.parts, dtype=np.float32)
        best = np.argpartition(scores, -LIMIT)[-LIMIT:]
        return best[np.argsort(-scores[best])], ANSWER.dump_json(self._ready)

    async def ranking(self, weights: Weights) -> object:
        return rank(self._catalogue, self._profile, Wish(LIMIT, weights=weights))

    async def filtered(self, weights: Weights) -> object:
        return rank(self._catalogue, self._profile, Wish(LIMIT, weights=weights, min_score=0.3, **FILTERS))

    async def deep(self, weights: Weights) -> object:
        return rank(self._catalogue, self._profile, Wish(LIMIT, weights=weights, offset=10_000))

    async def titles(self, _: Weights) -> object:
        return self._store.titles(self._keys)

    async def read_path(self, weights: Weights) -> object:
        return ANSWER.dump_json(self._validated(weights))

    async def endpoint(self, weights: Weights) -> object:
        return await self._asked(weights)

    async def filtered_endpoint(self, weights: Weights) -> object:
        return await self._asked(weights, min_score=0.3, **FILTERS)

    async def rows_of_picks(self, weights: Weights) -> object:
        return because_rows(self._engine.edition.reader(PERSON), weights, count=4, limit=12)

    async def _asked(self, weights: Weights, **filters: object) -> object:
        names = ("content_w", "collab_w", "quality_w", "confidence_w")
        query = dict(zip(names, weights.parts, strict=True)) | {"user": PERSON.person_id, "limit": LIMIT, **filters}
        return await get(self._app, "/recommendations/weighted", urlencode(query))

    def _validated(self, weights: Weights) -> WeightedRecommendations:
        page = recommend_page(self._engine.edition.reader(PERSON), Wish(LIMIT, weights=weights))
        told = [recommendation(pick) for pick in page.picks]
        answer = {"count": len(told), "recommendations": told, "total": page.total, "next": page.next_offset}
        return ANSWER.validate_python(answer | {"weights_used": weights_used(weights)})

    def _asked_keys(self) -> list[TitleKey]:
        """Give the keys that one request looks up: the picks and the watched titles that speak for them."""
        asked: list[TitleKey] = []

        def note(keys: Sequence[TitleKey]) -> Mapping[TitleKey, Title]:
            asked.extend(keys)
            return {}

        recommend(Reader(self._catalogue, self._profile, note), Wish(LIMIT))
        return asked


async def get(app: ASGIApp, path: str, query: str) -> bytes:
    """Ask an app for a resource without a client between."""
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "query_string": query.encode(),
        "headers": [(b"host", b"127.0.0.1")],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    assert sent[0]["status"] == 200, sent
    return b"".join(message.get("body", b"") for message in sent[1:])


async def measure(rows: Mapping[str, Row], rounds: int) -> dict[str, list[float]]:
    """Give the milliseconds of each row in each round; rows go first and last equally often."""
    rng = np.random.default_rng(7)
    times: dict[str, list[float]] = {name: [] for name in rows}
    for number in range(WARM_UP + rounds):
        weights = Weights(*(rng.dirichlet(np.ones(4)).tolist()))
        for name in list(rows)[:: 1 if number % 2 else -1]:
            began = time.perf_counter()
            await rows[name](weights)
            if number >= WARM_UP:
                times[name].append(1000 * (time.perf_counter() - began))
    return times


def report(times: Mapping[str, list[float]]) -> None:
    bare_ms = np.median(times[BARE])
    print(f"{'':34}{'median ms':>10}{'p99 ms':>10}{'ratio':>8}")
    for name, spans in times.items():
        median_ms, p99_ms = np.median(spans), np.percentile(spans, 99)
        print(f"{name:34}{median_ms:10.2f}{p99_ms:10.2f}{median_ms / bare_ms:8.1f}")
    print(f"goal: read path + JSON at most {GOAL} x bare")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure one look at the recommendations.")
    parser.add_argument("--candidates", type=int, default=100_000, help="titles that can be recommended (100000)")
    parser.add_argument("--watched", type=int, default=300, help="titles that were watched (300)")
    parser.add_argument("--rounds", type=int, default=200, help="requests of each kind (200)")
    given = parser.parse_args()
    if min(given.candidates - LIMIT, given.watched, given.rounds) < 1:
        parser.error(f"more than {LIMIT} candidates, a watched title and a round are needed")
    return given


def main() -> None:
    given = arguments()
    size = Size(given.watched, given.candidates)
    print(f"Filling a store with {size.titles:,} titles", flush=True)
    with full_engine(size) as engine:
        began = time.perf_counter()
        candidates = engine.edition.candidate_count
        print(f"{candidates:,} candidates, read in {time.perf_counter() - began:.1f} s; {LIMIT} picks a request")
        report(asyncio.run(measure(Reading(engine).rows, given.rounds)))


if __name__ == "__main__":
    main()
