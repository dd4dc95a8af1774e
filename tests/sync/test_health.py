"""Whether services answer: one call, no patience, plain words, and each service asked at most once in a minute."""

import asyncio

import pytest

from doublebill.config import load_settings
from doublebill.errors import ConfigError
from doublebill.sources.http import in_process
from doublebill.sync.health import CHECKS, SERVICES, Check, Checkup, Connection, find_in, find_in_demo, in_form_words
from sync.house import House, answer, dead_line

pytestmark = pytest.mark.anyio

VERSIONED = ("jellyfin", "radarr", "sonarr")


class Street:
    """The house's services with a line to each, found by name."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.lines = {name: getattr(house, name) for name in SERVICES}
        self.ways = {name: in_process(line) for name, line in self.lines.items()}
        self.keys = {name: getattr(house.upstreams, f"{name}_key") for name in SERVICES}

    def find(self, name) -> Connection:
        url = getattr(self.house.upstreams, f"{name}_url")
        return Connection(url, self.keys[name], self.ways[name])

    async def check(self, name, **changes) -> Check:
        found = self.find(name)
        url, key = changes.get("url", found.url), changes.get("key", found.key)
        return await CHECKS[name](url, key, transport=found.transport)

    def calls(self) -> dict[str, int]:
        return {name: len(line.calls) for name, line in self.lines.items()}


@pytest.fixture
def street(house) -> Street:
    return Street(house)


@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_that_answers_and_takes_the_key_is_well(street, name):
    check = await street.check(name)
    assert check.ok
    assert check.hint is None
    assert "takes the key" in check.words
    assert bool(check.version) is (name in VERSIONED)
    assert len(street.lines[name].calls) <= 2


@pytest.mark.parametrize("name", SERVICES)
async def test_a_wrong_key_is_told_with_where_to_find_the_right_one(street, name):
    check = await street.check(name, key="0123456789abcdef0123456789abcdef")
    assert not check.ok
    assert "key" in check.words
    assert f"{name.upper()}_API_KEY" in str(check.hint)
    assert "0123456789abcdef" not in f"{check}"


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("changes", [{"key": "0123456789abcdef"}, {"key": ""}, {"url": "nonsense"}])
async def test_beside_a_form_words_name_its_fields_and_no_variable(street, name, changes):
    check = in_form_words(name, await street.check(name, **changes))
    told = f"{check.words} {check.hint}"
    assert "_KEY" not in told
    assert "_URL" not in told
    assert ("address" if "url" in changes else "key") in told
    assert check.words[:1].isupper()
    assert str(check.hint)[:1].isupper()


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (dead_line, "cannot be reached"),
        (answer(500, {}), "failed on"),
        (answer(429, {}), "asks to slow down"),
        (answer(200, text="<html>Sign in</html>"), "not JSON|web page"),
        (answer(404, {}), "404"),
    ],
)
async def test_a_service_that_is_not_well_is_asked_once_and_says_so(street, name, fault, words):
    street.lines[name].fault = lambda _: fault
    check = await street.check(name)
    assert not check.ok
    assert any(word in check.words for word in words.split("|"))
    assert check.hint
    assert len(street.lines[name].calls) == 1


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize(("url", "key"), [("nonsense", "key"), ("http://host", ""), ("http://anna:pw@host", "key")])
async def test_what_cannot_be_an_address_or_a_key_is_told_and_nothing_is_asked(street, name, url, key):
    check = await street.check(name, url=url, key=key)
    assert not check.ok
    assert check.hint
    assert "pw" not in check.words
    assert street.lines[name].calls == []


@pytest.mark.parametrize(("name", "other"), [("radarr", "sonarr"), ("sonarr", "radarr")])
async def test_another_application_at_the_address_is_told(street, name, other):
    found = street.find(other)
    check = await CHECKS[name](found.url, found.key, transport=found.transport)
    assert not check.ok
    assert f"it is {other.capitalize()} that answers there" in check.words


async def test_a_jellyfin_that_starts_is_told_without_waiting_for_it(street):
    street.lines["jellyfin"].fault = lambda _: answer(200, {"startupWizardCompleted": False})
    check = await street.check("jellyfin")
    assert (check.ok, "still starting" in check.words) == (False, True)
    assert len(street.lines["jellyfin"].calls) == 1


# All of them


async def test_all_are_looked_at_once_in_a_minute_however_many_ask(street):
    checkup = Checkup(street.find, street.house.clock)
    first, *others = await asyncio.gather(*(checkup.findings() for _ in range(20)))
    assert [finding.name for finding in first] == list(SERVICES)
    assert all(finding.state == "ok" and finding.checked_at == street.house.clock.now for finding in first)
    assert all(other == first for other in others)
    once = street.calls()
    street.house.clock.pass_time(seconds=59)
    await checkup.findings()
    assert street.calls() == once
    street.house.clock.pass_time(seconds=1)
    await checkup.findings()
    assert street.calls() == {name: 2 * count for name, count in once.items()}


async def test_one_service_that_is_away_does_not_hide_the_others(street):
    street.lines["tmdb"].fault = lambda _: dead_line
    findings = await Checkup(street.find, street.house.clock).findings()
    assert {finding.name: finding.state for finding in findings} == {
        "tmdb": "failed",
        "jellyfin": "ok",
        "radarr": "ok",
        "sonarr": "ok",
    }


async def test_a_connection_that_changed_is_looked_at_anew(street):
    checkup = Checkup(street.find, street.house.clock)
    await checkup.findings()
    street.keys["sonarr"] = "wrong"
    sonarr = {finding.name: finding for finding in await checkup.findings()}["sonarr"]
    assert sonarr.state == "failed"
    assert str(sonarr.hint).startswith("Copy the key from Sonarr")


async def test_what_is_not_set_is_told_by_name_and_not_asked(street, house):
    def find(name):
        if name in ("radarr", "sonarr"):
            raise ConfigError(f"{name.upper()}_URL is not set", hint="Set it.")
        return street.find(name)

    findings = {finding.name: finding for finding in await Checkup(find, house.clock).findings()}
    assert findings["tmdb"].state == "ok"
    radarr = findings["radarr"]
    assert (radarr.state, radarr.words, radarr.checked_at) == ("not_configured", "RADARR_URL is not set", None)
    assert house.radarr.calls == []


# Where they are


def test_connections_are_those_of_the_settings_at_that_moment():
    given = {"RADARR_URL": "http://radarr:7878", "RADARR_API_KEY": "first"}
    find = find_in(lambda: load_settings(None, given))
    assert find("radarr") == Connection("http://radarr:7878", "first")
    given["RADARR_API_KEY"] = "second"
    assert find("radarr").key == "second"
    assert "second" not in repr(find("radarr"))


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_found_in_the_settings(name):
    urls = {f"{service.upper()}_URL": f"http://{service}" for service in VERSIONED}
    keys = {f"{service.upper()}_API_KEY": f"key-of-{service}" for service in SERVICES}
    found = find_in(lambda: load_settings(None, {**urls, **keys}))(name)
    assert found.key == f"key-of-{name}"
    assert name in found.url or found.url == "https://api.themoviedb.org"


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_not_set_cannot_be_found(name):
    with pytest.raises(ConfigError, match=f"{name.upper()}_API_KEY is not set"):
        find_in(lambda: load_settings(None, {}))(name)


async def test_the_services_of_the_demo_are_all_well(house):
    findings = await Checkup(find_in_demo(house.upstreams), house.clock).findings()
    assert {finding.state for finding in findings} == {"ok"}
