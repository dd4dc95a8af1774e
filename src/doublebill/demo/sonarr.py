"""Sonarr v4 (its v3 API), played: a library of series, look-ups by TVDB and TMDB id, and a POST with the real checks.

Two habits differ from Radarr's and are kept: `monitored` and `seasonFolder` are false where they were not sent, and a
series is added by title and TVDB id, so one that TheTVDB does not have cannot be added at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from doublebill.demo.catalogue import CatalogueTitle
from doublebill.demo.search import TitleSearch
from doublebill.demo.servarr import DemoServarr, Download, ServarrSettings, Wish, folder_name
from doublebill.demo.servarr_input import ReadBody, failure, plain_refusal, read_body, refuse_if
from doublebill.demo.service import Json, Refusal
from doublebill.demo.sonarr_bodies import HeldSeries, held_body, title_slug, unheld_body
from doublebill.model import Kind

SONARR_KEY: Final = "demo00000000000000000000000sonarr"
"""The API key of the played Sonarr."""

_MONITORS = (
    "unknown",
    "all",
    "future",
    "missing",
    "existing",
    "firstSeason",
    "lastSeason",
    "latestSeason",
    "pilot",
    "recent",
    "monitorSpecials",
    "unmonitorSpecials",
    "none",
    "skip",
)
_FIRST_ONLY = ("firstSeason", "pilot")
_LAST_ONLY = ("lastSeason", "latestSeason", "recent", "future")
_NO_SEASON = ("none", "skip", "existing")
_LOOKUP_LENGTH = 20


class DemoSonarr(DemoServarr):
    """Play Sonarr; an ASGI app.

    Args:
        titles: What its metadata service knows; films, and series without a TVDB id, are passed over.
        settings: Root folders, profiles and tags.
        clock: Gives the moment at which something is added, aware.
        key: The API key that is let in.
    """

    app_name = "Sonarr"
    version = "4.0.19.2979"
    exclusions_path = "/api/v3/importlistexclusion"

    def __init__(
        self,
        titles: Sequence[CatalogueTitle],
        settings: ServarrSettings,
        clock: Callable[[], datetime],
        *,
        key: str = SONARR_KEY,
    ) -> None:
        super().__init__(self._own_routes(), settings, clock, key)
        self._shows = {title.tvdb_id: title for title in titles if title.key.kind is Kind.TV and title.tvdb_id}
        self._by_other_id = {f"tmdb:{show.key.tmdb_id}": show for show in self._shows.values()}
        self._by_other_id |= {f"imdb:{show.imdb_id}": show for show in self._shows.values() if show.imdb_id}
        self._search = TitleSearch(list(self._shows.values()))
        self.series: dict[int, HeldSeries] = {}

    def hold(self, tvdb_id: int, *, with_files: int | None = None) -> HeldSeries:
        """Put a series of the catalogue into the library, by default with all of its episodes."""
        show = self._shows[tvdb_id]
        path = f"{next(iter(self.settings.root_folders))}/{folder_name(show.title, None)}"
        files = show.episodes if with_files is None else with_files
        return self._keep(HeldSeries(self._next_id(), show, path, self.clock(), with_files=files))

    def start_download(self, tvdb_id: int, *, done: float = 0.0) -> None:
        """Put an episode of a series of the library into the queue, of which the share `done` (0..1) has come."""
        series = self.held(tvdb_id)
        left = round(series.episode_size * (1 - done))
        self.downloads[series.series_id] = Download(series.series_id, series.title.title, series.episode_size, left)

    def finish_download(self, tvdb_id: int) -> None:
        """Let all of a series arrive: out of the queue, with files."""
        series = self.held(tvdb_id)
        self.downloads.pop(series.series_id, None)
        self._keep(replace(series, with_files=series.title.episodes))

    def held(self, tvdb_id: int) -> HeldSeries:
        """Give a series of the library.

        Raises: KeyError if it is not there.
        """
        return {series.title.tvdb_id: series for series in self.series.values()}[tvdb_id]

    def excluded_body(self, body: ReadBody) -> tuple[int, Json]:
        """Read an exclusion: {tvdbId, title}."""
        tvdb_id, title = body.integer("tvdbId"), body.text("title")
        if tvdb_id <= 0 or not title:
            raise Refusal(400, [failure("TvdbId", "'Tvdb Id' must not be empty.", tvdb_id, "NotEmptyValidator")])
        return tvdb_id, {"tvdbId": tvdb_id, "title": title}

    def queue_body(self, queue_id: int, download: Download) -> Json:
        """Give an entry of the queue."""
        return {"seriesId": download.held_id, "seasonNumber": 1} | download.body(queue_id)

    def _own_routes(self) -> list[Route]:
        return [
            Route("/api/v3/series", self._list),
            Route("/api/v3/series", self._add, methods=["POST"]),
            Route("/api/v3/series/lookup", self._lookup),
            Route("/api/v3/series/{series_id:int}", self._show),
            Route("/api/v3/series/{series_id:int}", self._delete, methods=["DELETE"]),
        ]

    async def _list(self, request: Request) -> Response:
        wanted = request.query_params.get("tvdbId")
        found = [series for series in self.series.values() if wanted in (None, "", str(series.title.tvdb_id))]
        return JSONResponse([held_body(series) for series in found])

    async def _show(self, request: Request) -> Response:
        series = self.series.get(request.path_params["series_id"])
        if series is None:
            raise Refusal(404, {"type": "about:blank", "title": "Not Found", "status": 404})
        return JSONResponse(held_body(series))

    async def _delete(self, request: Request) -> Response:
        series_id = request.path_params["series_id"]
        if series_id not in self.series:
            raise plain_refusal(404, f"Series with ID {series_id} does not exist")
        show = self.series.pop(series_id).title
        self.downloads.pop(series_id, None)
        if request.query_params.get("addImportListExclusion", "").lower() == "true" and show.tvdb_id:
            self.exclude(show.tvdb_id, {"tvdbId": show.tvdb_id, "title": show.title})
        return Response()

    async def _lookup(self, request: Request) -> Response:
        found = self._shows_for(request.query_params.get("term", "").strip())
        return JSONResponse([self._lookup_body(show) for show in found[:_LOOKUP_LENGTH]])

    def _shows_for(self, term: str) -> list[CatalogueTitle]:
        prefix, _, wanted = term.partition(":")
        if prefix.lower() in ("tvdb", "tvdbid"):
            show = self._shows.get(int(wanted)) if wanted.strip().isdecimal() else None
        elif prefix.lower() in ("tmdb", "imdb"):
            show = self._by_other_id.get(f"{prefix.lower()}:{wanted.strip()}")
        else:
            return self._search.find(term)
        return [show] if show else []

    def _lookup_body(self, show: CatalogueTitle) -> Json:
        held = next((series for series in self.series.values() if series.title is show), None)
        return held_body(held) if held else unheld_body(show)

    async def _add(self, request: Request) -> Response:
        body = await read_body(request)
        wish, tvdb_id = self.read_wish(body, monitored=False), body.integer("tvdbId")
        options = body.inner("addOptions")
        monitor = options.choice("monitor", _MONITORS, "unknown")
        refuse_if([*self.wish_failures(wish), *self._id_failures(tvdb_id, body.text("title"))])
        series = self._keep(_with_preferences(self._wished(wish, tvdb_id), body, monitor))
        if options.boolean("searchForMissingEpisodes", absent=False):
            self.start_download(tvdb_id)
        return JSONResponse(held_body(series), 201, {"Location": f"/api/v3/series/{series.series_id}"})

    def _id_failures(self, tvdb_id: int, title: str) -> list[Json]:
        found = [] if title else [failure("Title", "'Title' must not be empty.", title, "NotEmptyValidator")]
        if tvdb_id <= 0:
            message = "'Tvdb Id' must be greater than '0'."
            return [*found, failure("TvdbId", message, tvdb_id, "GreaterThanValidator")]
        if any(series.title.tvdb_id == tvdb_id for series in self.series.values()):
            message = "This series has already been added"
            return [*found, failure("TvdbId", message, tvdb_id, "SeriesExistsValidator")]
        return found

    def _wished(self, wish: Wish, tvdb_id: int) -> HeldSeries:
        show = self._shows.get(tvdb_id)
        if show is None:
            message = f"A series with this ID was not found. Path: {wish.path}"
            raise Refusal(400, [failure("TvdbId", message, tvdb_id)])
        path = wish.path or f"{wish.root_folder.rstrip('/')}/{folder_name(show.title, None)}"
        refuse_if(self._conflicts(show, path))
        series = HeldSeries(self._next_id(), show, path, self.clock(), wish.profile_id, tags=wish.tags)
        return replace(series, monitored=wish.monitored)

    def _conflicts(self, show: CatalogueTitle, path: str) -> list[Json]:
        found, slug = [], title_slug(show)
        for other in self.series.values():
            if other.path == path:
                message = f"Path '{path}' is already configured for an existing series"
                found.append(failure("Path", message, path, "SeriesPathValidator"))
            if title_slug(other.title) == slug:
                message = f"Title slug '{slug}' is in use by series '{other.title.title}'"
                found.append(failure("TitleSlug", message, slug, "SeriesTitleSlugValidator"))
        return found

    def _next_id(self) -> int:
        return max(self.series, default=0) + 1

    def _keep(self, series: HeldSeries) -> HeldSeries:
        self.series[series.series_id] = series
        return series


def _with_preferences(series: HeldSeries, body: ReadBody, monitor: str) -> HeldSeries:
    return replace(
        series,
        monitored=series.monitored and monitor != "none",
        season_folder=body.boolean("seasonFolder", absent=False),
        series_type=body.choice("seriesType", ("standard", "daily", "anime"), "standard"),
        monitor_new_items=body.choice("monitorNewItems", ("all", "none"), "all"),
        monitored_seasons=_monitored_seasons(monitor, series.title.seasons),
    )


def _monitored_seasons(monitor: str, seasons: int) -> frozenset[int]:
    """Say which seasons a monitor mode looks for; of a finished or absent series `existing` is nothing."""
    if monitor in _NO_SEASON:
        return frozenset()
    if monitor in _FIRST_ONLY:
        return frozenset({1})
    return frozenset({seasons}) if monitor in _LAST_ONLY else frozenset(range(1, seasons + 1))
