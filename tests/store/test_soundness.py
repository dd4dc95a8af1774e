import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from doublebill.errors import StoreError
from doublebill.store import SqliteStore, copy_database
from doublebill.store.soundness import bears_our_mark, examine, newest_version
from store.values import seen


def change(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def test_a_store_in_use_is_sound_and_of_this_version(path: Path, store: SqliteStore) -> None:
    store.record([seen("a")])
    found = examine(path)
    assert (found.version, found.faults) == (newest_version(), ())
    assert found.size_bytes == store.database().size_bytes


def test_a_row_that_belongs_to_nothing_is_a_fault(path: Path, store: SqliteStore) -> None:
    change(path, "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id REFERENCES a); INSERT INTO b VALUES (7);")
    assert examine(path).faults == ("row 1 of b belongs to a row of a that is not there",)


def test_what_sqlite_finds_is_a_fault(path: Path, store: SqliteStore) -> None:
    change(
        path,
        "CREATE TABLE c (n INTEGER); INSERT INTO c VALUES (NULL); PRAGMA writable_schema = ON;"
        "UPDATE sqlite_schema SET sql = 'CREATE TABLE c (n INTEGER NOT NULL)' WHERE name = 'c';",
    )
    assert examine(path).faults == ("NULL value in c.n",)


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    foreign = tmp_path / "theirs.db"
    change(foreign, "CREATE TABLE theirs (name TEXT)")
    assert not bears_our_mark(foreign)
    with pytest.raises(StoreError, match="no database of doublebill"):
        examine(foreign)


def test_a_file_is_told_by_its_first_bytes(path: Path, store: SqliteStore) -> None:
    copy_database(path, path.with_name("copy.db"))
    assert bears_our_mark(path.with_name("copy.db"))
    (path.parent / "letter").write_text("a letter")
    assert not bears_our_mark(path.parent / "letter")
    with pytest.raises(StoreError, match="cannot be opened"):
        bears_our_mark(path.parent)
