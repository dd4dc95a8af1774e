"""Turning the household's few words into a Jellyfin full of items and user data.

All dates count back from a given `now`; what is left to chance is drawn from the names, so the same household always
leads the same life.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from doublebill.demo.catalogue import CatalogueTitle
from doublebill.demo.household import HomeVideo, Household, Mark, Member, TitleNames
from doublebill.demo.ids import guid, stable_id
from doublebill.demo.jellyfin_world import JellyfinItem, JellyfinWorld
from doublebill.model import Kind

MEMORY_DAYS: Final = 3 * 365
"""How far back the histories reach."""

_OWNED_SINCE_DAYS = 4 * 365
_MISSING_LISTED = 2


@dataclass(frozen=True, slots=True)
class MovedIn:
    """Where in Jellyfin each owned title stands, by the name that the household uses."""

    world: JellyfinWorld
    film_ids: dict[str, str]
    series_ids: dict[str, str]


def move_in(household: Household, titles: Sequence[CatalogueTitle], now: datetime) -> MovedIn:
    """Build the library and live three years in it.

    Raises: KeyError if the household names a title that the catalogue does not have.
    """
    world = JellyfinWorld()
    home = MovedIn(world, *_stock(world, household, TitleNames(titles), now))
    for member in household.members:
        person_id = guid("jellyfin", "user", member.name)
        world.add_person(person_id, member.name)
        _watch_films(home, member, person_id, now)
        _watch_series(home, member, person_id, now)
    for video in household.library.home_videos:
        _watch_home_video(world, video, now)
    return home


def _stock(
    world: JellyfinWorld, household: Household, names: TitleNames, now: datetime
) -> tuple[dict[str, str], dict[str, str]]:
    added_at = now - timedelta(days=_OWNED_SINCE_DAYS)
    known = household.library.ids
    films = {name: _item(names.film(name), known.get(name, "all"), added_at) for name in household.owned(Kind.MOVIE)}
    series = {name: _item(names.series(name), known.get(name, "all"), added_at) for name in household.owned(Kind.TV)}
    for item in (*films.values(), *series.values()):
        world.add_item(item)
    for name, item in series.items():
        title = names.series(name)
        for episode in _episodes(title, item, household.library.seasons.get(name, title.seasons)):
            world.add_item(episode)
    return {name: item.item_id for name, item in films.items()}, {name: item.item_id for name, item in series.items()}


def _item(title: CatalogueTitle, known_ids: str, added_at: datetime) -> JellyfinItem:
    is_film = title.key.kind is Kind.MOVIE
    return JellyfinItem(
        item_id=guid("jellyfin", str(title.key)),
        item_type="Movie" if is_film else "Series",
        name=title.title,
        added_at=added_at,
        year=title.year,
        runtime_min=title.runtime_min if is_film else None,
        provider_ids=_provider_ids(title, known_ids),
    )


def _provider_ids(title: CatalogueTitle, known: str) -> dict[str, str]:
    """The ids that Jellyfin found: all of the title's, one of them, or none."""
    every = {"tmdb": title.key.tmdb_id, "imdb": title.imdb_id, "tvdb": title.tvdb_id}
    return {name.capitalize(): str(value) for name, value in every.items() if value and known in ("all", name)}


def _episodes(title: CatalogueTitle, series: JellyfinItem, owned_seasons: int) -> Iterator[JellyfinItem]:
    for season in range(1, title.seasons + 1):
        for episode in range(1, _season_length(title, season) + 1):
            is_missing = season > owned_seasons
            if season > owned_seasons + 1 or (is_missing and episode > _MISSING_LISTED):
                return
            yield _episode(title, series, season, episode, is_missing=is_missing)


def _season_length(title: CatalogueTitle, season: int) -> int:
    each, rest = divmod(title.episodes, title.seasons)
    return each + (season <= rest)


def _episode(
    title: CatalogueTitle, series: JellyfinItem, season: int, episode: int, *, is_missing: bool
) -> JellyfinItem:
    code = f"{title.key}/S{season:02}E{episode:02}"
    return JellyfinItem(
        item_id=guid("jellyfin", code),
        item_type="Episode",
        name=f"Episode {episode}",
        added_at=series.added_at,
        year=series.year,
        runtime_min=title.runtime_min,
        # An episode has ids of its own; a client that takes them for the series' goes astray.
        provider_ids={"Tmdb": str(stable_id("episode", code)), "Tvdb": str(stable_id("tvdb-episode", code))},
        series_id=series.item_id,
        series_name=series.name,
        season=season,
        episode=episode,
        is_missing=is_missing,
    )


def _watch_films(home: MovedIn, member: Member, person_id: str, now: datetime) -> None:
    for name, mark in member.films.items():
        item = home.world.items[home.film_ids[name]]
        _play(home.world, person_id, item, mark, now - timedelta(days=_days_ago(member, name, mark)))
        _judge(home.world, person_id, item.item_id, mark)


def _watch_series(home: MovedIn, member: Member, person_id: str, now: datetime) -> None:
    for name, mark in member.series.items():
        series_id = home.series_ids[name]
        episodes = home.world.episodes(series_id)
        seen = episodes[: mark.episodes or round(len(episodes) * mark.share)]
        last_days_ago = _days_ago(member, name, mark)
        # Two days from one episode to the next, fewer where the history would else begin too early.
        gap_days = min(2.0, (MEMORY_DAYS - last_days_ago) / len(seen))
        for position, episode in enumerate(reversed(seen)):
            at = now - timedelta(days=last_days_ago + position * gap_days)
            _play(home.world, person_id, episode, Mark(plays=mark.plays), at)
        _judge(home.world, person_id, series_id, mark)


def _watch_home_video(world: JellyfinWorld, video: HomeVideo, now: datetime) -> None:
    item_id = guid("jellyfin", "home video", video.name)
    added_at = now - timedelta(days=_OWNED_SINCE_DAYS)
    world.add_item(JellyfinItem(item_id, "Movie", video.name, added_at, video.year, video.runtime_min))
    for name in video.seen_by:
        world.finish_playing(world.person_id(name), item_id, now - timedelta(days=Random(video.name).randint(50, 500)))


def _days_ago(member: Member, name: str, mark: Mark) -> float:
    chance = Random(f"{member.name}/{name}")
    return mark.days_ago if mark.days_ago is not None else chance.uniform(3, MEMORY_DAYS - 100)


def _play(world: JellyfinWorld, person_id: str, item: JellyfinItem, mark: Mark, at: datetime) -> None:
    for _ in range(mark.plays - 1):
        world.finish_playing(person_id, item.item_id, at)
    if mark.share < 1:
        world.start_playing(person_id, item.item_id, at, mark.share * (item.runtime_min or 0))
    else:
        world.finish_playing(person_id, item.item_id, at)


def _judge(world: JellyfinWorld, person_id: str, item_id: str, mark: Mark) -> None:
    if mark.is_favorite:
        world.set_favorite(person_id, item_id)
    if mark.rating is not None:
        world.rate(person_id, item_id, mark.rating)
