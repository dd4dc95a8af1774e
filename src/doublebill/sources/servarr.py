"""What Radarr and Sonarr hold, what can be asked of them, and what came of it, in words that the whole house may speak.

Values only; ``servarr_client`` asks. A request has two steps so that it can be shown before it is done: a ``Plan`` is
read from the service and changes nothing, and only adding it sends what stands in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import JsonValue

from doublebill.model import TitleKey

Availability: TypeAlias = Literal["announced", "inCinemas", "released"]
"""From when on Radarr looks for a film."""

SeriesType: TypeAlias = Literal["standard", "daily", "anime"]
"""How Sonarr expects the episodes to be numbered."""

Monitor: TypeAlias = Literal[
    "all",
    "future",
    "missing",
    "existing",
    "firstSeason",
    "lastSeason",
    "pilot",
    "recent",
    "monitorSpecials",
    "unmonitorSpecials",
    "none",
]
"""Which episodes Sonarr looks for."""


@dataclass(frozen=True, slots=True)
class ServiceInfo:
    """Which service answers; ``name`` is what its owner calls it."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A quality profile of a service."""

    profile_id: int
    name: str


@dataclass(frozen=True, slots=True)
class RootFolder:
    """A folder under which a service keeps titles; ``free_bytes`` is None where the service cannot tell."""

    path: str
    is_accessible: bool
    free_bytes: int | None


@dataclass(frozen=True, slots=True)
class Tag:
    """A label of a service, always in small letters."""

    tag_id: int
    label: str


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """A title that a service has, with its files or still without.

    ``key`` is None for a series of which Sonarr knows no TMDB id (before 4.0.5 it knew none); ``tvdb_id`` is None for
    films. ``expected`` is how many files there should be by now: 1 for a film, for a series its monitored episodes that
    were on the air, and those that have a file.
    """

    service_id: int
    key: TitleKey | None
    tvdb_id: int | None
    title: str
    files: int
    expected: int
    is_monitored: bool
    added_at: datetime | None

    @property
    def has_files(self) -> bool:
        """Whether anything of the title can be watched."""
        return self.files > 0


@dataclass(frozen=True, slots=True)
class Download:
    """What is on its way for one title, all its episodes together; ``done`` is 0..1, None while no size is known.

    ``service_id`` is that of the title's ``LibraryEntry``.
    """

    service_id: int
    done: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOptions:
    """What a person chose for what they ask for; what is None the service's own settings decide.

    ``profile`` is the id or the name of a quality profile (None: the first), ``root_folder`` a path (None: the
    accessible one with most space), ``tags`` are labels. ``force`` asks for a title even if it is on the exclusion
    list.
    """

    profile: int | str | None = None
    root_folder: str | None = None
    tags: tuple[str, ...] = ()
    monitored: bool = True
    search: bool = True
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmOptions(RequestOptions):
    """What can be chosen for a film."""

    minimum_availability: Availability = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesOptions(RequestOptions):
    """What can be chosen for a series."""

    monitor: Monitor = "all"
    series_type: SeriesType = "standard"
    season_folder: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be done to get a title; adding it does just that.

    ``added_by`` is the id under which the service adds it: TMDB's for a film, TheTVDB's for a series. With a
    ``service_id`` the title is there already and nothing is to be sent. ``new_tags`` are created first and join the
    tags of ``body``; the rest of ``body`` is sent as it stands.
    """

    key: TitleKey
    added_by: int
    title: str
    service_id: int | None = None
    is_excluded: bool = False
    is_forced: bool = False
    profile: Profile | None = None
    new_tags: tuple[str, ...] = ()
    body: Mapping[str, JsonValue]

    @property
    def exists(self) -> bool:
        """Whether the service has the title already."""
        return self.service_id is not None


@dataclass(frozen=True, slots=True)
class AddOutcome:
    """What came of a plan. ``note`` says what was unusual: an answer that did not come, and what was seen instead."""

    status: Literal["added", "exists"]
    service_id: int | None
    title: str
    note: str | None = None
