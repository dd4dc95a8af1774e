"""A fresh store in a file of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from doublebill.store import SqliteStore, open_store

pytest.register_assert_rewrite("store.contract", "store.contract_search", "store.contract_titles")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "doublebill.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = open_store(path, busy_timeout_s=0.05)
    yield store
    store.close()
