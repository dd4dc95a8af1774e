"""A small made-up catalogue, and clients that speak to the played services."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from starlette.testclient import TestClient

from doublebill.demo.catalogue import CatalogueTitle
from doublebill.demo.jellyfin import JELLYFIN_KEY, DemoJellyfin
from doublebill.demo.jellyfin_world import JellyfinItem, JellyfinWorld
from doublebill.demo.radarr import RADARR_KEY, DemoRadarr
from doublebill.demo.servarr import ServarrSettings
from doublebill.demo.sonarr import SONARR_KEY, DemoSonarr
from doublebill.demo.tmdb import TMDB_KEY, DemoTmdb
from doublebill.demo.upstreams import DemoUpstreams, demo_upstreams
from doublebill.model import Kind, TitleKey

NOW = datetime(2025, 11, 22, 18, 30, tzinfo=UTC)


def _film(tmdb_id: int, title: str, **facts: object) -> CatalogueTitle:
    common: dict[str, object] = {
        "released": date(2000, 1, 1),
        "genres": ("Drama",),
        "overview": f"What happens in {title}.",
        "vote_average": 7.0,
        "vote_count": 500,
        "popularity": float(tmdb_id % 10),
        "runtime_min": 100,
        "countries": ("SE",),
        "imdb_id": f"tt{tmdb_id:07}",
    }
    return CatalogueTitle(TitleKey(Kind.MOVIE, tmdb_id), title, **(common | facts))


def _series(tmdb_id: int, title: str, **facts: object) -> CatalogueTitle:
    common: dict[str, object] = {
        "released": date(2010, 1, 1),
        "genres": ("Crime",),
        "seasons": 2,
        "episodes": 5,
        "runtime_min": 50,
        "status": "Ended",
        "last_aired": date(2012, 1, 1),
        "vote_count": 300,
        "vote_average": 8.0,
        "creators": ("Kim Berg",),
        "networks": ("SVT",),
        "countries": ("SE",),
    }
    return CatalogueTitle(TitleKey(Kind.TV, tmdb_id), title, **(common | facts))


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def film() -> Callable[..., CatalogueTitle]:
    return _film


@pytest.fixture
def series() -> Callable[..., CatalogueTitle]:
    return _series


@pytest.fixture
def catalogue() -> list[CatalogueTitle]:
    """Two films of one franchise, three that share less, and two series."""
    space = ("space", "alien")
    return [
        _film(11, "Först", genres=("Science Fiction",), keywords=space, collection="First Collection", vote_count=9000,
              directors=("Ada Lund",), cast=(("Bo Ek", "Captain"), ("Cy Alm", "Robot"))),
        _film(12, "First Again", genres=("Science Fiction",), keywords=space, collection="First Collection",
              directors=("Ada Lund",), cast=(("Bo Ek", "Captain"),), released=date(2003, 5, 1)),
        _film(13, "Far Star", genres=("Science Fiction", "Drama"), keywords=("space",), released=date(2024, 1, 5)),
        _film(14, "Kitchen", keywords=("cooking",), language="sv", original_title="Köket", vote_count=20),
        _film(15, "Ada", cast=(("Ada Lund", "Herself"),), vote_average=5.0, released=None),
        _series(11, "Fjord", tvdb_id=9011, imdb_id="tt0900011", keywords=("murder",)),
        _series(21, "Harbour", tvdb_id=9021, keywords=("murder",), status="Returning Series",
                released=date(2025, 1, 1)),
        _series(22, "Quay", keywords=("murder", "sea")),
    ]  # fmt: skip


@pytest.fixture
def tmdb(catalogue: list[CatalogueTitle]) -> TestClient:
    return TestClient(DemoTmdb(catalogue), headers={"Authorization": f"Bearer {TMDB_KEY}"})


@pytest.fixture
def world() -> JellyfinWorld:
    """Ada and Bo with two films and a series of three episodes, the last of which is missing."""
    made = JellyfinWorld()
    for name in ("Ada", "Bo"):
        made.add_person(f"{ord(name[0]):032x}", name)
    made.add_item(
        _item("1", "Movie", "Alpha", year=2019, runtime_min=100.0, provider_ids={"Tmdb": "11", "Imdb": "tt11"})
    )
    made.add_item(_item("2", "Movie", "beta", year=2001, runtime_min=90.0))
    made.add_item(_item("3", "Series", "Gamma", year=2010))
    for number in (1, 2, 3):
        made.add_item(
            _item(f"3{number}", "Episode", f"Episode {number}", runtime_min=50.0, series_id=f"{3:032}",
                  series_name="Gamma", season=1, episode=number, is_missing=number == 3)
        )  # fmt: skip
    return made


def _item(number: str, item_type: str, name: str, **facts: object) -> JellyfinItem:
    return JellyfinItem(number.zfill(32), item_type, name, NOW, **facts)


@pytest.fixture
def jellyfin(world: JellyfinWorld) -> TestClient:
    return TestClient(DemoJellyfin(world), headers={"Authorization": f'MediaBrowser Token="{JELLYFIN_KEY}"'})


@pytest.fixture
def settings() -> ServarrSettings:
    return ServarrSettings(
        {"/media/a": 10, "/media/b": 20, "/media/broken": 30}, inaccessible=frozenset({"/media/broken"})
    )


@pytest.fixture
def radarr_app(catalogue: list[CatalogueTitle], settings: ServarrSettings) -> DemoRadarr:
    app = DemoRadarr(catalogue, settings, lambda: NOW)
    app.hold(11)
    return app


@pytest.fixture
def radarr(radarr_app: DemoRadarr) -> TestClient:
    return TestClient(radarr_app, headers={"X-Api-Key": RADARR_KEY})


@pytest.fixture
def sonarr_app(catalogue: list[CatalogueTitle], settings: ServarrSettings) -> DemoSonarr:
    app = DemoSonarr(catalogue, settings, lambda: NOW)
    app.hold(9011)
    return app


@pytest.fixture
def sonarr(sonarr_app: DemoSonarr) -> TestClient:
    return TestClient(sonarr_app, headers={"X-Api-Key": SONARR_KEY})


@pytest.fixture(scope="session")
def upstreams() -> DemoUpstreams:
    """The shipped household at a fixed moment; for reading only."""
    return demo_upstreams(NOW)
