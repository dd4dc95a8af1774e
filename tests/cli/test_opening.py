"""Opening the real household: whose settings count, and who is told the code of the set-up."""

import re

import pytest
from pydantic import SecretStr

from cli.parts import SMALL
from cli.test_commands import Visitor, free_port
from doublebill.cli.opening import real_engine, real_house, surroundings_of
from doublebill.config import CONNECTIONS_FILE
from doublebill.errors import ConfigError
from doublebill.sync.services import Service
from doublebill.sync.setup import Typed
from sync import legacy_folder as folders

CODE = r"The set-up page asks for this code: ([0-9a-f-]{19})"


def serve(shell, path, **env):
    port = free_port()
    visitor = Visitor(port, path)
    visitor.start()
    result = shell("serve", DOUBLEBILL_PORT=str(port), **env)
    visitor.join()
    return visitor.answer, result.stdout


def test_serving_without_a_key_shows_the_set_up_and_prints_its_code(shell):
    answer, printed = serve(shell, "/setup")
    assert '"is_complete":false' in answer
    assert '"needs_code":true' in answer
    code = re.search(CODE, printed)[1]
    assert code in (shell.folder / "data" / "sync.log").read_text(encoding="utf-8")
    assert code not in answer
    assert shell.json("status", "--json")["syncs"] == []


def test_every_start_has_another_code(shell):
    codes = {re.search(CODE, serve(shell, "/setup")[1])[1] for _ in range(2)}
    assert len(codes) == 2


@pytest.mark.parametrize(
    "env",
    [
        {"DOUBLEBILL_PASSWORD": "correct-horse"},
        {f"{name}_API_KEY": "key" for name in ("TMDB", "JELLYFIN", "RADARR", "SONARR")},
    ],
)
def test_where_nobody_is_asked_for_a_code_none_is_printed(shell, env):
    _, printed = serve(shell, "/api/health", **env)
    assert "code" not in printed
    assert "code" not in (shell.folder / "data" / "sync.log").read_text(encoding="utf-8")


def test_what_the_page_saved_counts_for_the_commands(shell):
    shell("status")
    (shell.folder / "data" / CONNECTIONS_FILE).write_text("TMDB_API_KEY=key\n", encoding="utf-8")
    assert shell.json("status", "--json")["missing"] == ["JELLYFIN_URL", "JELLYFIN_API_KEY"]


def test_whatever_is_opened_follows_the_settings_of_that_moment(shell):
    with real_house(SMALL) as (engine, connections):
        around = surroundings_of(connections)
        with pytest.raises(ConfigError, match="RADARR_URL"):
            engine.services.open(Service.RADARR)
        with pytest.raises(ConfigError, match="JELLYFIN_URL"):
            engine.open_upstreams()
        for name in ("tmdb", "jellyfin", "radarr"):
            connections.save(name, Typed("http://elsewhere.invalid", SecretStr("key")))
        assert engine.services.open(Service.RADARR)
        assert engine.open_upstreams()
        assert around.find("radarr").url == "http://elsewhere.invalid"
        assert around.settings().missing() == []
    with real_engine(SMALL) as (_, settings):
        assert settings.radarr_url == "http://elsewhere.invalid"


def test_a_serving_on_an_old_folder_serves_at_once_and_takes_it_over_behind(shell):
    folders.write(shell.folder / "data")
    answer, _ = serve(shell, "/setup")
    assert '"is_complete":false' in answer
    assert shell.json("status", "--json")["people"] == 2
    assert (shell.folder / "data" / "force_sync").exists()  # nothing is set: no sync could begin


def test_the_marker_is_looked_for_in_the_data_folder(shell):
    with real_house(SMALL) as (_, connections):
        start = surroundings_of(connections).start
    assert start.marker == shell.folder / "data" / "force_sync"
