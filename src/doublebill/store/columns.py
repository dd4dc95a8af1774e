"""The columns that the read path computes on, each in one read of the whole table."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from doublebill.core.columns import EdgeColumns, TitleColumns
from doublebill.model import NeighbourSource
from doublebill.store.connections import Table
from doublebill.store.rows import names_of

_UNKNOWN_DAY = int(np.iinfo(np.int32).min)

_TITLES = """
    SELECT code, title, genres, coalesce(released, ?), vote_average, vote_count, is_adult,
        coalesce(original_language, '')
    FROM title ORDER BY code
"""
_LISTS = "SELECT code, list, targets FROM neighbour_list ORDER BY code, list"


class ColumnReads(Table):
    """Read titles and neighbour lists as arrays."""

    def title_columns(self) -> TitleColumns:
        """Give the columns of all known titles; 100,000 take about half a second."""
        with self._database.reading() as connection:
            rows = connection.execute(_TITLES, (_UNKNOWN_DAY,)).fetchall()
        codes, names, genres, days, ratings, votes, adult, languages = _columns(rows, 8)
        # Few combinations of genres are distinct: each is parsed once.
        parsed = {text: names_of(text) for text in set(genres)}
        released = np.array(days, dtype=np.int32)
        return TitleColumns(
            codes=np.array(codes, dtype=np.int64),
            names=list(names),
            genres=[parsed[text] for text in genres],
            years=_years(released),
            ratings=np.array(ratings, dtype=np.float32),  # None becomes NaN
            votes=np.array(votes, dtype=np.int32),
            released=released,
            is_adult=np.array(adult, dtype=np.bool_),
            languages=list(languages),
        )

    def edge_columns(self) -> EdgeColumns:
        """Give all entries of all neighbour lists, by title, list and position; 100,000 lists take about 0.3 s."""
        with self._database.reading() as connection:
            rows = connection.execute(_LISTS).fetchall()
        codes, lists, blobs = _columns(rows, 3)
        lengths = np.array([len(blob) for blob in blobs], dtype=np.int64) // 8
        firsts = np.cumsum(lengths) - lengths
        is_recommendation = np.array([name == NeighbourSource.RECOMMENDATIONS for name in lists], dtype=np.bool_)
        targets = np.frombuffer(b"".join(blobs), dtype="<i8").astype(np.int64)
        return EdgeColumns(
            sources=np.repeat(np.array(codes, dtype=np.int64), lengths),
            targets=targets,
            is_recommendation=np.repeat(is_recommendation, lengths),
            positions=(np.arange(targets.size) - np.repeat(firsts, lengths)).astype(np.int16),
        )


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[tuple[Any, ...]]:
    """Turn rows into columns; of no rows, empty ones."""
    return list(zip(*rows, strict=True)) if rows else [()] * width


def _years(released: NDArray[np.int32]) -> NDArray[np.float32]:
    """Give the calendar years of days since 1970-01-01, NaN where unknown."""
    years = released.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return np.where(released == _UNKNOWN_DAY, np.nan, years).astype(np.float32)
