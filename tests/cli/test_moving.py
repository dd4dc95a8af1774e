import json

import pytest

from doublebill.errors import ImportRefused
from sync import legacy_folder as folders


def test_a_folder_is_taken_over_and_reported_file_by_file(shell):
    folder = folders.write(shell.folder / "old")
    said = shell("import-legacy", str(folder)).stdout
    assert "watch_history.json: 2 people, 7 watched or begun items" in said
    assert "embeddings.pkl: nothing taken\n  left alone: vectors are made anew" in said
    assert "New here: 2 people" in said
    assert "New here: nothing, all of it was known" in shell("import-legacy", str(folder)).stdout
    assert "watch_history.json: 2 people" in (shell.folder / "data" / "sync.log").read_text()


def test_a_dry_run_keeps_nothing_and_says_so(shell):
    folder = folders.write(shell.folder / "old")
    told = shell.json("import-legacy", str(folder), "--dry-run", "--json")
    assert (told["dry_run"], told["new"]["people"]) == (True, 2)
    assert "this was a dry run" in shell("import-legacy", str(folder), "--dry-run").stdout
    assert shell.json("status", "--json")["people"] == 0


def test_a_folder_without_anything_is_refused(shell):
    with pytest.raises(ImportRefused):
        shell("import-legacy", str(shell.folder))


def test_what_was_taken_over_is_recommended_from_and_exported(shell):
    shell("import-legacy", str(folders.write(shell.folder / "old")))
    assert {pick["title"] for pick in shell.json("recommend", "--json")["picks"]} == {"Second"}
    said = shell("export", str(shell.folder / "out")).stdout
    assert "candidates.json" in said
    assert json.loads((shell.folder / "out" / "candidates.json").read_text())["total_candidates"] == 1
    assert shell.json("export", str(shell.folder / "out"), "--json")["files"][-1] == "doublebill.json"


def test_a_data_folder_of_the_earlier_system_is_taken_over_by_the_first_sync(shell):
    data = folders.write(shell.folder / "data")
    old_log = (data / "sync.log").read_bytes()
    before = {name: trace for name, trace in folders.traces(data).items() if name != "sync.log"}
    assert "was taken over" in shell("sync", exits=2).stdout  # nothing is configured, and what was taken over stays
    after = folders.traces(data)
    assert {name: after[name] for name in before} == before
    assert shell.json("status", "--json")["people"] == 2
    assert "candidates.json: 3 titles" in (data / "sync.log").read_text()
    assert (data / "sync.log.earlier").read_bytes() == old_log


def test_importing_the_data_folder_by_hand_counts_as_its_first_time(shell):
    data = folders.write(shell.folder / "data")
    shell("import-legacy", str(data))
    log = (data / "sync.log").read_text()
    shell("sync", exits=2)
    assert "Taking over" not in (data / "sync.log").read_text().removeprefix(log)
