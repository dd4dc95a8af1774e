"""Measure how soon a start answers, over a large catalogue.

Usage: python benchmarks/start.py [--titles N] [--rounds N]

The command is the product's own, in a process of its own, on a store in a file; nothing is configured, so no sync takes
part. What the interpreter needs to read the program from the disk is measured by itself and shown apart.
"""

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import numpy as np

from doublebill.core.history import hand_item_id
from doublebill.embedding.bundled import bundled_model_id
from doublebill.model import Kind, Observation, TitleKey
from doublebill.store.sqlite import open_store
from generated.library import DIMENSIONS, PERSON
from generated.services import NOW

PORT = 8291
WATCHED = 300
ENTRIES = 20
GOAL_S = 1.0
PAUSE_S = 0.005

QUESTIONS = {"health": "/api/health", "page": "/ui/", "recommendations": "/recommendations?limit=20"}


@contextmanager
def full_folder(titles: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="doublebill-bench-") as name:
        path = Path(name) / "doublebill.db"
        with closing(open_store(path)) as store:
            store.save_people([PERSON])
            store.record(list(watches()))
        with closing(sqlite3.connect(path)) as connection, connection:
            fill(connection, titles)
        yield Path(name)


def watches() -> Iterator[Observation]:
    for number in range(1, WATCHED + 1):
        item_id = hand_item_id(TitleKey(Kind.MOVIE, number))
        yield Observation(PERSON.person_id, item_id, NOW, finished=True, play_count=1, last_played_at=NOW)


def fill(connection: sqlite3.Connection, titles: int) -> None:
    """Write what a start reads of titles, past the store: the index of the search, which it does not read, is slow."""
    rng, codes = np.random.default_rng(7), range(2, 2 * titles + 1, 2)
    votes, targets = rng.integers(10, 20_000, titles).tolist(), 2 * rng.integers(1, titles, (titles, ENTRIES))
    vectors = rng.standard_normal((titles, DIMENSIONS), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    connection.execute("INSERT INTO model VALUES (1, ?, ?)", (bundled_model_id(), DIMENSIONS))
    connection.executemany(
        "INSERT INTO title (code, title, genres, released, original_language, vote_average, vote_count, popularity,"
        " is_adult, fetched_at, detailed_at) VALUES (?, 'A title', '[\"Drama\"]', 12000, 'en', 7.1, ?, 1.0, 0, 1, 1)",
        zip(codes, votes, strict=True),
    )
    page = "INSERT INTO title_page (code, overview, keywords, credits) VALUES (?, 'Words.', '[\"sea\"]', '[]')"
    connection.executemany(page, ((code,) for code in codes))
    lists = "INSERT INTO neighbour_list VALUES (?, 'recommendations', ?)"
    connection.executemany(lists, zip(codes, (row.astype("<i8").tobytes() for row in targets), strict=True))
    blobs = (vector.tobytes() for vector in vectors)
    connection.executemany("INSERT INTO vector VALUES (?, 1, X'00', ?)", zip(codes, blobs, strict=True))


@contextmanager
def started(command: list[str], folder: Path) -> Iterator[tuple[float, "subprocess.Popen[bytes]"]]:
    environment = {
        "PATH": os.environ["PATH"],
        "DOUBLEBILL_DATA_DIR": str(folder),
        "DOUBLEBILL_PORT": str(PORT),
        "DOUBLEBILL_EMBEDDING": "bundled",
    }
    began = time.perf_counter()
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, cwd=folder, stdout=quiet, stderr=quiet) as process:
        try:
            yield began, process
        finally:
            process.terminate()


def loading_s(folder: Path) -> float:
    """Give how long it takes to read the program and to end."""
    with started([sys.executable, "-c", "import doublebill.cli"], folder) as (began, process):
        process.wait()
        return time.perf_counter() - began


def answers_s(folder: Path) -> dict[str, float]:
    """Start the server, ask each question in turn, and give when each was answered, since the start of the process."""
    with started([str(Path(sys.executable).parent / "doublebill"), "serve"], folder) as (began, process):
        answered = {}
        for name, path in QUESTIONS.items():
            while (body := asked(path)) is None:
                if process.poll() is not None:
                    sys.exit("the server ended before it served")
                time.sleep(PAUSE_S)
            answered[name] = time.perf_counter() - began
        assert len(json.loads(body)["recommendations"]) > 0
        return answered


def asked(path: str) -> bytes | None:
    connection = HTTPConnection("127.0.0.1", PORT, timeout=120)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        return body if answer.status == 200 else None
    except OSError:
        return None
    finally:
        connection.close()


def report(loading: list[float], answered: list[dict[str, float]]) -> None:
    base = statistics.median(loading)
    print(f"reading the program: {base:.2f} s\n")
    print(f"{'first answer, median':24}{'s since the start':>20}{'s of serving':>16}{'goal':>8}")
    for name in QUESTIONS:
        median = statistics.median(each[name] for each in answered)
        goal = f"{GOAL_S}" if name != "recommendations" else ""
        print(f"{name:24}{median:20.2f}{max(0.0, median - base):16.2f}{goal:>8}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how soon a start answers.")
    parser.add_argument("--titles", type=int, default=100_000, help="titles in the store (100000)")
    parser.add_argument("--rounds", type=int, default=5, help="starts that are measured (5)")
    given = parser.parse_args()
    with full_folder(given.titles) as folder:
        print(f"{given.titles:,} titles", flush=True)
        loading = [loading_s(folder) for _ in range(given.rounds)]
        report(loading, [answers_s(folder) for _ in range(given.rounds)])


if __name__ == "__main__":
    main()
