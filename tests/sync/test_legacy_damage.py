import json
import pickle

import numpy as np
import pytest

from doublebill.model import HOUSEHOLD, Weights
from doublebill.store import open_store
from sync import legacy_folder as folders
from sync.taking_over import movie, state, take


@pytest.fixture
def folder(tmp_path):
    return folders.write(tmp_path / "old")


def skipped(report, file):
    return {reason: entry.count for reason, entry in report.accounts[file].skipped.items()}


def test_every_broken_row_is_skipped_and_the_rest_is_as_from_a_sound_folder(folder, store, tmp_path):
    take(folder, store)
    damaged = folders.write(tmp_path / "damaged", folders.damaged_files())
    other = open_store(tmp_path / "other.db")
    report = take(damaged, other)
    assert state(other) == state(store)
    assert skipped(report, "watch_history.json") == {
        "not an object": 4,
        "rows: item without id": 2,
        "rows: not a film, series or episode": 1,
        "rows: without a TMDB id": 1,
        "rows: nothing was done with the item": 1,
        "rows of an item that was there before: what they say together was taken": 1,
        "people without an id or a history": 1,
    }
    assert skipped(report, "candidates.json") == {
        "not an object": 2,
        "rows of a title that was there before": 1,
        "rows without a TMDB id": 2,
        "rows without a title": 1,
        "rows that are neither movie nor tv": 2,
    }
    assert sum(skipped(report, "disliked_items.json").values()) == 7
    other.close()


def test_a_report_says_where_the_first_bad_rows_of_each_sort_stand(tmp_path, store):
    rows = [folders.title(n, "") for n in range(1, 9)]
    folder = folders.write(tmp_path / "old", {"candidates.json": {"candidates": rows}})
    report = take(folder, store)
    assert "  skipped: 8 rows without a title (row 1, row 2, row 3, row 4, row 5 and 3 more)" in report.lines
    assert report.as_json["files"][0]["skipped"][0]["count"] == 8


FILES = ["watch_history.json", "items.json", "candidates.json", "disliked_items.json", "tuner_settings.json"]
FILES += ["tmdb_fetch_cache.json", "update_status.json", "last_full_sync.txt"]

SPOILT = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "blank": lambda path: path.write_bytes(b" \n\0\0"),
    "noise": lambda path: path.write_bytes(bytes(range(256)) * 9),
    "a list": lambda path: path.write_text("[[[]]]"),
    "a number": lambda path: path.write_text("7"),
    "null": lambda path: path.write_text("null"),
    "deep": lambda path: path.write_text("[" * 200_000),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("damage", SPOILT)
@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_of_no_use_costs_only_itself(folder, store, file, damage):
    SPOILT[damage](folder / file)
    new = take(folder, store).new
    assert new["titles"] or file == "candidates.json"
    assert new["watches"] or file == "watch_history.json"
    assert new["hides"] or file == "disliked_items.json"
    assert new["library items"]


@pytest.mark.parametrize("file", FILES[:6])
def test_of_a_file_that_is_cut_short_the_whole_rows_are_taken_wherever_it_ends(folder, store, file):
    text = (folder / file).read_bytes()
    for end in range(2, len(text), max(1, len(text) // 12)):
        (folder / file).write_bytes(text[:end])
        report = take(folder, store, is_dry_run=True)
        assert any("cut short" in note for note in report.accounts[file].notes)
    assert report.accounts[file].taken.total()


def test_what_stands_before_the_damage_is_taken_row_by_row(tmp_path, store):
    rows = json.dumps([folders.title(n, f"Ééé {n}") for n in range(1, 11)], ensure_ascii=False)
    text = f'{{"generated_at": null, "candidates": {rows}}}'.encode()
    folder = folders.write(tmp_path / "old", {"candidates.json": {}})
    (folder / "candidates.json").write_bytes(text[: text.rindex("é".encode()) + 1])
    assert take(folder, store).new["titles"] == 9
    (folder / "candidates.json").write_bytes(text.replace(b'"title": "\xc3\x89\xc3\xa9\xc3\xa9 6"', b"&&&"))
    assert take(folder, store).accounts["candidates.json"].taken["titles"] == 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_any_usual_encoding_is_read(folder, store, encoding):
    for file in FILES[:6]:
        text = json.dumps(json.loads((folder / file).read_text()), ensure_ascii=False)
        (folder / file).write_bytes(text.encode(encoding))
    take(folder, store)
    assert [person.name for person in store.people()] == ["Anna", "Bén"]


def test_numbers_without_end_and_without_sense_are_no_numbers(tmp_path, store, house):
    text = json.dumps({"candidates": [folders.title(5, "Huge", vote_count=0, popularity=0, runtime=0, year="1")]})
    folder = folders.write(tmp_path / "old", {"tuner_settings.json": {"content_weight": 1e300, "quality_weight": 0.5}})
    for old, new in (('"vote_count": 0', f'"vote_count": {"9" * 5000}'), ('"popularity": 0', '"popularity": Infinity')):
        text = text.replace(old, new)
    (folder / "candidates.json").write_text(text.replace('"runtime": 0', '"runtime": 1e999'))
    report = take(folder, store)
    huge = store.titles([movie(5)])[movie(5)]
    assert (huge.vote_count, huge.vote_average, huge.popularity, huge.runtime_min, huge.year) == (
        0,
        None,
        None,
        None,
        None,
    )
    assert store.weights(HOUSEHOLD) == Weights(0.4, 0.3, 0.5, 0.1)
    assert skipped(report, "tuner_settings.json") == {"weights that are none: the default one stands in": 3}
    assert len(house.engine(store).edition.catalogue) == 1


@pytest.mark.parametrize("value", [0, -1, None, "many", float("nan"), []])
def test_weights_of_which_none_is_one_are_none(folder, store, value):
    parts = ("content", "collaborative", "quality", "confidence")
    (folder / "tuner_settings.json").write_text(json.dumps({f"{name}_weight": value for name in parts}))
    take(folder, store)
    assert store.weights(HOUSEHOLD) is None


# The pickle


def test_a_hostile_pickle_leaves_no_trace_and_is_told(folder, store, tmp_path):
    (folder / "embeddings.pkl").write_bytes(pickle.dumps(folders.Hostile(tmp_path / "trace")))
    report = take(folder, store)
    assert not (tmp_path / "trace").exists()
    assert report.accounts["embeddings.pkl"].notes == ["refused: it asks for builtins.exec; nothing of it was run"]


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (folders.ASKS_FOR_OS, "refused: it asks for os.system; nothing of it was run"),
        (b"(S'x'\nios\nsystem\n.", "refused: it asks for os.system; nothing of it was run"),
        (b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93.", "refused: it asks for os.system; nothing of it was run"),
        (
            b"\x80\x04\x8c\x02os\x94\x8c\x01x\x94h\x00\x8c\x06system\x93.",
            "refused: it asks for os.system; nothing of it was run",
        ),
        (
            b"\x80\x04\x8c\x05numpy\x8c\x07ndarrayNN00\x93.",
            "refused: it asks for something.something; nothing of it was run",
        ),
        (b"\x80\x04\x82\x01.", "refused: it asks for something outside of it; nothing of it was run"),
        (b"", "left alone: it is no whole pickle (pickle exhausted before seeing STOP)"),
        (b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7f.", "left alone: it is no whole pickle"),
        (b"<html>", "left alone: it is no whole pickle"),
    ],
)
def test_what_a_pickle_asks_for_is_told_and_never_done(folder, store, program, words):
    (folder / "embeddings.pkl").write_bytes(program)
    assert take(folder, store).accounts["embeddings.pkl"].notes[0].startswith(words)


@pytest.mark.parametrize("protocol", range(6))
def test_arrays_of_floats_ask_for_nothing_else_in_any_protocol(folder, store, protocol):
    vectors = {str(number): np.arange(384, dtype=np.float32) for number in range(3)}
    (folder / "embeddings.pkl").write_bytes(pickle.dumps(vectors, protocol=protocol))
    assert take(folder, store).accounts["embeddings.pkl"].notes == ["left alone: vectors are made anew"]
