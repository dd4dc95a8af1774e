"""Text models over HTTP: which there are, which is used, and wishing for another."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from doublebill.embedding.offers import GEMMA
from doublebill.errors import EmbeddingError
from doublebill.store import open_store
from doublebill.sync.gauge import Gauge
from doublebill.sync.models import Models, Stage
from doublebill.web.app import create_app
from doublebill.web.context import BARE
from sync.house import NOW
from sync.model_house import BUNDLED, PLACE, TINY, ModelHouse
from web.asked import got, refused, said

NAMES = ["bundled", "embeddinggemma", "embeddinggemma-torch"]


@pytest.fixture
def models(synced_file: Path, tmp_path: Path) -> Iterator[Models]:
    store = open_store(Path(shutil.copy(synced_file, tmp_path / "models.db")))
    house = ModelHouse(store, tmp_path)
    house.choice("auto").choose(PLACE)
    yield house.start("auto")
    store.close()


@pytest.fixture
def app(models: Models) -> TestClient:
    around = replace(BARE, models=models)
    return TestClient(create_app(models.engine, syncs_on_start=False, around=around))


def told(app: TestClient, name: str = TINY.name) -> dict[str, object]:
    return next(model for model in got(app, "/models")["models"] if model["name"] == name)


def test_all_models_are_told_the_bundled_one_first(app):
    answer = got(app, "/models")
    assert [model["name"] for model in answer["models"]] == [*NAMES, TINY.name]
    assert answer["next"] is None
    bundled = answer["models"][0]
    assert (bundled["state"], bundled["message"], bundled["id"]) == ("serving", "In use", BUNDLED.model_id)
    assert [model["wanted"] for model in answer["models"]] == [False, False, False, True]
    assert told(app)["state"] == "absent"
    assert all(model["words"] for model in answer["models"])


def test_how_far_a_model_is_is_told_with_rate_and_time_left(app, models):
    gauge = Gauge("bytes", 3_000_000, 1_000_000, NOW)
    gauge.done = 2_000_000
    models._stages[TINY.name] = Stage(TINY.name, "fetching", gauge)
    models.engine.clock.pass_time(seconds=10)
    model = told(app)
    assert (model["state"], model["unit"], model["done"], model["total"]) == ("fetching", "bytes", 2_000_000, 3_000_000)
    assert (model["rate_per_s"], model["left_s"]) == (100_000, 10)
    assert model["message"] == "Is being fetched: 2 of 3 MB"


def test_why_a_model_cannot_be_used_is_told_with_what_to_do(app, models):
    failure = EmbeddingError("It fails its self-test", hint="Fetch it again.")
    models._stages[TINY.name] = Stage(TINY.name, "failed", failure=failure)
    model = told(app)
    assert (model["state"], model["message"], model["hint"]) == ("failed", "It fails its self-test", "Fetch it again.")
    assert (model["unit"], model["done"], model["rate_per_s"]) == (None, None, None)
    in_short = got(app, "/diagnostics")["model"]
    assert (in_short["words"], in_short["hint"]) == ("It fails its self-test", "Fetch it again.")


def test_a_chosen_model_is_wanted(app, models):
    assert said(app, "/models/embeddinggemma/use")["status"] == "success"
    assert told(app, "embeddinggemma")["wanted"]
    assert models.choice.wanted() is GEMMA


def test_a_served_app_brings_the_wanted_model_into_use(app, models):
    with app:
        for _ in range(200):
            if told(app)["state"] == "serving":
                break
            app.portal.call(_pause)
        assert told(app)["state"] == "serving"
        assert told(app)["size_bytes"] > 100_000
        assert said(app, "/models/bundled/use")["status"] == "success"
    assert models.engine.edition.model_id.startswith("owner--tiny@")


async def _pause() -> None:
    """Let the models go on for a moment."""
    await asyncio.sleep(0.05)


def test_a_model_is_fetched_when_that_is_asked_for(app, models):
    assert said(app, f"/models/{TINY.name}/fetch")["status"] == "success"
    assert models._asked == [TINY]
    refused(app.post("/models/bundled/fetch"), 409, "conflict")


def test_a_model_that_is_not_used_can_be_removed(app, models):
    asyncio.run(models.bring(TINY))
    assert told(app)["state"] == "ready"
    assert said(app, f"/models/{TINY.name}", method="DELETE")["status"] == "success"
    assert models.choice.folder.names() == []
    assert models.choice.wanted() is None
    refused(app.delete("/models/bundled"), 409, "conflict")


@pytest.mark.parametrize("call", ["POST /models/none/use", "POST /models/none/fetch", "DELETE /models/none"])
def test_a_model_that_nobody_knows_is_not_found(app, call):
    method, path = call.split()
    refused(app.request(method, path), 404, "not_found")


def test_where_there_is_only_the_engine_s_model_nothing_can_be_changed(client):
    assert got(client, "/models") == {"models": [], "next": None}
    refused(client.post("/models/bundled/use"), 409, "conflict")


def test_what_the_setting_says_cannot_be_overruled(synced_file, tmp_path):
    store = open_store(Path(shutil.copy(synced_file, tmp_path / "models.db")))
    models = ModelHouse(store, tmp_path).start("bundled")
    app = TestClient(create_app(models.engine, syncs_on_start=False, around=replace(BARE, models=models)))
    assert "DOUBLEBILL_EMBEDDING" in refused(app.post("/models/embeddinggemma/use"), 409, "conflict")["detail"]
    store.close()
