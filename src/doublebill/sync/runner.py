"""One sync at a time, over all processes of a store: start it, join it, cancel it, and write down how it went."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

from doublebill.errors import DoublebillError, StoreError
from doublebill.logs import run_id
from doublebill.model import SyncKind, SyncRun, SyncStatus
from doublebill.store.protocol import Lease, Store
from doublebill.sync.changes import Changes
from doublebill.sync.pipeline import Sync, Tools
from doublebill.sync.progress import Clock, Progress
from doublebill.sync.upstreams import Upstreams

log = logging.getLogger(__name__)

Listener = Callable[[Progress], None]
OpenTools = Callable[[Upstreams], Tools]

ASK_AGAIN_S = 1.0
"""How often a sync that waits for one of another process looks whether that has ended."""

RUNS_LOOKED_AT = 5
CANCELLED = "Cancelled; the next sync goes on from there"


def ignore(_: Progress) -> None:
    """Listen to nothing."""


def covers(done: SyncKind, wanted: SyncKind) -> bool:
    """Whether a sync of one kind does all that one of another kind would: a full one does what a light one does."""
    return done in (wanted, SyncKind.FULL)


class Runner:
    """Runs syncs, never two at once; all methods are called from one event loop.

    While another process syncs the same store, a sync waits until that has ended. If it did all that was wanted, its
    run is the one that is given, and else this one's turn has come.

    ``progress`` is that of the running or last sync; ``last_run`` is how the last one of this process ended, also where
    the store could not write it down, and ``failure`` the error of ours that ended it, if one did. ``changes`` tells
    whoever shows a sync that something is new; ``turns`` counts those where it began or ended, which is when the store
    has something new to say of it too.
    """

    def __init__(
        self, store: Store, open_upstreams: Callable[[], Upstreams], open_tools: OpenTools, clock: Clock
    ) -> None:
        self._store = store
        self._open_upstreams = open_upstreams
        self._open_tools = open_tools
        self._clock = clock
        self._task: asyncio.Task[SyncRun] | None = None
        self.progress: Progress | None = None
        self.last_run: SyncRun | None = None
        self.failure: DoublebillError | None = None
        self.changes = Changes()
        self.turns = 0

    @property
    def is_running(self) -> bool:
        """Whether a sync is under way."""
        return self._task is not None and not self._task.done()

    def start(self, kind: SyncKind, listener: Listener = ignore) -> bool:
        """Start a sync in the background; False if one is under way, which then is the one."""
        if self.is_running:
            return False
        self.progress = Progress(kind, self._clock, self._telling(listener))
        self._task = asyncio.create_task(self._run(self.progress), name=f"{kind} sync")
        self._task.add_done_callback(lambda _: self._turn())
        self._turn()
        return True

    async def run(self, kind: SyncKind, listener: Listener = ignore) -> SyncRun:
        """Start a sync, or join the one under way, and give how it went; never raises for what went wrong in it.

        Whoever joins and goes away does not stop it. Raises: CancelledError if it is cancelled.
        """
        self.start(kind, listener)
        assert self._task is not None  # start made one, or there was one
        return await asyncio.shield(self._task)

    async def cancel(self) -> None:
        """Stop the sync under way, if any, and wait until it has stopped; what it saved stays."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])

    async def settle(self) -> None:
        """Wait until no sync is under way here, however it ends."""
        if self._task is not None:
            await asyncio.wait([self._task])

    def notice(self) -> None:
        """Have told to all who follow that another process has begun, ended or published something."""
        self._turn()

    async def require_upstreams(self) -> None:
        """See that what a sync asks is configured. Raises ConfigError that names the variable."""
        await self._open_upstreams().close()

    def _telling(self, listener: Listener) -> Listener:
        def on_change(progress: Progress) -> None:
            listener(progress)
            self.changes.tell()

        return on_change

    def _turn(self) -> None:
        self.turns += 1
        self.changes.tell()

    async def _run(self, progress: Progress) -> SyncRun:
        self.failure = None
        run = SyncRun(0, progress.kind, self._clock(), None, SyncStatus.RUNNING, "", {})
        try:
            lease = self._store.lease_sync()
            joined = None if lease else await self._others()
            lease = lease or await self._waited_for(progress)
            with closing(lease):
                return await self._joined(joined, progress) or await self._begun(run, progress)
        except StoreError as error:
            self.failure = error
            return self._end(run, progress, SyncStatus.ERROR, _words_of(error))

    async def _others(self) -> SyncRun | None:
        """Give the sync that another process has begun, if it is on record already."""
        runs = await asyncio.to_thread(self._store.sync_runs, RUNS_LOOKED_AT)
        return next((run for run in runs if run.status is SyncStatus.RUNNING), None)

    async def _waited_for(self, progress: Progress) -> Lease:
        """Wait until no other process syncs, or has ended without a word."""
        log.info("Another process syncs already; waiting for it to end")
        progress.wait()
        while (lease := self._store.lease_sync()) is None:
            await asyncio.sleep(ASK_AGAIN_S)
        return lease

    async def _joined(self, begun: SyncRun | None, progress: Progress) -> SyncRun | None:
        """Give how the sync of the other process ended, if it did all that is wanted here."""
        if begun is None or not covers(begun.kind, progress.kind):
            return None
        runs = await asyncio.to_thread(self._store.sync_runs, RUNS_LOOKED_AT)
        done = next((run for run in runs if run.run_id == begun.run_id and run.status is SyncStatus.SUCCESS), None)
        if done:
            log.info("The other process has done a %s sync; none is needed here", done.kind)
            self.last_run = done
        return done

    async def _begun(self, run: SyncRun, progress: Progress) -> SyncRun:
        """Write down that a sync begins, run it, and write down how it went. Raises: StoreError if it cannot begin."""
        opening = asyncio.create_task(asyncio.to_thread(self._store.begin_sync, run.kind, run.started_at))
        try:
            run = replace(run, run_id=await asyncio.shield(opening))
        except asyncio.CancelledError:  # the thread goes on: what it opens has to be closed
            self._finish(replace(run, run_id=await opening), progress, SyncStatus.CANCELLED, CANCELLED)
            raise
        self._turn()
        with run_id(str(run.run_id)):
            log.info("%s sync begins", run.kind)
            try:
                status, message = await self._outcome(progress)
            except asyncio.CancelledError:
                self._finish(run, progress, SyncStatus.CANCELLED, CANCELLED)
                raise
            return await asyncio.to_thread(self._finish, run, progress, status, message)

    async def _outcome(self, progress: Progress) -> tuple[SyncStatus, str]:
        try:
            await self._work(progress)
        except DoublebillError as error:
            self.failure = error
            return SyncStatus.ERROR, _words_of(error)
        except Exception:
            log.exception("The sync failed in a way that nobody foresaw")
            return SyncStatus.ERROR, "An unforeseen error; the log has the details"
        return SyncStatus.SUCCESS, "Everything is up to date"

    async def _work(self, progress: Progress) -> None:
        upstreams = self._open_upstreams()
        try:
            await Sync(self._open_tools(upstreams), progress).run()
        finally:
            await upstreams.close()

    def _finish(self, run: SyncRun, progress: Progress, status: SyncStatus, message: str) -> SyncRun:
        """Write down how a sync went; a store that cannot even do that does not hide what went wrong before."""
        ended = self._end(run, progress, status, message)
        try:
            self._store.finish_sync(run.run_id, ended.finished_at or run.started_at, status, message, ended.skipped)
        except DoublebillError as error:
            log.error("How the sync went could not be written down: %s", error.message)
        return ended

    def _end(self, run: SyncRun, progress: Progress, status: SyncStatus, message: str) -> SyncRun:
        level = logging.INFO if status is SyncStatus.SUCCESS else logging.WARNING
        log.log(level, "%s sync: %s", run.kind, message)
        for reason, count in progress.skipped.items():
            log.info("skipped: %d %s", count, reason)
        ended = replace(run, finished_at=self._clock(), status=status, message=message, skipped=dict(progress.skipped))
        self.last_run = ended
        return ended


def _words_of(error: DoublebillError) -> str:
    """Give message and hint as sentences, without the last full stop."""
    return ". ".join(words.rstrip(".") for words in (error.message, error.hint) if words)
