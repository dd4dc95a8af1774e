"""What filters there is something behind: genres, languages and years of what anybody here could be shown."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from doublebill.core.catalogue import Catalogue
from doublebill.core.profile import Bar, Profile


@dataclass(frozen=True, slots=True)
class Choices:
    """Names of genres, sorted; languages (ISO 639-1) with how many titles each has, most first; first and last year."""

    genres: tuple[str, ...]
    languages: tuple[tuple[str, int], ...]
    year_from: int | None
    year_to: int | None


def choices(catalogue: Catalogue, profiles: Iterable[Profile]) -> Choices:
    """Look at what is a candidate for anybody, or would be if it were not owned; 1 ms for 100,000 titles."""
    is_open = np.zeros(len(catalogue), dtype=np.bool_)
    for profile in profiles:
        is_open |= (profile.bars | Bar.HELD.value) == Bar.HELD.value
    bits = int(np.bitwise_or.reduce(catalogue.genre_bits[is_open], initial=np.uint64(0)))
    years = catalogue.titles.years[is_open & np.isfinite(catalogue.titles.years)]
    return Choices(
        genres=tuple(name for bit, name in enumerate(catalogue.genre_names) if bits >> bit & 1),
        languages=_languages(catalogue, np.bincount(catalogue.language_places[is_open]).tolist()),
        year_from=int(years.min()) if len(years) else None,
        year_to=int(years.max()) if len(years) else None,
    )


def _languages(catalogue: Catalogue, counts: list[int]) -> tuple[tuple[str, int], ...]:
    spoken = [(code, count) for code, count in zip(catalogue.language_codes, counts, strict=False) if code and count]
    return tuple(sorted(spoken, key=lambda language: (-language[1], language[0])))
