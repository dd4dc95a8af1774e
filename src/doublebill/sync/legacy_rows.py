"""The rows of an earlier system's files, and what they mean in our vocabulary.

Most of them are Jellyfin's own rows under other names, so they are named back and read by the reader of Jellyfin's
answers. Fields that only an export of ours has stand at the end of each model.
"""

from datetime import UTC, date, datetime, tzinfo
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field, JsonValue

from doublebill.model import Collection, Credit, Kind, LibraryItem, Observation, Title, TitleKey
from doublebill.sources.jellyfin_wire import LARGEST_ID, TICKS_PER_MIN, library_item, observation
from doublebill.sources.wire import BadRow, Block, Day, Flag, Opinion, Part, Real, Rows, Text, Whole, Wire, read_row

KINDS = {"movie": Kind.MOVIE, "film": Kind.MOVIE, "tv": Kind.TV, "series": Kind.TV, "show": Kind.TV}
ITEM_TYPES = {"movie": "Movie", "series": "Series", "tv": "Series", "episode": "Episode"}
MOST_PLAYS = 10_000
LONGEST_MIN = 100_000
LARGEST_COUNT = 2**31 - 1
FIRST_YEAR, LAST_YEAR = 1870, 2200


def _names(value: object) -> list[str]:
    """Read names, which stand as strings or as objects with a name, or as one string with commas."""
    if isinstance(value, str):
        value = value.split(",")
    rows = value if isinstance(value, list) else []
    names = [row.get("name", row.get("Name")) if isinstance(row, dict) else row for row in rows]
    cleaned = [name.strip().encode("utf-8", "replace").decode() for name in names if isinstance(name, str)]
    return [name for name in dict.fromkeys(cleaned) if name]


def _first(value: object) -> object:
    """Take the first of a list, such as that of the run times of episodes."""
    return next(iter(value), None) if isinstance(value, list) else value


def _id(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _cast(value: object) -> list[object]:
    rows = value if isinstance(value, list) else []
    return [{"name": row} if isinstance(row, str) else row for row in rows if isinstance(row, str | dict)]


Names: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_names)]
FirstWhole: TypeAlias = Annotated[Whole, BeforeValidator(_first)]
Id: TypeAlias = Annotated[JsonValue, BeforeValidator(_id)]


class ItemRow(Wire):
    """One row of ``items.json``."""

    id: Text = None
    name: Text = None
    type: Text = None
    year: Whole = None
    genres: Names = ()
    overview: Text = None
    runtime_minutes: Real = None
    actors: Names = ()
    directors: Names = ()
    imdb_id: Text = None
    tmdb_id: Id = None
    tvdb_id: Id = None
    provider_ids: Block[dict[str, JsonValue]] = Field(default_factory=dict)
    series_id: Text = None
    series_name: Text = None
    season_number: Whole = None
    episode_number: Whole = None
    found_by_us: Flag = False


class EntryRow(ItemRow):
    """One row of a person's history in ``watch_history.json``."""

    item_id: Text = None
    manual: Flag = False
    play_count: Whole = None
    playback_position: Real = None
    played_percentage: Real = None
    last_played: JsonValue = None
    is_favorite: Flag = False
    is_watched: Opinion = None
    user_rating: Real = None
    likes: Opinion = None


class Player(Wire):
    """Somebody of the cast."""

    name: Text = None
    character: Text = None


class Franchise(Wire):
    """A collection, as an export of ours tells it."""

    id: Whole = None
    name: Text = None


class TitleRow(Wire):
    """One row of ``candidates.json``."""

    tmdb_id: Whole = None
    title: Text = None
    type: Text = None
    year: Whole = None
    genres: Names = ()
    keywords: Names = ()
    overview: Text = None
    tagline: Text = None
    vote_average: Real = None
    vote_count: Whole = None
    popularity: Real = None
    runtime: FirstWhole = None
    episode_run_time: FirstWhole = None
    cast: Annotated[Rows[Player], BeforeValidator(_cast)] = ()
    directors: Names = ()
    creators: Names = ()
    original_language: Text = None
    poster_path: Text = None
    release_date: Day = None
    original_title: Text = None
    backdrop_path: Text = None
    adult: Flag = False
    collection: Part[Franchise] = None
    number_of_episodes: Whole = None
    imdb_id: Text = None
    tvdb_id: Whole = None
    trailer_id: Text = None
    only_listed: Flag = False


class HiddenRow(Wire):
    """One row of ``disliked_items.json``; ``user_id`` is whose it is, where the household's are not meant."""

    tmdb_id: Whole = None
    title: Text = None
    type: Text = None
    timestamp: JsonValue = None
    expires_at: JsonValue = None
    user_id: Text = None


class _Number(Wire):
    value: Whole = None


def moment_in(value: JsonValue, zone: tzinfo | None, latest: datetime) -> datetime | None:
    """Read an ISO moment between 1970 and ``latest``; without a zone it is local time (None: of this machine)."""
    try:
        read = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
        if read is None:
            return None
        # Without a zone of ours, astimezone takes a naive time for the machine's own.
        moment = (read.replace(tzinfo=zone) if read.tzinfo is None and zone else read).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if datetime(1970, 1, 2, tzinfo=UTC) < moment <= latest else None


def key_in(kind: str | None, number: int | None) -> TitleKey:
    """Read the key of a title. Raises: BadRow if it names none: a bare id may be a film or a series."""
    meant = KINDS.get((kind or "").lower())
    if meant is None:
        raise BadRow("that are neither movie nor tv")
    if number is None or not 0 < number <= LARGEST_ID:
        raise BadRow("without a TMDB id")
    return TitleKey(meant, number)


def number_in(value: JsonValue) -> int | None:
    """Read a whole number that may stand as text."""
    return read_row(_Number, {"value": value}).value


def title_in(row: TitleRow) -> Title:
    """Read a title with details. Raises: BadRow if it has no key or name."""
    key = key_in(row.type, row.tmdb_id)
    if row.title is None:
        raise BadRow("without a title")
    votes = row.vote_count if row.vote_count is not None and 0 <= row.vote_count <= LARGEST_COUNT else 0
    rating = row.vote_average
    franchise = row.collection
    return Title(
        key=key,
        title=row.title,
        original_title=row.original_title,
        released=row.release_date or _new_year(row.year),
        genres=row.genres,
        overview=row.overview,
        original_language=row.original_language,
        vote_average=rating if rating is not None and votes and 0 <= rating <= 10 else None,
        vote_count=votes,
        popularity=row.popularity,
        poster_path=_path(row.poster_path),
        backdrop_path=_path(row.backdrop_path),
        is_adult=row.adult,
        keywords=row.keywords,
        credits=(*_players(row.cast), *_makers(row)),
        collection=Collection(franchise.id, franchise.name) if franchise and franchise.id and franchise.name else None,
        runtime_min=_bounded(row.runtime) or _bounded(row.episode_run_time),
        episode_count=_bounded(row.number_of_episodes),
        imdb_id=row.imdb_id,
        tvdb_id=_positive(row.tvdb_id),
        tagline=row.tagline,
        trailer_id=row.trailer_id,
    )


def title_of_item(key: TitleKey, row: ItemRow) -> Title:
    """Give what Jellyfin once said of a film or series, for titles that nothing better is known of."""
    actors = tuple(Credit(name, "cast", place) for place, name in enumerate(row.actors))
    directors = tuple(Credit(name, "director", place) for place, name in enumerate(row.directors))
    return Title(
        key=key,
        title=row.name or str(key),
        released=_new_year(row.year),
        genres=row.genres,
        overview=row.overview,
        credits=actors + directors,
        runtime_min=_bounded(round(row.runtime_minutes or 0)),
    )


def item_in(row: ItemRow, item_id: str | None, item_type: str) -> LibraryItem:
    """Read a library item, without its title. Raises: BadRow as Jellyfin's own rows do."""
    return library_item(_as_jellyfin(row, item_id, item_type))


def observation_in(row: EntryRow, person_id: str, now: datetime, zone: tzinfo | None) -> Observation:
    """Read what a person did with a film, episode or series. Raises: BadRow as Jellyfin's own rows do."""
    plays = min(max(row.play_count or 0, 0), MOST_PLAYS)
    is_watched = row.is_watched if row.is_watched is not None else bool(plays and not row.playback_position)
    played_at = moment_in(row.last_played, zone, now)
    told: dict[str, JsonValue] = {
        "Played": is_watched,
        "PlayCount": plays,
        "LastPlayedDate": played_at.isoformat() if played_at else None,
        "PlaybackPositionTicks": row.playback_position,
        "PlayedPercentage": row.played_percentage,
        "IsFavorite": row.is_favorite,
        "Likes": row.likes,
        "Rating": row.user_rating,
    }
    item_type = ITEM_TYPES.get((row.type or "").lower(), "")
    return observation({**_as_jellyfin(row, row.item_id, item_type), "UserData": told}, person_id, now)


def _as_jellyfin(row: ItemRow, item_id: str | None, item_type: str) -> dict[str, JsonValue]:
    ids: dict[str, JsonValue] = {"tmdb": row.tmdb_id, "imdb": row.imdb_id, "tvdb": row.tvdb_id}
    provided = {name.lower(): _as_id(value) for name, value in row.provider_ids.items()}
    runtime = row.runtime_minutes
    return {
        "Id": item_id,
        "Type": item_type,
        "Name": row.name,
        "ProductionYear": row.year,
        "ProviderIds": {**provided, **{name: value for name, value in ids.items() if value}},
        "SeriesId": row.series_id,
        "SeriesName": row.series_name,
        "ParentIndexNumber": row.season_number,
        "IndexNumber": row.episode_number,
        "RunTimeTicks": runtime * TICKS_PER_MIN if runtime and 0 < runtime <= LONGEST_MIN else None,
    }


def _as_id(value: JsonValue) -> JsonValue:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _new_year(year: int | None) -> date | None:
    """Give the first day of a year: the earlier system knew no more."""
    return date(year, 1, 1) if year is not None and FIRST_YEAR <= year <= LAST_YEAR else None


def _players(cast: tuple[Player, ...]) -> list[Credit]:
    named = [(player.name, player.character) for player in cast if player.name]
    return [Credit(name, "cast", place, character=character) for place, (name, character) in enumerate(named)]


def _makers(row: TitleRow) -> list[Credit]:
    directors = [Credit(name, "director", place) for place, name in enumerate(row.directors)]
    return directors + [Credit(name, "creator", place) for place, name in enumerate(row.creators)]


def _path(path: str | None) -> str | None:
    return path if path and path.startswith("/") else None


def _positive(number: int | None) -> int | None:
    return number if number is not None and 0 < number <= LARGEST_COUNT else None


def _bounded(number: int | None) -> int | None:
    return number if number is not None and 0 < number <= LONGEST_MIN else None
