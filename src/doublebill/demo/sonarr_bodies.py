"""The JSON of Sonarr's series, in and outside its library."""

from dataclasses import dataclass, field
from datetime import datetime

from doublebill.demo.catalogue import CatalogueTitle
from doublebill.demo.search import fold
from doublebill.demo.servarr import NEVER_ADDED, folder_name, midnight, moment
from doublebill.demo.service import Json

_BYTES_PER_MIN = 15_000_000


@dataclass(frozen=True, slots=True)
class HeldSeries:
    """A series that Sonarr has: `with_files` episodes are on disk, `monitored_seasons` are those it looks for."""

    series_id: int
    title: CatalogueTitle
    path: str
    added_at: datetime
    profile_id: int = 4
    monitored: bool = True
    season_folder: bool = True
    series_type: str = "standard"
    monitor_new_items: str = "all"
    monitored_seasons: frozenset[int] = field(default_factory=frozenset)
    tags: tuple[int, ...] = ()
    with_files: int = 0

    @property
    def episode_size(self) -> int:
        """The bytes of one episode."""
        return (self.title.runtime_min or 45) * _BYTES_PER_MIN


def title_slug(title: CatalogueTitle) -> str:
    """Give the name of a series in Sonarr's addresses."""
    return fold(title.title).replace(" ", "-")


def held_body(series: HeldSeries) -> Json:
    """Give a series of the library."""
    title, size = series.title, series.with_files * series.episode_size
    counts: Json = {"seasonCount": title.seasons, "episodeFileCount": series.with_files}
    counts |= {"episodeCount": title.episodes, "totalEpisodeCount": title.episodes, "sizeOnDisk": size}
    return _series_body(title, series.monitored_seasons) | {
        "path": series.path,
        "rootFolderPath": series.path.rpartition("/")[0] + "/",
        "qualityProfileId": series.profile_id,
        "seasonFolder": series.season_folder,
        "monitored": series.monitored,
        "monitorNewItems": series.monitor_new_items,
        "seriesType": series.series_type,
        "tags": list(series.tags),
        "added": moment(series.added_at),
        "statistics": counts | {"percentOfEpisodes": 100 * series.with_files / max(1, title.episodes)},
        "id": series.series_id,
    }


def unheld_body(title: CatalogueTitle) -> Json:
    """Give a series as a look-up finds it outside the library: without an id, and every season wished."""
    return _series_body(title, frozenset(range(1, title.seasons + 1))) | {
        "folder": folder_name(title.title, None),
        "qualityProfileId": 0,
        "seasonFolder": False,
        "monitored": True,
        "monitorNewItems": "all",
        "seriesType": "standard",
        "tags": [],
        "added": NEVER_ADDED,
        "statistics": {"seasonCount": title.seasons, "episodeFileCount": 0, "episodeCount": 0, "sizeOnDisk": 0},
    }


def _series_body(title: CatalogueTitle, monitored_seasons: frozenset[int]) -> Json:
    seasons = range(1, title.seasons + 1)
    has_ended = title.status in ("Ended", "Canceled")
    body: Json = {
        "title": title.title,
        "sortTitle": fold(title.title),
        "cleanTitle": fold(title.title).replace(" ", ""),
        "titleSlug": title_slug(title),
        "status": "ended" if has_ended else "continuing",
        "ended": has_ended,
        "overview": title.overview,
        "network": next(iter(title.networks), None),
        "images": [],
        "seasons": [{"seasonNumber": number, "monitored": number in monitored_seasons} for number in seasons],
        "year": title.year or 0,
        "useSceneNumbering": False,
        "runtime": title.runtime_min or 0,
        "tvdbId": title.tvdb_id,
        "tvRageId": 0,
        "tvMazeId": 0,
        "tmdbId": title.key.tmdb_id,
        "firstAired": midnight(title.released),
        "lastAired": midnight(title.last_aired),
        "imdbId": title.imdb_id,
        "genres": list(title.genres),
        "ratings": {"votes": title.vote_count, "value": title.vote_average},
        "languageProfileId": 1,
    }
    return {name: value for name, value in body.items() if value is not None}
