"""A rate limit as TMDB's edge has one, with a clock that a test can turn."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic


@dataclass(slots=True)
class RateLimit:
    """Let at most `per_second` requests through in any second of `clock` (seconds, monotonic)."""

    per_second: int
    clock: Callable[[], float] = monotonic
    _passed: deque[float] = field(default_factory=deque)

    def passes(self) -> bool:
        """Whether one more request may pass now; a refused one does not count."""
        now = self.clock()
        while self._passed and now - self._passed[0] >= 1.0:
            self._passed.popleft()
        if len(self._passed) >= self.per_second:
            return False
        self._passed.append(now)
        return True
