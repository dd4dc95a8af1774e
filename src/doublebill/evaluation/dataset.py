"""A folder of films with TMDB's facts, lists and vectors, as the product's own catalogue.

It holds ``titles.jsonl.gz`` (one film a line), ``neighbours.csv.gz`` (tmdb_id, kind, rank, neighbour) and
``emb_minilm_f16.npy`` (a vector for each line of the titles). A track is a choice of the films; the titles outside it
that lists name are rows of the catalogue too, as they are in a household's, but bare, and never ranked: they count as
not released yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, ValidationError

from doublebill.core.catalogue import build_catalogue
from doublebill.core.columns import Codes, EdgeColumns, TitleColumns, VectorColumns
from doublebill.errors import DatasetRefused
from doublebill.evaluation.cases import Pool
from doublebill.evaluation.files import HINT, opened, reading, rows_of

TITLES = "titles.jsonl.gz"
NEIGHBOURS = "neighbours.csv.gz"
VECTORS = "emb_minilm_f16.npy"

UNKNOWN_DAY = np.iinfo(np.int32).min
NEVER = np.iinfo(np.int32).max
MOST_ID = 2**31 - 1


class Track(StrEnum):
    """Which of a dataset's films are ranked."""

    N = "N"
    F = "F"


class TitleLine(BaseModel):
    """What is read of one line of the titles."""

    tmdb_id: int = Field(ge=1, le=MOST_ID)
    title: str
    tracks: tuple[str, ...]
    year: Annotated[int, Field(ge=1800, le=2200)] | None = None
    genres: tuple[str, ...] = ()
    vote_average: Annotated[float, Field(ge=0, le=10)] | None = None
    vote_count: Annotated[int, Field(ge=0, le=MOST_ID)] | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class TrackTitles:
    """The titles of a track in ascending order of their ids, and which line of the file each is."""

    titles: Sequence[TitleLine]
    lines: NDArray[np.int64]
    line_count: int

    @property
    def codes(self) -> Codes:
        """The code of each title: all are films."""
        return np.array([2 * title.tmdb_id for title in self.titles], dtype=np.int64)


def read_pool(folder: Path, track: Track) -> Pool:
    """Read a track into a catalogue; some 2 s for 10,000 titles. Raises DatasetRefused, which names the file."""
    if not folder.is_dir():
        raise DatasetRefused(f"{folder} is no folder", hint=HINT)
    titles = _read_titles(folder / TITLES, track)
    edges = _read_edges(folder / NEIGHBOURS, titles.codes)
    vectors = _read_vectors(folder / VECTORS, titles)
    outside = np.setdiff1d(edges.targets, titles.codes)
    catalogue = build_catalogue(_columns(titles, outside), edges, vectors)
    return Pool(catalogue, np.searchsorted(catalogue.titles.codes, titles.codes))


def _read_titles(path: Path, track: Track) -> TrackTitles:
    kept: dict[int, tuple[int, TitleLine]] = {}
    line = -1
    with opened(path) as text:
        for line, written in enumerate(text):
            try:
                title = TitleLine.model_validate_json(written)
            except ValidationError as error:
                fault = error.errors()[0]
                place = ".".join(map(str, fault["loc"]))
                raise ValueError(f"line {line + 1}: {place + ': ' if place else ''}{fault['msg']}") from error
            if track in title.tracks:
                kept[title.tmdb_id] = (line, title)
    if not kept:
        raise DatasetRefused(f"{path} has no title of track {track}", hint=HINT)
    ordered = [kept[tmdb_id] for tmdb_id in sorted(kept)]
    return TrackTitles([title for _, title in ordered], np.array([at for at, _ in ordered]), line + 1)


def _read_edges(path: Path, sources: Codes) -> EdgeColumns:
    """Read the lists of the track's titles, wherever their entries lead."""
    entries = []
    with opened(path) as text:
        for line, (source, kind, rank, target) in rows_of(text, ("tmdb_id", "kind", "rank", "neighbour")):
            entry = (_whole(source, line), _whole(target, line), _whole(rank, line))
            if kind not in ("rec", "sim") or entry[2] > np.iinfo(np.int16).max:
                raise ValueError(f"line {line} is no entry of a list")
            entries.append((*entry, kind == "rec"))
    table = np.array(entries, dtype=np.int64).reshape(-1, 4)
    table = table[np.isin(2 * table[:, 0], sources)]
    return EdgeColumns(2 * table[:, 0], 2 * table[:, 1], table[:, 3] == 1, table[:, 2].astype(np.int16))


def _whole(text: str, line: int) -> int:
    if not text.isdecimal() or len(text) > 10:
        raise ValueError(f"line {line}: {text[:20]!r} is no whole number")
    return int(text)


def _read_vectors(path: Path, titles: TrackTitles) -> VectorColumns:
    with reading(path):
        matrix = np.load(path, mmap_mode="r", allow_pickle=False)
        if matrix.ndim != 2 or len(matrix) != titles.line_count:
            raise ValueError(f"{matrix.shape} is not one vector for each of {titles.line_count:,} titles")
        vectors = np.asarray(matrix[titles.lines], dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    is_vector = (lengths[:, 0] > 0) & np.isfinite(lengths[:, 0])
    return VectorColumns(titles.codes[is_vector], vectors[is_vector] / lengths[is_vector])


def _columns(track: TrackTitles, outside: Codes) -> TitleColumns:
    """Put the titles of the track and the bare ones outside into columns, in order of their codes."""
    bare = [TitleLine(tmdb_id=int(code) // 2, title="", tracks=()) for code in outside.tolist()]
    titles = sorted([*track.titles, *bare], key=lambda title: title.tmdb_id)
    years = [title.year for title in titles]
    days = [NEVER if not title.tracks else _first_day(title.year) for title in titles]
    return TitleColumns(
        codes=np.array([2 * title.tmdb_id for title in titles], dtype=np.int64),
        names=[title.title for title in titles],
        genres=[title.genres for title in titles],
        years=_or_nan(years),
        ratings=_or_nan([title.vote_average if title.vote_count else None for title in titles]),
        votes=np.array([title.vote_count or 0 for title in titles], dtype=np.int32),
        released=np.array(days, dtype=np.int32),
        is_adult=np.zeros(len(titles), dtype=np.bool_),
        languages=[title.language or "" for title in titles],
    )


def _or_nan(values: Sequence[float | None]) -> NDArray[np.float32]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float32)


def _first_day(year: int | None) -> int:
    """Give 1 January as days since 1970-01-01: no more than the year is known."""
    return UNKNOWN_DAY if year is None else int(np.datetime64(f"{year}-01-01", "D").astype(np.int64))
