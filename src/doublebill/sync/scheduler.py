"""When syncs begin by themselves: at the start, at planned times, again after a service failed us, and never twice.

One task with one loop. It looks at the clock every few seconds and never sleeps for long, because a machine that sleeps
stops the timers of a process and not the clock on the wall: whatever was missed is made up once. The same look notices
what other processes did to the store.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path

from doublebill.errors import DoublebillError, SourceError
from doublebill.model import SyncKind
from doublebill.sync.engine import Engine
from doublebill.sync.progress import Progress
from doublebill.sync.runner import covers, ignore

log = logging.getLogger(__name__)

LOOK_S = 5.0
"""How often the clock and the store are looked at: two reads of one row each."""

SET_BACK = timedelta(hours=1)
"""A clock that is set back by less than this leaves the plan as it is, or what was just done would come again."""

RETRIES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""When a planned sync is tried again that a service failed; machines that start together are not ready together."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Slot:
    """A time by the clock on the wall, on one weekday (0 is Monday) or, with None, on every day."""

    time: time
    weekday: int | None = None

    def after(self, now: datetime, zone: tzinfo | None) -> datetime:
        """Give its first moment after now, in UTC; ``zone`` None is this machine's.

        A time that a change of the clocks leaves out comes as much later; one that comes twice counts the first time.
        """
        today = now.astimezone(zone).date()
        days = (today + timedelta(days=ahead) for ahead in range(9))
        return next(at for day in days if self._is_on(day) and (at := self._on(day, zone)) > now)

    def _is_on(self, day: date) -> bool:
        return self.weekday is None or day.weekday() == self.weekday

    def _on(self, day: date, zone: tzinfo | None) -> datetime:
        return datetime.combine(day, self.time, zone).astimezone(UTC)  # without a zone it is this machine's


def slot_of(text: str) -> Slot | None:
    """Read a setting such as ``03:00``, ``Mon 04:00`` or ``off``, which is None."""
    if text == "off":
        return None
    *day, clock = text.split()
    return Slot(time.fromisoformat(clock), DAYS.index(day[0]) if day else None)


@dataclass(frozen=True, slots=True)
class Plan:
    """When syncs of each kind begin, by the clock of a zone; None is this machine's. Nothing is planned without."""

    light: Slot | None = None
    full: Slot | None = None
    zone: tzinfo | None = None

    def after(self, now: datetime) -> dict[SyncKind, datetime]:
        """Give the next moment of each kind that is planned."""
        slots = {SyncKind.LIGHT: self.light, SyncKind.FULL: self.full}
        return {kind: slot.after(now, self.zone) for kind, slot in slots.items() if slot}


def plan_of(light: str, full: str, zone: tzinfo | None = None) -> Plan:
    """Read a plan from its two settings."""
    return Plan(slot_of(light), slot_of(full), zone)


@dataclass(frozen=True, slots=True)
class Start:
    """What a start finds.

    is_ready: whether all is set that a sync needs, asked each time; marker: a file that asks for a full sync at the
    next start, removed when that has begun; move_in: what is to be done, on a thread, before the first sync; it says
    whether that changed the store.
    """

    is_ready: Callable[[], bool] = lambda: True
    marker: Path | None = None
    move_in: Callable[[], bool] | None = None


AT_ONCE = Start()
"""Nothing to wait for."""


@dataclass(frozen=True, slots=True)
class Retry:
    """A sync that is to be tried again, and how long after that again, if it fails again."""

    at: datetime
    kind: SyncKind
    later: Sequence[timedelta]


class Scheduler:
    """Begins syncs behind whatever an engine serves; all methods are called from one event loop."""

    def __init__(
        self,
        engine: Engine,
        plan: Plan,
        start: Start = AT_ONCE,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._engine = engine
        self._plan = plan
        self._start = start
        self._sleep = sleep
        self._seen_at = engine.clock()
        self._due: dict[SyncKind, datetime] = {}
        self._retry: Retry | None = None
        self._complaint = ""
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin the sync that a start calls for, if nothing has to be done before, and all the rest behind it."""
        self._engine.builds_behind = True
        self._replan(self._engine.clock())
        if self._start.move_in is None:
            self._begin_first()
        self._task = asyncio.create_task(self._run(), name="scheduler")
        self._task.add_done_callback(_tell_if_failed)

    async def end(self) -> None:
        """Begin no more syncs; the one under way is the runner's to cancel."""
        if self._task:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        await self._do(self._build)
        if self._start.move_in:
            await self._do(self._move_in)
            self._begin_first()
        await self._engine.runner.settle()
        self._note_outcome(RETRIES)
        while True:
            await self._sleep(LOOK_S)
            await self._do(self._look)

    async def _do(self, step: Callable[[], Awaitable[None]]) -> None:
        """Take a step; what fails in it is told, once as long as it stays the same, and the next is taken anyway."""
        try:
            await step()
            self._complaint = ""
        except DoublebillError as error:
            if self._complaint != error.message:
                log.error("%s. %s", error.message, error.hint or "It is tried again")
            self._complaint = error.message

    async def _move_in(self) -> None:
        def step() -> None:
            if self._start.move_in and self._start.move_in():
                self._engine.reload()

        await asyncio.to_thread(step)

    async def _build(self) -> None:
        """Have the first edition built, so that nobody has to wait for it who asks later, and health says so."""
        try:
            await asyncio.to_thread(lambda: self._engine.edition)
        finally:
            self._engine.builds_behind = False

    def _begin_first(self) -> None:
        marker = self._start.marker
        is_forced = marker is not None and marker.exists()
        try:
            kind = SyncKind.FULL if is_forced else self._engine.due_sync()
        except DoublebillError as error:
            log.error("No sync begins: %s. %s", error.message, error.hint or "")
            return
        if self._start.is_ready():
            self._engine.runner.start(kind, self._unmark if is_forced else ignore)

    def _unmark(self, progress: Progress) -> None:
        """Remove the file that asked for this sync, as soon as it has really begun."""
        marker = self._start.marker
        if marker is None or progress.is_waiting:
            return
        try:
            marker.unlink(missing_ok=True)
        except OSError as error:
            log.warning("%s cannot be removed (%s): every start will begin a full sync", marker, error.strerror)

    async def _look(self) -> None:
        """See whether a sync is due, or another process did something, and act on it."""
        now, runner = self._engine.clock(), self._engine.runner
        if now < self._seen_at - SET_BACK:
            self._replan(now)
        self._seen_at = now
        if self._retry and runner.failure is None:
            self._retry = None  # somebody has tried by hand, and it went well
        self._engine.next_sync = self._next()
        if not self._start.is_ready():
            return
        if kind := self._missed(now):
            self._replan(now)
            await self._sync(kind)
            self._note_outcome(RETRIES)
        elif self._retry and self._retry.at <= now:
            await self._sync(self._retry.kind)
            self._note_outcome(self._retry.later)
        await self._catch_up()

    def _missed(self, now: datetime) -> SyncKind | None:
        """Give what is due by now, once, however often it was missed; a full sync does all that a light one does.

        A light one becomes full where full ones are planned and the last is too long ago: it failed, or was slept over.
        """
        missed = {kind for kind, at in self._due.items() if at <= now}
        if not missed:
            return None
        is_old = self._plan.full is not None and self._engine.due_sync() is SyncKind.FULL
        return SyncKind.FULL if is_old or SyncKind.FULL in missed else SyncKind.LIGHT

    async def _sync(self, kind: SyncKind) -> None:
        """Run a sync to its end, or join the one under way if that does as much; else begin when it has ended."""
        runner = self._engine.runner
        while not runner.start(kind):
            joined = runner.progress
            await runner.settle()
            if joined and covers(joined.kind, kind):
                return
        await runner.settle()

    def _note_outcome(self, retries: Sequence[timedelta]) -> None:
        """Plan to try again what a service failed, as long as there are retries left."""
        runner, self._retry = self._engine.runner, None
        if isinstance(runner.failure, SourceError) and runner.progress and retries:
            self._retry = Retry(self._engine.clock() + retries[0], runner.progress.kind, retries[1:])
        self._engine.next_sync = self._next()

    async def _catch_up(self) -> None:
        if not self._engine.runner.is_running and await asyncio.to_thread(self._engine.catch_up):
            self._engine.runner.notice()

    def _replan(self, now: datetime) -> None:
        self._retry = None
        self._due = self._plan.after(now)
        self._engine.next_sync = self._next()

    def _next(self) -> datetime | None:
        planned = [*self._due.values(), *([self._retry.at] if self._retry else [])]
        return min(planned, default=None) if self._start.is_ready() else None


def _tell_if_failed(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("No more syncs begin by themselves, after something that nobody foresaw", exc_info=error)
