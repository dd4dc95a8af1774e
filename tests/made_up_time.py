"""Time that passes by itself: what waits in a test is over at once."""

import asyncio
import selectors


class _Clockwork(selectors.DefaultSelector):
    """Never waits: when nothing is ready, as much time as would have been waited is over."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 1000.0
        self.lateness_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(timeout if timeout is None else 0)
        # A turn of the loop takes a moment, as in life: timers that fire a hair early would else spin for ever.
        self.now_s += 1e-6
        if not ready and timeout:
            self.now_s += timeout + self.lateness_s
        return ready


class MadeUpTime(asyncio.SelectorEventLoop):
    """An event loop whose sleeps take no time; ``lateness_s`` makes its timers late, as real ones are."""

    def __init__(self) -> None:
        self.clockwork = _Clockwork()
        super().__init__(self.clockwork)

    def time(self) -> float:
        return self.clockwork.now_s
