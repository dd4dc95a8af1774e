"""One sync at a time: start it, join it, cancel it, and write down how it went."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from doublebill.errors import DoublebillError, StoreError
from doublebill.logs import run_id
from doublebill.model import SyncKind, SyncRun, SyncStatus
from doublebill.store.protocol import Store
from doublebill.sync.changes import Changes
from doublebill.sync.pipeline import Sync, Tools
from doublebill.sync.progress import Clock, Progress
from doublebill.sync.upstreams import Upstreams

log = logging.getLogger(__name__)

Listener = Callable[[Progress], None]
OpenTools = Callable[[Upstreams], Tools]


class Runner:
    """Runs syncs, never two at once; all methods are called from one event loop.

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

    def start(self, kind: SyncKind, listener: Listener = lambda _: None) -> bool:
        """Start a sync in the background; False if one is under way, which then is the one."""
        if self.is_running:
            return False
        self.progress = Progress(kind, self._clock, self._telling(listener))
        self._task = asyncio.create_task(self._run(self.progress), name=f"{kind} sync")
        self._task.add_done_callback(lambda _: self._turn())
        self._turn()
        return True

    async def run(self, kind: SyncKind, listener: Listener = lambda _: None) -> SyncRun:
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
            run_number = await asyncio.to_thread(self._store.begin_sync, run.kind, run.started_at)
        except StoreError as error:
            self.failure = error
            return self._end(run, progress, SyncStatus.ERROR, _words_of(error))
        self._turn()
        with run_id(str(run_number)):
            log.info("%s sync begins", run.kind)
            run = replace(run, run_id=run_number)
            try:
                status, message = await self._outcome(progress)
            except asyncio.CancelledError:
                self._finish(run, progress, SyncStatus.CANCELLED, "Cancelled; the next sync goes on from there")
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
