"""A model in a folder of this machine."""

from pathlib import Path

import pytest

from doublebill.errors import SourceUnknown
from doublebill.sources.model_folder import LocalModels

pytestmark = pytest.mark.anyio


async def test_a_folder_gives_its_files_and_their_pieces(tmp_path: Path) -> None:
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "model.onnx").write_bytes(b"abcdef")
    (tmp_path / "notes.txt").write_text("not a part of it")
    source = LocalModels()
    snapshot = await source.snapshot(str(tmp_path), "local")
    assert [file.path for file in snapshot.files] == ["onnx/model.onnx"]
    assert await source.piece(str(tmp_path), "", "onnx/model.onnx", 1, 3) == b"bc"
    await source.close()


async def test_other_bytes_are_another_revision(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"one")
    first = await LocalModels().snapshot(str(tmp_path), "")
    (tmp_path / "model.onnx").write_bytes(b"two")
    assert (await LocalModels().snapshot(str(tmp_path), "")).revision != first.revision


async def test_a_folder_without_a_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceUnknown, match="is no folder with a model"):
        await LocalModels().snapshot(str(tmp_path / "none"), "")


async def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceUnknown, match="cannot be read"):
        await LocalModels().piece(str(tmp_path), "", "model.onnx", 0, 1)
