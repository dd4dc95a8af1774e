"""What the doctor says of the services and of the clock."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from doublebill.errors import ConfigError
from doublebill.sources.http import in_process
from doublebill.sync.diagnosis import Line
from doublebill.sync.doctor_services import look_at_services
from doublebill.sync.health import Connection, find_in_demo
from sync.house import NOW, House, answer, dead_line


def dated(app: ASGIApp, moment: datetime) -> ASGIApp:
    """Play a service whose clock shows that moment."""

    async def play(scope: Scope, receive: Receive, send: Send) -> None:
        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"date", format_datetime(moment, usegmt=True).encode()))
            await send(message)

        await app(scope, receive, tell)

    return play


class Street:
    """The house's services, of which some may be dated, or not set at all."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.clocks = {"tmdb": NOW, "jellyfin": NOW - timedelta(days=1)}
        self.unset: dict[str, str] = {}

    def find(self, name) -> Connection:
        if name in self.unset:
            raise ConfigError(self.unset[name], hint="Set it.")
        line = getattr(self.house, name)
        app = dated(line, self.clocks[name]) if name in self.clocks else line
        return replace(find_in_demo(self.house.upstreams)(name), transport=in_process(app))

    def told(self, area: str, now: datetime = NOW) -> list[Line]:
        lines = asyncio.run(look_at_services(self.find, lambda: now))
        return [line for line in lines if line.area == area]


@pytest.fixture
def street(house) -> Street:
    return Street(house)


def test_services_that_are_well_are_told_with_their_versions_profiles_and_folders(street):
    (tmdb,), (jellyfin,) = street.told("tmdb"), street.told("jellyfin")
    assert (tmdb.grade, tmdb.words, tmdb.hint) == ("ok", "TMDB answers and takes the key", None)
    assert jellyfin.words.endswith("answers and takes the key as Authorization: MediaBrowser")
    for name in ("radarr", "sonarr"):
        version, profiles, *folders = street.told(name)
        assert {line.grade for line in (version, profiles, *folders)} == {"ok"}
        assert profiles.words.startswith("Quality profiles: ")
        assert all(line.words.startswith("Root folder /") for line in folders)
        assert "GB free" in folders[0].words


@pytest.mark.parametrize("name", ["tmdb", "jellyfin", "radarr", "sonarr"])
def test_a_service_that_cannot_be_reached_is_a_problem_with_what_to_do(street, house, name):
    getattr(house, name).fault = lambda _: dead_line
    (line,) = street.told(name)
    assert (line.grade, "cannot be reached" in line.words) == ("problem", True)
    assert line.hint


def test_what_a_sync_needs_has_to_be_set_and_the_rest_may_be(street):
    street.unset = {"tmdb": "TMDB_API_KEY is not set", "radarr": "RADARR_URL is not set\nRADARR_API_KEY is not set"}
    assert street.told("tmdb") == [Line("tmdb", "problem", "TMDB_API_KEY is not set", "Set it.")]
    assert street.told("radarr") == [Line("radarr", "ok", "Not set up: nothing is handed to it")]


def test_a_service_that_is_half_set_up_is_a_warning(street):
    street.unset = {"sonarr": "SONARR_API_KEY is not set"}
    assert street.told("sonarr") == [Line("sonarr", "warning", "SONARR_API_KEY is not set", "Set it.")]


def test_a_jellyfin_older_than_what_is_read_is_a_warning(street, house):
    info = {"Version": "10.7.7", "ServerName": "Old"}
    house.jellyfin.fault = lambda path: answer(200, info) if path.startswith("/System/Info") else None
    (line,) = street.told("jellyfin")
    assert (line.grade, "10.8" in str(line.hint)) == ("warning", True)


def test_without_a_profile_nothing_can_be_asked_for(street, house):
    house.radarr.fault = lambda path: answer(200, []) if path.endswith("/qualityprofile") else None
    assert [line.words for line in street.told("radarr") if line.grade == "problem"] == ["It has no quality profile"]


def test_without_a_folder_in_reach_nothing_can_be_asked_for(street, house):
    away = {"id": 1, "path": "/films", "accessible": False}
    house.radarr.fault = lambda path: answer(200, [away]) if path.endswith("/rootfolder") else None
    (line,) = [line for line in street.told("radarr") if line.grade != "ok"]
    assert (line.grade, line.words) == ("problem", "It has no root folder that it can reach")


def test_one_of_several_folders_out_of_reach_is_a_warning(street, house):
    folders = [{"id": 1, "path": "/films", "accessible": False}, {"id": 2, "path": "/more", "accessible": True}]
    house.radarr.fault = lambda path: answer(200, folders) if path.endswith("/rootfolder") else None
    told = [(line.grade, line.words) for line in street.told("radarr")[2:]]
    assert told == [("warning", "Root folder /films is out of its reach"), ("ok", "Root folder /more")]


def test_a_service_that_fails_when_asked_for_its_profiles_is_a_problem(street, house):
    house.sonarr.fault = lambda path: answer(500, {}) if path.endswith("/qualityprofile") else None
    assert [line.grade for line in street.told("sonarr")] == ["ok", "problem"]


# The clock


@pytest.mark.parametrize(
    ("ahead", "grade", "words"),
    [
        (timedelta(), "ok", "0 s ahead of the clock of TMDB"),
        (timedelta(seconds=-90), "ok", "90 s behind the clock of TMDB"),
        (timedelta(minutes=-20), "warning", "20 min behind the clock of TMDB"),
        (timedelta(hours=5), "problem", "5 h ahead of the clock of TMDB"),
    ],
)
def test_the_clock_is_held_against_tmdbs(street, ahead, grade, words):
    (line,) = street.told("clock", NOW + ahead)
    assert (line.grade, line.words) == (grade, words)
    assert (line.hint is None) is (grade == "ok")


def test_where_tmdb_does_not_tell_the_time_another_service_does(street, house):
    house.tmdb.fault = lambda _: dead_line
    assert street.told("clock")[0].words == "24 h ahead of the clock of Jellyfin"


async def undated(scope: Scope, receive: Receive, send: Send) -> None:
    """Play a TMDB whose Date is none."""
    await JSONResponse({"success": True}, headers={"Date": "yesterday"})(scope, receive, send)


@pytest.mark.parametrize("fault", [None, undated])
def test_a_time_that_nobody_tells_or_that_is_none_is_a_warning(street, house, fault):
    street.clocks = {}
    house.tmdb.fault = lambda _: fault
    assert street.told("clock") == [Line("clock", "warning", "No service told the time", "Make one answer first.")]
