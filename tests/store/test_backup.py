import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from doublebill.errors import StoreError
from doublebill.store import SqliteStore, copy_database, open_store
from store.values import seen


def test_a_copy_of_a_store_in_use_is_whole_private_and_one_file(path: Path, store: SqliteStore) -> None:
    store.record([seen("a")])
    target = path.with_name("copy.db")
    copy_database(path, target)
    store.record([seen("b")])
    assert sorted(entry.name for entry in path.parent.glob("copy*")) == ["copy.db"]
    assert target.stat().st_mode & 0o777 == 0o600
    with closing(open_store(target)) as copy:
        assert copy.observations("ada") == [seen("a")]


def test_a_copy_sees_nothing_of_a_call_that_is_not_done(path: Path, store: SqliteStore) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO fact VALUES ('half', 'done')")
        copy_database(path, path.with_name("copy.db"))
    with closing(open_store(path.with_name("copy.db"))) as copy:
        assert copy.recall("half") is None


def test_what_an_interrupted_copy_left_is_replaced(path: Path, store: SqliteStore) -> None:
    path.with_name("copy.db.part").write_text("half a copy")
    copy_database(path, path.with_name("copy.db"))
    open_store(path.with_name("copy.db")).close()


def test_a_copy_that_fails_leaves_the_older_one(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("the older copy")
    with pytest.raises(StoreError, match="cannot be opened"):
        copy_database(path, target)
    assert target.read_text() == "the older copy"


def test_a_copy_into_a_missing_folder_is_a_store_error(path: Path, store: SqliteStore) -> None:
    with pytest.raises(StoreError, match="cannot be opened or written"):
        copy_database(path, path.parent / "missing" / "copy.db")
