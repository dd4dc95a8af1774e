"""A month of a household in made-up time: what its people do, what fails, and processes that are killed and started.

Run as ``python -m sync.month [SEEDS]`` in the folder of the tests it lives some disturbed months and compares each with
the quiet one. The test of the suite lives one.
"""

import asyncio
import logging
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import stamina

from doublebill.core.wish import Wish
from doublebill.demo.jellyfin_world import JellyfinItem
from doublebill.model import Hide, Kind, SyncKind, SyncStatus, TitleKey
from doublebill.store import SqliteStore, open_store
from doublebill.store.protocol import Lease
from doublebill.sync.edition import histories_of
from doublebill.sync.engine import Engine, people_of
from doublebill.sync.scheduler import Scheduler, plan_of
from sync.house import House, answer, dead_line, films_and_series

BERLIN = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 3, 9, 12, tzinfo=UTC)
"""The night in which an hour is left out, of 29 March, is in the month."""

DAYS = 30
TICK = timedelta(minutes=20)
RESTART_AFTER = timedelta(minutes=1)


class Killed(BaseException):
    """The process is no more: nothing of ours may catch it."""


class MortalStore:
    """A store of a process that may be killed before or after any call; whoever is dead does nothing more."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.calls_left: int | None = None
        self.is_counting: Callable[[], bool] = lambda: True
        self.is_dead = False
        self.on_death: Callable[[], None] = lambda: None
        self._leases: list[Lease] = []

    def bury(self) -> None:
        """Do what the system does when a process ends: free its locks."""
        for lease in self._leases:
            lease.close()
        self._store.close()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._store, name)

        def mortal(*values: Any, **options: Any) -> Any:
            self._live()
            result = method(*values, **options)
            if name == "lease_sync" and result:
                self._leases.append(result)
            self._live()
            return result

        return mortal

    def _live(self) -> None:
        if self.calls_left is not None and self.is_counting():
            self.calls_left -= 1
            self.is_dead = self.is_dead or self.calls_left <= 0
        if self.is_dead:
            self.on_death()
            raise Killed


Act = Callable[["Month"], None]


@dataclass(slots=True)
class Month:
    """A house and a database over a month; what is to happen is a list of moments and acts."""

    path: Path
    acts: list[tuple[datetime, Act]]
    house: House = field(default_factory=House)
    life: "Life | None" = None
    kills: int = 0
    restarts: int = 0

    def live(self) -> dict[str, object]:
        """Let the month pass in as many processes as it takes, sync once more, and give what matters to people."""
        self.house.clock.now = BEGIN
        self.acts.sort(key=lambda each: each[0])
        while self.house.clock.now < BEGIN + timedelta(days=DAYS):
            asyncio.run(Life(self).live())
            self.house.clock.now += RESTART_AFTER
        self.house.jellyfin.fault = self.house.tmdb.fault = lambda _: None
        self.house.clock.now = BEGIN + timedelta(days=DAYS, hours=1)
        store = open_store(self.path)
        try:
            engine = self.house.engine(store)
            assert asyncio.run(engine.runner.run(SyncKind.FULL)).status is SyncStatus.SUCCESS
            return end_state(engine)
        finally:
            store.close()

    def act(self) -> None:
        """Do all whose moment has come."""
        while self.acts and self.acts[0][0] <= self.house.clock.now:
            self.acts.pop(0)[1](self)


class Life:
    """One process, from its start to its end, however that comes."""

    def __init__(self, month: Month) -> None:
        self._month = month
        self.store = MortalStore(open_store(month.path))
        self.engine: Engine = month.house.engine(self.store)
        self._scheduler = Scheduler(self.engine, plan_of("03:00", "Mon 04:00", BERLIN), sleep=self._sleep)
        self._is_over = asyncio.Event()

    async def live(self) -> None:
        loop = asyncio.get_running_loop()
        self.store.on_death = lambda: loop.call_soon_threadsafe(self._is_over.set)
        self._month.life = self
        self._scheduler.begin()
        await self._is_over.wait()
        self._month.kills += self.store.is_dead
        await self._scheduler.end()
        await self.engine.runner.cancel()
        self.store.bury()

    def end(self) -> None:
        """Be told to end, as by SIGTERM."""
        self._is_over.set()

    def kill_in_next_sync(self, calls: int) -> None:
        """Be killed at one of the calls of the store that the next sync makes."""
        runner, store = self.engine.runner, self.store
        turns = runner.turns
        store.is_counting = lambda: runner.turns > turns and runner.is_running
        store.calls_left = calls

    async def _sleep(self, _: float) -> None:
        month = self._month
        month.house.clock.now += TICK
        month.act()
        if month.house.clock.now >= BEGIN + timedelta(days=DAYS):
            self._is_over.set()
        if self._is_over.is_set():
            await asyncio.Event().wait()


def quiet_month(path: Path) -> Month:
    return Month(path, list(_household()))


def disturbed_month(path: Path, seed: int) -> Month:
    """Give the same month with outages, kills and restarts in half of its nights, by a seed."""
    return Month(path, [*_household(), *_disturbances(Random(seed))])


def end_state(engine: Engine) -> dict[str, object]:
    """Give all that matters to people: what is known, and what is recommended to whom, with the scores.

    The ledger is folded: on which day something was noticed may differ, and not what it amounts to.
    """
    store, everybody = engine.store, people_of(engine.edition)
    vectors = store.vector_columns(engine.model.model_id)
    return {
        "people": store.people(),
        "watches": {who: sorted(told, key=str) for who, told in histories_of(store, store.people()).items()},
        "titles": {key: fetched is not None for key, fetched in store.detail_ages().items()},
        "held": store.held(),
        "hides": [store.hides(person.person_id, engine.clock()) for person in everybody],
        "vectors": dict(zip(vectors.codes.tolist(), map(np.ndarray.tobytes, vectors.vectors), strict=True)),
        "picks": [
            [(pick.title.key, pick.scores) for pick in engine.recommend(person, Wish(50))] for person in everybody
        ],
    }


def _household() -> Iterator[tuple[datetime, Act]]:
    """Each day somebody watches something; now and then something comes into the library, or is hidden, or goes."""
    titles = [title for title in films_and_series() if title.key.kind is Kind.MOVIE]
    for day in range(DAYS - 1):
        at, title = BEGIN + timedelta(days=day, hours=7), titles[5 * day % len(titles)]
        yield at, _added(_item_id(day), title.title, title.key)
        if day % 2:
            yield at + timedelta(hours=3), _watched(_item_id(day), "Anna" if day % 3 else "Cem")
        if day % 5 == 4:
            yield at + timedelta(hours=1), _hidden(titles[7 * day % len(titles)].key)
        if day % 6 == 5:
            yield at + timedelta(hours=2), _deleted(_item_id(day - 5))


def _item_id(day: int) -> str:
    return f"{day:032x}"  # as Jellyfin writes a UUID


def _disturbances(chance: Random) -> Iterator[tuple[datetime, Act]]:
    """Something goes wrong in half of the nights, and some days are without a service."""
    for day in range(1, DAYS - 2):
        night = BEGIN + timedelta(days=day, hours=12)  # an hour or two before the plan
        trouble = chance.choice(["kill", "kill", "restart", "outage", "limits", "", "", ""])
        if trouble == "kill":
            yield night, _kill(chance.randint(1, 40))
        elif trouble == "restart":
            yield night + timedelta(minutes=chance.randint(0, 300)), _restart
        elif trouble:
            fault = dead_line if trouble == "outage" else answer(503, text="busy")
            service = chance.choice(["jellyfin", "tmdb"])
            yield night, _fault(service, fault, every=1 if trouble == "outage" else 3)
            yield night + timedelta(hours=chance.randint(1, 30)), _fault(service, None)


def _added(item_id: str, name: str, key: TitleKey) -> Act:
    def act(month: Month) -> None:
        ids = {"Tmdb": str(key.tmdb_id)}
        month.house.world.add_item(JellyfinItem(item_id, "Movie", name, BEGIN, runtime_min=100.0, provider_ids=ids))

    return act


def _watched(item_id: str, name: str) -> Act:
    def act(month: Month) -> None:
        world = month.house.world
        world.finish_playing(world.person_id(name), item_id, month.house.clock.now.replace(minute=0))

    return act


def _deleted(item_id: str) -> Act:
    return lambda month: month.house.world.delete_item(item_id)


def _hidden(key: TitleKey) -> Act:
    def act(month: Month) -> None:
        at, store = BEGIN, open_store(month.path)
        store.hide(Hide("household", key, at, at + timedelta(days=90)))
        store.close()

    return act


def _kill(calls: int) -> Act:
    """Kill the process at one of the next calls of a sync; what it does between syncs is left out."""

    def act(month: Month) -> None:
        if month.life:
            month.life.kill_in_next_sync(calls)

    return act


def _restart(month: Month) -> None:
    month.restarts += 1
    if month.life:
        month.life.end()


def _fault(service: str, fault: object, every: int = 1) -> Act:
    def act(month: Month) -> None:
        asked = count(1)
        line = getattr(month.house, service)
        line.fault = lambda _: fault if next(asked) % every == 0 else None

    return act


def main(seeds: int) -> None:
    """Live quiet and disturbed months, and say how each went; the exit code is 1 if any ended differently."""
    logging.disable()
    folder, failed = Path(tempfile.mkdtemp(prefix="doublebill-soak-")), 0
    with stamina.set_testing(True, attempts=2, cap=True):
        quiet = quiet_month(folder / "quiet.db").live()
        for seed in range(seeds):
            month = disturbed_month(folder / f"{seed}.db", seed)
            differing = [name for name, value in month.live().items() if value != quiet[name]]
            failed += bool(differing)
            what = f"differs in {', '.join(differing)}" if differing else "ends as the quiet month"
            sys.stdout.write(f"seed {seed}: {month.kills} kills, {month.restarts} restarts; {what}\n")
    shutil.rmtree(folder)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
