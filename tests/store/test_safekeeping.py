"""A backup is whole, a restore leaves one database or the other, and whatever goes wrong nothing is lost."""

import errno
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from doublebill.errors import BackupRefused, Conflict, NotFound, StoreBusy, StoreError, StoreTooNew
from doublebill.store import SqliteStore, open_store
from doublebill.store.occupancy import used
from doublebill.store.safekeeping import back_up, restore
from doublebill.store.soundness import newest_version
from store.values import NOW, listed, movie, seen

LATER = datetime(2026, 11, 22, 20, 10, 54, tzinfo=UTC)
KEPT = "doublebill.db.before-restore-20261122T201054Z"


@pytest.fixture
def backup(path: Path, tmp_path: Path) -> Path:
    """A backup of a store that has since gone on."""
    target = tmp_path / "household.db"
    with closing(open_store(path)) as store:
        store.record([seen("a")])
        back_up(path, target)
        store.record([seen("b")])
    return target


def ledger(path: Path) -> list[str]:
    with closing(open_store(path)) as store:
        return [entry.item_id for entry in store.observations("ada")]


def names(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.parent.iterdir())


@contextmanager
def unchanged(path: Path) -> Iterator[None]:
    """See that the database is as it was, and that nothing but a lock is left beside it."""
    before, beside = path.read_bytes(), {*names(path), f"{path.name}-use"}
    yield
    assert path.read_bytes() == before
    assert set(names(path)) <= beside


# Backing up


def test_a_backup_is_made_while_the_store_is_written(path: Path, store: SqliteStore, tmp_path: Path) -> None:
    store.record([seen("a")])
    with used(path):
        made = back_up(path, tmp_path / "household.db")
    assert (made.version, made.faults) == (newest_version(), ())
    store.record([seen("b")])
    assert ledger(tmp_path / "household.db") == ["a"]
    assert (tmp_path / "household.db").stat().st_mode & 0o777 == 0o600


def test_an_earlier_backup_is_replaced(path: Path, backup: Path) -> None:
    back_up(path, backup)
    assert names(backup) == ["data", "household.db"]
    assert ledger(backup) == ["a", "b"]


def test_a_file_that_is_no_backup_is_not_replaced(path: Path, store: SqliteStore, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("dear all")
    with pytest.raises(Conflict, match="another file has this name"):
        back_up(path, tmp_path / "letter")
    assert (tmp_path / "letter").read_text() == "dear all"


def test_the_database_itself_a_folder_or_one_in_use_is_no_place_for_a_backup(path: Path, store: SqliteStore) -> None:
    with pytest.raises(Conflict, match="the database itself"):
        back_up(path, path)
    with pytest.raises(Conflict, match="the database itself"):
        back_up(path, path.with_name("doublebill.db-wal"))
    with pytest.raises(Conflict, match="a folder"):
        back_up(path, path.parent)
    with closing(open_store(path.with_name("other.db"))) as other:
        other.record([seen("a")])
        with pytest.raises(Conflict, match="in use"):
            back_up(path, path.with_name("other.db"))


def test_without_a_database_there_is_nothing_to_back_up(path: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no database yet"):
        back_up(path, tmp_path / "household.db")
    assert list(tmp_path.iterdir()) == []


def test_a_backup_into_a_folder_that_is_not_there_says_so(path: Path, store: SqliteStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"away/household\.db: .*cannot be opened or written"):
        back_up(path, tmp_path / "away" / "household.db")


def damage(path: Path) -> None:
    """Add a row that belongs to nothing, as no part of doublebill could."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE stray (id REFERENCES person (person_id)); INSERT INTO stray VALUES ('-');"
        )


def test_of_a_damaged_database_no_backup_replaces_the_last_good_one(path: Path, backup: Path) -> None:
    damage(path)
    with unchanged(backup), pytest.raises(StoreError, match="the database is damaged") as refusal:
        back_up(path, backup)
    assert "last good one" in str(refusal.value.hint)


# Restoring


def test_a_backup_takes_the_place_of_the_database_which_is_kept(path: Path, backup: Path) -> None:
    restored = restore(path, backup, LATER)
    assert restored.kept == path.with_name(KEPT)
    assert names(path) == ["doublebill.db", "doublebill.db-use", KEPT]
    assert path.stat().st_mode & 0o777 == 0o600
    assert (ledger(path), ledger(path.with_name(KEPT))) == (["a"], ["a", "b"])
    assert ledger(backup) == ["a"]


def test_where_nothing_was_there_is_nothing_to_keep(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    path = tmp_path / "new" / "doublebill.db"
    assert restore(path, backup, LATER).kept is None
    assert ledger(path) == ["a"]


def test_two_restores_in_one_second_keep_both(path: Path, backup: Path) -> None:
    restore(path, backup, LATER)
    again = restore(path, path.with_name(KEPT), LATER)
    assert again.kept == path.with_name(f"{KEPT}-2")
    assert (ledger(path), ledger(again.kept)) == (["a", "b"], ["a"])


def test_what_a_crash_left_in_the_log_is_kept_and_reaches_the_new_database_never(path: Path, backup: Path) -> None:
    crash = f"""
import os
from pathlib import Path
from doublebill.store import open_store
from store.values import seen
store = open_store(Path({str(path)!r}))
store.record([seen("c")])
os._exit(0)
"""
    tests = Path(__file__).parents[1]
    subprocess.run([sys.executable, "-c", crash], check=True, env={**os.environ, "PYTHONPATH": str(tests)})
    assert path.with_name("doublebill.db-wal").stat().st_size > 0
    restored = restore(path, backup, LATER)
    assert restored.kept
    assert (ledger(path), ledger(restored.kept)) == (["a"], ["a", "b", "c"])


def test_a_drive_without_second_names_gets_a_copy(path: Path, backup: Path) -> None:
    def refuse(_: Path, __: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    restored = restore(path, backup, LATER, link=refuse)
    assert restored.kept
    assert (ledger(path), ledger(restored.kept)) == (["a"], ["a", "b"])


@pytest.mark.parametrize("damage", [b"", b"a letter to a friend, " * 999], ids=["emptied", "scribbled over"])
def test_a_database_that_is_past_reading_is_replaced_and_kept_with_its_log(
    path: Path, backup: Path, damage: bytes
) -> None:
    path.write_bytes(damage)
    path.with_name("doublebill.db-wal").write_bytes(b"its log")
    restored = restore(path, backup, LATER)
    assert ledger(path) == ["a"]
    assert restored.kept
    assert restored.kept.read_bytes() == damage


def test_a_log_without_its_database_is_not_taken_for_the_new_ones(path: Path, backup: Path) -> None:
    path.unlink()
    path.with_name("doublebill.db-wal").write_bytes(b"left behind")
    assert restore(path, backup, LATER).kept is None
    assert path.with_name(f"{KEPT}-wal").read_bytes() == b"left behind"
    assert ledger(path) == ["a"]


def test_an_older_backup_is_restored_and_brought_up_when_it_is_opened(path: Path, backup: Path) -> None:
    older = backup.with_name("older.db")
    with closing(sqlite3.connect(older)) as connection:
        connection.execute(f"PRAGMA application_id = {int.from_bytes(b'dblb', 'big')}")
    assert restore(path, older, LATER).backup.version == 0
    assert ledger(path) == []


def test_one_that_was_killed_while_copying_is_done_over(path: Path, backup: Path) -> None:
    path.with_name("doublebill.db.part").write_bytes(b"half a copy")
    path.with_name("doublebill.db.part-journal").write_bytes(b"its log")
    restore(path, backup, LATER)
    assert [name for name in names(path) if "part" in name] == []


@pytest.mark.parametrize("last", ["os._exit(9)", "os.link(*names); os._exit(9)"], ids=["before", "after"])
def test_a_kill_around_the_second_name_leaves_the_old_database(path: Path, backup: Path, last: str) -> None:
    program = f"""
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from doublebill.store.safekeeping import restore
def die(*names): {last}
restore(Path(sys.argv[1]), Path(sys.argv[2]), datetime.now(UTC), link=die)
"""
    assert subprocess.run([sys.executable, "-c", program, path, backup], check=False).returncode == 9
    assert ledger(path) == ["a", "b"]
    assert (restore(path, backup, LATER).kept, ledger(path)) == (path.with_name(KEPT), ["a"])


# Refusals


def test_nothing_is_restored_while_a_server_runs(path: Path, backup: Path) -> None:
    with used(path), unchanged(path), pytest.raises(StoreBusy, match="doublebill uses the database"):
        restore(path, backup, LATER)


def test_nor_while_a_program_is_connected_that_knows_nothing_of_the_lock(path: Path, backup: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM person").fetchone()
        with unchanged(path), pytest.raises(StoreBusy, match="doublebill uses the database"):
            restore(path, backup, LATER)


def test_a_backup_of_a_newer_version_is_refused(path: Path, backup: Path) -> None:
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute("PRAGMA user_version = 999")
    with unchanged(path), pytest.raises(StoreTooNew, match="version 999 of the tables") as refusal:
        restore(path, backup, LATER)
    assert "Nothing was changed" in str(refusal.value.hint)


def test_a_half_written_backup_is_refused(path: Path, backup: Path) -> None:
    whole = backup.read_bytes()
    for length in (100, len(whole) // 2, len(whole) - 4096):
        backup.write_bytes(whole[:length])
        with unchanged(path), pytest.raises(BackupRefused, match=r"damaged|not a database") as refusal:
            restore(path, backup, LATER)
        assert "Nothing was changed" in str(refusal.value.hint)


def test_a_backup_with_a_fault_inside_is_refused(path: Path, backup: Path) -> None:
    damage(backup)
    with unchanged(path), pytest.raises(BackupRefused, match="the backup is damaged: row 1 of stray"):
        restore(path, backup, LATER)


@pytest.mark.parametrize("content", [b"", b"a letter to a friend, " * 999], ids=["nothing", "a letter"])
def test_what_is_no_backup_is_refused(path: Path, backup: Path, content: bytes) -> None:
    backup.write_bytes(content)
    with unchanged(path), pytest.raises(BackupRefused, match=r"no database of doublebill|not a database"):
        restore(path, backup, LATER)


def test_a_backup_that_somebody_writes_to_is_not_restored(path: Path, backup: Path) -> None:
    with closing(sqlite3.connect(backup, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with unchanged(path), pytest.raises(StoreBusy):
            restore(path, backup, LATER)


def test_what_is_not_there_or_is_the_database_itself_is_not_restored(path: Path, backup: Path) -> None:
    with unchanged(path), pytest.raises(NotFound, match="no such file"):
        restore(path, backup.with_name("other.db"), LATER)
    with unchanged(path), pytest.raises(Conflict, match="the database itself"):
        restore(path, path, LATER)


# Disks and rights, in processes of their own


def confined(confinement: str, action: str, *paths: Path) -> str:
    """Run an action under a confinement, and give what it says of its failure."""
    program = f"""
import os, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from doublebill.errors import StoreError
from doublebill.store import open_store
from doublebill.store.safekeeping import back_up, restore
paths = [Path(word) for word in sys.argv[1:]]
{confinement}
try:
    {action}
except StoreError as error:
    print(error.message, error.hint, sep="\\n")
"""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, paths)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


FULL = "resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, 65_536))"
UNPRIVILEGED = "os.geteuid() or os.setuid(65534)"
RESTORE = "restore(*paths, datetime.now(UTC))"


@pytest.fixture
def large(path: Path, tmp_path: Path) -> Path:
    """A backup that is larger than what a full disk takes."""
    with closing(open_store(path)) as store:
        store.save_listed([listed(movie(n), overview="x" * 500) for n in range(1, 300)], NOW)
    back_up(path, tmp_path / "large.db")
    return tmp_path / "large.db"


def test_a_disk_that_fills_up_while_restoring_leaves_the_database(path: Path, large: Path) -> None:
    with unchanged(path):
        said = confined(FULL, RESTORE, path, large)
    assert "doublebill.db.part: the disk took no more" in said


def test_a_disk_that_fills_up_while_backing_up_leaves_the_earlier_backup(path: Path, large: Path) -> None:
    with unchanged(large):
        said = confined(FULL, "back_up(*paths)", path, large)
    assert "large.db.part: the disk took no more" in said


def test_a_disk_that_fills_up_before_a_migration_leaves_the_old_version(path: Path, large: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("PRAGMA journal_mode = DELETE; PRAGMA user_version = 1;")
    said = confined(FULL, "open_store(paths[0])", path)
    assert "the disk took no more" in said
    assert [name for name in names(path) if "part" in name or "backup" in name] == []
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM title").fetchone() == (299,)


@pytest.fixture
def read_only() -> Iterator[Path]:
    """A folder that nobody may write but root; not below tmp_path, into which root alone may look."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        open_store(folder / "doublebill.db").close()
        for entry in folder.iterdir():
            entry.chmod(0o444)
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


def test_a_folder_that_may_only_be_read_is_told_and_left_alone(read_only: Path) -> None:
    path = read_only / "doublebill.db"
    with tempfile.TemporaryDirectory() as name:
        backup = Path(name) / "household.db"
        back_up(path, backup)
        backup.chmod(0o644)
        Path(name).chmod(0o755)
        before = names(path)
        said = confined(UNPRIVILEGED, RESTORE, path, backup)
    assert "cannot be opened or written" in said
    assert "Give the user that runs doublebill the right to write" in said
    assert names(path) == before


def test_a_backup_into_a_folder_that_may_only_be_read_is_told(read_only: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "doublebill.db"
        open_store(path).close()
        path.chmod(0o666)
        Path(name).chmod(0o777)
        said = confined(UNPRIVILEGED, "back_up(*paths)", path, read_only / "household.db")
    assert "household.db: the file or its folder cannot be opened or written" in said
