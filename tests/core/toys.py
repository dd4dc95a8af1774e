"""A toy catalogue small enough to add up by hand."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import numpy as np

from doublebill.core.catalogue import Catalogue, build_catalogue
from doublebill.core.columns import EdgeColumns, TitleColumns, VectorColumns, code_of, codes_of
from doublebill.model import Kind, Title, TitleKey, Watch

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EPOCH = date(1970, 1, 1)
UNKNOWN_DAY = np.iinfo(np.int32).min


def film(tmdb_id: int) -> TitleKey:
    return TitleKey(Kind.MOVIE, tmdb_id)


def series(tmdb_id: int) -> TitleKey:
    return TitleKey(Kind.TV, tmdb_id)


def title(key: TitleKey, **facts: object) -> Title:
    return Title(key, **{"title": f"Title {key.tmdb_id}", **facts})  # type: ignore[arg-type]


def watch(key: TitleKey, **facts: object) -> Watch:
    told = {
        "person_id": "anna",
        "completion": 1.0,
        "plays": 1,
        "episodes": 1,
        "last_played_at": NOW,
        "is_favorite": False,
        "likes": None,
        "rating": None,
    }
    return Watch(key=key, **{**told, **facts})  # type: ignore[arg-type]


def catalogue(
    titles: Sequence[Title],
    lists: dict[TitleKey, Sequence[TitleKey]] | None = None,
    vectors: dict[TitleKey, Sequence[float]] | None = None,
    similar: dict[TitleKey, Sequence[TitleKey]] | None = None,
) -> Catalogue:
    return build_catalogue(_columns(titles), _edges(lists or {}, similar or {}), _vectors(vectors or {}))


def _columns(titles: Sequence[Title]) -> TitleColumns:
    ordered = sorted(titles, key=lambda one: code_of(one.key))
    nan = float("nan")
    return TitleColumns(
        codes=codes_of(one.key for one in ordered),
        names=[one.title for one in ordered],
        genres=[one.genres for one in ordered],
        years=np.array([one.year or nan for one in ordered], dtype=np.float32),
        ratings=np.array([nan if one.vote_average is None else one.vote_average for one in ordered], dtype=np.float32),
        votes=np.array([one.vote_count for one in ordered], dtype=np.int32),
        released=np.array(
            [(one.released - EPOCH).days if one.released else UNKNOWN_DAY for one in ordered], dtype=np.int32
        ),
        is_adult=np.array([one.is_adult for one in ordered], dtype=np.bool_),
        languages=[one.original_language or "" for one in ordered],
    )


def _edges(
    recommendations: dict[TitleKey, Sequence[TitleKey]], similar: dict[TitleKey, Sequence[TitleKey]]
) -> EdgeColumns:
    rows = [
        (code_of(source), code_of(target), is_recommendation, position)
        for lists, is_recommendation in ((recommendations, True), (similar, False))
        for source, targets in lists.items()
        for position, target in enumerate(targets)
    ]
    sources, targets, kinds, positions = zip(*rows, strict=True) if rows else ((), (), (), ())
    return EdgeColumns(
        np.array(sources, dtype=np.int64),
        np.array(targets, dtype=np.int64),
        np.array(kinds, dtype=np.bool_),
        np.array(positions, dtype=np.int16),
    )


def _vectors(vectors: dict[TitleKey, Sequence[float]]) -> VectorColumns:
    if not vectors:
        return VectorColumns(np.zeros(0, dtype=np.int64), np.zeros((0, 0), dtype=np.float32))
    ordered = sorted(vectors, key=code_of)
    matrix = np.array([vectors[key] for key in ordered], dtype=np.float32)
    return VectorColumns(codes_of(ordered), matrix / np.linalg.norm(matrix, axis=1, keepdims=True))
