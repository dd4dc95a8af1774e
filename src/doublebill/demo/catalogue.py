"""The catalogue of the demo: real films and series, with overviews of our own.

Facts (names, years, people, ids) stand in `catalogue/*.jsonl`, one title a line; the other rooms of the demo read them
only as `CatalogueTitle`, so that a benchmark can play the same services with a generated catalogue of any size.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from doublebill.model import Kind, TitleKey


@dataclass(frozen=True, slots=True)
class CatalogueTitle:
    """What the services of the demo know of one film or series; what does not apply to its kind is None or empty.

    `cast` is (actor, role) in the order of billing; `runtime_min` of a series is that of one episode; `trailer_id` is
    that of an English trailer at YouTube, None where it is not known for sure.
    """

    key: TitleKey
    title: str
    released: date | None
    original_title: str | None = None
    genres: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    overview: str = ""
    language: str = "en"
    countries: tuple[str, ...] = ()
    runtime_min: int | None = None
    vote_average: float = 0.0
    vote_count: int = 0
    popularity: float = 0.0
    imdb_id: str | None = None
    tvdb_id: int | None = None
    cast: tuple[tuple[str, str], ...] = ()
    directors: tuple[str, ...] = ()
    creators: tuple[str, ...] = ()
    collection: str | None = None
    networks: tuple[str, ...] = ()
    seasons: int = 0
    episodes: int = 0
    last_aired: date | None = None
    status: str | None = None
    trailer_id: str | None = None

    @property
    def year(self) -> int | None:
        """The calendar year of the first release, if known."""
        return self.released.year if self.released else None

    @property
    def makers(self) -> tuple[str, ...]:
        """The directors of a film, the creators of a series."""
        return self.directors or self.creators


def load_catalogue() -> tuple[CatalogueTitle, ...]:
    """Read the shipped catalogue, films and series, by kind and id.

    Raises: ValueError or KeyError if a shipped line is not a title, which a test rules out.
    """
    return tuple(sorted((_parse(row) for row in _rows()), key=lambda title: title.key))


def _rows() -> Iterator[dict[str, Any]]:
    folder = files("doublebill.demo") / "catalogue"
    for file in folder.iterdir():
        yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())


def _parse(row: dict[str, Any]) -> CatalogueTitle:
    return CatalogueTitle(
        key=TitleKey(Kind(row["kind"]), row["tmdb_id"]),
        title=row["title"],
        original_title=row["original_title"],
        released=date.fromisoformat(row["released"]),
        genres=tuple(row["genres"]),
        keywords=tuple(row["keywords"]),
        overview=row["overview"],
        language=row["language"],
        countries=tuple(row["countries"]),
        runtime_min=row.get("runtime_min") or row.get("episode_runtime_min"),
        vote_average=row["vote_average"],
        vote_count=row["vote_count"],
        popularity=row["popularity"],
        imdb_id=row["imdb_id"],
        tvdb_id=row.get("tvdb_id"),
        cast=tuple((actor, role) for actor, role in row["cast"]),
        directors=tuple(row.get("directors", ())),
        creators=tuple(row.get("creators", ())),
        collection=row.get("collection"),
        networks=tuple(row.get("networks", ())),
        seasons=row.get("seasons", 0),
        episodes=row.get("episodes", 0),
        last_aired=date.fromisoformat(row["last_aired"]) if row.get("last_aired") else None,
        status=row.get("status"),
        trailer_id=row.get("trailer_id"),
    )
