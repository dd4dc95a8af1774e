"""The right to sync over processes: held by one, free in the moment in which its holder is gone, and told as it is."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from doublebill.errors import StoreError
from doublebill.store import open_store

HOLDER = """
import sys
from pathlib import Path
from doublebill.store import open_store
lease = open_store(Path(sys.argv[1])).lease_sync()
print("held" if lease else "refused", flush=True)
sys.stdin.read()
"""


def holder(path: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", HOLDER, str(path)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_another_process_is_refused_and_after_its_kill_nobody_is(path: Path) -> None:
    with closing(open_store(path)) as store, holder(path) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        assert store.lease_sync() is None
        assert store.is_sync_leased()
        process.kill()
        process.wait()
        assert not store.is_sync_leased()
        lease = store.lease_sync()
        assert lease
        with closing(lease), holder(path) as second:
            assert second.communicate()[0] == b"refused\n"


def test_a_holder_keeps_nobody_from_reading_and_writing(path: Path) -> None:
    with closing(open_store(path)) as store, closing(open_store(path)) as other:
        lease = store.lease_sync()
        assert lease
        with closing(lease):
            other.remember("name", "value")
            assert store.recall("name") == "value"


def test_asking_makes_no_file_and_the_file_is_private_and_empty(path: Path) -> None:
    beside = path.with_name("doublebill.db-sync")
    with closing(open_store(path)) as store:
        assert not store.is_sync_leased()
        assert not beside.exists()
        lease = store.lease_sync()
        assert lease
        lease.close()
    assert (beside.stat().st_mode & 0o777, beside.stat().st_size) == (0o600, 0)


def test_a_file_that_cannot_be_locked_is_a_fault_of_the_store(path: Path) -> None:
    with closing(open_store(path)) as store:
        path.with_name("doublebill.db-sync").write_bytes(
            b"something else, and long enough to be taken for a header" * 20
        )
        with pytest.raises(StoreError, match=r"doublebill\.db-sync"):
            store.is_sync_leased()
        with pytest.raises(StoreError, match=r"doublebill\.db-sync"):
            store.lease_sync()
        path.with_name("doublebill.db-sync").unlink()
        path.with_name("doublebill.db-sync").mkdir()
        with pytest.raises(StoreError, match=r"doublebill\.db-sync"):
            store.lease_sync()
