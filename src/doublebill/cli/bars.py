"""A sync's progress as bars on the terminal, on stderr so that what a command prints stays clean."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from doublebill.sync.progress import WORDS, Progress, Step
from doublebill.sync.runner import Listener


@contextmanager
def sync_bars() -> Iterator[Listener]:
    """Show one bar for each step that has begun; nothing moves where stderr is no terminal."""
    columns = (
        TextColumn("{task.description:<34}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
    )
    with Bars(*columns, console=Console(stderr=True)) as bars:
        yield _Listener(bars)


class _Listener:
    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._tasks: dict[Step, TaskID] = {}

    def __call__(self, progress: Progress) -> None:
        for step, state in progress.steps.items():
            if state.started_at is None:
                continue
            if step not in self._tasks:
                self._tasks[step] = self._bars.add_task(WORDS[step], total=state.total)
            total = (state.done or 1) if state.finished_at else state.total
            done = total if state.finished_at else state.done
            self._bars.update(self._tasks[step], completed=done, total=total)
