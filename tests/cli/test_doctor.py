"""``doublebill doctor`` as it is typed, and the file for a report of a fault."""

import json
import re
import zipfile
from pathlib import Path

import pytest

from doublebill import __version__
from doublebill.config import Settings
from doublebill.errors import Conflict, StoreError

AREAS = ["settings", "folder", "disk", "database", "syncs", "model", "tmdb", "jellyfin", "radarr", "sonarr", "clock"]
WELL = {"DOUBLEBILL_EMBEDDING": "bundled"}


def grades(told) -> dict[str, str]:
    return {check["area"]: check["grade"] for check in told["checks"]}


def opened(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as bundle:
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


def test_a_household_that_is_well_says_so(synced):
    told = synced.json("doctor", "--json", **WELL)
    assert (told["is_well"], told["bundle"]) == (True, None)
    assert grades(told) | {"disk": "ok"} == dict.fromkeys(AREAS, "ok")  # the disk is this machine's
    assert re.search(
        r"^ok       clock     \d+ s (?:ahead of|behind) the clock of TMDB$", synced("doctor", **WELL).stdout, re.M
    )


def test_what_is_missing_is_told_with_what_to_do_and_an_exit_code(shell):
    said = shell("doctor", exits=1).stdout
    assert "problem  tmdb      TMDB_API_KEY is not set" in said
    assert "Set it on the set-up page" in said
    assert re.search(r"2 problems and [34] warnings\.\n$", said)
    assert not (shell.folder / "data").exists()


def test_one_thing_that_is_wrong_is_counted_as_one(synced):
    said = synced("doctor", exits=1, **WELL, JELLYFIN_API_KEY="0" * 32).stdout
    assert re.search(r"^1 problem\b", said, re.MULTILINE)


def test_a_wrong_setting_is_told_and_is_all_that_can_be_looked_at(shell):
    told = json.loads(shell("doctor", "--json", "--bundle", "report.zip", exits=1, DOUBLEBILL_PORT="http").stdout)
    assert [check["area"] for check in told["checks"]] == ["settings"]
    assert "DOUBLEBILL_PORT" in told["checks"][0]["words"]
    assert json.loads(opened(shell.folder / "report.zip")["settings.json"]) == {}


def test_a_page_that_anybody_may_use_is_a_warning(shell):
    told = json.loads(shell("doctor", "--json", exits=1, DOUBLEBILL_HOST="0.0.0.0").stdout)
    assert (grades(told)["settings"], "DOUBLEBILL_PASSWORD" in told["checks"][0]["hint"]) == ("warning", True)


# The bundle


def test_a_bundle_holds_what_a_report_needs(synced, tmp_path):
    file = tmp_path / "report.zip"
    assert f"Written to {file}" in synced("doctor", "--bundle", str(file), **WELL).stdout
    held = opened(file)
    assert list(held) == ["READ FIRST.txt", "doctor.json", "installation.json", "settings.json", "sync.log"]
    assert [line["area"] for line in json.loads(held["doctor.json"])] == AREAS
    assert json.loads(held["installation.json"])["version"] == __version__
    assert list(json.loads(held["settings.json"])) == [field.alias for field in Settings.model_fields.values()]
    assert "full sync begins" in held["sync.log"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_no_secret_is_in_a_bundle_nor_on_the_screen(synced, tmp_path):
    """A key may stand in an address, a service may repeat it, and the log may be older than the mask."""
    names = ("TMDB_API_KEY", "JELLYFIN_API_KEY", "RADARR_API_KEY", "SONARR_API_KEY", "HF_TOKEN", "DOUBLEBILL_PASSWORD")
    planted = {name: f"planted-{number}-secret" for number, name in enumerate(names)}
    data = tmp_path / "data"
    data.mkdir()
    lines = [
        f"said {' and '.join(planted.values())}",
        "The code for the set-up page is PLANTED1",
        "api_key=planted-old",
    ]
    (data / "sync.log").write_text("\n".join(lines))
    env = {**planted, "RADARR_URL": f"http://127.0.0.1:9/{planted['RADARR_API_KEY']}", "DOUBLEBILL_DATA_DIR": str(data)}
    said = synced("doctor", "--bundle", str(tmp_path / "report.zip"), exits=1, **env).output
    held = opened(tmp_path / "report.zip")
    assert "The code for the set-up page is ***" in held["sync.log"]
    assert "set" in json.loads(held["settings.json"]).values()
    assert "planted" not in (said + "".join(held.values())).lower()


def test_of_a_long_log_the_end_is_taken(shell):
    data = shell.folder / "data"
    data.mkdir()
    (data / "sync.log").write_bytes(b"".join(b"line %d\xff\n" % number for number in range(3000)))
    shell("doctor", "--bundle", "report.zip", exits=1)
    lines = opened(shell.folder / "report.zip")["sync.log"].splitlines()
    assert (len(lines), lines[-1]) == (1000, "line 2999\ufffd")


def test_a_bundle_replaces_nothing_and_says_where_it_cannot_be_written(shell):
    (shell.folder / "letter").write_text("dear all")
    with pytest.raises(Conflict, match="exists already"):
        shell("doctor", "--bundle", "letter")
    with pytest.raises(StoreError, match="cannot be opened or written"):
        shell("doctor", "--bundle", "away/report.zip")
    assert (shell.folder / "letter").read_text() == "dear all"
