"""The aligned columns that a store hands over and the read path computes on.

Titles are rows in ascending order of their code, ``2 * tmdb_id + (kind is tv)``: one int64 names a title in every
array, and ``searchsorted`` finds its row.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doublebill.model import Kind, TitleKey

Codes = NDArray[np.int64]


def code_of(key: TitleKey) -> int:
    """Give the number that names a title in arrays: 2 * tmdb_id + (kind is tv)."""
    return 2 * key.tmdb_id + (key.kind is Kind.TV)


def key_of(code: int) -> TitleKey:
    """Give the title that a code names; the inverse of ``code_of``."""
    return TitleKey(Kind.TV if code % 2 else Kind.MOVIE, int(code) // 2)


def codes_of(keys: Iterable[TitleKey]) -> Codes:
    """Give the codes of many titles, in their order, (n,) int64."""
    return np.fromiter((code_of(key) for key in keys), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class TitleColumns:
    """Everything the ranking reads of n titles, aligned, sorted by code.

    codes (n,) int64 ascending; names n; genres n tuples; years (n,) float32, NaN unknown; ratings (n,) float32 0..10,
    NaN unknown; votes (n,) int32; released (n,) int32 days since 1970-01-01, the smallest int32 where unknown;
    is_adult (n,) bool; languages n, "" unknown.
    """

    codes: Codes
    names: list[str]
    genres: list[tuple[str, ...]]
    years: NDArray[np.float32]
    ratings: NDArray[np.float32]
    votes: NDArray[np.int32]
    released: NDArray[np.int32]
    is_adult: NDArray[np.bool_]
    languages: list[str]


@dataclass(frozen=True, slots=True)
class EdgeColumns:
    """m entries of TMDB's lists: title ``sources[i]`` names title ``targets[i]`` at ``positions[i]``, all (m,).

    sources, targets int64 codes (a target may be no known title); is_recommendation bool (else `similar`);
    positions int16 from 0.
    """

    sources: Codes
    targets: Codes
    is_recommendation: NDArray[np.bool_]
    positions: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class VectorColumns:
    """Unit vectors of one model: codes (v,) int64 ascending and vectors (v, d) float32."""

    codes: Codes
    vectors: NDArray[np.float32]
