"""Bringing a text model into use from the played hub: behind the first sync, told as it goes, and never in the way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from doublebill.embedding.offers import GEMMA
from doublebill.errors import Conflict, NotFound, SourceRefused
from doublebill.model import SyncKind
from doublebill.store import SqliteStore
from doublebill.sync.engine import SERVING
from doublebill.sync.models import Models, ModelStatus, Stage, words_of
from model_hub import PlayedHub
from sync.model_house import BUNDLED, PLACE, TINY, ModelHouse, until
from sync.test_fetching import FullDisk

pytestmark = pytest.mark.anyio
TINY_ID = "owner--tiny@aaaaaaaaaaaa/d768/"


@pytest.fixture
def house(synced_store: SqliteStore, tmp_path: Path) -> ModelHouse:
    return ModelHouse(synced_store, tmp_path)


@asynccontextmanager
async def running(models: Models) -> AsyncIterator[Models]:
    task = asyncio.create_task(models.run())
    try:
        yield models
    finally:
        task.cancel()
        await asyncio.wait({task})


def status_of(models: Models, name: str = TINY.name) -> ModelStatus:
    return next(status for status in models.statuses() if status.name == name)


def has_come_to(models: Models, state: str, name: str = TINY.name) -> Callable[[], bool]:
    return lambda: status_of(models, name).stage.state == state


async def test_the_wanted_model_is_fetched_tested_and_takes_over(house: ModelHouse) -> None:
    async with running(house.start()) as models:
        assert models.engine.model == BUNDLED
        await until(has_come_to(models, "serving"))
    assert (models.engine.edition.model_id or "").startswith(TINY_ID)
    assert models.engine.edition.catalogue.has_vector.all()
    assert words_of(status_of(models).stage) == "In use"
    assert [status.name for status in models.statuses() if status.is_wanted] == [TINY.name]


async def test_a_second_start_asks_nobody_and_loads_nothing(house: ModelHouse) -> None:
    async with running(house.start()) as models:
        await until(has_come_to(models, "serving"))
    house.hub.asked.clear()
    again = house.start()
    assert again.engine.model.model_id.startswith(TINY_ID)
    async with running(again):
        await asyncio.sleep(0.05)
    assert house.hub.asked == []
    assert again.engine.edition.catalogue.has_vector.all()


async def test_nothing_is_asked_before_the_first_sync_has_ended(store: SqliteStore, tmp_path: Path) -> None:
    house = ModelHouse(store, tmp_path)
    async with running(house.start()) as models:
        await until(has_come_to(models, "waiting"))
        assert house.hub.asked == []
        await models.engine.runner.run(SyncKind.FULL)
        await until(has_come_to(models, "serving"))
    assert models.engine.edition.catalogue.has_vector.all()


async def test_what_is_fetched_is_told_in_bytes_and_what_is_embedded_in_titles(house: ModelHouse) -> None:
    stages: list[Stage] = []
    models = house.start()
    await models.switch(TINY, await models.bring(TINY, stages.append), stages.append)
    assert list(dict.fromkeys(stage.state for stage in stages)) == ["fetching", "testing", "embedding"]
    told = {stage.gauge.unit: words_of(stage) for stage in stages if stage.gauge}
    titles = len(models.engine.edition.catalogue)
    assert told["titles"] == f"Reads the plots, then takes over: {titles} of {titles} titles"
    assert told["bytes"] == "Is being fetched: 0 of 0 MB"


async def test_a_gated_model_says_so_and_comes_with_a_token(
    house: ModelHouse, caplog: pytest.LogCaptureFixture
) -> None:
    house.hub.token = "hf_good"
    async with running(house.start()) as models:
        await until(has_come_to(models, "failed"))
        assert "HF_TOKEN" in (status_of(models).stage.failure.hint or "")  # type: ignore[union-attr]  # it failed
        assert models.engine.model == BUNDLED
    house.token = "hf_good"
    async with running(house.start()) as models:
        await until(has_come_to(models, "serving"))
    assert "hf_good" not in caplog.text


def gated(house: ModelHouse) -> None:
    house.hub.token = "hf_good"


def offline(house: ModelHouse) -> None:
    async def dead_line(*_: object) -> None:
        raise ConnectionRefusedError

    house.source = lambda offer: ModelHouse.source(house, offer)  # type: ignore[method-assign]
    house.hub.__class__ = type("DeadHub", (PlayedHub,), {"__call__": dead_line})


def missing(house: ModelHouse) -> None:
    house.hub.place = "owner/other"


def damaged(house: ModelHouse) -> None:
    house.hub.damaged, house.hub.damages = "onnx/model.onnx_data", 1_000


def full(house: ModelHouse) -> None:
    house.folder = FullDisk(house.folder.folder("x").parent)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (gated, "does not give us owner/tiny"),
        (offline, "cannot be reached"),
        (missing, "has no owner/tiny at revision main"),
        (damaged, "gives a damaged onnx/model.onnx_data"),
        (full, "does not fit"),
    ],
)
async def test_what_goes_wrong_is_one_line_and_the_present_model_goes_on(
    house: ModelHouse, caplog: pytest.LogCaptureFixture, trouble: Callable[[ModelHouse], None], words: str
) -> None:
    trouble(house)
    async with running(house.start()) as models:
        await until(has_come_to(models, "failed"))
    stage = status_of(models).stage
    assert words in words_of(stage)
    assert stage.failure
    assert stage.failure.hint
    assert any(words in message for message in caplog.messages)
    assert models.engine.model == BUNDLED
    assert models.engine.edition.model_id == BUNDLED.model_id


async def test_another_model_under_the_name_of_embeddinggemma_is_refused(house: ModelHouse) -> None:
    house.hub.place = GEMMA.place
    async with running(house.start("embeddinggemma")) as models:
        await until(has_come_to(models, "failed", GEMMA.name))
    assert "fails its self-test" in words_of(status_of(models, GEMMA.name).stage)
    assert models.engine.model == BUNDLED


async def test_a_damaged_file_here_is_refused_and_fetched_again(house: ModelHouse) -> None:
    models = house.start()
    await models.bring(TINY)
    graph = house.folder.folder(TINY.name) / "onnx" / "model.onnx"
    sound = graph.read_bytes()
    graph.write_bytes(b"x" * len(sound))
    house.hub.asked.clear()
    await house.start().bring(TINY)
    assert graph.read_bytes() == sound
    assert {path for _, path, _ in house.hub.asked if "model.onnx_data" in path} == set()


async def test_a_choice_breaks_off_what_is_under_way_and_both_ways_lead_there(house: ModelHouse) -> None:
    async with running(house.start("auto")) as models:
        models.choice.choose(PLACE)
        await models.use(TINY.name)
        await until(has_come_to(models, "serving"))
        await models.use("bundled")
        await until(has_come_to(models, "serving", "bundled"))
        assert models.engine.edition.model_id == BUNDLED.model_id
        assert has_come_to(models, "ready")()
    assert house.store.recall(SERVING) == BUNDLED.model_id


async def test_a_model_can_be_fetched_without_being_used(house: ModelHouse) -> None:
    house.choice("auto").choose(PLACE)
    models = house.start("auto")
    models.choice.choose("bundled")
    await models.bring(TINY)
    async with running(models):
        await models.fetch(TINY.name)
        await until(lambda: not models._asked)
    assert has_come_to(models, "ready")()
    assert models.engine.model == BUNDLED


async def test_the_bundled_model_need_not_be_fetched(house: ModelHouse) -> None:
    with pytest.raises(Conflict, match="here already"):
        await house.start().fetch("bundled")
    with pytest.raises(NotFound):
        await house.start().fetch("nothing")


async def test_a_model_that_was_fetched_can_be_removed(house: ModelHouse) -> None:
    house.choice("auto").choose(PLACE)
    models = house.start("auto")
    await models.bring(TINY)
    await models.remove(TINY.name)
    assert house.folder.names() == []
    assert models.choice.wanted() is None


async def test_a_model_that_is_on_its_way_cannot_be_removed(house: ModelHouse) -> None:
    models, refusals = house.start(), []

    def interfere(stage: Stage) -> None:
        if stage.gauge:
            refusals.append(asyncio.ensure_future(models.remove(TINY.name)))

    await models.bring(TINY, interfere)
    with pytest.raises(Conflict, match="is being brought into use"):
        await refusals[0]
    await asyncio.gather(*refusals, return_exceptions=True)


async def test_files_that_vanished_are_fetched_again_while_their_vectors_serve(house: ModelHouse) -> None:
    async with running(house.start()) as models:
        await until(has_come_to(models, "serving"))
    house.folder.remove(TINY.name)
    again = house.start()
    assert again.engine.edition.catalogue.has_vector.all()
    async with running(again):
        await until(has_come_to(again, "serving"))
    assert again.engine.model.open().dimensions == 768


async def test_files_that_vanished_and_cannot_be_had_leave_it_to_the_bundled_model(house: ModelHouse) -> None:
    async with running(house.start()) as models:
        await until(has_come_to(models, "serving"))
    house.folder.remove(TINY.name)
    house.hub.token = "hf_good"
    async with running(house.start()) as models:
        await until(has_come_to(models, "serving", "bundled"))
        assert isinstance(status_of(models).stage.failure, SourceRefused)
    assert models.engine.edition.model_id == BUNDLED.model_id


async def test_catching_up_uses_what_is_here_and_fetches_nothing(house: ModelHouse) -> None:
    models = house.start()
    await models.catch_up()
    assert (models.engine.model, house.hub.asked) == (BUNDLED, [])
    await models.bring(TINY)
    await models.catch_up()
    assert models.engine.model.model_id.startswith(TINY_ID)
    house.folder.remove(TINY.name)
    again = house.start()
    await again.catch_up()
    assert again.engine.model == BUNDLED
