"""A small played Radarr and Sonarr, and clients whose every request is held against the specification."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import httpx2

from contract.checked import CheckedTransport
from doublebill.demo.catalogue import CatalogueTitle
from doublebill.demo.radarr import RADARR_KEY, DemoRadarr
from doublebill.demo.servarr import ServarrSettings
from doublebill.demo.sonarr import SONARR_KEY, DemoSonarr
from doublebill.model import Kind, TitleKey
from doublebill.sources.http import in_process
from doublebill.sources.radarr import Radarr, open_radarr
from doublebill.sources.servarr import FilmOptions, SeriesOptions
from doublebill.sources.sonarr import Sonarr, open_sonarr
from sources.fake_service import Answer

ADDED = datetime(2026, 10, 1, tzinfo=UTC)
FILM = FilmOptions()
SERIES = SeriesOptions()
SETTINGS = ServarrSettings({"/a": 10, "/b": 20, "/broken": 30}, inaccessible=frozenset({"/broken"}))

ALPHA, BETA, GAMMA = (
    CatalogueTitle(TitleKey(Kind.MOVIE, number), name, released=date(2000, 1, 1))
    for number, name in ((11, "Alpha"), (12, "Beta"), (13, "Gamma"))
)
FJORD, QUAY, HARBOUR = (
    CatalogueTitle(TitleKey(Kind.TV, number), name, None, tvdb_id=9000 + number, seasons=2, episodes=6, runtime_min=50)
    for number, name in ((11, "Fjord"), (12, "Quay"), (13, "Harbour"))
)


@dataclass
class Line(httpx2.AsyncBaseTransport):
    """A line on which things go wrong: ``fault`` answers instead of, ``lost`` after the service itself."""

    inner: httpx2.AsyncBaseTransport
    fault: Callable[[httpx2.Request], Answer | None] = lambda _request: None
    lost: Callable[[httpx2.Request], Answer | None] = lambda _request: None
    requests: list[httpx2.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self.fault(request)
        if answer is None:
            response = await self.inner.handle_async_request(request)
            answer = self.lost(request) or response
        if isinstance(answer, BaseException):
            raise answer
        return answer

    @property
    def posts(self) -> list[str]:
        return [request.url.path for request in self.requests if request.method == "POST"]


def demo_radarr(settings: ServarrSettings = SETTINGS) -> DemoRadarr:
    """Holds Alpha, knows Beta and Gamma."""
    app = DemoRadarr([ALPHA, BETA, GAMMA], settings, lambda: ADDED)
    app.hold(11)
    return app


def demo_sonarr(settings: ServarrSettings = SETTINGS) -> DemoSonarr:
    """Holds Fjord, knows Quay and Harbour."""
    app = DemoSonarr([FJORD, QUAY, HARBOUR], settings, lambda: ADDED)
    app.hold(9011)
    return app


def radarr_on(app: DemoRadarr, contracts: Path) -> tuple[Radarr, Line]:
    line = Line(in_process(app))
    return open_radarr("http://host:7878", RADARR_KEY, transport=CheckedTransport(line, "radarr", contracts)), line


def sonarr_on(app: DemoSonarr, contracts: Path) -> tuple[Sonarr, Line]:
    line = Line(in_process(app))
    return open_sonarr("http://host:8989", SONARR_KEY, transport=CheckedTransport(line, "sonarr", contracts)), line
