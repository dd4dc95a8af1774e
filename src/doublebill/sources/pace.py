"""How fast one source may be asked, and the pause that all its callers keep together.

Nothing is sent here. Time is the event loop's own clock, so a test on a loop with made-up time waits for nothing.
"""

import asyncio
import random
from dataclasses import dataclass

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0


@dataclass(frozen=True, slots=True)
class Pace:
    """The limits that one client keeps.

    ``rate_per_s`` is never exceeded in any one second (None: no limit), ``connections`` is how many requests are under
    way at once, ``timeout_s`` how long one request may take in all, ``attempts`` how often an idempotent one is tried,
    and ``max_wait_s`` how long one call waits in pauses that the service asks for.
    """

    rate_per_s: float | None = None
    connections: int = 8
    timeout_s: float = 30.0
    attempts: int = 4
    max_wait_s: float = 120.0

    def __post_init__(self) -> None:
        if self.rate_per_s is not None and not 0 < self.rate_per_s < float("inf"):
            raise ValueError("a rate is a positive number of requests a second, or None")
        if self.connections < 1 or self.attempts < 1 or self.timeout_s <= 0 or self.max_wait_s < 0:
            raise ValueError("a pace needs at least one connection, one attempt, and time")


class Gate:
    """Close for everybody when the service asks one caller to slow down.

    Requests that are under way together are refused together, and that is one refusal, not sixteen: each request notes
    the ``round`` in which it was sent, and only the first refusal of a round begins the next one and lengthens the
    back-off.
    """

    def __init__(self) -> None:
        self.round = 0
        self._refusals = 0
        self._opens_at = 0.0

    def remaining_s(self) -> float:
        """Give how many seconds of the pause are left, 0 while the gate is open."""
        return max(0.0, self._opens_at - _now())

    def close(self, sent_in: int, retry_after_s: float | None) -> None:
        """Close after a refusal of a request sent in that round.

        Without a wish of the service the pause doubles with every round that brings nothing but refusals, plus up to a
        quarter of chance, so that two clients of one address do not come back at the same moment.
        """
        if sent_in == self.round:
            self.round += 1
            self._refusals += 1
            self._hold(self._back_off_s() if retry_after_s is None else retry_after_s)
        elif retry_after_s is not None:
            self._hold(retry_after_s)

    def calm(self, sent_in: int) -> None:
        """Note that a request sent in that round was served: the next pause is a short one again."""
        if sent_in == self.round:
            self._refusals = 0

    def _hold(self, pause_s: float) -> None:
        self._opens_at = max(self._opens_at, _now() + pause_s)

    def _back_off_s(self) -> float:
        # The exponent is held down: 2.0 ** 1024 overflows, and the cap is reached long before.
        pause_s = FIRST_PAUSE_S * 2.0 ** min(self._refusals - 1, 10)
        return min(LONGEST_PAUSE_S, pause_s) * random.uniform(1.0, 1.25)


def _now() -> float:
    return asyncio.get_running_loop().time()
