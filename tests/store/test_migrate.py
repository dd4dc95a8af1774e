import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from doublebill.errors import StoreError, StoreTooNew
from doublebill.model import Kind, TitleKey
from doublebill.store import open_store
from doublebill.store.migrate import APPLICATION_ID, Migration, load_migrations, prepare, require_sqlite

FIRST = Migration(1, "CREATE TABLE film (name TEXT) STRICT;\nINSERT INTO film VALUES ('one');\n")
SECOND = Migration(2, "ALTER TABLE film ADD COLUMN year INTEGER;\nUPDATE film SET year = 1999;\n-- the end")
THIRD = Migration(3, "CREATE TABLE more (name TEXT) STRICT;")
BROKEN = Migration(2, "DELETE FROM film;\nINSERT INTO no_such_table VALUES (1);")


def upgrade(path: Path, *migrations: Migration) -> None:
    prepare(path, migrations, busy_timeout_s=0.05)


def ask(path: Path, query: str) -> Sequence[tuple[object, ...]]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return connection.execute(query).fetchall()


def version(path: Path) -> object:
    return ask(path, "PRAGMA user_version")[0][0]


def backups(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.parent.iterdir() if entry != path)


def test_a_fresh_file_is_ours_private_and_keeps_a_write_ahead_log(path: Path) -> None:
    upgrade(path, *load_migrations())
    assert ask(path, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert ask(path, "PRAGMA journal_mode") == [("wal",)]
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert backups(path) == []


def test_the_log_beside_the_file_is_private_too(path: Path) -> None:
    with closing(open_store(path)) as store:
        store.remember("name", "value")
        modes = {entry.name: entry.stat().st_mode & 0o777 for entry in path.parent.iterdir()}
    assert modes == dict.fromkeys((path.name, f"{path.name}-wal", f"{path.name}-shm"), 0o600)


def test_opening_twice_changes_nothing(path: Path) -> None:
    upgrade(path, FIRST)
    before = path.read_bytes()
    upgrade(path, FIRST)
    assert path.read_bytes() == before
    assert backups(path) == []


def test_an_older_file_is_brought_up_after_a_backup(path: Path) -> None:
    upgrade(path, FIRST)
    upgrade(path, FIRST, SECOND, THIRD)
    backup = path.with_name("doublebill.db.v1-backup")
    assert (version(path), ask(path, "SELECT name, year FROM film")) == (3, [("one", 1999)])
    assert (version(backup), ask(backup, "SELECT * FROM film")) == (1, [("one",)])
    assert backups(path) == [backup.name]
    assert backup.stat().st_mode & 0o777 == 0o600


def test_of_the_backups_of_migrations_the_last_three_are_kept(path: Path) -> None:
    upgrade(path, FIRST)
    for age_s, version in enumerate((9, 8, 7, 6)):
        old = path.with_name(f"doublebill.db.v{version}-backup")
        old.touch()
        os.utime(old, (1000 - age_s, 1000 - age_s))
    path.with_name("doublebill.db.v5-backup.mine").touch()
    upgrade(path, FIRST, SECOND)
    kept = ["v1-backup", "v5-backup.mine", "v8-backup", "v9-backup"]
    assert backups(path) == [f"doublebill.db.{name}" for name in kept]


def test_titles_from_before_trailers_have_none_and_stay(path: Path) -> None:
    upgrade(path, *load_migrations()[:2])
    ask(path, "INSERT INTO title VALUES (1206, 'Old', '[]', 0, 'en', 7.5, 9, 1.0, 0, 0, 0)")
    page = "(1206, 'Alt', 'O.', NULL, NULL, '[]', '[]', NULL, NULL, 90, 1, NULL, NULL)"
    ask(path, f"INSERT INTO title_page VALUES {page}")
    for _ in range(2):
        with closing(open_store(path)) as store:
            (title,) = store.titles([TitleKey(Kind.MOVIE, 603)]).values()
        assert (title.original_title, title.runtime_min) == ("Alt", 90)
        assert (title.tagline, title.trailer_id) == (None, None)


def test_a_migration_that_fails_leaves_the_version_before_it(path: Path) -> None:
    upgrade(path, FIRST)
    with pytest.raises(StoreError, match="no_such_table"):
        upgrade(path, FIRST, BROKEN)
    assert (version(path), ask(path, "SELECT * FROM film")) == (1, [("one",)])


def test_a_migration_cut_short_fails_instead_of_being_taken_for_complete(path: Path) -> None:
    with pytest.raises(StoreError, match="incomplete"):
        upgrade(path, Migration(1, "CREATE TABLE film (name TEXT) STRICT;\nINSERT INTO film VALUES ("))
    assert ask(path, "SELECT count(*) FROM sqlite_schema") == [(0,)]


def test_a_kill_between_statements_leaves_the_version_before_it(path: Path) -> None:
    upgrade(path, FIRST)
    program = """
import os, sqlite3, sys
from pathlib import Path
from doublebill.store.migrate import Migration, migrate
path = Path(sys.argv[1])
connection = sqlite3.connect(path, isolation_level=None)
connection.create_function("die", 0, lambda: os.kill(os.getpid(), 9))
connection.execute("PRAGMA cache_size = 1")  # pages reach the log before the kill
migrate(connection, path, [Migration(1, ""), Migration(2, "DELETE FROM film;\\nSELECT die();")])
"""
    assert subprocess.run([sys.executable, "-c", program, path], check=False).returncode == -9
    assert (version(path), ask(path, "SELECT * FROM film")) == (1, [("one",)])
    upgrade(path, FIRST, SECOND)
    assert version(path) == 2


def test_two_that_open_an_old_file_together_migrate_it_once(path: Path) -> None:
    upgrade(path, FIRST)

    class Rival(Sequence[Migration]):
        """Migrations between whose reading and running another process has already run them."""

        def __len__(self) -> int:
            return 2

        def __getitem__(self, index: object) -> list[Migration]:
            upgrade(path, FIRST, SECOND)
            return [SECOND]

    prepare(path, Rival(), busy_timeout_s=0.05)
    assert ask(path, "SELECT name, year FROM film") == [("one", 1999)]


def test_a_newer_file_is_refused_and_left_alone(path: Path) -> None:
    upgrade(path, FIRST, SECOND)
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match="newer doublebill"):
        upgrade(path, FIRST)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "mark", ["CREATE TABLE theirs (name TEXT)", "PRAGMA application_id = 7", "PRAGMA user_version = 1"]
)
def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path, mark: str) -> None:
    foreign = tmp_path / "theirs.db"
    ask(foreign, mark)
    before = foreign.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        open_store(foreign)
    assert foreign.read_bytes() == before
    assert backups(foreign) == []


def test_an_sqlite_too_old_for_strict_tables_is_named() -> None:
    require_sqlite((3, 37, 0))
    with pytest.raises(StoreError, match=r"SQLite 3\.31\.1 is too old") as refusal:
        require_sqlite((3, 31, 1))
    assert refusal.value.hint == "Use a Python that brings SQLite 3.37.0 or newer."
