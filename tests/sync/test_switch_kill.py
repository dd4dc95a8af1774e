"""The way to another model is killed at five points, there and back; the next start ends where it would have ended."""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from doublebill.store import SqliteStore, open_store
from doublebill.sync.engine import SERVING
from doublebill.sync.models import Models
from sync.model_house import BUNDLED, PLACE, TINY, ModelHouse

TESTS = Path(__file__).parents[1]
TITLES = 100  # somewhat fewer than there are

THERE = [("piece", 5), ("seal", 1), ("save_vectors", 3), ("save_vectors", TITLES), ("remember", 2)]
BACK = [("text_hashes", 1), ("save_vectors", 1), ("save_vectors", 40), ("save_vectors", TITLES), ("remember", 1)]


def bring(house: ModelHouse, wanted: str) -> Models:
    async def work() -> Models:
        models = house.start(wanted)
        offer = models.choice.wanted()
        await models.switch(offer, await models.bring(offer))
        return models

    return asyncio.run(work())


def end_state(models: Models) -> tuple[str | None, bytes, bool]:
    """Give whose vectors are served, what they are, and whether every title has one."""
    edition = models.engine.edition
    return edition.model_id, edition.catalogue.vectors.tobytes(), bool(edition.catalogue.has_vector.all())


@pytest.fixture(scope="module")
def there(synced_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str | None, bytes, bool]]:
    """A folder where the tiny model serves and alone has vectors, and what is served there."""
    folder = tmp_path_factory.mktemp("there")
    store = open_store(Path(shutil.copy(synced_file, folder / "doublebill.db")))
    models = bring(ModelHouse(store, folder), PLACE)
    state = end_state(models)
    store.forget_vectors({models.engine.model.model_id})
    store.close()
    return folder, state


@pytest.fixture(scope="module")
def back(there: tuple[Path, object], tmp_path_factory: pytest.TempPathFactory) -> tuple[str | None, bytes, bool]:
    """What is served when the bundled model took over again."""
    folder = Path(shutil.copytree(there[0], tmp_path_factory.mktemp("back") / "house"))
    store = open_store(folder / "doublebill.db")
    state = end_state(bring(ModelHouse(store, folder), "bundled"))
    store.close()
    return state


def killed(folder: Path, wanted: str, point: str, count: int) -> int:
    """Bring a model into use and be killed; give how many vectors were said to be saved."""
    command = [sys.executable, str(TESTS / "sync" / "killed_switch.py"), str(folder), wanted, point, str(count)]
    done = subprocess.run(
        command, env={"PYTHONPATH": str(TESTS)}, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == -9, done.stderr
    return done.stdout.count("save_vectors 1\n")


def finished(folder: Path, wanted: str, model_id: str, saved: int) -> tuple[str | None, bytes, bool]:
    """Start again after a kill, see that nothing was lost or mixed, and bring the model into use."""
    store: SqliteStore = open_store(folder / "doublebill.db")
    assert len(store.text_hashes(model_id)) == saved
    house = ModelHouse(store, folder)
    serving = house.start(wanted).engine
    kept = store.vector_columns(serving.model.model_id).vectors
    assert serving.model.model_id == store.recall(SERVING)
    assert np.array_equal(serving.edition.catalogue.vectors[serving.edition.catalogue.has_vector], kept)
    state = end_state(bring(house, wanted))
    store.close()
    return state


@pytest.mark.parametrize(("point", "count"), THERE)
def test_the_way_there_survives_a_kill(synced_file, there, tmp_path, point, count):
    shutil.copy(synced_file, tmp_path / "doublebill.db")
    saved = killed(tmp_path, PLACE, point, count)
    assert finished(tmp_path, PLACE, there[1][0], saved) == there[1]
    assert (tmp_path / "models" / TINY.name / "doublebill.json").is_file()


@pytest.mark.parametrize(("point", "count"), BACK)
def test_the_way_back_survives_a_kill(there, back, tmp_path, point, count):
    folder = Path(shutil.copytree(there[0], tmp_path / "house"))
    saved = killed(folder, "bundled", point, count)
    assert finished(folder, "bundled", BUNDLED.model_id, saved) == back
