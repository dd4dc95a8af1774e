import json
from datetime import timedelta

import pytest

from doublebill.core.wish import Wish
from doublebill.errors import Conflict, StoreError
from doublebill.model import HOUSEHOLD, Formula, Hide, Kind, TitleKey, Weights
from doublebill.store import open_store
from doublebill.sync.edition import EVERYBODY
from doublebill.sync.engine import people_of
from doublebill.sync.export import export
from doublebill.sync.feedback import hide, mark_watched, take_out
from doublebill.sync.legacy import Terms, take_over
from sync.house import NOW, House, dead_line, sync
from sync.taking_over import state

DOCUMENTED = [
    *("watch_history.json", "items.json", "candidates.json", "all_scores.json", "recommendations.json"),
    *("disliked_items.json", "tuner_settings.json"),
]
MARKED = TitleKey(Kind.TV, 1)


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory):
    """A house that was synced, where people hid, marked and took out titles; and what it exports."""
    house, folder = House(), tmp_path_factory.mktemp("moving")
    store = open_store(folder / "one.db")
    engine = house.engine(store)
    sync(engine)
    live(engine)
    export(engine, folder / "out", EVERYBODY)
    yield house, engine, folder / "out"
    store.close()


def live(engine):
    anna, ben = engine.edition.person("Anna"), engine.edition.person("Ben")
    picks = engine.recommend(anna, Wish(4))
    hide(engine, anna, picks[0].title.key)
    hide(engine, EVERYBODY, picks[1].title.key)
    engine.store.hide(Hide(ben.person_id, picks[2].title.key, NOW - timedelta(days=99), NOW - timedelta(days=1)))
    mark_watched(engine, ben, picks[3].title.key)
    mark_watched(engine, EVERYBODY, MARKED)
    take_out(engine, anna, next(iter(engine.edition.profile(anna).watched)))
    engine.store.save_weights(anna.person_id, Weights(3, 2, 1, 0.5, formula=Formula.CLASSIC))
    engine.store.save_weights(HOUSEHOLD, Weights(1, 1, 0, 0))
    engine.renew()


def read(lived_in, name):
    return json.loads((lived_in[2] / name).read_text(encoding="utf-8"))


def picks_of(engine):
    return [
        [
            (pick.title.key, pick.scores, pick.reasons)
            for person in people_of(engine.edition)
            for pick in engine.recommend(person, Wish(50, weights=weights))
        ]
        for weights in (Weights(), Weights(1, 3, 1, 1))
    ]


def test_every_documented_file_is_written_and_nothing_else_but_two(lived_in):
    names = {path.name for path in lived_in[2].iterdir()}
    assert names == {*DOCUMENTED, "tmdb_fetch_cache.json", "doublebill.json"}
    assert {path.stat().st_mode & 0o777 for path in lived_in[2].iterdir()} == {0o600}


def test_everybodys_history_is_written_with_every_documented_key(lived_in):
    history = read(lived_in, "watch_history.json")
    people = {person.person_id: person.name for person in lived_in[1].store.people()}
    assert {user_id: of["user_name"] for user_id, of in history.items()} == {**people, HOUSEHOLD: HOUSEHOLD}
    rows = [row for of in history.values() for row in of["history"]]
    assert {row["type"] for row in rows} == {"Movie", "Episode", "Series"}
    keys = "item_id name type overview year genres tags community_rating official_rating studios runtime_minutes"
    keys += " date_created provider_ids play_count playback_position last_played is_favorite is_watched"
    keys += " played_percentage user_rating actors directors"
    assert all(set(keys.split()) <= set(row) for row in rows)
    assert {row["tmdb_id"] for row in history[HOUSEHOLD]["history"] if row["manual"]} == {MARKED.tmdb_id}
    assert {(row["provider_ids"] == {}, "series_id" in row) for row in rows if row["type"] == "Episode"} == {
        (True, True)
    }


def test_the_library_is_parted_by_kind_and_names_tmdb_ids_as_text(lived_in):
    items = read(lived_in, "items.json")
    assert list(items) == ["movies", "series", "episodes"]
    assert all(isinstance(row["tmdb_id"], str | None) for rows in items.values() for row in rows)
    assert all(row["series_id"] and row["season_number"] for row in items["episodes"])


def test_candidates_name_what_they_were_recommended_by(lived_in):
    found = read(lived_in, "candidates.json")
    assert found["total_candidates"] == len(found["candidates"]) == lived_in[1].edition.candidate_count
    strongest = max(found["candidates"], key=lambda row: row["recommendation_strength"])
    assert len(strongest["recommended_because"]) == strongest["recommendation_strength"] > 1
    assert {row["type"] for row in found["candidates"]} == {"movie", "tv"}
    assert all(isinstance(row["year"], str) for row in found["candidates"])


def test_scores_and_recommendations_are_those_of_the_page(lived_in):
    engine = lived_in[1]
    weights = engine.weights_of(EVERYBODY)
    picks = engine.recommend(EVERYBODY, Wish(500, weights=weights))
    scores, picked = read(lived_in, "all_scores.json"), read(lived_in, "recommendations.json")
    assert picked["count"] == len(picks) == len(picked["recommendations"])
    for pick, row in zip(picks, picked["recommendations"], strict=True):
        assert (row["tmdb_id"], row["type"], row["scores"]["hybrid"]) == (
            pick.title.key.tmdb_id,
            pick.title.key.kind,
            pick.scores.hybrid,
        )
        assert scores[str(row["tmdb_id"])]["hybrid"] >= row["scores"]["hybrid"]
        assert row["recommended_because"]


def test_only_active_hides_are_written_in_local_time_without_a_zone(lived_in):
    rows = read(lived_in, "disliked_items.json")
    anna = lived_in[1].edition.person("Anna").person_id
    assert {row["user_id"] for row in rows} == {anna, HOUSEHOLD}
    until = NOW.astimezone().replace(tzinfo=None)
    assert all(row["timestamp"] == until.isoformat() and row["title"] for row in rows)


def test_weights_are_written_as_they_are(lived_in):
    weights = {"content_weight": 1, "collaborative_weight": 1, "quality_weight": 0, "confidence_weight": 0}
    assert read(lived_in, "tuner_settings.json") == weights


def test_lists_begin_with_the_similar_titles(lived_in):
    lists = read(lived_in, "tmdb_fetch_cache.json")
    sources = [[row["source"] for row in rows] for rows in lists.values()]
    assert all(each == sorted(each, reverse=True) for each in sources)
    assert {"similar", "recommendations"} == {source for each in sources for source in each}


def test_an_export_into_an_empty_folder_gives_the_same_recommendations(lived_in, tmp_path):
    _, engine, folder = lived_in
    new, store = House(), open_store(tmp_path / "two.db")
    new.tmdb.fault = lambda _: dead_line
    take_over(folder, store, Terms(NOW))
    moved = new.engine(store)
    sync(moved, kind="light")
    assert picks_of(moved) == picks_of(engine)
    assert [moved.weights_of(each) for each in people_of(moved.edition)] == [
        engine.weights_of(each) for each in people_of(engine.edition)
    ]
    assert not any(take_over(folder, store, Terms(NOW)).new.values())
    store.close()


def test_an_export_of_what_was_imported_is_the_same_export(lived_in, tmp_path):
    house, engine, folder = lived_in
    store = open_store(tmp_path / "two.db")
    take_over(folder, store, Terms(NOW))
    moved = house.engine(store)
    export(moved, tmp_path / "again", EVERYBODY)
    for name in (
        "watch_history.json",
        "items.json",
        "disliked_items.json",
        "tuner_settings.json",
        "tmdb_fetch_cache.json",
    ):
        assert json.loads((tmp_path / "again" / name).read_text()) == json.loads((folder / name).read_text()), name
    assert state(store)["people"] == state(engine.store)["people"]
    assert store.held() == engine.store.held()
    store.close()


def test_an_earlier_export_is_replaced_and_what_else_stands_there_stays(lived_in, tmp_path):
    _, engine, _ = lived_in
    export(engine, tmp_path / "out", EVERYBODY)
    (tmp_path / "out" / "notes.txt").write_text("mine")
    (tmp_path / "out" / "tuner_settings.json").write_text("old")
    export(engine, tmp_path / "out", EVERYBODY)
    assert "content_weight" in (tmp_path / "out" / "tuner_settings.json").read_text()
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


def test_a_folder_with_other_things_is_used_only_if_that_is_wanted(lived_in, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(Conflict, match="not empty"):
        export(lived_in[1], tmp_path, EVERYBODY)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    export(lived_in[1], tmp_path, EVERYBODY, into_any=True)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_data_folder_or_a_file_is_never_written_to(lived_in, tmp_path):
    (tmp_path / "doublebill.db").touch()
    with pytest.raises(Conflict, match="holds a database"):
        export(lived_in[1], tmp_path, EVERYBODY, into_any=True)
    with pytest.raises(Conflict, match="is a file"):
        export(lived_in[1], tmp_path / "doublebill.db", EVERYBODY)


def test_an_export_that_cannot_be_written_leaves_the_earlier_one_whole(lived_in, tmp_path):
    export(lived_in[1], tmp_path, EVERYBODY)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    (tmp_path / ".doublebill-export").symlink_to("nowhere")
    with pytest.raises(StoreError, match="cannot be written"):
        export(lived_in[1], tmp_path, EVERYBODY)
    (tmp_path / ".doublebill-export").unlink()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_export_that_was_cut_short_is_begun_anew(lived_in, tmp_path):
    (tmp_path / ".doublebill-export").mkdir()
    (tmp_path / ".doublebill-export" / "items.json").write_text("half")
    export(lived_in[1], tmp_path, EVERYBODY)
    assert not (tmp_path / ".doublebill-export").exists()
    json.loads((tmp_path / "items.json").read_text())
