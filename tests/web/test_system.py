"""How the system is, and renewing it; also while a sync runs, was cut short, or could not be written down."""

import asyncio
import threading
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from starlette.testclient import TestClient

from doublebill.config import Settings
from doublebill.errors import ConfigError, StoreError
from doublebill.model import Kind, SyncKind, SyncStatus, Title, TitleKey
from doublebill.sync.progress import STEPS_OF, WORDS, Step
from doublebill.web.app import create_app
from doublebill.web.context import BARE
from sync.faulty_store import FaultyStore
from sync.house import NOW, House, dead_line, sync
from web.asked import got, refused, refused_fields, said

STATUS_FIELDS = {
    "status",
    "kind",
    "step",
    "message",
    "left_s",
    "progress",
    "last_update",
    "last_full_sync",
    "last_light_sync",
    "next_sync",
    "steps",
    "skipped",
}
MOMENTS = ("last_update", "last_full_sync", "last_light_sync", "next_sync")


def quiet(engine):
    return TestClient(create_app(engine, syncs_on_start=False))


class Gate:
    """Holds every request to a service until it is opened."""

    def __init__(self, house: House) -> None:
        self.is_open = asyncio.Event()
        house.jellyfin.fault = lambda _: self.hold

    async def hold(self, scope, receive, send):
        await self.is_open.wait()
        await dead_line(scope, receive, send)


# Health


def test_a_house_with_recommendations_is_healthy(client, engine):
    assert got(client, "/api/health") == {
        "status": "healthy",
        "total_candidates": len(engine.edition.catalogue),
        "total_recommendations": engine.edition.candidate_count,
        "message": "All is well",
    }


def test_before_the_first_sync_it_is_degraded_and_says_why(new_engine):
    health = got(quiet(new_engine), "/api/health")
    assert (health["status"], health["total_candidates"], health["total_recommendations"]) == ("degraded", 0, 0)
    assert "first sync" in health["message"]


def test_while_a_large_catalogue_is_being_read_it_answers_at_once(house, store):
    class Large(FaultyStore):
        """Takes as long to be read as it is told."""

        is_begun, is_read = threading.Event(), threading.Event()

        def title_columns(self):
            self.is_begun.set()
            assert self.is_read.wait(5)
            return store.title_columns()

    Gate(house)
    with TestClient(create_app(house.engine(Large(store)))) as client:
        assert Large.is_begun.wait(5)
        health = got(client, "/api/health")
        assert (health["status"], health["total_candidates"]) == ("degraded", 0)
        assert "just started" in health["message"]
        Large.is_read.set()
        assert got(client, "/genres") == []
        assert "first sync" in got(client, "/api/health")["message"]


def test_after_a_failed_sync_it_is_degraded_and_serves_what_it_has(new_engine, house):
    sync(new_engine)
    house.clock.pass_time(hours=1)
    house.jellyfin.fault = lambda _: dead_line
    sync(new_engine)
    health = got(quiet(new_engine), "/api/health")
    assert health["status"] == "degraded"
    assert health["total_recommendations"] > 0
    assert "failed" in health["message"]


@pytest.mark.parametrize("method", ["title_columns", "sync_runs"])
def test_a_broken_store_is_degraded_and_does_not_tell_where_it_is(house, store, method, caplog):
    faults = {method: StoreError("/srv/anna/doublebill.db: the database is damaged")}
    health = got(quiet(house.engine(FaultyStore(store, faults))), "/api/health")
    assert health["status"] == "degraded"
    assert "anna" not in health["message"]
    assert "/srv/anna/doublebill.db" in caplog.text


# People


def test_everybody_is_told_the_household_last(client):
    people = got(client, "/people")
    assert (people["default"], people["next"]) == ("household", None)
    assert [person["name"] for person in people["people"]] == ["Anna", "Ben", "Cem", "household"]
    assert all(set(person) == {"id", "name"} and person["id"] for person in people["people"])


def test_the_default_person_is_the_one_that_is_set_and_nobody_if_there_is_none_of_that_name(engine):
    for default, expected in (("anna", "Anna"), ("Nobody", None)):
        people = got(TestClient(create_app(engine, default_user=default, syncs_on_start=False)), "/people")
        named = {person["id"]: person["name"] for person in people["people"]}
        assert named.get(people["default"]) == expected


# Status


def test_before_the_first_sync_the_status_is_idle_and_nothing_is_made_up(new_engine):
    status = got(quiet(new_engine), "/system/status")
    assert set(status) == STATUS_FIELDS
    assert (status["status"], status["step"], status["progress"], status["steps"]) == ("idle", None, 0, [])
    assert (status["kind"], status["left_s"]) == (None, None)
    assert [status[moment] for moment in MOMENTS] == [None] * 4
    assert status["message"]


def test_after_a_sync_the_status_is_success_with_every_step(client):
    status = got(client, "/system/status")
    assert set(status) == STATUS_FIELDS
    assert (status["status"], status["progress"], status["step"]) == ("success", 100, None)
    assert (status["kind"], status["left_s"]) == ("full", None)
    assert [step["step"] for step in status["steps"]] == [step.value for step in STEPS_OF[SyncKind.FULL]]
    assert all(step["finished"] and step["words"] == WORDS[step["step"]] for step in status["steps"])
    assert status["skipped"] == {"library items that no TMDB title was found for": 1}


def test_moments_are_in_utc(client):
    status = got(client, "/system/status")
    for moment in ("last_update", "last_full_sync", "last_light_sync"):
        assert datetime.fromisoformat(status[moment]) == NOW
        assert status[moment].endswith("Z")


def test_after_a_restart_the_status_is_that_of_the_last_run(engine):
    again = House().engine(engine.store)
    status = got(quiet(again), "/system/status")
    assert (status["status"], status["progress"], status["steps"]) == ("success", 100, [])


def test_a_light_sync_leaves_the_moment_of_the_full_one(new_engine, house):
    sync(new_engine)
    house.clock.pass_time(hours=2)
    sync(new_engine, SyncKind.LIGHT)
    status = got(quiet(new_engine), "/system/status")
    assert datetime.fromisoformat(status["last_full_sync"]) == NOW
    assert datetime.fromisoformat(status["last_light_sync"]) == NOW + timedelta(hours=2)
    assert [step["step"] for step in status["steps"]] == ["history", "publish"]
    assert status["kind"] == "light"


def test_a_failed_sync_is_an_error_that_names_the_service_and_no_key(new_engine, house):
    house.tmdb.fault = lambda _: dead_line
    sync(new_engine)
    status = got(quiet(new_engine), "/system/status")
    assert (status["status"], status["progress"]) == ("error", 0)
    assert "TMDB" in status["message"]
    assert house.upstreams.tmdb_key not in str(status)


def test_a_run_that_a_crash_left_open_is_an_error_with_words(new_engine, store):
    store.begin_sync(SyncKind.FULL, NOW)
    status = got(quiet(new_engine), "/system/status")
    assert status["status"] == "error"
    assert "cut short" in status["message"]


def test_a_cancelled_sync_leaves_the_system_idle(new_engine, store):
    run = store.begin_sync(SyncKind.FULL, NOW)
    store.finish_sync(run, NOW, SyncStatus.CANCELLED, "Cancelled", {})
    assert got(quiet(new_engine), "/system/status")["status"] == "idle"


@pytest.mark.parametrize("method", ["begin_sync", "finish_sync"])
def test_a_sync_that_could_not_be_written_down_is_an_error_all_the_same(house, store, method):
    engine = house.engine(FaultyStore(store, {method: StoreError("the disk is full", hint="Make room.")}))
    house.jellyfin.fault = lambda _: dead_line
    sync(engine)
    assert got(quiet(engine), "/system/status")["status"] == "error"


def test_a_run_that_ends_while_the_status_is_read_is_told_as_ended(house, store):
    class Slow(FaultyStore):
        """Read the runs, then let the sync end before the answer is used."""

        def sync_runs(self, limit):
            runs = store.sync_runs(limit)
            if runs and runs[0].status is SyncStatus.RUNNING:
                store.finish_sync(runs[0].run_id, NOW, SyncStatus.SUCCESS, "Everything is up to date", {})
            return runs

    store.begin_sync(SyncKind.FULL, NOW)
    status = got(quiet(house.engine(Slow(store))), "/system/status")
    assert (status["status"], status["message"]) == ("success", "Everything is up to date")


def test_the_sync_of_another_process_is_told_as_running(new_engine, store):
    store.begin_sync(SyncKind.FULL, NOW)
    with closing(store.lease_sync()):
        status = got(quiet(new_engine), "/system/status")
        assert set(status) == STATUS_FIELDS
        assert (status["status"], status["kind"], status["progress"]) == ("running", "full", 0)
        assert "Another process" in status["message"]
    assert got(quiet(new_engine), "/system/status")["status"] == "error"


def test_the_next_sync_is_that_which_is_planned(house, store):
    engine = house.engine(store)
    settings = Settings.model_validate({"DOUBLEBILL_LIGHT_SYNC_AT": "off", "DOUBLEBILL_FULL_SYNC_AT": "Tue 04:30"})
    Gate(house)
    with TestClient(create_app(engine, around=replace(BARE, settings=lambda: settings))) as client:
        told = datetime.fromisoformat(got(client, "/system/status")["next_sync"])
    assert NOW < told <= NOW + timedelta(days=7)
    assert f"{told.astimezone():%a %H:%M}" == "Tue 04:30"


# Regenerate


def test_a_full_sync_begins_behind_the_answer_and_a_second_call_starts_none(new_engine, house, store):
    Gate(house)
    with quiet(new_engine) as client:
        first, second = client.post("/system/regenerate"), client.post("/system/regenerate")
        status = got(client, "/system/status")
        health = got(client, "/api/health")
    assert first.status_code == second.status_code == 200
    assert first.json()["status"] == second.json()["status"] == "success"
    assert "has begun" in first.json()["message"]
    assert "no second one" in second.json()["message"]
    assert len(store.sync_runs(5)) == 1
    assert (status["status"], status["step"], status["progress"]) == ("running", "history", 0)
    assert status["message"] == WORDS["history"]
    assert health["status"] == "degraded"


def test_a_running_sync_that_is_cancelled_by_the_end_of_the_app_is_written_down(new_engine, house, store):
    Gate(house)
    with quiet(new_engine) as client:
        client.post("/system/regenerate")
        while not house.jellyfin.calls:
            got(client, "/system/status")
    assert [run.status for run in store.sync_runs(5)] == [SyncStatus.CANCELLED]


def test_without_a_key_the_call_says_which_variable_is_missing(new_engine, store):
    def not_configured():
        raise ConfigError("TMDB_API_KEY is not set", hint="Set it in the environment or in .env, then start again.")

    engine = type(new_engine)(store, new_engine.model, not_configured)
    with quiet(engine) as client:
        body = refused(client.post("/system/regenerate"), 409, "not_configured")
    assert "TMDB_API_KEY" in body["detail"]
    assert store.sync_runs(5) == []


def test_another_website_cannot_start_a_sync(new_engine):
    with quiet(new_engine) as client:
        refused(client.post("/system/regenerate", headers={"Sec-Fetch-Site": "cross-site"}), 403, "forbidden")
        assert new_engine.runner.progress is None


# Cancel


def test_a_running_sync_is_stopped_and_the_system_is_idle(new_engine, house, store):
    Gate(house)
    with quiet(new_engine) as client:
        client.post("/system/regenerate")
        running = got(client, "/system/status")
        told = said(client, "/system/cancel")
        status = got(client, "/system/status")
    assert (running["status"], running["kind"], running["left_s"]) == ("running", "full", None)
    assert told["status"] == "success"
    assert "goes on from there" in told["message"]
    assert (status["status"], status["step"], status["left_s"]) == ("idle", None, None)
    assert [run.status for run in store.sync_runs(5)] == [SyncStatus.CANCELLED]


def test_where_nothing_runs_there_is_nothing_to_stop(new_engine):
    with quiet(new_engine) as client:
        assert said(client, "/system/cancel") == {"status": "idle", "message": "No sync is running"}


def test_another_website_cannot_stop_a_sync(new_engine, house):
    Gate(house)
    with quiet(new_engine) as client:
        client.post("/system/regenerate")
        refused(client.post("/system/cancel", headers={"Sec-Fetch-Site": "cross-site"}), 403, "forbidden")
        assert got(client, "/system/status")["status"] == "running"


def test_the_time_left_is_told_while_a_sync_runs(new_engine, house):
    Gate(house)
    with quiet(new_engine) as client:
        client.post("/system/regenerate")
        while not house.jellyfin.calls:
            got(client, "/system/status")
        new_engine.runner.progress.begin(Step.HISTORY, 4)
        new_engine.runner.progress.advance(Step.HISTORY, 1)
        house.clock.pass_time(seconds=10)
        assert got(client, "/system/status")["left_s"] == pytest.approx(790)


# The last syncs, and reading anew


def test_the_last_syncs_are_told_newest_first(home):
    home.house.clock.pass_time(hours=1)
    sync(home.engine, SyncKind.LIGHT)
    told = got(home.client, "/syncs")
    assert [(run["kind"], run["status"]) for run in told["syncs"]] == [("light", "success"), ("full", "success")]
    assert told["next"] is None
    assert got(home.client, "/syncs", limit=1)["syncs"] == told["syncs"][:1]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x"])
def test_a_number_of_syncs_that_does_not_fit_is_named(client, query):
    assert refused_fields(client, "/syncs", query) == ["query.limit"]


def test_a_refresh_takes_over_what_another_program_wrote(home):
    before = got(home.client, "/api/health")["total_candidates"]
    home.store.save_listed([Title(TitleKey(Kind.MOVIE, 999_999), "New")], NOW)
    assert home.client.get("/titles/movie/999999").status_code == 404
    told = said(home.client, "/refresh")
    assert (told["status"], told["candidates_loaded"]) == ("refreshed", before + 1)
    assert told["recommendations_loaded"] == got(home.client, "/api/health")["total_recommendations"]
    assert told["bm25_items_indexed"] == told["candidates_loaded"]
    assert got(home.client, "/titles/movie/999999")["title"] == "New"


def test_another_website_cannot_make_it_read_anew(home):
    refused(home.client.post("/refresh", headers={"Sec-Fetch-Site": "cross-site"}), 403, "forbidden")
