"""Files of text models: whole or in parts, sound or not, and never out of their folder."""

import hashlib
from pathlib import Path

import pytest

from doublebill.errors import StoreError
from doublebill.model import ModelFile, ModelSnapshot
from doublebill.store.model_files import ModelFolder

CONTENT = b"the weights"
WEIGHTS = ModelFile("onnx/model.onnx", len(CONTENT), f"sha256:{hashlib.sha256(CONTENT).hexdigest()}")
SNAPSHOT = ModelSnapshot("a" * 40, (WEIGHTS,))


@pytest.fixture
def models(tmp_path: Path) -> ModelFolder:
    return ModelFolder(tmp_path / "data" / "models")


def fetched(models: ModelFolder, content: bytes = CONTENT) -> ModelFolder:
    models.pin("mine", SNAPSHOT.revision)
    models.append("mine", WEIGHTS, content)
    assert models.finish("mine", WEIGHTS)
    models.seal("mine", SNAPSHOT)
    return models


def test_a_model_is_here_when_it_is_sealed(models: ModelFolder) -> None:
    assert models.snapshot("mine") is None
    assert models.names() == []
    fetched(models)
    assert models.snapshot("mine") == SNAPSHOT
    assert models.names() == ["mine"]
    assert (models.folder("mine") / WEIGHTS.path).read_bytes() == CONTENT


def test_a_file_grows_in_parts_and_is_whole_at_the_end(models: ModelFolder) -> None:
    models.append("mine", WEIGHTS, CONTENT[:4])
    assert models.part_size("mine", WEIGHTS) == 4
    assert not (models.folder("mine") / WEIGHTS.path).exists()
    models.append("mine", WEIGHTS, CONTENT[4:])
    assert models.finish("mine", WEIGHTS)
    assert models.part_size("mine", WEIGHTS) == len(CONTENT)
    assert models.keep_if_sound("mine", WEIGHTS)


def test_a_damaged_file_never_gets_its_name(models: ModelFolder) -> None:
    models.append("mine", WEIGHTS, b"x" * len(CONTENT))
    assert not models.finish("mine", WEIGHTS)
    assert models.part_size("mine", WEIGHTS) == 0


def test_a_file_that_went_bad_is_removed_when_it_is_looked_at(models: ModelFolder) -> None:
    fetched(models)
    path = models.folder("mine") / WEIGHTS.path
    path.write_bytes(b"x" * len(CONTENT))
    assert models.snapshot("mine")  # only sizes are looked at
    assert not models.keep_if_sound("mine", WEIGHTS)
    assert models.snapshot("mine") is None


def test_a_link_is_no_file_of_a_model(models: ModelFolder, tmp_path: Path) -> None:
    fetched(models)
    path = models.folder("mine") / WEIGHTS.path
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert not models.keep_if_sound("mine", WEIGHTS)


@pytest.mark.parametrize("content", [None, CONTENT[:5]])
def test_a_missing_or_cut_file_makes_the_model_not_whole(models: ModelFolder, content: bytes | None) -> None:
    path = fetched(models).folder("mine") / WEIGHTS.path
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert models.snapshot("mine") is None


def test_a_damaged_manifest_makes_the_model_not_whole(models: ModelFolder) -> None:
    (fetched(models).folder("mine") / "doublebill.json").write_text("{")
    assert models.snapshot("mine") is None


def test_taking_the_seal_back_leaves_the_files(models: ModelFolder) -> None:
    fetched(models).unseal("mine")
    assert models.snapshot("mine") is None
    assert models.keep_if_sound("mine", WEIGHTS)


def test_parts_of_another_revision_are_removed(models: ModelFolder) -> None:
    models.pin("mine", "a" * 40)
    models.append("mine", WEIGHTS, CONTENT[:4])
    models.pin("mine", "a" * 40)
    assert models.part_size("mine", WEIGHTS) == 4
    models.pin("mine", "b" * 40)
    assert models.part_size("mine", WEIGHTS) == 0
    assert models.pinned("mine") == "b" * 40


def test_a_small_file_is_known_by_git_s_digest(models: ModelFolder) -> None:
    digest = hashlib.sha1(b"blob %d\0" % len(CONTENT) + CONTENT).hexdigest()
    file = ModelFile("config.json", len(CONTENT), f"git:{digest}")
    models.append("mine", file, CONTENT)
    assert models.finish("mine", file)


def test_an_empty_file_and_one_of_which_nobody_says_the_digest_are_kept(models: ModelFolder) -> None:
    empty, unknown = ModelFile("empty", 0, None), ModelFile("unknown", 3, None)
    models.pin("mine", "a" * 40)
    assert models.finish("mine", empty)
    models.append("mine", unknown, b"abc")
    assert models.finish("mine", unknown)


def test_removing_takes_everything(models: ModelFolder) -> None:
    assert fetched(models).remove("mine")
    assert not models.folder("mine").exists()
    assert not models.remove("mine")
    assert models.pinned("mine") is None


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "/etc"])
def test_no_name_leads_out_of_the_folder(models: ModelFolder, name: str) -> None:
    with pytest.raises(StoreError, match="cannot be the name of a model"):
        models.folder(name)


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", "doublebill.json"])
def test_no_file_leads_out_of_its_model(models: ModelFolder, path: str) -> None:
    with pytest.raises(StoreError, match="cannot be the name of a model's file"):
        models.append("mine", ModelFile(path, 1, None), b"x")


def test_the_room_is_that_of_the_disk_also_before_there_is_a_folder(models: ModelFolder) -> None:
    assert models.free_bytes() > 0


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file")
    with pytest.raises(StoreError, match="cannot be opened or written"):
        ModelFolder(tmp_path / "models").append("mine", WEIGHTS, CONTENT)
