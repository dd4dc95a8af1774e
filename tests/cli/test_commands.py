"""The commands, from the words that are typed to what is printed and the exit code."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

import pytest

from cli.parts import SMALL
from doublebill import __version__
from doublebill.cli import main
from doublebill.errors import ConfigError, DoublebillError, NotFound, StoreError, StoreTooNew
from doublebill.model import SyncKind
from doublebill.store import open_store
from doublebill.sync.engine import utc_now
from sync.house import House, films_and_series

ALIEN = next(title.key.tmdb_id for title in films_and_series() if title.title == "Alien")
NOBODY_LISTENS = "http://127.0.0.1:9"


def candidate(shell):
    return shell.json("recommend", "--json")["picks"][0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Visitor(threading.Thread):
    """Waits for a page on a port, asks it for something, and then ends this process's server as Ctrl+C does."""

    def __init__(self, port: int, path: str) -> None:
        super().__init__(daemon=True)
        self._url = f"http://127.0.0.1:{port}{path}"
        self.answer = ""

    def run(self) -> None:
        pause = threading.Event()
        for _ in range(500):
            try:
                with urlopen(self._url, timeout=5) as answer:
                    self.answer = answer.read().decode()
                    break
            except OSError:
                pause.wait(0.01)
        os.kill(os.getpid(), signal.SIGINT)


# Over the network


def test_a_sync_says_how_it_went(first_sync):
    _, result = first_sync
    assert "Full sync of" in result.stdout
    assert "success" in result.stdout
    assert "skipped: 1 library items that no TMDB title was found for" in result.stdout
    assert ".." not in result.stdout


def test_recommendations_as_json_are_those_of_the_http_interface(synced):
    told = synced.json("recommend", "--json", "--user", "anna", "--limit", "5")
    assert list(told) == ["user", "weights", "picks"]
    assert told["user"] == "Anna"
    assert sum(told["weights"].values()) == pytest.approx(1)
    assert len(told["picks"]) == 5
    assert set(told["picks"][0]["scores"]) == {
        "hybrid",
        "content",
        "collaborative",
        "quality",
        "confidence",
        "penalty",
    }


def test_recommendations_for_a_person_to_read_are_one_a_line_with_the_reason(synced):
    lines = synced("recommend", "-n", "3").stdout.splitlines()
    assert len(lines) == 4
    assert [len(line.split(".")) > 1 for line in lines[1:]] == [True] * 3
    assert all(line.split("0.", 1)[1].strip()[4:].strip() for line in lines[1:])


def test_why_tells_rank_and_parts_that_add_up(synced):
    pick = candidate(synced)
    told = synced.json("why", pick["type"], str(pick["tmdb_id"]), "--json")
    assert (told["rank"], told["barred_because"], told["scores"]) == (1, [], pick["scores"])
    assert told["total"] > 50
    text = synced("why", pick["type"], str(pick["tmdb_id"])).stdout
    assert f"Number 1 of {told['total']}" in text
    assert f"{pick['scores']['hybrid']:.4f}" in text


def test_why_not_says_what_bars_a_title(synced):
    assert synced.json("why", "movie", str(ALIEN), "--json")["rank"] is None
    assert "Not recommended: it is watched" in synced("why", "movie", str(ALIEN), "--user", "Anna").stdout


def test_status_tells_counts_and_what_was_not_resolved(synced):
    told = synced.json("status", "--json")
    assert set(told) == {"people", "titles", "candidates", "vectors", "unresolved", "missing", "syncs"}
    assert (told["people"], told["missing"]) == (3, [])
    assert told["unresolved"][0]["name"] == "Summer by the lake"
    assert told["syncs"][0]["status"] == "success"
    text = synced("status").stdout
    assert "3 people" in text
    assert "Not resolved: Summer by the lake (2019)" in text


def test_the_log_of_a_sync_is_in_the_data_folder_without_a_key(synced):
    text = (synced.folder / "data" / "sync.log").read_text(encoding="utf-8")
    assert "full sync: Everything is up to date" in text
    assert synced.env["TMDB_API_KEY"] not in text
    assert synced.env["JELLYFIN_API_KEY"] not in text


def test_the_default_person_is_a_setting(synced):
    assert synced.json("recommend", "--json", JELLYFIN_USER="ben")["user"] == "Ben"
    assert synced.json("recommend", "--json", "--user", "household", JELLYFIN_USER="ben")["user"] == "household"
    with pytest.raises(ConfigError, match="JELLYFIN_USER"):
        synced("recommend", JELLYFIN_USER="Bne")


@pytest.mark.parametrize("user", ["nobody", "[/red]", "\udcff", "💥", "'; DROP TABLE person"])
def test_an_unknown_person_is_not_found(synced, user):
    with pytest.raises(NotFound):
        synced("recommend", "--user", user)


def test_an_unknown_title_is_not_found(synced):
    with pytest.raises(NotFound, match="movie:999999999"):
        synced("why", "movie", "999999999")


# What can go wrong


def test_settings_may_stand_in_a_file_of_the_folder(shell, services):
    (shell.folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in services.items()), "utf-8")
    assert "Light sync" in shell("sync", "--light").stdout


@pytest.mark.parametrize(("content", "words"), [(b"\xff\xfe\x00", "UTF-8"), (None, "folder")])
def test_an_env_file_that_cannot_be_read_is_said(shell, content, words):
    env = shell.folder / ".env"
    env.mkdir() if content is None else env.write_bytes(content)
    with pytest.raises(ConfigError, match=words):
        shell("status")


def test_without_settings_a_sync_says_which_are_missing_and_exits_with_2(shell):
    result = shell("sync", exits=2)
    assert "JELLYFIN_URL" in result.stdout
    assert "error" in result.stdout
    assert ".." not in result.stdout


def test_without_settings_the_other_commands_answer(shell):
    assert shell.json("status", "--json")["missing"] == ["TMDB_API_KEY", "JELLYFIN_URL", "JELLYFIN_API_KEY"]
    assert "Not set: TMDB_API_KEY" in shell("status").stdout
    assert "doublebill sync" in shell("recommend").stdout
    assert shell.json("recommend", "--json") == {
        "user": "household",
        "weights": {"content": 0.4, "collaborative": 0.3, "quality": 0.2, "confidence": 0.1},
        "picks": [],
    }


def test_a_service_that_fails_exits_with_3(shell, services):
    result = shell("sync", exits=3, **{**services, "JELLYFIN_URL": NOBODY_LISTENS})
    assert "Jellyfin" in result.stdout


def test_a_database_that_cannot_be_written_in_a_sync_exits_with_1(shell, services):
    shell("status")
    with closing(sqlite3.connect(shell.folder / "data" / "doublebill.db")) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON sync_run BEGIN SELECT RAISE(FAIL, 'no room'); END")
        connection.commit()
    assert "no room" in shell("sync", exits=1, **services).stdout


def test_a_newer_database_is_refused(shell):
    shell("status")
    with closing(sqlite3.connect(shell.folder / "data" / "doublebill.db")) as connection:
        connection.execute("PRAGMA user_version = 9999")
    with pytest.raises(StoreTooNew):
        shell("status")


def test_a_file_that_is_no_database_is_refused(shell):
    (shell.folder / "data").mkdir()
    (shell.folder / "data" / "doublebill.db").write_bytes(b"holiday photos " * 1000)
    with pytest.raises(StoreError, match="not a database"):
        shell("status")


def test_a_data_folder_that_cannot_be_made_names_the_setting(shell):
    (shell.folder / "file").touch()
    with pytest.raises(ConfigError, match="DOUBLEBILL_DATA_DIR"):
        shell("status", DOUBLEBILL_DATA_DIR=str(shell.folder / "file" / "data"))


def test_a_run_that_a_crash_left_open_is_shown_without_an_end(shell):
    shell("status")
    store = open_store(shell.folder / "data" / "doublebill.db")
    store.begin_sync(SyncKind.FULL, utc_now())
    store.close()
    assert shell.json("status", "--json")["syncs"][0]["finished_at"] is None
    assert "UTC: running.\n" in shell("status").stdout


@pytest.mark.parametrize(
    "words",
    [
        ["recommend", "--limit", "0"],
        ["recommend", "--limit", "101"],
        ["why", "film", "1"],
        ["why", "movie", "0"],
        ["why", "movie", "9" * 400],
        ["why", "movie", "x"],
        ["demo", "--port", "0"],
        ["demo", "--port", "70000"],
        ["nothing"],
    ],
)
def test_words_that_do_not_fit_exit_with_2(shell, words):
    result = shell(*words, exits=2)
    assert not result.stdout


def test_the_version_is_told(shell):
    assert shell("--version").stdout == f"doublebill {__version__}\n"


# The demo


def test_the_demo_shows_recommendations_for_everybody(shell):
    text = shell("demo", "--once").stdout
    assert "3 people" in text
    assert all(name in text for name in ("Anna", "Ben", "Cem", "Why"))
    assert len(text.splitlines()) <= 20


def test_the_demo_as_json_is_json_and_nothing_else(shell):
    told = shell.json("demo", "--once", "--json")
    assert [person["user"] for person in told["people"]] == ["Anna", "Ben", "Cem", "household"]
    assert all(len(person["picks"]) == 20 for person in told["people"])


def test_a_demo_that_fails_says_so(shell):
    def refusing(_):
        house = House()
        return replace(house.upstreams, jellyfin_key="wrong")

    with pytest.raises(DoublebillError, match="demo's sync ended as error"):
        shell("demo", "--once", parts=replace(SMALL, demo=refusing))


def test_the_demo_serves_its_page_and_json_stays_clean(shell):
    port = free_port()
    visitor = Visitor(port, "/api/health")
    visitor.start()
    result = shell("demo", "--json", "--port", str(port))
    visitor.join()
    assert '"healthy"' in visitor.answer
    assert result.stdout.endswith("}\n")
    assert f"Open http://localhost:{port}" in result.stderr


def test_serving_answers_below_the_sub_path_and_ends_with_0(shell):
    port = free_port()
    visitor = Visitor(port, "/films/system/status")
    visitor.start()
    result = shell("serve", DOUBLEBILL_PORT=str(port), DOUBLEBILL_ROOT_PATH="/films")
    visitor.join()
    assert '"steps"' in visitor.answer
    assert f"Open http://localhost:{port}" in result.stdout


def test_a_port_that_is_taken_names_the_setting(shell):
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(ConfigError, match="cannot be used"):
        shell("serve", DOUBLEBILL_PORT=str(other.getsockname()[1]))


# The whole process


def run_main(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["doublebill", *words])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


@pytest.mark.parametrize("user", ["nobody", "[/x]", "[bold]", "\udcff"])
def test_an_error_of_ours_is_two_plain_lines_and_an_exit_code(shell, monkeypatch, capsys, user):
    monkeypatch.setenv("DOUBLEBILL_DATA_DIR", str(shell.folder))
    assert run_main(monkeypatch, "recommend", "--user", user) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"Error: Nobody is called {user!r} here\n")
    assert len(told.err.splitlines()) == 2


def test_a_wrong_setting_exits_with_2_and_one_line_is_never_folded(shell, monkeypatch, capsys):
    monkeypatch.setenv("JELLYFIN_URL", "jellyfin.local:8096")
    assert run_main(monkeypatch, "status") == 2
    assert "Error: JELLYFIN_URL has no scheme" in capsys.readouterr().err


def test_an_error_without_a_hint_is_one_line(shell, monkeypatch, capsys):
    monkeypatch.setenv("DOUBLEBILL_DATA_DIR", str(shell.folder / "data"))
    shell("status")
    with closing(sqlite3.connect(shell.folder / "data" / "doublebill.db")) as connection:
        connection.execute("DROP TABLE sync_run")
    assert run_main(monkeypatch, "status") == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_sigterm_ends_the_server_in_order_and_with_0(tmp_path):
    port = free_port()
    env = {"DOUBLEBILL_PORT": str(port), "DOUBLEBILL_DATA_DIR": str(tmp_path / "data"), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", "from doublebill.cli import main; main()", "serve"]
    with subprocess.Popen(command, env=env, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        while "Open" not in process.stdout.readline():
            pass
        with urlopen(f"http://127.0.0.1:{port}/api/health", timeout=10) as answer:
            assert answer.status == 200
        process.terminate()
        assert process.wait(timeout=15) == 0
    assert not Path(tmp_path / "data" / "doublebill.db-wal").exists()
