"""A house and a store for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

from doublebill.store import SqliteStore, open_store
from doublebill.sync.engine import Engine
from sync.house import House, sync


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """Retry without waiting: the library's own seam for tests."""
    with stamina.set_testing(True, attempts=2, cap=True):
        yield


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = open_store(tmp_path / "doublebill.db")
    yield opened
    opened.close()


@pytest.fixture
def engine(house: House, store: SqliteStore) -> Engine:
    return house.engine(store)


@pytest.fixture(scope="session")
def synced_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a house after its first sync, to be copied."""
    path = tmp_path_factory.mktemp("synced") / "doublebill.db"
    opened = open_store(path)
    sync(House().engine(opened))
    opened.close()
    return path


@pytest.fixture
def synced_store(synced_file: Path, tmp_path: Path) -> Iterator[SqliteStore]:
    """A copy of that database, opened."""
    opened = open_store(Path(shutil.copy(synced_file, tmp_path / "synced.db")))
    yield opened
    opened.close()
