import errno
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from doublebill.errors import StoreBusy, StoreError
from doublebill.store import SqliteStore, open_store
from doublebill.store.connections import Database, connect
from doublebill.store.faults import faults_mapped
from store.values import NOW, listed, movie, seen


def connect_with(path: Path, pragma: str) -> sqlite3.Connection:
    """Open a database in a state that a machine would have to be brought into otherwise."""
    connection = connect(path, 0.05)
    connection.execute(pragma)
    return connection


def open_with(path: Path, pragma: str) -> SqliteStore:
    open_store(path).close()
    return SqliteStore(Database(path, partial(connect_with, path, pragma)))


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "doublebill.db"
    path.write_text("a letter to a friend, " * 100)
    with pytest.raises(StoreError, match=r"doublebill\.db: the file is not a database") as refusal:
        open_store(path)
    assert refusal.value.hint
    assert path.read_text().startswith("a letter")


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be opened or written") as refusal:
        open_store(tmp_path / "file" / "doublebill.db")
    assert "DOUBLEBILL_DATA_DIR" in str(refusal.value.hint)


def test_a_folder_in_the_place_of_the_file_is_a_store_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened or written"):
        open_store(tmp_path)


def test_a_database_that_may_only_be_read_says_what_to_do(path: Path) -> None:
    with closing(open_with(path, "PRAGMA query_only = ON")) as store:
        assert store.people() == []
        with pytest.raises(StoreError, match="cannot be opened or written"):
            store.remember("name", "value")


def test_a_file_that_vanished_is_an_error_not_an_empty_store(path: Path) -> None:
    store = open_store(path)
    path.unlink()
    with pytest.raises(StoreError, match="cannot be opened"):
        store.people()


def test_a_full_disk_loses_nothing_that_was_saved(path: Path) -> None:
    with closing(open_with(path, "PRAGMA max_page_count = 60")) as store:
        store.record([seen("a")])
        with pytest.raises(StoreError, match="the disk is full"):
            store.save_listed([listed(movie(n), overview="x" * 500) for n in range(1, 2000)], NOW)
        assert store.detail_ages() == {}
        assert store.observations("ada") == [seen("a")]


def test_a_lock_held_by_another_is_busy_and_reading_goes_on(path: Path, store: SqliteStore) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="another process"):
            store.remember("name", "value")
        assert store.recall("name") is None
        other.execute("ROLLBACK")
    store.remember("name", "value")


def test_a_damaged_file_points_to_the_backup(path: Path) -> None:
    with closing(open_store(path)) as store:
        store.save_listed([listed(movie(n), overview="x" * 500) for n in range(1, 200)], NOW)
    pages = path.read_bytes()
    path.write_bytes(pages[:4096] + b"\xff" * (len(pages) - 4096))
    with pytest.raises(StoreError, match="damaged") as refusal:
        open_store(path)
    assert "backup" in str(refusal.value.hint)


def test_a_full_disk_outside_sqlite_is_told_the_same_way(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the disk is full"), faults_mapped(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_an_error_without_a_code_is_a_store_error_with_its_cause(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="never heard of") as refusal, faults_mapped(tmp_path):
        raise sqlite3.ProgrammingError("never heard of")
    assert isinstance(refusal.value.__cause__, sqlite3.ProgrammingError)
