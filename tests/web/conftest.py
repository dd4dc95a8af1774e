"""One synced house for all tests that only ask, and a fresh one for those that change something."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import stamina
from starlette.testclient import TestClient

from doublebill.store import SqliteStore, open_store
from doublebill.sync.engine import Engine
from doublebill.web.app import create_app
from sync.house import House, sync


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """Retry without waiting: the library's own seam for tests."""
    with stamina.set_testing(True, attempts=2, cap=True):
        yield


@dataclass(frozen=True, slots=True)
class Home:
    """A synced household with all that belongs to it, for a test to do as it likes with."""

    house: House
    store: SqliteStore
    engine: Engine
    client: TestClient


@pytest.fixture(scope="session")
def synced_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database after a full sync; copying it is quicker than syncing."""
    path = tmp_path_factory.mktemp("web") / "doublebill.db"
    store = open_store(path)
    sync(House().engine(store))
    store.close()
    return path


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A synced engine that no test changes."""
    store = open_store(tmp_path_factory.mktemp("web") / "doublebill.db")
    engine = House().engine(store)
    sync(engine)
    yield engine
    store.close()


@pytest.fixture
def home(house: House, tmp_path: Path, synced_file: Path) -> Iterator[Home]:
    store = open_store(Path(shutil.copy(synced_file, tmp_path / "home.db")))
    engine = house.engine(store)
    yield Home(house, store, engine, TestClient(create_app(engine, syncs_on_start=False), follow_redirects=False))
    store.close()


@pytest.fixture(scope="session")
def client(engine: Engine) -> TestClient:
    return TestClient(create_app(engine, syncs_on_start=False), follow_redirects=False)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def store(tmp_path) -> Iterator[SqliteStore]:
    opened = open_store(tmp_path / "doublebill.db")
    yield opened
    opened.close()


@pytest.fixture
def new_engine(house: House, store: SqliteStore) -> Engine:
    """An engine before its first sync, for a test to do as it likes with."""
    return house.engine(store)
