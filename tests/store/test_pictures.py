"""The folder of pictures: limited in size and age, whole files only, and no name that leads out of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from doublebill.errors import StoreError
from doublebill.model import PictureKey
from doublebill.store.pictures import KEPT_FOR, PictureFolder

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEN = b"0123456789"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **duration: float) -> None:
        self.now += timedelta(**duration)


def key(number: int) -> PictureKey:
    return PictureKey("w342", f"picture{number:05}.jpg")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "images"


@pytest.fixture
def folder(path: Path, clock: Clock) -> PictureFolder:
    return PictureFolder(path, 30, clock)


def files(path: Path) -> set[str]:
    return {file.name for file in path.rglob("*") if file.is_file()}


def test_what_is_put_in_comes_back_also_after_a_restart(folder, path, clock):
    assert folder.get(key(1)) is None
    folder.put(key(1), TEN)
    assert folder.get(key(1)) == TEN
    assert PictureFolder(path, 30, clock).get(key(1)) == TEN
    assert folder.get(PictureKey("w500", key(1).name)) is None
    assert files(path) == {key(1).name}


def test_a_picture_that_comes_again_takes_the_place_of_the_first(folder, path):
    for content in (TEN, TEN[::-1], TEN):
        folder.put(key(1), content)
    folder.put(key(2), TEN)
    folder.put(key(3), TEN)
    assert folder.get(key(1)) == TEN
    assert len(files(path)) == 3


def test_the_least_recently_used_goes_first(folder, path):
    for number in (1, 2, 3):
        folder.put(key(number), TEN)
    folder.get(key(1))
    folder.put(key(4), TEN)
    assert folder.get(key(2)) is None
    assert files(path) == {key(number).name for number in (1, 3, 4)}


def test_what_was_used_is_known_after_a_restart(folder, path, clock):
    for number in (1, 2, 3):
        folder.put(key(number), TEN)
    clock.pass_time(hours=2)
    folder.get(key(1))
    again = PictureFolder(path, 30, clock)
    again.put(key(4), TEN)
    assert again.get(key(1)) == TEN
    assert len(files(path)) == 3


def test_a_smaller_limit_counts_from_the_next_start(folder, path, clock):
    for number in (1, 2, 3):
        folder.put(key(number), TEN)
    assert PictureFolder(path, 10, clock).get(key(9)) is None
    assert len(files(path)) == 1


def test_what_is_too_large_or_not_wanted_is_not_kept(folder, path, clock):
    folder.put(key(1), TEN * 4)
    PictureFolder(path, 0, clock).put(key(2), TEN)
    assert not path.exists()


def test_nothing_is_kept_for_longer_than_half_a_year_however_often_it_is_used(folder, path, clock):
    folder.put(key(1), TEN)
    for _ in range(KEPT_FOR.days - 1):
        clock.pass_time(days=1)
        assert folder.get(key(1)) == TEN
    folder.put(key(2), TEN)
    clock.pass_time(days=1)
    assert folder.get(key(1)) is None
    assert files(path) == {key(2).name}


def test_what_grew_old_while_nothing_ran_goes_at_the_start(folder, path, clock):
    folder.put(key(1), TEN)
    clock.pass_time(days=200)
    PictureFolder(path, 30, clock).get(key(2))
    assert files(path) == set()


def test_what_a_kill_left_unfinished_is_removed_and_what_is_not_ours_stays(folder, path, clock):
    folder.put(key(1), TEN)
    (path / "w342" / "tmp123.part").write_bytes(TEN)
    (path / "w342" / "notes.txt").write_bytes(TEN)
    assert PictureFolder(path, 30, clock).get(key(1)) == TEN
    assert files(path) == {key(1).name, "notes.txt"}


def test_a_folder_that_somebody_emptied_is_filled_again(folder, path):
    folder.put(key(1), TEN)
    (path / "w342" / key(1).name).unlink()
    assert folder.get(key(1)) is None
    folder.put(key(1), TEN)
    assert folder.get(key(1)) == TEN


def test_folder_and_files_are_for_their_owner_alone(folder, path):
    folder.put(key(1), TEN)
    assert (path / "w342").stat().st_mode & 0o077 == 0
    assert (path / "w342" / key(1).name).stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_a_store_error_and_leaves_nothing(folder, path):
    path.parent.mkdir()
    path.write_bytes(b"a file where the folder should be")
    with pytest.raises(StoreError):
        folder.put(key(1), TEN)


def test_a_picture_that_cannot_be_put_in_place_leaves_nothing_behind(folder, path):
    (path / "w342" / key(1).name).mkdir(parents=True)
    with pytest.raises(StoreError):
        folder.put(key(1), TEN)
    assert files(path) == set()
    assert [file.name for file in (path / "w342").iterdir()] == [key(1).name]
