"""What the set-up page shows, tests and changes; and that every change holds from the next call on."""

import asyncio
import logging
from dataclasses import dataclass, field

import pytest
from pydantic import SecretStr

from doublebill.config import CONNECTIONS_FILE, load_configuration
from doublebill.errors import ConfigError, Conflict
from doublebill.logs import setup_logging
from doublebill.model import SyncKind, SyncStatus
from doublebill.sync.engine import Engine
from doublebill.sync.health import SERVICES, Check
from doublebill.sync.services import Service
from doublebill.sync.setup import Connections, Typed, remove_service, save_service
from doublebill.sync.upstreams import open_services, open_upstreams
from sync.house import dead_line

JELLYFIN = Typed("http://jellyfin:8096", SecretStr("jellyfin-key"))
RADARR = Typed("http://radarr:7878", SecretStr("radarr-key"))
TMDB = Typed(None, SecretStr("tmdb-key"))


@dataclass
class Asked:
    """Checks that keep what they were asked and say that all is well."""

    calls: list[tuple[str, str]] = field(default_factory=list)
    under_way: int = 0
    most: int = 0

    async def __call__(self, url, key, *, transport=None):
        self.calls.append((url, key))
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0)
        self.under_way -= 1
        return Check(True, "well")


@pytest.fixture
def asked():
    return Asked()


@pytest.fixture
def connections(tmp_path, asked):
    return connected(tmp_path, asked)


def connected(folder, asked, **environ):
    configuration = load_configuration(None, {"DOUBLEBILL_DATA_DIR": str(folder), **environ})
    return Connections(configuration, dict.fromkeys(SERVICES, asked))


def told(connections, name):
    return next(service for service in connections.services() if service.name == name)


def key_of(connections, name):
    return connections.settings.connection(name)[1].get_secret_value()


@pytest.fixture
def engine(house, store, connections):
    """The small house, whose lines are asked once the settings say where."""

    def upstreams():
        open_upstreams(connections.settings)  # raises where something is not set
        return house.open()

    model = house.engine(store).model
    return Engine(store, model, upstreams, open_services(lambda: connections.settings), clock=house.clock)


# What is set


def test_at_first_nothing_is_set_and_all_can_be(connections):
    assert (connections.is_complete, connections.can_write) == (False, True)
    assert [(one.name, one.is_required, one.has_key, one.set_in) for one in connections.services()] == [
        ("tmdb", True, False, None),
        ("jellyfin", True, False, None),
        ("radarr", False, False, None),
        ("sonarr", False, False, None),
    ]
    assert told(connections, "tmdb").url == "https://api.themoviedb.org"


def test_what_is_saved_holds_at_once_and_after_a_restart(connections, tmp_path, asked):
    connections.save("jellyfin", JELLYFIN)
    for each in (connections, connected(tmp_path, asked)):
        assert each.settings.require_jellyfin()[0] == "http://jellyfin:8096"
        assert key_of(each, "jellyfin") == "jellyfin-key"
        assert told(each, "jellyfin").set_in == "page"


def test_tmdb_needs_no_address_and_another_one_can_be_left_again(connections, tmp_path):
    connections.save("tmdb", Typed("http://mirror", SecretStr("tmdb-key")))
    assert connections.settings.tmdb_url == "http://mirror"
    connections.save("tmdb", Typed("https://api.themoviedb.org", SecretStr("tmdb-key")))
    assert "TMDB_URL" not in (tmp_path / CONNECTIONS_FILE).read_text(encoding="utf-8")


def test_with_tmdb_and_jellyfin_all_is_set_that_a_sync_needs(connections):
    connections.save("tmdb", TMDB)
    assert not connections.is_complete
    connections.save("jellyfin", JELLYFIN)
    assert connections.is_complete


def test_a_new_key_alone_keeps_the_address(connections):
    connections.save("radarr", RADARR)
    connections.save("radarr", Typed(None, SecretStr("other")))
    assert (told(connections, "radarr").url, key_of(connections, "radarr")) == ("http://radarr:7878", "other")


def test_what_is_removed_is_gone_and_the_rest_stays(connections, tmp_path, asked):
    connections.save("radarr", RADARR)
    connections.save("jellyfin", JELLYFIN)
    connections.remove("radarr")
    connections.remove("radarr")
    assert (told(connections, "radarr").url, told(connections, "radarr").has_key) == (None, False)
    assert told(connected(tmp_path, asked), "jellyfin").has_key


@pytest.mark.parametrize(
    ("typed", "words"), [(Typed(None, SecretStr("key")), "address"), (Typed("http://radarr"), "key"), (Typed(), "a")]
)
def test_half_a_connection_is_not_saved(connections, tmp_path, typed, words):
    with pytest.raises(Conflict, match=f"The .*{words}.* of Radarr is missing"):
        connections.save("radarr", typed)
    assert not (tmp_path / CONNECTIONS_FILE).exists()


def test_what_cannot_be_written_changes_nothing(connections, tmp_path):
    (tmp_path / CONNECTIONS_FILE).mkdir()
    with pytest.raises(ConfigError, match="cannot be written"):
        connections.save("jellyfin", JELLYFIN)
    assert not told(connections, "jellyfin").has_key


# A stored key goes nowhere else


@pytest.mark.anyio
async def test_a_stored_key_is_never_sent_to_a_new_address(connections, asked):
    connections.save("radarr", RADARR)
    with pytest.raises(Conflict, match="has to be given anew"):
        connections.save("radarr", Typed("http://elsewhere"))
    with pytest.raises(Conflict, match="has to be given anew"):
        await connections.test("radarr", Typed("http://elsewhere"))
    assert (told(connections, "radarr").url, asked.calls) == ("http://radarr:7878", [])


@pytest.mark.anyio
async def test_nor_is_a_key_of_the_environment(tmp_path, asked):
    connections = connected(tmp_path, asked, TMDB_API_KEY="tmdb-key")
    with pytest.raises(Conflict, match="has to be given anew"):
        await connections.test("tmdb", Typed("http://elsewhere"))
    assert asked.calls == []


@pytest.mark.anyio
async def test_a_test_asks_with_what_was_typed_over_what_is_set_and_saves_nothing(connections, asked):
    connections.save("radarr", RADARR)
    for typed in (Typed(), Typed("http://radarr:7878"), Typed("http://new", SecretStr("new"))):
        assert (await connections.test("radarr", typed)).ok
    assert asked.calls == [("http://radarr:7878", "radarr-key")] * 2 + [("http://new", "new")]
    assert key_of(connections, "radarr") == "radarr-key"


@pytest.mark.anyio
async def test_services_are_tested_one_at_a_time(connections, asked):
    await asyncio.gather(*(connections.test("radarr", RADARR) for _ in range(5)))
    assert (len(asked.calls), asked.most) == (5, 1)


# The environment wins


def test_what_the_environment_sets_is_not_changed(tmp_path, asked):
    connections = connected(tmp_path, asked, JELLYFIN_URL="http://j", JELLYFIN_API_KEY="of-the-environment")
    for change in (lambda: connections.save("jellyfin", JELLYFIN), lambda: connections.remove("jellyfin")):
        with pytest.raises(Conflict, match="JELLYFIN_API_KEY is set in the environment"):
            change()
    assert told(connections, "jellyfin").set_in == "environment"
    assert connections.can_write


def test_to_an_address_of_the_environment_the_page_may_add_the_key_alone(tmp_path, asked):
    connections = connected(tmp_path, asked, JELLYFIN_URL="http://j")
    with pytest.raises(Conflict, match="JELLYFIN_URL is set in the environment"):
        connections.save("jellyfin", JELLYFIN)
    connections.save("jellyfin", Typed("http://j", SecretStr("key")))
    assert told(connections, "jellyfin").set_in == "page"
    assert "JELLYFIN_URL" not in (tmp_path / CONNECTIONS_FILE).read_text(encoding="utf-8")


def test_where_the_environment_sets_all_nothing_can_be_written(tmp_path, asked):
    keys = {f"{name.upper()}_API_KEY": "key" for name in SERVICES}
    assert not connected(tmp_path, asked, **keys).can_write


# Under a running house


@pytest.mark.anyio
async def test_the_save_that_completes_what_a_sync_needs_begins_a_full_one(engine, connections, store):
    with pytest.raises(ConfigError, match="JELLYFIN_URL"):
        await engine.runner.require_upstreams()
    await save_service(engine, connections, "jellyfin", JELLYFIN)
    assert not engine.runner.is_running
    await save_service(engine, connections, "tmdb", TMDB)
    assert engine.runner.progress.kind is SyncKind.FULL
    assert (await engine.runner.run(SyncKind.FULL)).status is SyncStatus.SUCCESS
    await save_service(engine, connections, "tmdb", TMDB)
    assert not engine.runner.is_running
    assert len(store.sync_runs(5)) == 1


@pytest.mark.anyio
async def test_under_a_running_sync_only_what_it_does_not_ask_is_changed(engine, connections, house):
    reached = asyncio.Event()

    async def hold(scope, receive, send):
        reached.set()
        await asyncio.Event().wait()

    house.jellyfin.fault = lambda _: hold
    connections.save("jellyfin", JELLYFIN)
    await save_service(engine, connections, "tmdb", TMDB)
    await reached.wait()
    for change in (
        save_service(engine, connections, "jellyfin", JELLYFIN),
        remove_service(engine, connections, "tmdb"),
    ):
        with pytest.raises(Conflict, match="A sync is running"):
            await change
    await save_service(engine, connections, "radarr", RADARR)
    assert engine.runner.is_running
    assert engine.shelf.missing(Service.RADARR) is None
    await engine.runner.cancel()


@pytest.mark.anyio
async def test_radarr_can_be_asked_as_soon_as_it_is_saved_and_no_more_when_it_is_removed(engine, connections):
    assert engine.shelf.missing(Service.RADARR)
    await save_service(engine, connections, "radarr", RADARR)
    assert engine.shelf.missing(Service.RADARR) is None
    client = engine.services.open(Service.RADARR)
    await client.close()
    await remove_service(engine, connections, "radarr")
    assert engine.shelf.missing(Service.RADARR)
    with pytest.raises(ConfigError, match="RADARR_URL"):
        engine.services.open(Service.RADARR)


@pytest.mark.anyio
async def test_the_log_masks_a_key_as_soon_as_it_is_saved(engine, connections, capsys, house):
    house.jellyfin.fault = lambda _: dead_line
    setup_logging("INFO")
    try:
        await save_service(engine, connections, "jellyfin", JELLYFIN)
        logging.getLogger("doublebill.test").info("the key is jellyfin-key")
    finally:
        for handler in [each for each in logging.getLogger().handlers if (each.name or "").startswith("doublebill ")]:
            logging.getLogger().removeHandler(handler)
            handler.close()
        logging.getLogger("doublebill").setLevel(logging.NOTSET)
    assert "the key is ***" in capsys.readouterr().err
