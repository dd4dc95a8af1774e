"""When syncs begin by themselves: at the start, at planned times, over changed clocks, sleep, overlap and outages."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from doublebill.errors import StoreError
from doublebill.model import SyncKind, SyncRun, SyncStatus
from doublebill.store import SqliteStore
from doublebill.sync.engine import Engine
from doublebill.sync.scheduler import AT_ONCE, DAYS, Plan, Scheduler, Slot, Start, plan_of, slot_of
from sync.faulty_store import FaultyStore
from sync.house import House, answer, dead_line

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = plan_of("03:00", "Mon 04:00", BERLIN)
MONDAY = datetime(2026, 3, 2, tzinfo=BERLIN)


def in_berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


class Night:
    """A house whose scheduler looks at the clock every ten minutes, until the night is over; what it did is kept."""

    def __init__(self, house: House, store: SqliteStore, plan: Plan = EVERY_DAY, start: Start = AT_ONCE) -> None:
        self.house = house
        self.store = store
        self.engine: Engine = house.engine(store)
        self.scheduler = Scheduler(self.engine, plan, start, sleep=self._sleep)
        self.at: dict[datetime, Callable[[], None]] = {}
        self._until = house.clock.now
        self._is_over = asyncio.Event()

    async def _sleep(self, _: float) -> None:
        if self.house.clock.now >= self._until:
            self._is_over.set()
            await asyncio.Event().wait()
        self.house.clock.pass_time(minutes=10)
        for moment in [each for each in self.at if each <= self.house.clock.now]:
            self.at.pop(moment)()
            await self.engine.runner.settle()

    def pass_until(self, moment: datetime) -> None:
        """Let it begin, and time pass until that moment."""
        self._until = moment
        asyncio.run(self._pass())

    async def _pass(self) -> None:
        self._is_over = asyncio.Event()
        self.scheduler.begin()
        await asyncio.wait_for(self._is_over.wait(), 20)
        await self.scheduler.end()
        await self.engine.runner.cancel()

    def begun(self) -> list[tuple[str, str]]:
        """Give the syncs that there were, the first first: kind, and the clock in Berlin."""
        return [(run.kind.value, clock_of(run)) for run in sorted(self.store.sync_runs(50), key=lambda run: run.run_id)]


def clock_of(run: SyncRun) -> str:
    return f"{run.started_at.astimezone(BERLIN):%d %H:%M}"


@pytest.fixture
def night(house: House, synced_store: SqliteStore) -> Night:
    """A house that synced on the day before, from Monday 00:00 in Berlin on."""
    house.clock.now = MONDAY.astimezone(UTC)
    return Night(house, synced_store)


# The plan


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("off", None),
        ("03:00", (3, 0, None)),
        ("23:59", (23, 59, None)),
        ("Mon 04:00", (4, 0, 0)),
        ("Sun 00:00", (0, 0, 6)),
    ],
)
def test_a_setting_is_a_time_on_one_day_or_on_all_or_none(text, slot):
    read = slot_of(text)
    assert (read and (read.time.hour, read.time.minute, read.weekday)) == slot


@pytest.mark.parametrize("weekday", range(7))
def test_a_weekly_time_comes_once_in_seven_days(weekday):
    slot = slot_of(f"{DAYS[weekday]} 04:00")
    first = slot.after(MONDAY, BERLIN)
    assert first.astimezone(BERLIN).weekday() == weekday
    assert slot.after(first, BERLIN) - first == timedelta(days=7)


def test_the_next_time_is_after_now_also_when_it_is_now():
    slot = slot_of("03:00")
    assert slot.after(in_berlin("2026-03-02 02:59:59"), BERLIN) == in_berlin("2026-03-02 03:00")
    assert slot.after(in_berlin("2026-03-02 03:00"), BERLIN) == in_berlin("2026-03-03 03:00")


def test_the_night_when_an_hour_is_left_out_has_the_time_an_hour_later_and_once():
    slot = slot_of("02:30")  # on 29 March 02:00 is followed by 03:00
    moments = [in_berlin("2026-03-28 12:00")]
    for _ in range(3):
        moments.append(slot.after(moments[-1], BERLIN))
    shown = [f"{each.astimezone(BERLIN):%d %H:%M}" for each in moments[1:]]
    assert shown == ["29 03:30", "30 02:30", "31 02:30"]


def test_the_night_when_an_hour_comes_twice_has_the_time_once():
    slot = slot_of("02:30")  # on 25 October 03:00 is followed by 02:00
    moments = [in_berlin("2026-10-24 12:00")]
    for _ in range(2):
        moments.append(slot.after(moments[-1], BERLIN))
    assert moments[1:] == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)]


def test_without_a_zone_it_is_the_clock_of_this_machine():
    at = slot_of("03:00").after(datetime(2026, 3, 2, 12, tzinfo=UTC), None)
    assert (at.tzinfo, at.astimezone().hour) == (UTC, 3)


def test_what_is_off_is_not_planned():
    now = MONDAY.astimezone(UTC)
    assert plan_of("off", "off").after(now) == {}
    assert list(plan_of("off", "04:00").after(now)) == [SyncKind.FULL]
    assert Plan(light=Slot(MONDAY.time())).after(now).keys() == {SyncKind.LIGHT}


# A week


def test_every_night_there_is_a_light_sync_and_on_mondays_a_full_one(night):
    night.pass_until(in_berlin("2026-03-10 12:00"))
    begun = night.begun()[1:]
    assert begun[:4] == [("light", "02 00:00"), ("light", "02 03:00"), ("full", "02 04:00"), ("light", "03 03:00")]
    assert begun[4:] == [
        *((("light", f"{day:02} 03:00")) for day in range(4, 10)),
        ("full", "09 04:00"),
        ("light", "10 03:00"),
    ]


def test_the_next_sync_is_told(night):
    night.pass_until(in_berlin("2026-03-02 01:00"))
    assert night.engine.next_sync == in_berlin("2026-03-02 03:00")


def test_nothing_is_told_where_nothing_is_planned(house, synced_store):
    night = Night(house, synced_store, plan_of("off", "off"))
    night.pass_until(house.clock.now + timedelta(days=3))
    assert night.engine.next_sync is None
    assert [kind for kind, _ in night.begun()] == ["full", "light"]


def test_a_light_sync_at_night_becomes_full_when_the_last_full_one_is_too_long_ago(night):
    night.at[in_berlin("2026-03-02 03:50")] = lambda: setattr(night.house.jellyfin, "fault", lambda _: dead_line)
    night.at[in_berlin("2026-03-02 18:00")] = lambda: setattr(night.house.jellyfin, "fault", lambda _: None)
    night.pass_until(in_berlin("2026-03-10 12:00"))
    assert ("full", "09 03:00") in night.begun()


# Clocks, sleep and overlap


def test_what_was_slept_over_is_made_up_once(night):
    night.at[in_berlin("2026-03-02 01:00")] = lambda: night.house.clock.pass_time(days=3)
    night.pass_until(in_berlin("2026-03-06 02:00"))
    assert night.begun()[1:] == [("light", "02 00:00"), ("full", "05 01:00"), ("light", "05 03:00")]


def test_a_clock_that_is_set_ahead_by_years_brings_one_sync(night):
    night.at[in_berlin("2026-03-02 01:00")] = lambda: night.house.clock.pass_time(days=3650)
    night.pass_until(in_berlin("2026-03-02 02:00"))
    assert [kind for kind, _ in night.begun()[1:]] == ["light", "full"]


def test_a_clock_that_is_set_back_by_days_is_planned_by_anew(night):
    night.at[in_berlin("2026-03-02 05:00")] = lambda: night.house.clock.pass_time(days=-3)
    night.pass_until(in_berlin("2026-03-02 05:00"))
    assert night.engine.next_sync is not None
    night.pass_until(in_berlin("2026-02-28 04:00"))
    assert ("light", "28 03:00") in night.begun()


def test_a_clock_that_is_put_right_by_a_minute_brings_no_sync_twice(night):
    night.at[in_berlin("2026-03-03 03:00")] = lambda: night.house.clock.pass_time(minutes=1)
    night.at[in_berlin("2026-03-03 03:10")] = lambda: night.house.clock.pass_time(minutes=-15)
    night.pass_until(in_berlin("2026-03-03 12:00"))
    assert [at for _, at in night.begun() if at.startswith("03")] == ["03 03:01"]


@pytest.mark.anyio
async def test_a_planned_sync_joins_one_that_does_as_much(house, engine):
    engine.runner.start(SyncKind.FULL)
    await Scheduler(engine, EVERY_DAY)._sync(SyncKind.LIGHT)
    assert [run.kind for run in engine.store.sync_runs(5)] == [SyncKind.FULL]


@pytest.mark.anyio
async def test_a_full_sync_waits_for_a_light_one_and_then_begins(house, engine):
    engine.runner.start(SyncKind.LIGHT)
    await Scheduler(engine, EVERY_DAY)._sync(SyncKind.FULL)
    assert {run.kind for run in engine.store.sync_runs(5)} == set(SyncKind)


# Starts


def test_a_first_start_begins_a_full_sync(house, store):
    night = Night(house, store)
    night.pass_until(house.clock.now)
    assert [kind for kind, _ in night.begun()] == ["full"]


def test_a_start_that_is_not_ready_begins_nothing_and_plans_nothing(house, store):
    is_ready: list[bool] = []
    night = Night(house, store, start=Start(is_ready=lambda: bool(is_ready)))
    night.pass_until(house.clock.now + timedelta(days=1))
    assert (night.begun(), night.engine.next_sync) == ([], None)
    is_ready.append(True)
    night.pass_until(house.clock.now + timedelta(minutes=1))
    assert night.engine.next_sync is not None


def test_a_marker_asks_for_a_full_sync_and_is_gone_when_that_has_begun(house, synced_store, tmp_path):
    marker = tmp_path / "force_sync"
    marker.touch()
    there: list[bool] = []
    house.jellyfin.before = lambda _: there.append(marker.exists())
    night = Night(house, synced_store, start=Start(marker=marker))
    night.pass_until(house.clock.now)
    assert [kind for kind, _ in night.begun()] == ["full", "full"]
    assert there[0] is False


def test_a_marker_stays_until_a_sync_could_begin(house, synced_store, tmp_path):
    marker = tmp_path / "force_sync"
    marker.touch()
    night = Night(house, FaultyStore(synced_store, {"begin_sync": StoreError("full")}), start=Start(marker=marker))
    night.pass_until(house.clock.now)
    assert marker.exists()


def test_a_marker_that_cannot_be_removed_is_told(house, synced_store, tmp_path, caplog):
    (tmp_path / "force_sync" / "inside").mkdir(parents=True)
    night = Night(house, synced_store, start=Start(marker=tmp_path / "force_sync"))
    night.pass_until(house.clock.now)
    assert "cannot be removed" in caplog.text
    assert [run.status for run in synced_store.sync_runs(1)] == [SyncStatus.SUCCESS]


def test_what_comes_before_the_first_sync_is_done_and_read(house, store, synced_store):
    moved: list[int] = []

    def move_in() -> bool:
        moved.append(len(store.sync_runs(5)))
        store.save_details([], house.clock())
        return True

    night = Night(house, store, start=Start(move_in=move_in))
    night.pass_until(house.clock.now)
    assert moved == [0]
    assert [kind for kind, _ in night.begun()] == ["full"]


def test_a_moving_in_that_fails_is_told_and_the_sync_begins(house, store, caplog):
    def move_in() -> bool:
        raise StoreError("the disk is full")

    night = Night(house, store, start=Start(move_in=move_in))
    night.pass_until(house.clock.now)
    assert "the disk is full" in caplog.text
    assert [kind for kind, _ in night.begun()] == ["full"]


# What goes wrong


def test_what_a_service_failed_is_tried_again_some_times(night):
    night.house.jellyfin.fault = lambda _: dead_line
    night.at[in_berlin("2026-03-02 01:00")] = lambda: setattr(night.house.jellyfin, "fault", lambda _: None)
    night.pass_until(in_berlin("2026-03-02 02:50"))
    assert night.begun()[1:] == [
        ("light", "02 00:00"),
        ("light", "02 00:10"),
        ("light", "02 00:40"),
        ("light", "02 02:40"),
    ]
    assert night.store.last_success(SyncKind.LIGHT).started_at == in_berlin("2026-03-02 02:40")


def test_a_service_that_stays_away_is_not_asked_all_night(night):
    night.house.jellyfin.fault = lambda _: dead_line
    night.pass_until(in_berlin("2026-03-04 00:00"))
    assert len([at for _, at in night.begun() if at.startswith("03")]) == 4


def test_nobody_tries_again_what_somebody_did_by_hand(night):
    night.house.jellyfin.fault = lambda _: dead_line

    def by_hand() -> None:
        night.house.jellyfin.fault = lambda _: None
        night.engine.runner.start(SyncKind.LIGHT)

    night.at[in_berlin("2026-03-02 00:20")] = by_hand
    night.pass_until(in_berlin("2026-03-02 02:50"))
    assert [at for _, at in night.begun()[1:]][-1] == "02 00:20"


def test_a_refused_setting_is_not_tried_again(night):
    night.house.jellyfin.fault = lambda _: answer(401, text="")
    night.pass_until(in_berlin("2026-03-02 02:00"))
    assert len(night.begun()) >= 2


def test_a_store_that_fails_is_told_once_and_the_plan_goes_on(house, synced_store, caplog):
    house.clock.now = MONDAY.astimezone(UTC)
    faulty = FaultyStore(synced_store, {"last_success": StoreError("the disk is full", hint="Make room.")})
    night = Night(house, faulty)
    night.at[in_berlin("2026-03-02 02:00")] = lambda: faulty.faults.update(recall=StoreError("the disk is full"))
    night.at[in_berlin("2026-03-02 02:40")] = faulty.faults.clear
    night.pass_until(in_berlin("2026-03-02 05:00"))
    assert "No sync begins: the disk is full. Make room." in caplog.text
    assert caplog.text.count("the disk is full. It is tried again") == 1
    assert night.begun()[1:] == [("light", "02 03:00"), ("full", "02 04:00")]


def test_a_scheduler_that_ends_by_a_mistake_says_so(house, synced_store, caplog):
    night = Night(house, FaultyStore(synced_store, {"recall": ZeroDivisionError("odd")}))
    with pytest.raises(TimeoutError):
        asyncio.run(_shortly(night))
    assert "No more syncs begin by themselves" in caplog.text
    assert [each.levelno for each in caplog.records if "No more" in each.message] == [logging.ERROR]


async def _shortly(night: Night) -> None:
    night.scheduler.begin()
    try:
        await asyncio.wait_for(night._is_over.wait(), 1)
    finally:
        await night.engine.runner.cancel()


@pytest.mark.anyio
async def test_one_that_never_began_ends_too(engine):
    await Scheduler(engine, EVERY_DAY).end()


# Other processes


def test_what_another_process_published_is_read_by_itself(house, store, tmp_path: Path):
    night = Night(house, store, plan_of("off", "off"), Start(is_ready=lambda: True))
    elsewhere = house.engine(store)
    night.at[house.clock.now + timedelta(minutes=10)] = lambda: elsewhere.announce()
    before = night.engine.edition
    turns = night.engine.runner.turns
    night.pass_until(house.clock.now + timedelta(minutes=30))
    assert night.engine.edition is not before
    assert night.engine.runner.turns > turns
