"""Measure the local search as somebody types and by meaning, and what its index costs, on made-up titles.

Usage: python benchmarks/search.py [TITLES]

Two hundred titles, some with a typing error, are typed letter by letter; each prefix is one search. The bare query is
FTS5's own ranking over the same table, without popularity, exact titles and look-alikes; both take turns, so that a
busy machine slows both alike. Saving is measured with the index and with a view that gives the index nothing to keep.

Searches by meaning take turns with the bare matrix product and top 20 on the same vectors. The query's own vector lies
ready: what a text model takes for it is measured by ``benchmarks/embedding.py``.
"""

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from doublebill.core.text import Document
from doublebill.embedding.protocol import Vectors
from doublebill.model import Credit, Kind, Title, TitleDetails, TitleKey
from doublebill.store import SqliteStore, open_store
from doublebill.store.words import words_of
from doublebill.sync.embed import Model
from doublebill.sync.engine import Engine
from doublebill.sync.search import search

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 500
DESCRIPTIONS = 200
DIMENSIONS = 384
LIMIT = 20
TYPED = 200
BARE_EVERY = 10  # the bare query takes so long that only some prefixes ask it
SAMPLE = 5000
ENDS = ["", "n", "r", "s", "l", "nd", "st", "ck", "m", "t", "ng", "x"]
GENRES = ["Action", "Comedy", "Crime", "Drama", "Family", "Fantasy", "Horror", "Mystery", "Romance", "Thriller"]
BARE = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY bm25(search, 10, 6, 4, 3, 2, 1) LIMIT 20"
NOTHING = """
    CREATE VIEW search_source AS
    SELECT 0 AS code, 0 AS place, '' AS title, '' AS original_title, '' AS people, '' AS keywords, '' AS genres,
        '' AS overview, '' AS names WHERE FALSE
"""


class Words:
    """Made-up words, as often as Zipf's law has it, after the usual small ones."""

    def __init__(self, rng: random.Random, count: int) -> None:
        self._rng = rng
        made = ["".join(self._syllable() for _ in range(rng.choice([1, 2, 2, 3, 3, 4]))) for _ in range(count)]
        self._words = [
            "the",
            "of",
            "a",
            "and",
            "in",
            "to",
            "his",
            "with",
            "is",
            "for",
            "on",
            "her",
            *dict.fromkeys(made),
        ]
        self._weights = list(accumulate((rank + 5) ** -0.9 for rank in range(len(self._words))))

    def _syllable(self) -> str:
        return self._rng.choice("bcdfghjklmnprstvwz") + self._rng.choice("aeiouy") + self._rng.choice(ENDS)

    def take(self, count: int) -> str:
        return " ".join(self._rng.choices(self._words, cum_weights=self._weights, k=count))


def make_titles(count: int) -> Iterator[TitleDetails]:
    rng = random.Random(7)
    words = Words(rng, 40_000)
    names = [words.take(2).title() for _ in range(60_000)]
    themes = [words.take(2) for _ in range(6000)]
    for number in range(1, count + 1):
        title = words.take(rng.choice([1, 2, 2, 3, 3, 4, 5])).title()
        yield TitleDetails(
            Title(
                TitleKey(rng.choice(list(Kind)), number),
                title,
                original_title=title if rng.random() < 0.7 else words.take(3),
                overview=words.take(rng.randint(25, 60)),
                genres=tuple(rng.sample(GENRES, 2)),
                keywords=tuple(rng.sample(themes, 8)),
                credits=tuple(Credit(rng.choice(names), "cast", place) for place in range(11)),
                vote_count=min(40_000, int(rng.paretovariate(0.5))),
            )
        )


def save(store: SqliteStore, details: Sequence[TitleDetails]) -> float:
    began = time.perf_counter()
    for start in range(0, len(details), BATCH):
        store.save_details(details[start : start + BATCH], NOW)
    return time.perf_counter() - began


def with_error(rng: random.Random, text: str) -> str:
    """Swap two letters in one title of four."""
    if len(text) < 5 or rng.random() > 0.25:
        return text
    at = rng.randrange(1, len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def prefixes(details: Sequence[TitleDetails]) -> list[str]:
    rng = random.Random(11)
    names = [with_error(rng, entry.title.title) for entry in rng.sample(details, min(TYPED, len(details)))]
    return [name[:length] for name in names for length in range(1, len(name) + 1)]


def ms_of(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def show(name: str, times: Sequence[float]) -> None:
    p99 = statistics.quantiles(times, n=100)[98]
    print(f"{name:<28} {len(times):>6} {statistics.median(times):>10.2f} {p99:>10.2f} {max(times):>10.2f}")


def measure_searches(path: Path, store: SqliteStore, queries: Sequence[str]) -> None:
    ours, paired, bare = [], [], []
    with closing(sqlite3.connect(path)) as connection:
        for number, query in enumerate(queries):
            ours.append(ms_of(lambda query=query: store.search(query, 20)))
            words = words_of(query)
            if number % BARE_EVERY == 0 and words:
                expression = " ".join(f'"{word}"' for word in words) + "*"
                bare.append(ms_of(lambda asked=expression: connection.execute(BARE, (asked,)).fetchall()))
                paired.append(ours[-1])
    print(f"{'':<28} {'count':>6} {'median ms':>10} {'p99 ms':>10} {'max ms':>10}")
    show("search", ours)
    show("search, where bare asked", paired)
    show("bare FTS5", bare)
    print(f"search / bare FTS5: {sum(paired) / sum(bare):.2f} of the time in all\n")


class Ready:
    """Vectors of made-up queries that cost nothing."""

    model_id = f"ready@1/d{DIMENSIONS}/t1"
    dimensions = DIMENSIONS

    def __init__(self) -> None:
        self._rows = unit_rows(DESCRIPTIONS, np.random.default_rng(13))

    def embed_documents(self, documents: Sequence[Document]) -> Vectors:
        raise AssertionError(f"{len(documents)} documents have their vectors")

    def embed_query(self, text: str) -> Vectors:
        return self._rows[hash(text) % len(self._rows)]


def unit_rows(count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    rows = rng.standard_normal((count, DIMENSIONS), dtype=np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def no_upstreams() -> NoReturn:
    raise AssertionError("searching here asks nobody")


def with_vectors(store: SqliteStore, keys: Sequence[TitleKey]) -> Engine:
    rng, ready = np.random.default_rng(5), Ready()
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        store.save_vectors(ready.model_id, batch, [b"ready"] * len(batch), unit_rows(len(batch), rng))
    engine = Engine(store, Model(ready.model_id, lambda: ready), no_upstreams, clock=lambda: NOW)
    search(engine, "builds the edition", LIMIT, "meaning")
    return engine


def descriptions() -> list[str]:
    words = Words(random.Random(17), 40_000)
    return [words.take(6) for _ in range(DESCRIPTIONS)]


def measure_meaning(engine: Engine) -> None:
    vectors, asked = engine.edition.catalogue.vectors, unit_rows(1, np.random.default_rng(3))[0]

    def bare() -> object:
        cosines = vectors @ asked
        best = np.argpartition(cosines, -LIMIT)[-LIMIT:]
        return best[np.argsort(-cosines[best])]

    rows: dict[str, Callable[[str], object]] = {
        "bare numpy, top 20": lambda _: bare(),
        "by meaning": lambda query: search(engine, query, LIMIT, "meaning"),
        "by both": lambda query: search(engine, query, LIMIT, "auto"),
        "its words alone": lambda query: search(engine, query, LIMIT, "words"),
    }
    times: dict[str, list[float]] = {name: [] for name in rows}
    for number, query in enumerate(descriptions()):
        for name in list(rows)[:: 1 if number % 2 else -1]:
            times[name].append(ms_of(lambda work=rows[name], asked=query: work(asked)))
    print(f"{'':<28} {'count':>6} {'median ms':>10} {'p99 ms':>10} {'max ms':>10}")
    for name, spans in times.items():
        show(name, spans)
    medians = {name: statistics.median(spans) for name, spans in times.items()}
    ratio = medians["by meaning"] / medians["bare numpy, top 20"]
    print(f"by meaning / bare numpy: {ratio:.2f}; goal: either under 30 ms\n")


def measure_saving(folder: Path, details: Sequence[TitleDetails]) -> None:
    """Save by turns into a store with the index and one without, into empty ones, and then the same again."""
    paths = {"with index": folder / "with.db", "without": folder / "without.db"}
    stores = {name: open_store(path) for name, path in paths.items()}
    with closing(sqlite3.connect(paths["without"])) as connection:
        connection.execute("DROP VIEW search_source")
        connection.execute(NOTHING)
    for round_name in ("saved anew", "saved again, unchanged"):
        spent = dict.fromkeys(stores, 0.0)
        for start in range(0, len(details), BATCH):
            for name, store in stores.items():
                spent[name] += save(store, details[start : start + BATCH])
        rates = {name: len(details) / seconds for name, seconds in spent.items()}
        shown = ", ".join(f"{name} {rate:,.0f} titles/s" for name, rate in rates.items())
        print(f"{round_name}: {shown}, ratio {rates['with index'] / rates['without']:.2f}")
    for store in stores.values():
        store.close()


def measure_size(path: Path, count: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        page_bytes = connection.execute("PRAGMA page_size").fetchone()[0]
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        print(f"file: {pages * page_bytes / 1e6:.0f} MB for {count:,} titles")
        for table in ("search", "search_name"):
            before = connection.execute("PRAGMA freelist_count").fetchone()[0]
            connection.execute(f"DROP TABLE {table}")
            freed = (connection.execute("PRAGMA freelist_count").fetchone()[0] - before) * page_bytes
            print(f"  {table}: {freed / 1e6:.0f} MB, {freed / count:.0f} bytes a title")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    details = list(make_titles(count))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "search.db"
        with closing(open_store(path)) as store:
            print(f"{count:,} titles saved in {save(store, details):.0f} s\n")
            measure_searches(path, store, prefixes(details))
            measure_meaning(with_vectors(store, [entry.title.key for entry in details]))
        measure_size(path, count)
        measure_saving(Path(folder), details[:SAMPLE])


if __name__ == "__main__":
    main()
