"""Values to rows and back: the only place that knows how a moment, a day, a list of names or a credit is written.

Columns are named in SQL beside the method that reads them; the order of the columns of each kind of row is stated here.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from doublebill.core.columns import code_of, key_of
from doublebill.model import (
    Collection,
    Credit,
    LibraryItem,
    Observation,
    SyncKind,
    SyncRun,
    SyncStatus,
    Title,
)

Row = tuple[Any, ...]
Parameters = Mapping[str, str | int | float | None]
State = tuple[bool, int, float | None, int | None, bool, bool | None, float | None, bool]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()


def stamp_of(moment: datetime) -> int:
    """Give an aware moment as whole microseconds since 1970-01-01 UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment_of(stamp: int) -> datetime:
    """Give the moment of a stamp, in UTC; the inverse of ``stamp_of``."""
    return _EPOCH + timedelta(microseconds=stamp)


def optional_stamp_of(moment: datetime | None) -> int | None:
    """Give the stamp of a moment that may be unknown."""
    return None if moment is None else stamp_of(moment)


def optional_moment_of(stamp: int | None) -> datetime | None:
    """Give the moment of a stamp that may be unknown."""
    return None if stamp is None else moment_of(stamp)


def names_text(names: Iterable[str]) -> str:
    """Write names as a JSON array."""
    return _json(list(names))


def names_of(text: str) -> tuple[str, ...]:
    """Read names from a JSON array; the inverse of ``names_text``."""
    return tuple(json.loads(text))


def title_parameters(title: Title, fetched_at: datetime, detailed_at: datetime | None) -> Parameters:
    """Give a title as named parameters, for the columns of ``title`` and ``title_page``."""
    collection = title.collection
    return {
        "code": code_of(title.key),
        "title": title.title,
        "genres": names_text(title.genres),
        "released": title.released.toordinal() - _EPOCH_DAY if title.released else None,
        "original_language": title.original_language,
        "vote_average": title.vote_average,
        "vote_count": title.vote_count,
        "popularity": title.popularity,
        "is_adult": title.is_adult,
        "fetched_at": stamp_of(fetched_at),
        "detailed_at": optional_stamp_of(detailed_at),
        "original_title": title.original_title,
        "overview": title.overview,
        "poster_path": title.poster_path,
        "backdrop_path": title.backdrop_path,
        "keywords": names_text(title.keywords),
        "credits": _json([[c.name, c.role, c.position, c.person_id, c.character] for c in title.credits]),
        "collection_id": collection.collection_id if collection else None,
        "collection_name": collection.name if collection else None,
        "runtime_min": title.runtime_min,
        "episode_count": title.episode_count,
        "imdb_id": title.imdb_id,
        "tvdb_id": title.tvdb_id,
        "tagline": title.tagline,
        "trailer_id": title.trailer_id,
    }


def title_of(row: Row) -> Title:
    """Read a title from its row: the fields of Title in order, its key as a code, its collection as two columns."""
    code, title, original_title, released, genres, overview, original_language = row[:7]
    vote_average, vote_count, popularity, poster_path, backdrop_path, is_adult, keywords, credit_list = row[7:15]
    collection_id, collection_name, runtime_min, episode_count, imdb_id, tvdb_id = row[15:21]
    tagline, trailer_id, detailed_at = row[21:]
    return Title(
        key=key_of(code),
        title=title,
        original_title=original_title,
        released=None if released is None else date.fromordinal(released + _EPOCH_DAY),
        genres=names_of(genres),
        overview=overview,
        original_language=original_language,
        vote_average=vote_average,
        vote_count=vote_count,
        popularity=popularity,
        poster_path=poster_path,
        backdrop_path=backdrop_path,
        is_adult=bool(is_adult),
        keywords=names_of(keywords),
        credits=tuple(Credit(*entry) for entry in json.loads(credit_list)),
        collection=None if collection_id is None else Collection(collection_id, collection_name),
        runtime_min=runtime_min,
        episode_count=episode_count,
        imdb_id=imdb_id,
        tvdb_id=tvdb_id,
        tagline=tagline,
        trailer_id=trailer_id,
        detailed_at=optional_moment_of(detailed_at),
    )


def item_parameters(item: LibraryItem, seen_at: datetime) -> Parameters:
    """Give a library item as named parameters, for the columns of ``item``."""
    return {
        "item_id": item.item_id,
        "item_kind": item.item_kind,
        "name": item.name,
        "year": item.year,
        "tmdb_id": item.tmdb_id,
        "imdb_id": item.imdb_id,
        "tvdb_id": item.tvdb_id,
        "series_item_id": item.series_item_id,
        "series_name": item.series_name,
        "season": item.season,
        "episode": item.episode,
        "runtime_min": item.runtime_min,
        "code": code_of(item.key) if item.key else None,
        "unresolved": item.unresolved,
        "seen_at": stamp_of(seen_at),
    }


def item_of(row: Row) -> LibraryItem:
    """Read a library item from its row: the fields of LibraryItem in their order, its key as a code."""
    *fields, code, unresolved = row
    return LibraryItem(*(*fields, None if code is None else key_of(code), unresolved))


def state_of(observation: Observation) -> State:
    """Give what an observation says apart from who, what and when, in the order of the columns of ``observation``."""
    return (
        observation.finished,
        observation.play_count,
        observation.position,
        optional_stamp_of(observation.last_played_at),
        observation.is_favorite,
        observation.likes,
        observation.rating,
        observation.removed,
    )


def observation_of(row: Row) -> Observation:
    """Read an observation from its row: person, item, moment, then its state."""
    person_id, item_id, observed_at, finished, plays, position, played_at, is_favorite, likes, rating, removed = row
    return Observation(
        person_id=person_id,
        item_id=item_id,
        observed_at=moment_of(observed_at),
        finished=bool(finished),
        play_count=plays,
        position=position,
        last_played_at=optional_moment_of(played_at),
        is_favorite=bool(is_favorite),
        likes=None if likes is None else bool(likes),
        rating=rating,
        removed=bool(removed),
    )


def skipped_text(skipped: Mapping[str, int]) -> str:
    """Write what a sync skipped (reason -> count) as a JSON object."""
    return _json(dict(skipped))


def sync_run_of(row: Row) -> SyncRun:
    """Read a sync run from its row: the fields of SyncRun in their order."""
    run_id, kind, started_at, finished_at, status, message, skipped = row
    return SyncRun(
        run_id=run_id,
        kind=SyncKind(kind),
        started_at=moment_of(started_at),
        finished_at=optional_moment_of(finished_at),
        status=SyncStatus(status),
        message=message,
        skipped=json.loads(skipped),
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
