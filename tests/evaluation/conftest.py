"""The made-up dataset in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from doublebill.store import SqliteStore, open_store
from evaluation.toys import write_dataset


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The dataset as files."""
    return write_dataset(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """An empty store, which editions are made with."""
    opened = open_store(tmp_path / "doublebill.db")
    yield opened
    opened.close()
