"""What comes in from Radarr and Sonarr, as it comes; both write camelCase and leave nulls out."""

import re
from typing import TypeVar

from pydantic import ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

from doublebill.errors import SourceBroken
from doublebill.model import Kind, TitleKey
from doublebill.sources.servarr import LibraryEntry, Profile, RootFolder, Tag
from doublebill.sources.wire import Block, Flag, Items, Moment, Real, Rows, Text, Whole, Wire

LONGEST_WORDS = 300
"""A refusal is shown to a person; some services put the trace of their stack into it."""

Row = TypeVar("Row", bound="ServarrWire")


class ServarrWire(Wire):
    """A model with the services' camelCase names."""

    model_config = ConfigDict(alias_generator=to_camel)


class Status(ServarrWire):
    """Part of GET /system/status."""

    app_name: Text = None
    instance_name: Text = None
    version: Text = None


class ProfileRow(ServarrWire):
    """A row of GET /qualityprofile."""

    id: Whole = None
    name: Text = None


class FolderRow(ServarrWire):
    """A row of GET /rootfolder."""

    path: Text = None
    accessible: Flag = False
    free_space: Whole = None


class TagRow(ServarrWire):
    """A row of GET /tag, and the answer to POST /tag."""

    id: Whole = None
    label: Text = None


class Statistics(ServarrWire):
    """Part of a series."""

    episode_file_count: Whole = None
    episode_count: Whole = None


class TitleRow(ServarrWire):
    """A film or series: in the library, found by a look-up (without an id), or just added."""

    id: Whole = None
    title: Text = None
    tmdb_id: Whole = None
    tvdb_id: Whole = None
    monitored: Flag = False
    added: Moment = None
    has_file: Flag = False
    is_excluded: Flag = False
    statistics: Block[Statistics] = Statistics()

    @property
    def service_id(self) -> int | None:
        """The id in the library; a look-up gives 0 or none for what is not there."""
        return positive(self.id)


class QueueRow(ServarrWire):
    """A record of GET /queue; one download of a whole season has a record for each of its episodes."""

    id: Whole = None
    movie_id: Whole = None
    series_id: Whole = None
    download_id: Text = None
    size: Real = None
    sizeleft: Real = None
    status: Text = None


class ExclusionRow(ServarrWire):
    """A title that import lists must not bring back."""

    id: Whole = None
    tmdb_id: Whole = None
    tvdb_id: Whole = None


class Paging(ServarrWire):
    """One page of the queue or of the exclusions."""

    records: list[JsonValue]
    total_records: Whole = None


class Failure(ServarrWire):
    """One rule that a request breaks; what the metadata service does not know comes without a code."""

    property_name: Text = None
    error_message: Text = None
    error_code: Text = None


class Complaint(ServarrWire):
    """A refusal that is an object: {message, description}, {errorMessage}, or ASP.NET's {title, errors}."""

    message: Text = None
    error_message: Text = None
    title: Text = None
    errors: Block[dict[str, Items[Text]]] = Field(default_factory=dict)

    @property
    def words(self) -> tuple[str, ...]:
        """What it says, without the description: that holds the trace of a stack."""
        told = [f"{place}: {text}" for place, texts in self.errors.items() for text in texts if text]
        return tuple(told) or tuple(filter(None, [self.message or self.error_message or self.title]))[:1]


class Failures(ServarrWire):
    """A refusal that is an array."""

    failures: Rows[Failure] = ()


def rows(source: str, model: type[Row], answer: JsonValue) -> list[Row]:
    """Read a list; what is no object is left out.

    Raises: SourceBroken if it is no list.
    """
    if not isinstance(answer, list):
        raise SourceBroken(source, "its answer is not a list, as its API says")
    return [model.model_validate(row) for row in answer if isinstance(row, dict)]


def profile(row: ProfileRow) -> Profile | None:
    """Give a quality profile, if it has an id."""
    return Profile(row.id, row.name or str(row.id)) if row.id else None


def root_folder(row: FolderRow) -> RootFolder | None:
    """Give a root folder, if it has a path."""
    return RootFolder(row.path, row.accessible, row.free_space) if row.path else None


def tag(row: TagRow) -> Tag | None:
    """Give a tag, if it has id and label."""
    return Tag(row.id, row.label.lower()) if row.id and row.label else None


def film_entry(row: TitleRow) -> LibraryEntry | None:
    """Give a film of the library, if it has id and name."""
    if not row.service_id or not row.title:
        return None
    key, files = _key(Kind.MOVIE, row.tmdb_id), int(row.has_file)
    return LibraryEntry(row.service_id, key, None, row.title, files, 1, row.monitored, row.added)


def series_entry(row: TitleRow) -> LibraryEntry | None:
    """Give a series of the library, if it has id and name."""
    if not row.service_id or not row.title:
        return None
    key, tvdb_id, counts = _key(Kind.TV, row.tmdb_id), positive(row.tvdb_id), row.statistics
    files, expected = positive(counts.episode_file_count) or 0, positive(counts.episode_count) or 0
    return LibraryEntry(row.service_id, key, tvdb_id, row.title, files, expected, row.monitored, row.added)


def plain(words: str) -> str:
    """Give what a service says as one printable line of modest length."""
    line = re.sub(r"\s+", " ", "".join(letter if letter.isprintable() else " " for letter in words)).strip()
    return line if len(line) <= LONGEST_WORDS else f"{line[:LONGEST_WORDS]}..."


def positive(number: int | None) -> int | None:
    """Give a number above 0, if it is one: 0 is how .NET writes that there is none."""
    return number if number is not None and number > 0 else None


def _key(kind: Kind, tmdb_id: int | None) -> TitleKey | None:
    return TitleKey(kind, tmdb_id) if tmdb_id is not None and tmdb_id > 0 else None
