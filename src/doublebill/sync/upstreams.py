"""The services that a sync asks, opened from settings or played by the demo household."""

from collections.abc import Callable
from dataclasses import dataclass

from doublebill.config import Settings
from doublebill.demo.upstreams import DemoUpstreams
from doublebill.sources.http import in_process
from doublebill.sources.jellyfin import Jellyfin, open_jellyfin
from doublebill.sources.radarr import Radarr, open_radarr
from doublebill.sources.sonarr import Sonarr, open_sonarr
from doublebill.sources.tmdb import Tmdb, open_tmdb
from doublebill.sync.services import Openers


@dataclass(frozen=True, slots=True)
class Upstreams:
    """Clients of the two services; they belong to the event loop in which they are first used."""

    jellyfin: Jellyfin
    tmdb: Tmdb

    async def close(self) -> None:
        """Close all connections."""
        await self.jellyfin.close()
        await self.tmdb.close()


def open_upstreams(settings: Settings) -> Upstreams:
    """Open clients from settings. Raises ConfigError that names the variable which is missing or wrong."""
    url, key = settings.require_jellyfin()
    return Upstreams(
        open_jellyfin(url, key.get_secret_value()),
        open_tmdb(
            settings.require_tmdb().get_secret_value(),
            url=settings.tmdb_url,
            language=settings.language,
            rate_per_s=settings.tmdb_rate,
        ),
    )


def open_services(present: Callable[[], Settings]) -> Openers:
    """Open Radarr and Sonarr, each time from the settings of that moment."""

    def radarr() -> Radarr:
        url, key = present().require_radarr()
        return open_radarr(url, key.get_secret_value())

    def sonarr() -> Sonarr:
        url, key = present().require_sonarr()
        return open_sonarr(url, key.get_secret_value())

    return Openers(radarr, sonarr)


def open_demo_services(demo: DemoUpstreams) -> Openers:
    """Open the same clients on the demo's Radarr and Sonarr."""
    return Openers(
        lambda: open_radarr(demo.radarr_url, demo.radarr_key, transport=in_process(demo.radarr)),
        lambda: open_sonarr(demo.sonarr_url, demo.sonarr_key, transport=in_process(demo.sonarr)),
    )


def open_demo(demo: DemoUpstreams) -> Upstreams:
    """Open the same clients on the apps of the demo household, without a network and without a rate limit."""
    return Upstreams(
        open_jellyfin(demo.jellyfin_url, demo.jellyfin_key, transport=in_process(demo.jellyfin)),
        open_tmdb(demo.tmdb_key, url=demo.tmdb_url, transport=in_process(demo.tmdb), rate_per_s=None),
    )
