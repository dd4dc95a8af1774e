"""Fetching a model from the played hub: once, whole, sound, and on from where it was cut."""

from collections.abc import Callable
from pathlib import Path

import pytest

from doublebill.embedding.offers import GEMMA, offer_of
from doublebill.errors import EmbeddingError, SourceBroken, SourceUnknown, SourceUnreachable, StoreError
from doublebill.model import ModelSnapshot
from doublebill.sources.model_folder import LocalModels
from doublebill.store import SqliteStore
from doublebill.store.model_files import ModelFolder
from doublebill.sync.fetching import SPARE_BYTES, Fetch
from doublebill.sync.gauge import Gauge
from model_hub import SHA
from sync.model_house import PIECE_BYTES, TINY, ModelHouse

pytestmark = pytest.mark.anyio
WEIGHTS = "onnx/model.onnx_data"


@pytest.fixture
def house(store: SqliteStore, tmp_path: Path) -> ModelHouse:
    return ModelHouse(store, tmp_path)


async def fetch(house: ModelHouse, tell: Callable[[Gauge], None] = lambda _: None) -> ModelSnapshot:
    return await Fetch(TINY, house.source(TINY), house.folder, house.house.clock, tell).run()


async def test_a_model_is_fetched_whole_with_real_files(house: ModelHouse) -> None:
    snapshot = await fetch(house)
    assert snapshot.revision == SHA
    assert house.folder.snapshot(TINY.name) == snapshot
    for file in snapshot.files:
        here = house.folder.folder(TINY.name) / file.path
        assert not here.is_symlink()
        assert here.read_bytes() == (house.hub.folder / file.path).read_bytes()


async def test_progress_is_told_in_bytes(house: ModelHouse) -> None:
    seen: list[int] = []
    snapshot = await fetch(house, lambda gauge: seen.append(gauge.done))
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0, snapshot.size_bytes)
    assert len(seen) > 5


async def test_after_a_cut_it_goes_on_where_it_was(house: ModelHouse) -> None:
    whole = sum(path.stat().st_size for path in house.hub.folder.rglob("*") if path.is_file())
    house.hub.pieces_until_cut = round(0.4 * whole / PIECE_BYTES)
    with pytest.raises(SourceUnreachable):
        await fetch(house)
    before, house.hub.pieces_until_cut = len(house.hub.pieces), None
    seen: list[int] = []
    snapshot = await fetch(house, lambda gauge: seen.append(gauge.done))
    assert 0.2 < seen[0] / snapshot.size_bytes < 0.5
    assert len(house.hub.pieces) - before < before * 2
    assert seen[-1] == snapshot.size_bytes


async def test_a_part_of_an_older_revision_goes_on_with_that(house: ModelHouse) -> None:
    house.hub.pieces_until_cut = 3
    with pytest.raises(SourceUnreachable):
        await fetch(house)
    house.hub.pieces_until_cut = None
    await fetch(house)
    assert {path for _, path, _ in house.hub.asked if path.startswith("/api/")} == {
        "/api/models/owner/tiny/revision/main",
        f"/api/models/owner/tiny/revision/{SHA}",
    }


async def test_a_revision_that_is_gone_is_left_for_the_present_one(house: ModelHouse) -> None:
    house.folder.pin(TINY.name, "b" * 40)
    assert (await fetch(house)).revision == SHA


async def test_a_file_that_comes_damaged_is_fetched_again(house: ModelHouse) -> None:
    house.hub.damaged = WEIGHTS
    await fetch(house)
    assert house.folder.snapshot(TINY.name)


async def test_a_file_that_stays_damaged_is_refused(house: ModelHouse) -> None:
    house.hub.damaged, house.hub.damages = WEIGHTS, 1_000
    with pytest.raises(SourceBroken, match=r"gives a damaged onnx/model\.onnx_data") as caught:
        await fetch(house)
    assert caught.value.hint
    assert house.folder.snapshot(TINY.name) is None


async def test_a_file_that_went_bad_here_is_the_only_one_fetched_again(house: ModelHouse) -> None:
    await fetch(house)
    path = house.folder.folder(TINY.name) / "tokenizer.json"
    path.write_bytes(b"x" * path.stat().st_size)
    house.hub.asked.clear()
    seen: list[int] = []
    await fetch(house, lambda gauge: seen.append(gauge.done))
    assert set(house.hub.pieces) == {f"/owner/tiny/resolve/{SHA}/tokenizer.json"}
    assert seen[-1] == seen[0]


class FullDisk(ModelFolder):
    """A disk with no more room than is always left free."""

    def free_bytes(self) -> int:
        return SPARE_BYTES


async def test_without_room_nothing_is_fetched(house: ModelHouse, tmp_path: Path) -> None:
    house.folder = FullDisk(tmp_path / "models")
    with pytest.raises(StoreError, match="does not fit: 0 MB are missing, 500 MB are free") as caught:
        await fetch(house)
    assert "Make room" in (caught.value.hint or "")
    assert house.hub.pieces == []


async def test_what_is_no_model_is_refused(house: ModelHouse) -> None:
    (house.hub.folder / "tokenizer.json").unlink()
    with pytest.raises(EmbeddingError, match=r"owner/tiny has no tokenizer\.json"):
        await fetch(house)


async def test_a_model_that_is_not_there_is_said(house: ModelHouse) -> None:
    with pytest.raises(SourceUnknown, match=GEMMA.place):
        await Fetch(GEMMA, house.source(GEMMA), house.folder, house.house.clock, lambda _: None).run()


async def test_a_folder_of_this_machine_is_copied(house: ModelHouse) -> None:
    offer = offer_of(str(house.hub.folder))
    snapshot = await Fetch(offer, LocalModels(), house.folder, house.house.clock, lambda _: None).run()
    assert house.folder.snapshot("local--hub") == snapshot
    assert house.hub.asked == []
