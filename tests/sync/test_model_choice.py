"""Which model is wanted, and which serves."""

from pathlib import Path

import numpy as np
import pytest

from doublebill.embedding.offers import GEMMA, offer_of
from doublebill.errors import Conflict, EmbeddingError, NotFound
from doublebill.model import Kind, ModelFile, ModelSnapshot, Title, TitleKey
from doublebill.store import SqliteStore
from doublebill.sync.embed import Model
from doublebill.sync.engine import SERVING
from sync.house import NOW
from sync.model_house import BUNDLED, PLACE, TINY, ModelHouse
from tiny_gemma import describe, write_tiny_gemma


@pytest.fixture
def house(store: SqliteStore, tmp_path: Path) -> ModelHouse:
    return ModelHouse(store, tmp_path)


def put_here(house: ModelHouse, name: str = TINY.name) -> str:
    """Have the tiny model in its folder, and give its identity."""
    folder = describe(write_tiny_gemma(house.folder.folder(name)))
    files = [ModelFile(path.relative_to(folder).as_posix(), path.stat().st_size, None) for path in folder.rglob("*.*")]
    house.folder.seal(name, ModelSnapshot("a" * 40, tuple(file for file in files if "." in file.path)))
    model = house.choice().model(offer_of(PLACE) if name == TINY.name else house.choice().offers()[name])
    assert model
    return model.model_id


def embed_one(house: ModelHouse, model_id: str) -> None:
    title = Title(TitleKey(Kind.MOVIE, 1), "Alien")
    house.store.save_listed([title], NOW)
    house.store.save_vectors(model_id, [title.key], [b"x"], np.ones((1, 4), np.float32) / 2)


def test_with_auto_embeddinggemma_is_wanted(house: ModelHouse) -> None:
    assert house.choice("auto").wanted() is GEMMA


@pytest.mark.parametrize(("setting", "wanted"), [("bundled", None), ("embeddinggemma", GEMMA), (PLACE, TINY)])
def test_what_the_setting_names_is_wanted(house: ModelHouse, setting: str, wanted: object) -> None:
    assert house.choice(setting).wanted() == wanted


def test_with_auto_a_choice_is_kept(house: ModelHouse) -> None:
    house.choice("auto").want("bundled")
    assert house.choice("auto").wanted() is None
    house.choice("auto").choose(PLACE)
    assert house.choice("auto").wanted() == TINY


def test_a_choice_against_the_setting_is_refused(house: ModelHouse) -> None:
    with pytest.raises(Conflict, match="DOUBLEBILL_EMBEDDING says which text model is wanted: bundled"):
        house.choice("bundled").want("embeddinggemma")
    house.choice("bundled").want("bundled")


def test_a_model_that_nobody_knows_is_not_found(house: ModelHouse) -> None:
    with pytest.raises(NotFound, match="no model 'else'"):
        house.choice().want("else")


def test_an_empty_store_is_served_by_the_bundled_model(house: ModelHouse) -> None:
    assert house.choice("auto").serving() == BUNDLED
    assert house.store.recall(SERVING) == BUNDLED.model_id


def test_an_empty_store_is_served_by_the_wanted_model_if_it_is_here(house: ModelHouse) -> None:
    model_id = put_here(house)
    assert house.choice().serving().model_id == model_id


def test_what_has_vectors_serves_on_although_another_is_wanted_and_here(house: ModelHouse) -> None:
    put_here(house)
    embed_one(house, BUNDLED.model_id)
    assert house.choice().serving() == BUNDLED


def test_what_served_serves_after_a_start(house: ModelHouse) -> None:
    model_id = put_here(house)
    house.store.remember(SERVING, model_id)
    assert house.choice("bundled").serving().model_id == model_id


def test_vectors_serve_on_when_the_files_of_their_model_are_gone(house: ModelHouse) -> None:
    house.store.remember(SERVING, "gone@1/d4/t1")
    serving = house.choice().serving()
    assert serving.model_id == "gone@1/d4/t1"
    assert not house.choice().is_here(serving)
    with pytest.raises(EmbeddingError, match="the files of gone@1/d4/t1 are gone"):
        serving.open()


def test_models_that_were_left_here_are_still_offered(house: ModelHouse) -> None:
    put_here(house)
    put_here(house, "local--mine")
    assert {"embeddinggemma", TINY.name, "local--mine"} <= set(house.choice("bundled").offers())


def test_a_model_that_does_not_describe_itself_is_passed_over(
    house: ModelHouse, caplog: pytest.LogCaptureFixture
) -> None:
    put_here(house)
    (house.folder.folder(TINY.name) / "config.json").write_text("null")
    house.folder.seal(TINY.name, ModelSnapshot("a" * 40, ()))
    assert house.choice().serving() == BUNDLED
    assert any("owner--tiny is passed over: config.json" in message for message in caplog.messages)


def test_removing_takes_files_and_vectors_and_wants_the_bundled_model(house: ModelHouse) -> None:
    model_id = put_here(house)
    choice = house.choice("auto")
    choice.choose(PLACE)
    embed_one(house, model_id)
    choice.remove(TINY.name, BUNDLED)
    assert house.folder.snapshot(TINY.name) is None
    assert house.store.text_hashes(model_id) == {}
    assert choice.wanted() is None


def test_what_serves_cannot_be_removed(house: ModelHouse) -> None:
    model = Model(put_here(house), BUNDLED.open)
    with pytest.raises(Conflict, match="serves"):
        house.choice().remove(TINY.name, model)


def test_what_the_setting_asks_for_cannot_be_removed(house: ModelHouse) -> None:
    put_here(house)
    with pytest.raises(Conflict, match="DOUBLEBILL_EMBEDDING"):
        house.choice().remove(TINY.name, BUNDLED)
    assert house.folder.snapshot(TINY.name)


def test_the_bundled_model_cannot_be_removed(house: ModelHouse) -> None:
    with pytest.raises(Conflict, match="part of doublebill"):
        house.choice().remove("bundled", BUNDLED)


def test_what_is_not_here_cannot_be_removed(house: ModelHouse) -> None:
    with pytest.raises(NotFound, match="embeddinggemma is not here"):
        house.choice("bundled").remove("embeddinggemma", BUNDLED)
