"""A made-up dataset of thirty films, small enough to rank by hand, and the files it is written to."""

import csv
import gzip
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

FILMS = 30
DAY = 86_400
FIRST_DAY = int(datetime(2001, 1, 1, tzinfo=UTC).timestamp())

Row = Sequence[object]


def film(tmdb_id: int, **facts: object) -> dict[str, object]:
    """Film n has 100 n votes, so the order by popularity is that of the ids, the highest first."""
    return {
        "tmdb_id": tmdb_id,
        "title": f"Film {tmdb_id}",
        "year": 1990,
        "genres": ["Drama"] if tmdb_id % 2 else ["Action"],
        "vote_average": 7.0,
        "vote_count": 100 * tmdb_id,
        "language": "en",
        "tracks": ["N", "F"],
        **facts,
    }


def films() -> list[dict[str, object]]:
    return [film(tmdb_id) for tmdb_id in range(1, FILMS + 1)]


def likes(user: str, ids: Iterable[int], stars: float = 4.0) -> list[Row]:
    """A like each day, in the order given."""
    return [(user, tmdb_id, stars, FIRST_DAY + day * DAY) for day, tmdb_id in enumerate(ids)]


def ratings() -> list[Row]:
    """Ann liked the films 1 to 20, so the history is 1 to 16 and 17 to 20 are to be found; Bob, 20 down to 1."""
    return [*likes("ann", range(1, 21)), *likes("bob", range(20, 0, -1)), *likes("few", range(1, 20))]


def write_lines(path: Path, lines: Iterable[object]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as text:
        text.writelines(f"{json.dumps(line)}\n" for line in lines)


def write_rows(path: Path, heading: str, rows: Iterable[Row]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows([heading.split(","), *rows])


def write_lists(folder: Path, rows: Iterable[Row]) -> None:
    write_rows(folder / "neighbours.csv.gz", "tmdb_id,kind,rank,neighbour", rows)


def write_ratings(path: Path, rows: Iterable[Row]) -> Path:
    write_rows(path, "user,tmdb_id,rating,ts,fold", [(*row, 0) for row in rows])
    return path


def write_vectors(folder: Path, vectors: np.ndarray) -> None:
    np.save(folder / "emb_minilm_f16.npy", vectors.astype(np.float16))


def write_dataset(folder: Path, titles: Sequence[dict[str, object]] | None = None) -> Path:
    """Write a whole dataset: all films are alike, and film 1 names 17, 18 and a film that is in no track."""
    told = films() if titles is None else titles
    write_lines(folder / "titles.jsonl.gz", told)
    write_lists(folder, [(1, "rec", 0, 17), (1, "rec", 1, 999), (1, "sim", 0, 18), (999, "rec", 0, 1)])
    write_vectors(folder, np.tile([3.0, 4.0], (len(told), 1)))
    write_ratings(folder / "ratings.csv.gz", ratings())
    return folder
