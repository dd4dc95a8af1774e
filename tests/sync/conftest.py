"""A house and a store for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

from doublebill.store import SqliteStore, open_store
from doublebill.sync.engine import Engine
from sync.house import House


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """Retry without waiting: the library's own seam for tests."""
    with stamina.set_testing(True, attempts=2):
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
