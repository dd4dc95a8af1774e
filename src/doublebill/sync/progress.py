"""How far a sync is: written by the one sync that runs, read by whoever shows it.

Steps may run side by side (details arrive while earlier ones are embedded), so each has its own count.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from doublebill.model import SyncKind

Clock = Callable[[], datetime]
"""Gives the present moment, aware and in UTC."""


class Step(StrEnum):
    """The steps of a sync, in order."""

    HISTORY = "history"
    NEIGHBOURS = "neighbours"
    CATALOGUE = "catalogue"
    DETAILS = "details"
    EMBED = "embed"
    PUBLISH = "publish"


STEPS_OF = {
    SyncKind.LIGHT: (Step.HISTORY, Step.PUBLISH),
    SyncKind.FULL: tuple(Step),
}

WORDS = {
    Step.HISTORY: "Reading what was watched",
    Step.NEIGHBOURS: "Asking TMDB about watched titles",
    Step.CATALOGUE: "Looking for new releases",
    Step.DETAILS: "Fetching details of candidates",
    Step.EMBED: "Reading the plots",
    Step.PUBLISH: "Publishing recommendations",
}

WAITING = "Waiting for the sync of another process"

SHARE = {Step.HISTORY: 5, Step.NEIGHBOURS: 25, Step.CATALOGUE: 5, Step.DETAILS: 35, Step.EMBED: 25, Step.PUBLISH: 5}
"""How much of a whole sync each step usually is, in percent; only the progress bar depends on it."""


@dataclass(slots=True)
class StepProgress:
    """One step's count: ``done`` of ``total``, which is None while unknown."""

    step: Step
    done: int = 0
    total: int | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def share_done(self) -> float:
        """How much of the step is done, 0..1."""
        if self.finished_at:
            return 1.0
        return min(1.0, self.done / self.total) if self.total else 0.0

    def rate_per_s(self, now: datetime) -> float | None:
        """How many are done in a second, None before the first."""
        elapsed = ((self.finished_at or now) - self.started_at).total_seconds() if self.started_at else 0.0
        return self.done / elapsed if self.done and elapsed > 0 else None

    def left_s(self, now: datetime) -> float | None:
        """How long the step will still take at its present rate, in seconds."""
        rate = self.rate_per_s(now)
        if self.finished_at or rate is None or self.total is None:
            return None
        return max(0, self.total - self.done) / rate


@dataclass(slots=True)
class Progress:
    """The state of one sync; ``on_change`` is called, in the sync's own thread, after every change.

    ``is_waiting`` is one that has not begun, because another process syncs.
    """

    kind: SyncKind
    clock: Clock
    on_change: Callable[["Progress"], None] = lambda _: None
    steps: dict[Step, StepProgress] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    current: Step = Step.HISTORY
    is_waiting: bool = False

    def __post_init__(self) -> None:
        self.steps = {step: StepProgress(step) for step in STEPS_OF[self.kind]}

    def take_in(self, step: Step) -> None:
        """Add a step that a sync of this kind seldom has; in its place, and once."""
        steps = {**self.steps, step: self.steps.get(step, StepProgress(step))}
        self.steps = {each: steps[each] for each in Step if each in steps}

    def wait(self) -> None:
        """Wait for another process, until the first step is begun."""
        self.is_waiting = True
        self.on_change(self)

    def begin(self, step: Step, total: int | None = None) -> None:
        """Enter a step; ``total`` is how many there are to do, if that is known."""
        self.is_waiting = False
        state = self.steps[step]
        state.started_at, state.total, self.current = self.clock(), total, step
        self.on_change(self)

    def advance(self, step: Step, count: int = 1) -> None:
        """Count some as done."""
        self.steps[step].done += count
        self.on_change(self)

    def finish(self, step: Step) -> None:
        """Leave a step."""
        self.steps[step].finished_at = self.clock()
        self.on_change(self)

    def skip(self, reason: str, count: int = 1) -> None:
        """Count something that was passed over, by its reason."""
        if count:
            self.skipped[reason] += count

    @property
    def share_done(self) -> float:
        """How much of the whole sync is done, 0..1, as ``SHARE`` weighs its steps."""
        whole = sum(SHARE[step] for step in self.steps)
        return sum(SHARE[step] * state.share_done for step, state in self.steps.items()) / whole

    @property
    def percent(self) -> int:
        """How much of the whole sync is done, 0..100."""
        return int(100 * self.share_done)

    def left_s(self, now: datetime) -> float | None:
        """How long the whole sync will still take, in seconds; None as long as nothing is done.

        What is left of it takes as long as what is done did, share for share, and never less than any of its steps.
        """
        begun = [state.started_at for state in self.steps.values() if state.started_at]
        done = self.share_done
        if not begun or not done:
            return None
        by_share = (now - min(begun)).total_seconds() * (1 - done) / done
        return max([by_share, *filter(None, (state.left_s(now) for state in self.steps.values()))])

    @property
    def words(self) -> str:
        """Say in a few words what is being done."""
        if self.is_waiting:
            return WAITING
        state = self.steps[self.current]
        count = f" ({state.done:,} of {state.total:,})" if state.total else ""
        return f"{WORDS[self.current]}{count}"
