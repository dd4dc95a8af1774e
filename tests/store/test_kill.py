"""What a call did survives a kill -9 right after it returned."""

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from doublebill.store import SqliteStore, open_store
from store.values import NOW, seen

WRITER = """
import itertools, sys
from datetime import datetime
from pathlib import Path
from doublebill.model import Observation, Kind, Title, TitleKey
from doublebill.store import open_store
store, now = open_store(Path(sys.argv[1])), datetime.fromisoformat(sys.argv[2])
for n in itertools.count(1):
    store.record([Observation("ada", f"{n}-{part}", now, finished=True) for part in range(3)])
    print(n, flush=True)
    store.save_listed([Title(TitleKey(Kind.MOVIE, n), str(n), overview="x" * 9000)], now)
    print(n, flush=True)
"""


def written_until_killed(path: Path, calls: int) -> int:
    """Let a process write, kill it a moment after it reported that many calls, and give how many it did report."""
    command = [sys.executable, "-c", WRITER, str(path), NOW.isoformat()]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        reported = sum(1 for _ in zip(range(calls), process.stdout, strict=False))
        process.kill()
        return reported + process.stdout.read().count(b"\n")


def check(store: SqliteStore, reported: int) -> None:
    """See that everything reported is there, whole, and at most one call more."""
    rounds, odd = divmod(reported, 2)
    items = [entry.item_id for entry in store.observations("ada")]
    assert items == [f"{n}-{part}" for n in range(1, len(items) // 3 + 1) for part in range(3)]
    assert rounds + odd <= len(items) // 3 <= rounds + 1
    assert rounds <= len(store.detail_ages()) <= rounds + odd


@pytest.mark.parametrize("seed", range(4))
def test_everything_reported_before_a_kill_is_there(path: Path, seed: int) -> None:
    reported = written_until_killed(path, random.Random(seed).randint(1, 200))
    with closing(open_store(path)) as store:
        check(store, reported)
        assert store.record([seen("the next")]) == 1
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
