"""How far a long piece of work is, at which rate, and how long it will still take."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Unit = Literal["bytes", "titles"]


@dataclass(slots=True)
class Gauge:
    """``done`` of ``total``; ``begun_with`` was done before ``started_at`` and says nothing of the rate."""

    unit: Unit
    total: int
    begun_with: int
    started_at: datetime
    done: int = 0

    def __post_init__(self) -> None:
        self.done = max(self.done, self.begun_with)

    def rate_per_s(self, now: datetime) -> float | None:
        """How many are done in a second, None before the first."""
        elapsed_s = (now - self.started_at).total_seconds()
        made = self.done - self.begun_with
        return made / elapsed_s if made > 0 and elapsed_s > 0 else None

    def left_s(self, now: datetime) -> float | None:
        """How long it will still take at this rate, in seconds."""
        rate = self.rate_per_s(now)
        return None if rate is None else max(0, self.total - self.done) / rate
