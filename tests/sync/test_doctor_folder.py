"""What the doctor says of folder, disk, database, syncs and model, and that it changes nothing."""

import errno
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from doublebill.errors import EmbeddingError
from doublebill.model import ModelSnapshot, SyncKind, SyncStatus
from doublebill.store import open_store
from doublebill.store.model_files import ModelFolder
from doublebill.sync.diagnosis import Line
from doublebill.sync.doctor_folder import Premises, free_bytes, look_at_folder
from doublebill.sync.embed import Model
from doublebill.sync.engine import SERVING
from doublebill.sync.model_choice import ModelChoice
from hashing_embedder import HashingEmbedder
from sync.house import NOW

SMALL = Model(HashingEmbedder().model_id, HashingEmbedder)


def premises_in(folder: Path, setting: str = "bundled", model: Model = SMALL) -> Premises:
    models = ModelFolder(folder / "models")
    choice = lambda store: ModelChoice(store, models, setting, model)  # noqa: E731
    return Premises(folder, folder / "doublebill.db", choice, lambda: NOW, lambda _: 10**10)


@pytest.fixture
def premises(tmp_path: Path, synced_file: Path) -> Premises:
    """A household that was synced a moment ago."""
    (tmp_path / "data").mkdir(mode=0o700)
    shutil.copy(synced_file, tmp_path / "data" / "doublebill.db")
    return premises_in(tmp_path / "data")


def told(premises: Premises, area: str) -> Line | None:
    return next((line for line in look_at_folder(premises) if line.area == area), None)


def test_a_household_that_is_well(premises):
    lines = look_at_folder(premises)
    assert [line.area for line in lines] == ["folder", "disk", "database", "syncs", "model"]
    assert {(line.grade, line.hint) for line in lines} == {("ok", None)}
    assert "sound" in lines[2].words
    assert "titles have a vector" in lines[4].words


def test_nothing_is_made_or_changed(premises, tmp_path):
    before = premises.database.read_bytes()
    look_at_folder(premises)
    look_at_folder(premises_in(tmp_path / "new"))
    assert (premises.database.read_bytes(), (tmp_path / "new").exists()) == (before, False)


# Folder and disk


def test_before_the_first_start_there_is_neither_folder_nor_database(tmp_path):
    lines = look_at_folder(premises_in(tmp_path / "new" / "data"))
    assert [(line.area, line.grade) for line in lines] == [
        ("folder", "warning"),
        ("disk", "ok"),
        ("database", "warning"),
    ]


def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path):
    (tmp_path / "data").touch()
    line = told(premises_in(tmp_path / "data"), "folder")
    assert (line.grade, "cannot be written (Not a directory)" in line.words) == ("problem", True)
    assert "DOUBLEBILL_DATA_DIR" in line.hint


def test_a_folder_that_others_may_write_is_a_warning(premises):
    premises.data_dir.chmod(0o777)
    assert told(premises, "folder").hint == f"Run: chmod go-w {premises.data_dir}"


@pytest.mark.parametrize(("free", "grade"), [(10**10, "ok"), (5 * 10**8, "warning"), (10**8, "problem")])
def test_little_room_is_told_before_there_is_none(premises, free, grade):
    line = told(replace(premises, free_bytes=lambda _: free), "disk")
    assert (line.grade, line.words) == (grade, f"{free / 1e6:,.0f} MB are free")
    assert (line.hint is None) is (grade == "ok")


def test_a_disk_that_does_not_answer_is_a_problem(premises):
    def refuse(_: Path) -> int:
        raise OSError(errno.EIO, "Input/output error")

    assert "Input/output error" in told(replace(premises, free_bytes=refuse), "disk").words


def test_the_room_is_that_of_the_disk(tmp_path):
    assert free_bytes(tmp_path) == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.05)


# Database


STRAY = "CREATE TABLE stray (id REFERENCES person (person_id)); INSERT INTO stray VALUES ('-');"


def change(premises: Premises, script: str) -> None:
    with closing(sqlite3.connect(premises.database)) as connection:
        connection.executescript(script)


@pytest.mark.parametrize(
    ("script", "grade", "words"),
    [
        ("PRAGMA user_version = 999", "problem", "written by a newer doublebill"),
        ("PRAGMA user_version = 1", "warning", "older than this doublebill"),
        ("PRAGMA application_id = 7", "problem", "no database of doublebill"),
        (STRAY, "problem", "damaged: row 1 of stray belongs to a row of person"),
    ],
)
def test_a_database_that_cannot_be_used_as_it_is_is_told_and_not_opened(premises, script, grade, words):
    change(premises, script)
    line = told(premises, "database")
    assert (line.grade, words in line.words, bool(line.hint)) == (grade, True, True)
    assert told(premises, "syncs") is None


def test_a_database_that_is_past_reading_is_a_problem(premises):
    premises.database.write_bytes(b"a letter to a friend, " * 999)
    line = told(premises, "database")
    assert (line.grade, "not a database" in line.words) == ("problem", True)


# Syncs


def test_before_the_first_sync_it_says_how_to_have_one(tmp_path):
    open_store(tmp_path / "doublebill.db").close()
    line = told(premises_in(tmp_path), "syncs")
    assert (line.grade, line.words) == ("warning", "No full sync has succeeded yet")


def test_a_sync_that_failed_is_a_problem_in_its_own_words(premises):
    with closing(open_store(premises.database)) as store:
        run = store.begin_sync(SyncKind.LIGHT, NOW)
        store.finish_sync(run, NOW, SyncStatus.ERROR, "Jellyfin: cannot be reached", {})
    line = told(premises, "syncs")
    assert (line.grade, "Jellyfin: cannot be reached" in line.words) == ("problem", True)


def test_a_full_sync_that_is_long_ago_is_a_warning(premises):
    line = told(replace(premises, now=lambda: NOW + timedelta(days=9)), "syncs")
    assert (line.grade, "2026-03-01" in line.words) == ("warning", True)


# Model


def test_a_model_that_is_wanted_and_not_here_yet_is_a_warning(premises):
    line = told(premises_in(premises.data_dir, "embeddinggemma"), "model")
    assert line.grade == "warning"
    assert line.words.startswith(f"embeddinggemma is wanted, and {SMALL.model_id} serves")
    assert "doublebill models use embeddinggemma" in line.hint


def test_a_bundled_model_that_does_not_load_is_a_problem(premises):
    def refuse() -> HashingEmbedder:
        raise EmbeddingError("the graph is gone", hint="Install doublebill again.")

    line = told(premises_in(premises.data_dir, model=replace(SMALL, open=refuse)), "model")
    assert line == Line("model", "problem", "the graph is gone", "Install doublebill again.")


def test_a_model_whose_files_do_not_describe_it_is_a_problem(premises):
    folder = ModelFolder(premises.data_dir / "models")
    folder.pin("ours--model", "main")
    folder.seal("ours--model", ModelSnapshot("main", ()))
    assert told(premises_in(premises.data_dir, "ours/model"), "model").grade == "problem"


def test_another_model_that_serves_is_not_loaded(premises):
    with closing(open_store(premises.database)) as store:
        store.remember(SERVING, "another@1/d3/t1")
    line = told(premises, "model")
    assert (line.grade, "another@1/d3/t1 serves until it is ready" in line.words) == ("warning", True)
