"""A sync is killed at many points; nothing committed is lost, and the next run ends where an undisturbed one does."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from doublebill.core.wish import Wish
from doublebill.model import SyncStatus
from doublebill.store import SqliteStore, open_store
from doublebill.sync.engine import people_of
from sync.house import House, sync

TESTS = Path(__file__).parents[1]

POINTS = [
    ("begin_sync", 1),
    ("jellyfin", 3),
    ("save_items", 1),
    ("record", 2),
    ("tmdb", 1),
    ("tmdb", 12),
    ("save_details", 1),
    ("save_listed", 2),
    ("tmdb", 45),
    ("save_details", 3),
    ("save_vectors", 1),
    ("save_vectors", 4),
]


def end_state(house: House, store: SqliteStore) -> dict[str, object]:
    """Give all that matters to people: what is known, and what is recommended to whom, with the scores."""
    engine = house.engine(store)
    everybody = people_of(engine.edition)
    vectors = store.vector_columns(house.embedder.model_id)
    return {
        "ledger": [store.observations(person.person_id) for person in everybody],
        "titles": set(store.detail_ages()),
        "detailed": {key for key, fetched in store.detail_ages().items() if fetched},
        "held": store.held(),
        "vectors": dict(zip(vectors.codes.tolist(), map(np.ndarray.tobytes, vectors.vectors), strict=True)),
        "picks": [
            [(pick.title.key, pick.scores) for pick in engine.recommend(person, Wish(50))] for person in everybody
        ],
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    house, store = House(), open_store(tmp_path_factory.mktemp("undisturbed") / "doublebill.db")
    sync(house.engine(store))
    state = end_state(house, store)
    store.close()
    return state


def killed(database: Path, point: str, count: int) -> list[str]:
    """Run a sync that is killed; give what it said it had saved."""
    command = [sys.executable, str(TESTS / "sync" / "killed_sync.py"), str(database), point, str(count)]
    done = subprocess.run(
        command, env={"PYTHONPATH": str(TESTS)}, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == -9, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(("point", "count"), POINTS)
def test_a_killed_sync_loses_nothing_and_the_next_one_finishes_the_job(tmp_path, undisturbed, point, count):
    told = killed(tmp_path / "doublebill.db", point, count)
    store = open_store(tmp_path / "doublebill.db")
    house = House()
    vectors = sum(int(line.split()[1]) for line in told if line.startswith("save_vectors"))
    details = sum(int(line.split()[1]) for line in told if line.startswith("save_details"))
    saved = len(store.text_hashes(house.embedder.model_id))
    assert saved - vectors in (0, 1)  # killed by another thread, it may have saved one that it could not tell any more
    assert sum(fetched is not None for fetched in store.detail_ages().values()) == details
    assert sync(house.engine(store)).status is SyncStatus.SUCCESS
    assert end_state(house, store) == undisturbed
    assert [run.status for run in store.sync_runs(5)] == [SyncStatus.SUCCESS, SyncStatus.ERROR]
    store.close()
