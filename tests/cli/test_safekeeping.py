"""``doublebill backup`` and ``restore`` as they are typed."""

import pytest

from cli.parts import SMALL
from doublebill.cli.opening import real_engine
from doublebill.errors import BackupRefused, NotFound, StoreBusy


def kept(shell) -> list[str]:
    return [entry.name for entry in (shell.folder / "data").iterdir() if "before-restore" in entry.name]


def test_a_household_goes_into_a_file_and_back(shell):
    shell("status")
    assert shell("backup", "household.db").stdout.startswith("Backed up to household.db: 0.1 MB, checked.")
    said = shell("restore", "household.db").stdout
    (name,) = kept(shell)
    assert said.startswith("Restored from household.db: 0.1 MB, checked.\n")
    assert f"The database before it is now {name} in {shell.folder / 'data'}" in said
    assert "restored from household.db" in (shell.folder / "data" / "sync.log").read_text()
    assert shell.json("status", "--json")["people"] == 0


def test_both_speak_json(shell):
    shell("status")
    made = shell.json("backup", "household.db", "--json")
    assert made["file"] == "household.db"
    assert made["size_bytes"] == (shell.folder / "household.db").stat().st_size
    restored = shell.json("restore", "household.db", "--json")
    assert restored == {**made, "kept": str(shell.folder / "data" / kept(shell)[0])}


def test_on_a_new_machine_nothing_has_to_be_kept(shell):
    shell("status")
    shell("backup", "household.db")
    new = shell.folder / "new"
    assert "before it" not in shell("restore", "household.db", DOUBLEBILL_DATA_DIR=str(new)).stdout
    assert shell.json("restore", "household.db", "--json", DOUBLEBILL_DATA_DIR=str(new / "er"))["kept"] is None


def test_an_older_backup_says_that_it_will_be_brought_up(shell):
    shell("status")
    shell("backup", "household.db")
    with (shell.folder / "household.db").open("r+b") as file:
        file.seek(60)  # the version of the tables: https://sqlite.org/fileformat2.html, 1.3
        file.write((1).to_bytes(4, "big"))
    assert "brought up to date at the next start" in shell("restore", "household.db").stdout


def test_while_doublebill_runs_a_backup_is_made_and_none_restored(shell, monkeypatch):
    monkeypatch.setenv("DOUBLEBILL_DATA_DIR", str(shell.folder / "data"))
    with real_engine(SMALL):
        shell("backup", "household.db")
        with pytest.raises(StoreBusy, match="doublebill uses the database"):
            shell("restore", "household.db")


def test_what_cannot_be_done_is_an_error_of_ours(shell):
    with pytest.raises(NotFound, match="no database yet"):
        shell("backup", "household.db")
    (shell.folder / "letter").write_text("dear all, " * 200)
    with pytest.raises(BackupRefused, match="not a database"):
        shell("restore", "letter")
