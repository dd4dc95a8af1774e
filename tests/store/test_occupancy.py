"""Any number use a database beside each other; one that replaces it is alone."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from doublebill.errors import StoreBusy, StoreError
from doublebill.store.occupancy import used, used_alone

USER = """
import sys, time
from pathlib import Path
from doublebill.store.occupancy import used
with used(Path(sys.argv[1])):
    print("in use", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "doublebill.db"


def test_many_use_it_together_and_then_one_alone(database: Path) -> None:
    with used(database), used(database):
        pass
    with used_alone(database):
        pass


def test_nobody_replaces_what_is_in_use(database: Path) -> None:
    with used(database):
        with (
            pytest.raises(StoreBusy, match=r"doublebill\.db: doublebill uses the database") as refusal,
            used_alone(database),
        ):
            pass
        assert "Stop it first" in str(refusal.value.hint)


def test_nobody_begins_to_use_what_is_being_replaced(database: Path) -> None:
    with used_alone(database), pytest.raises(StoreBusy, match="being restored"), used(database):
        pass
    with used(database):
        pass


def test_another_process_holds_it_and_a_kill_sets_it_free(database: Path) -> None:
    command = [sys.executable, "-c", USER, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"in use\n"
        with pytest.raises(StoreBusy), used_alone(database):
            pass
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    with used_alone(database):
        pass


def test_the_lock_is_private_empty_and_stays(database: Path) -> None:
    with used_alone(database):
        pass
    (lock,) = database.parent.iterdir()
    assert (lock.name, lock.stat().st_size, lock.stat().st_mode & 0o777) == ("doublebill.db-use", 0, 0o600)


def test_what_fails_inside_is_not_taken_for_the_locks_failure(database: Path) -> None:
    with pytest.raises(OSError, match="another matter"), used(database):
        raise OSError("another matter")


def test_a_lock_that_is_no_lock_is_a_store_error(database: Path) -> None:
    database.with_name("doublebill.db-use").mkdir()
    with pytest.raises(StoreError, match="cannot be opened"), used(database):
        pass
