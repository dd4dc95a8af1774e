"""What TMDB's answers mean in our vocabulary.

"" and 0 mean unknown; an entry without id or name, or that is neither film nor series, is left out of its list.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from doublebill.errors import SourceBroken
from doublebill.model import Collection, Credit, Kind, Neighbour, NeighbourSource, Title, TitleDetails, TitleKey
from doublebill.sources import tmdb_wire as wire
from doublebill.sources.tmdb_videos import FALLBACK, trailer_id
from doublebill.sources.wire import LARGEST_WHOLE

MOST_CAST = 20
"""Billing beyond the twentieth name is extras; it would only drown the people who matter."""

KINDS: Mapping[str, Kind] = {"movie": Kind.MOVIE, "tv": Kind.TV}
GenreNames: TypeAlias = Mapping[Kind, Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Images:
    """Where pictures are: base address + size + path of the title."""

    base_url: str
    poster_sizes: tuple[str, ...]
    backdrop_sizes: tuple[str, ...]


def images(answer: wire.ConfigurationAnswer) -> Images:
    """Read where pictures are.

    Raises: SourceBroken if the address is missing.
    """
    found = answer.images
    if found.secure_base_url is None:
        raise SourceBroken("TMDB", "its configuration names no address for pictures")
    return Images(found.secure_base_url, _names(found.poster_sizes), _names(found.backdrop_sizes))


def kinds(entries: Iterable[wire.Entry], kind: Kind) -> set[Kind]:
    """Give the kinds that stand in a list, to know whose genres are needed."""
    return {key.kind for entry in entries if (key := _key(entry, kind))}


def listed(entries: Iterable[wire.Entry], kind: Kind, genres: GenreNames) -> list[Title]:
    """Read a list, each title once; ``kind`` is that of entries which say none. People and nameless are left out."""
    titles = {key: _title(entry, key, genres) for entry in entries if (key := _key(entry, kind))}
    return list(titles.values())


def details(
    key: TitleKey, answer: wire.Details, genres: GenreNames, now: datetime, *, language: str = FALLBACK
) -> TitleDetails:
    """Read all that one details call tells; of its videos, the trailer that is nearest to a language.

    Raises: SourceBroken if the title itself has no id or name; whatever else is missing is only unknown.
    """
    if not _positive(answer.id) or not _name(answer):
        raise SourceBroken("TMDB", f"its answer for {key} has no id or name")
    neighbours = [
        *_neighbours(key, answer.recommendations, NeighbourSource.RECOMMENDATIONS),
        *_neighbours(key, answer.similar, NeighbourSource.SIMILAR),
    ]
    entries = [*answer.recommendations.results, *answer.similar.results]
    around = tuple(title for title in listed(entries, key.kind, genres) if title.key != key)
    title = replace(_detailed(key, answer, now), trailer_id=trailer_id(answer.videos.results, language))
    return TitleDetails(title, tuple(neighbours), around)


def found(answer: wire.Found, kind: Kind) -> TitleKey | None:
    """Give the title of that kind, if one was found."""
    entries = answer.movie_results if kind is Kind.MOVIE else answer.tv_results
    ids = (_positive(entry.id) for entry in entries)
    return next((TitleKey(kind, number) for number in ids if number), None)


def _title(entry: wire.Entry, key: TitleKey, genres: GenreNames) -> Title:
    names = genres.get(key.kind, {})
    votes = max(0, entry.vote_count or 0)
    rating = entry.vote_average
    return Title(
        key=key,
        title=_name(entry) or "",  # _key and details let only named ones through
        original_title=entry.original_title or entry.original_name,
        released=entry.release_date or entry.first_air_date,
        genres=_names(names.get(number) for number in entry.genre_ids if number is not None),
        overview=entry.overview,
        original_language=entry.original_language,
        vote_average=rating if rating is not None and votes and 0 <= rating <= 10 else None,
        vote_count=votes,
        popularity=entry.popularity,
        poster_path=entry.poster_path,
        backdrop_path=entry.backdrop_path,
        is_adult=entry.adult or entry.softcore,
    )


def _detailed(key: TitleKey, answer: wire.Details, now: datetime) -> Title:
    keywords = [*answer.keywords.keywords, *answer.keywords.results]
    runtimes = [answer.runtime, *answer.episode_run_time, answer.last_episode_to_air.runtime]
    return replace(
        _title(answer, key, {}),
        genres=_names(genre.name for genre in answer.genres),
        keywords=_names(keyword.name for keyword in keywords),
        credits=tuple(_credits(answer)),
        collection=_collection(answer.belongs_to_collection),
        runtime_min=next((minutes for minutes in runtimes if _positive(minutes)), None),
        episode_count=_positive(answer.number_of_episodes),
        imdb_id=answer.external_ids.imdb_id or answer.imdb_id,
        tvdb_id=_positive(answer.external_ids.tvdb_id),
        tagline=answer.tagline,
        detailed_at=now,
    )


def _credits(answer: wire.Details) -> Iterator[Credit]:
    """Give cast, directors and creators, each counted from 0, each person once for each role."""
    billed = sorted(answer.credits.cast, key=lambda member: member.order if member.order is not None else LARGEST_WHOLE)
    directors = [member for member in answer.credits.crew if member.job == "Director"]
    yield from _role(billed[:MOST_CAST], "cast")
    yield from _role(directors, "director")
    yield from _role(answer.created_by, "creator")


def _role(members: Iterable[wire.Member], role: Literal["cast", "director", "creator"]) -> Iterator[Credit]:
    people: dict[int | str, Credit] = {}
    for member in members:
        if member.name:
            credit = Credit(member.name, role, len(people), _positive(member.id), member.character)
            people.setdefault(member.id or member.name, credit)
    yield from people.values()


def _neighbours(key: TitleKey, block: wire.Neighbours, source: NeighbourSource) -> Iterator[Neighbour]:
    """Give the keys of one list with TMDB's own positions, without the title itself and without a second mention."""
    seen = {key}
    for position, entry in enumerate(block.results):
        neighbour = _key(entry, key.kind)
        if neighbour and neighbour not in seen:
            seen.add(neighbour)
            yield Neighbour(neighbour, source, position)


def _key(entry: wire.Entry, kind: Kind) -> TitleKey | None:
    own = KINDS.get(entry.media_type) if entry.media_type else kind
    number = _positive(entry.id)
    return TitleKey(own, number) if own and number and _name(entry) else None


def _name(entry: wire.Entry) -> str | None:
    return entry.title or entry.name or entry.original_title or entry.original_name


def _collection(part: wire.Named | None) -> Collection | None:
    return Collection(part.id, part.name) if part and part.id and part.name else None


def _names(names: Iterable[str | None]) -> tuple[str, ...]:
    """Give the names that are there, each once, in order."""
    return tuple(dict.fromkeys(name for name in names if name))


def _positive(number: int | None) -> int | None:
    return number if number is not None and number > 0 else None
