"""Who lives in the demo's house and what they watched, as `household.toml` tells it in a few words per title."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any, Final

from doublebill.demo.catalogue import CatalogueTitle
from doublebill.model import Kind

ABANDONED_DAYS_AGO: Final = 60
"""How long ago the one episode of an abandoned series was watched."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person did with a title: how much they saw (0..1, or so many episodes), how often, and what they said.

    `days_ago` is the day of the last play; None leaves it to chance.
    """

    share: float = 1.0
    episodes: int | None = None
    plays: int = 1
    is_favorite: bool = False
    rating: float | None = None
    days_ago: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One person, with a mark for each film and series by its name."""

    name: str
    taste: str
    films: Mapping[str, Mark]
    series: Mapping[str, Mark]


@dataclass(frozen=True, slots=True)
class HomeVideo:
    """A film that no catalogue knows."""

    name: str
    runtime_min: float
    seen_by: tuple[str, ...]
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """What is owned beside what was watched, and how much of it Jellyfin could name.

    `seasons` says of which series only the first so many are owned; `ids` which titles carry one id only (`imdb`,
    `tvdb`) or `none`.
    """

    films: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    seasons: Mapping[str, int] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    home_videos: tuple[HomeVideo, ...] = ()


@dataclass(frozen=True, slots=True)
class Requests:
    """What Radarr and Sonarr were asked for before, by name."""

    wanted: tuple[str, ...] = ()
    wanted_series: tuple[str, ...] = ()
    downloading: tuple[str, ...] = ()
    downloading_series: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Household:
    """The people, their library and their requests."""

    members: tuple[Member, ...]
    library: Library
    requests: Requests

    def owned(self, kind: Kind) -> list[str]:
        """Give the names of all owned films or series, each once: the watched ones, then the others."""
        watched = [name for member in self.members for name in (member.films if kind is Kind.MOVIE else member.series)]
        others = self.library.films if kind is Kind.MOVIE else self.library.series
        return list(dict.fromkeys([*watched, *others]))


class TitleNames:
    """Find catalogue titles by the names that people use: the title, and its year in brackets where not unique."""

    def __init__(self, titles: Sequence[CatalogueTitle]) -> None:
        self._titles: dict[tuple[Kind, str], CatalogueTitle] = {}
        for title in titles:
            self._titles.setdefault((title.key.kind, title.title), title)
            self._titles[title.key.kind, f"{title.title} ({title.year})"] = title

    def film(self, name: str) -> CatalogueTitle:
        """Give a film. Raises: KeyError if the catalogue has none of that name."""
        return self._titles[Kind.MOVIE, name]

    def series(self, name: str) -> CatalogueTitle:
        """Give a series. Raises: KeyError if the catalogue has none of that name."""
        return self._titles[Kind.TV, name]


def load_household() -> Household:
    """Read the shipped household."""
    text = (files("doublebill.demo") / "household.toml").read_text(encoding="utf-8")
    return read_household(tomllib.loads(text))


def read_household(table: dict[str, Any]) -> Household:
    """Make a household of a parsed TOML table.

    Raises: ValueError if a mark is not understood, KeyError if something needed is absent.
    """
    library, requests = table.get("library", {}), table.get("requests", {})
    return Household(
        members=tuple(_member(each) for each in table["people"]),
        library=Library(
            films=tuple(library.get("films", ())),
            series=tuple(library.get("series", ())),
            seasons=library.get("seasons", {}),
            ids=library.get("ids", {}),
            home_videos=tuple(_home_video(each) for each in library.get("home_videos", ())),
        ),
        requests=Requests(**{name: tuple(titles) for name, titles in requests.items()}),
    )


def _member(table: dict[str, Any]) -> Member:
    plain = {name: Mark() for name in table.get("seen", ())}
    marked = {name: parse_mark(text) for name, text in table.get("films", {}).items()}
    series = {name: parse_mark(text) for name, text in table.get("series", {}).items()}
    return Member(table["name"], table["taste"], plain | marked, series)


def _home_video(table: dict[str, Any]) -> HomeVideo:
    return HomeVideo(table["name"], table["runtime_min"], tuple(table["seen_by"]), table.get("year"))


def parse_mark(text: str) -> Mark:
    """Read a mark such as "3 times, favourite, 40 days ago"; an empty one means watched once.

    Raises: ValueError if a word is not understood.
    """
    mark = Mark()
    for phrase in filter(None, (part.strip() for part in text.split(","))):
        mark = _with_phrase(mark, phrase)
    return mark


def _with_phrase(mark: Mark, phrase: str) -> Mark:
    match phrase.split():
        case ["all"]:
            return mark
        case ["half"]:
            return replace(mark, share=0.5)
        case ["started"]:
            return replace(mark, share=0.0)
        case ["abandoned"]:
            return replace(mark, episodes=1, days_ago=ABANDONED_DAYS_AGO)
        case ["favourite"]:
            return replace(mark, is_favorite=True)
        case ["liked"]:
            return replace(mark, rating=10.0)
        case ["disliked"]:
            return replace(mark, rating=1.0)
        case [number, "times"]:
            return replace(mark, plays=int(number))
        case [number, "episodes"]:
            return replace(mark, episodes=int(number))
        case [number, "days", "ago"]:
            return replace(mark, days_ago=int(number))
        case [rating] if rating.endswith("/10"):
            return replace(mark, rating=float(rating.removesuffix("/10")))
        case [share] if share.endswith("%"):
            return replace(mark, share=float(share.removesuffix("%")) / 100)
        case _:
            raise ValueError(f"this says nothing about a title: {phrase}")
