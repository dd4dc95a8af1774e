import json
import logging
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from doublebill.errors import ImportRefused
from doublebill.model import HOUSEHOLD, Observation, Person, SyncKind, SyncStatus, Weights
from doublebill.store import open_store
from doublebill.sync.legacy import TAKEN_OVER, take_over_once
from sync import legacy_folder as folders
from sync.house import NOW, films_and_series, sync
from sync.legacy_folder import ANNA, BEN, EPISODES, LOST, SERIES
from sync.taking_over import TERMS, movie, state, take, tv, watches_of

TESTS = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path):
    return folders.write(tmp_path / "old")


# What is taken


def test_everybody_gets_their_own_history_under_jellyfins_id(folder, store):
    take(folder, store)
    assert store.people() == [Person(ANNA, "Anna"), Person(BEN, "Bén")]
    assert set(watches_of(store, ANNA)) == {movie(603), tv(1399), movie(605)}
    assert set(watches_of(store, BEN)) == {tv(605), movie(77)}


def test_a_watch_keeps_what_was_said_of_it(folder, store):
    take(folder, store)
    loop, lost = watches_of(store, ANNA)[movie(603)], watches_of(store, BEN)[movie(77)]
    assert (loop.completion, loop.is_favorite) == (1.0, True)
    assert loop.last_played_at == datetime(2025, 11, 2, 20, 15, 30, 123456, tzinfo=UTC)
    assert (lost.plays, lost.rating) == (3, 9.0)


def test_episodes_fold_into_their_series_by_id_or_by_name_and_never_by_their_own_ids(folder, store):
    take(folder, store)
    items = {item.item_id: item for item in store.items()}
    assert {items[item_id].key for item_id in EPISODES} == {tv(1399)}
    assert {items[item_id].tmdb_id for item_id in EPISODES} == {None}
    harbour = watches_of(store, ANNA)[tv(1399)]
    assert (harbour.episodes, harbour.completion) == (2, pytest.approx((1 + 0.5 + 1) / 3))


def test_a_row_by_hand_is_its_own_title_at_local_time(folder, store):
    take(folder, store)
    by_hand = watches_of(store, ANNA)[movie(605)]
    assert by_hand.by_hand
    assert by_hand.last_played_at == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


def test_the_library_is_held_and_what_was_only_watched_is_not(folder, store):
    take(folder, store)
    assert store.held() == {movie(603), movie(88), tv(1399)}
    items = {item.item_id: item for item in store.items()}
    assert items[SERIES].tvdb_id == 121361
    assert items[LOST].key == movie(77)


def test_a_film_and_a_series_of_one_number_stay_two_titles(folder, store):
    take(folder, store)
    found = store.titles([movie(605), tv(605)])
    assert {key: found[key].title for key in found} == {movie(605): "Film 605", tv(605): "Series 605"}
    assert [credit.role for credit in found[tv(605)].credits] == ["cast", "creator"]
    assert (found[movie(605)].runtime_min, found[tv(605)].runtime_min) == (120, 45)
    assert (found[movie(605)].year, found[movie(605)].keywords) == (2010, ("sea", "night"))


def test_what_was_watched_is_known_by_what_jellyfin_said_of_it(folder, store):
    take(folder, store)
    loop = store.titles([movie(603)])[movie(603)]
    assert (loop.title, loop.year, loop.genres) == ("The Loop", 1999, ("Drama",))


def test_a_list_is_parted_into_similar_titles_and_recommendations(folder, store):
    take(folder, store)
    edges = store.edge_columns()
    rows = list(zip(edges.sources.tolist(), edges.targets.tolist(), edges.is_recommendation.tolist(), strict=True))
    of_loop = [(target // 2, is_recommendation) for source, target, is_recommendation in rows if source == 2 * 603]
    assert of_loop == [(606, True), (605, True), *((2000 + n, False) for n in range(19)), (606, False)]
    assert (2 * 1399 + 1, 2 * 605 + 1, False) in rows


def test_the_next_full_sync_refreshes_every_title(folder, store):
    take(folder, store)
    assert {NOW - fetched > timedelta(days=30) for fetched in store.detail_ages().values() if fetched} == {True}


def test_active_hides_are_the_households_and_old_ones_last_120_days(folder, store):
    take(folder, store)
    hides = {hide.key: hide for hide in store.hides(HOUSEHOLD, NOW)}
    assert set(hides) == {movie(606), tv(700)}
    assert hides[movie(606)].until == datetime(2026, 6, 1, 10, 0, 0, 1, tzinfo=UTC)
    assert hides[tv(700)].until == datetime(2026, 1, 15, 11, tzinfo=UTC) + timedelta(days=120)
    assert store.titles([tv(700)])[tv(700)].title == "Hidden 700"


def test_weights_are_taken_as_they_are(folder, store):
    take(folder, store)
    assert store.weights(HOUSEHOLD) == Weights(0.8, 0.6, 0.4, 0.1)


@pytest.mark.parametrize("name", ["anna", ANNA])
def test_hides_and_weights_are_also_those_of_whom_the_page_opens_for(folder, store, name):
    take(folder, store, default_user=name)
    assert {hide.key for hide in store.hides(ANNA, NOW)} == {movie(606), tv(700)}
    assert store.weights(ANNA) == store.weights(HOUSEHOLD)
    assert store.weights(BEN) is None


def test_the_time_of_the_last_full_sync_is_the_later_of_the_two_that_are_told(folder, store):
    take(folder, store)
    last = store.last_success(SyncKind.FULL)
    assert last.started_at == datetime.fromtimestamp(1772150000, UTC)


def test_a_start_soon_after_the_last_full_sync_calls_for_a_light_one(folder, store, house):
    take(folder, store)
    assert house.engine(store).due_sync() is SyncKind.LIGHT


def test_without_a_title_the_last_full_sync_does_not_delay_the_next_one(folder, store):
    (folder / "candidates.json").unlink()
    take(folder, store)
    assert store.last_success(SyncKind.FULL) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-27T10:00:00+01:00", datetime(2026, 2, 27, 9, tzinfo=UTC)),
        ("\ufeff2026-02-27T10:00:00\n", datetime(2026, 2, 27, 9, tzinfo=UTC)),
        ("1772150000.5", datetime.fromtimestamp(1772150000.5, UTC)),
        ("2999-01-01", None),
        ("1e300", None),
        ("nan", None),
        ("soon", None),
    ],
)
def test_the_time_of_the_last_full_sync_is_text_or_seconds_and_never_to_come(folder, store, text, moment):
    (folder / "update_status.json").write_text('{"status": "error", "last_update": "2026-02-28"}')
    (folder / "last_full_sync.txt").write_text(text, encoding="utf-8")
    take(folder, store)
    last = store.last_success(SyncKind.FULL)
    assert (last and last.started_at) == moment


# Once, and without a trace


def test_a_second_import_changes_nothing(folder, store):
    take(folder, store)
    before = state(store)
    report = take(folder, store, now=NOW + timedelta(hours=1))
    assert state(store) == before
    assert not any(report.new.values())
    assert list(report.lines)[-1] == "New here: nothing, all of it was known"


def test_no_file_is_touched(folder, store):
    before = folders.traces(folder)
    take(folder, store)
    assert folders.traces(folder) == before


def test_a_read_only_folder_will_do(folder, store):
    for path in folder.iterdir():
        path.chmod(0o400)
    folder.chmod(0o500)
    assert take(folder, store).new["titles"]
    folder.chmod(0o700)


def test_a_dry_run_tells_the_same_and_keeps_nothing(folder, store):
    empty = state(store)
    told = take(folder, store, is_dry_run=True, is_at_home=True)
    assert state(store) == empty
    assert store.recall(TAKEN_OVER) is None
    assert told.as_json == take(folder, store).as_json


def test_what_is_known_better_here_stays(folder, store, house):
    take(folder, store)
    store.save_weights(HOUSEHOLD, Weights(1, 0, 0, 0))
    store.unhide(HOUSEHOLD, movie(606))
    watched = store.observations(ANNA)[0]
    store.append([replace(watched, removed=True)])
    store.record([replace(told, play_count=7, is_favorite=False) for told in store.observations(BEN)])
    report = take(folder, store)
    assert store.weights(HOUSEHOLD) == Weights(1, 0, 0, 0)
    assert movie(603) not in watches_of(store, ANNA)
    assert report.new["watches"] == 0
    assert report.new["hides"] == 1


def test_a_watch_that_jellyfin_has_forgotten_is_added_to_what_is_known_of_the_item(folder, store):
    store.record([Observation(BEN, LOST, NOW, play_count=1, position=0.2, rating=3.0)])
    take(folder, store)
    lost = watches_of(store, BEN)[movie(77)]
    assert (lost.completion, lost.plays, lost.rating) == (1.0, 3, 3.0)
    assert take(folder, store).new["watches"] == 0


def test_the_next_sync_finds_the_same_people_and_changes_no_watch(house, store, tmp_path):
    anna = house.world.person_id("Anna")
    history = {
        anna: {"user_name": "Old name", "history": [folders.entry("manual_1", "Old", "Movie", manual=True, tmdb_id=1)]}
    }
    take(folders.write(tmp_path / "old", {**folders.sound_files(), "watch_history.json": history}), store)
    assert sync(house.engine(store), SyncKind.LIGHT).status is SyncStatus.SUCCESS
    assert [person.name for person in store.people()] == ["Anna", "Ben", "Cem"]
    assert movie(1) in watches_of(store, anna)


def test_a_light_sync_embeds_what_was_taken_over(folder, store, house):
    take(folder, store)
    engine = house.engine(store)
    assert sync(engine, SyncKind.LIGHT).status is SyncStatus.SUCCESS
    assert {movie(603), movie(605), movie(606), tv(605)} <= set(store.text_hashes(house.embedder.model_id))
    assert list(engine.runner.progress.steps) == ["history", "embed", "publish"]
    assert house.tmdb.calls == []


def test_the_next_full_sync_asks_about_a_hidden_title_of_which_only_the_name_is_known(house, store, tmp_path):
    fargo = next(title.key for title in films_and_series() if title.title == "Fargo")
    rows = [folders.hidden(fargo.tmdb_id, fargo.kind, "2026-02-01T12:00:00", None)]
    take(folders.write(tmp_path / "old", {"disliked_items.json": rows}), store)
    sync(house.engine(store))
    assert store.titles([fargo])[fargo].title == "Fargo"
    assert fargo in store.text_hashes(house.embedder.model_id)


def test_a_kill_in_the_middle_leaves_everything_or_nothing(folder, tmp_path):
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from doublebill.store import SqliteStore, open_store; from sync.taking_over import TERMS, take_over\n"
        "class Doomed(SqliteStore):\n"
        "    def save_weights(self, *_): os.kill(os.getpid(), signal.SIGKILL)\n"
        "store = open_store(Path(sys.argv[1])); store.__class__ = Doomed\n"
        "take_over(Path(sys.argv[2]), store, TERMS)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "killed.db"), str(folder)]
    done = subprocess.run(command, env={"PYTHONPATH": str(TESTS)}, capture_output=True, timeout=60, check=False)
    assert done.returncode == -9, done.stderr
    store = open_store(tmp_path / "killed.db")
    assert (store.people(), store.items(), store.detail_ages()) == ([], [], {})
    assert take(folder, store).new["people"] == 2
    store.close()


# Which folders, and when


def test_a_folder_of_something_else_is_refused(tmp_path, store):
    (tmp_path / "sync.log").touch()
    with pytest.raises(ImportRefused, match="nothing of an earlier system"):
        take(tmp_path, store)
    with pytest.raises(ImportRefused, match="cannot be read as a folder"):
        take(tmp_path / "nowhere", store)


def test_a_file_that_is_there_and_cannot_be_read_ends_the_import_before_it_begins(folder, store):
    (folder / "items.json").unlink()
    (folder / "items.json").symlink_to("items.json")
    with pytest.raises(ImportRefused, match=r"items\.json cannot be read"):
        take(folder, store)
    assert store.people() == []


def test_the_data_folder_is_taken_over_once_and_never_again(folder, store, caplog):
    caplog.set_level(logging.INFO)
    assert take_over_once(folder, store, TERMS).new["people"] == 2
    assert "candidates.json: 3 titles" in caplog.text
    assert json.loads(store.recall(TAKEN_OVER))["new"]["people"] == 2
    store.unhide(HOUSEHOLD, movie(606))
    assert take_over_once(folder, store, TERMS) is None
    assert movie(606) not in {hide.key for hide in store.hides(HOUSEHOLD, NOW)}


def test_an_empty_data_folder_is_none_of_an_earlier_system(tmp_path, store):
    assert take_over_once(tmp_path, store, TERMS) is None
    assert store.recall(TAKEN_OVER) is None


def test_a_data_folder_that_cannot_be_taken_over_yet_is_tried_again(folder, store, caplog):
    (folder / ".doublebill-export").mkdir()
    assert take_over_once(folder, store, TERMS) is None
    assert "Nothing was taken over yet" in caplog.text
    (folder / ".doublebill-export").rmdir()
    assert take_over_once(folder, store, TERMS) is not None
