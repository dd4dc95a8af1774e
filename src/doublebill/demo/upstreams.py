"""The four services of the demo's house, put together: one catalogue, one household, one clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.applications import Starlette
from starlette.routing import Host

from doublebill.demo.catalogue import CatalogueTitle, load_catalogue
from doublebill.demo.household import Household, TitleNames, load_household
from doublebill.demo.jellyfin import JELLYFIN_KEY, DemoJellyfin
from doublebill.demo.moving_in import move_in
from doublebill.demo.radarr import RADARR_KEY, DemoRadarr
from doublebill.demo.servarr import ServarrSettings
from doublebill.demo.sonarr import SONARR_KEY, DemoSonarr
from doublebill.demo.tmdb import TMDB_KEY, DemoTmdb
from doublebill.model import Kind

JELLYFIN_URL: Final = "http://jellyfin.invalid"
TMDB_URL: Final = "http://tmdb.invalid"
RADARR_URL: Final = "http://radarr.invalid"
SONARR_URL: Final = "http://sonarr.invalid"
"""Addresses that no network knows (RFC 2606), so that a request which misses the played services goes nowhere."""

_FREE_BYTES = 2_000_000_000_000


@dataclass(frozen=True, slots=True)
class DemoUpstreams:
    """The four services as ASGI apps, with the address and key at which a client finds each."""

    jellyfin: DemoJellyfin
    tmdb: DemoTmdb
    radarr: DemoRadarr
    sonarr: DemoSonarr
    jellyfin_url: str = JELLYFIN_URL
    jellyfin_key: str = JELLYFIN_KEY
    tmdb_url: str = TMDB_URL
    tmdb_key: str = TMDB_KEY
    radarr_url: str = RADARR_URL
    radarr_key: str = RADARR_KEY
    sonarr_url: str = SONARR_URL
    sonarr_key: str = SONARR_KEY

    def by_host(self) -> Starlette:
        """Give one ASGI app that plays all four, told apart by host: a single transport reaches them all."""
        apps = {
            self.jellyfin_url: self.jellyfin,
            self.tmdb_url: self.tmdb,
            self.radarr_url: self.radarr,
            self.sonarr_url: self.sonarr,
        }
        return Starlette(routes=[Host(url.removeprefix("http://"), app) for url, app in apps.items()])


def demo_upstreams(now: datetime) -> DemoUpstreams:
    """Play the shipped household and catalogue at a moment (aware); the same moment always gives the same answers."""
    return play_household(load_household(), load_catalogue(), now)


def play_household(household: Household, titles: Sequence[CatalogueTitle], now: datetime) -> DemoUpstreams:
    """Play any household with any catalogue.

    Raises: KeyError if the household names a title that the catalogue does not have.
    """
    names = TitleNames(titles)
    radarr = DemoRadarr(titles, ServarrSettings({"/media/movies": _FREE_BYTES}), lambda: now)
    sonarr = DemoSonarr(titles, ServarrSettings({"/media/tvshows": _FREE_BYTES}), lambda: now)
    _fill_radarr(radarr, household, names)
    _fill_sonarr(sonarr, household, names)
    return DemoUpstreams(
        jellyfin=DemoJellyfin(move_in(household, titles, now).world),
        tmdb=DemoTmdb(titles, today=now.date()),
        radarr=radarr,
        sonarr=sonarr,
    )


def _fill_radarr(radarr: DemoRadarr, household: Household, names: TitleNames) -> None:
    for name in household.owned(Kind.MOVIE):
        radarr.hold(names.film(name).key.tmdb_id)
    for name in (*household.requests.wanted, *household.requests.downloading):
        radarr.hold(names.film(name).key.tmdb_id, has_file=False)
    for name in household.requests.downloading:
        radarr.start_download(names.film(name).key.tmdb_id, done=0.4)
    for name in household.requests.excluded:
        film = names.film(name)
        radarr.exclude(film.key.tmdb_id, {"tmdbId": film.key.tmdb_id, "movieTitle": film.title, "movieYear": film.year})


def _fill_sonarr(sonarr: DemoSonarr, household: Household, names: TitleNames) -> None:
    # What TheTVDB does not have, Sonarr cannot hold.
    owned = [tvdb_id for name in household.owned(Kind.TV) if (tvdb_id := names.series(name).tvdb_id)]
    for tvdb_id in owned:
        sonarr.hold(tvdb_id)
    for name in (*household.requests.wanted_series, *household.requests.downloading_series):
        sonarr.hold(names.series(name).tvdb_id or 0, with_files=0)
    for name in household.requests.downloading_series:
        sonarr.start_download(names.series(name).tvdb_id or 0, done=0.2)
