"""A count of changes that any number of tasks can wait on, without anybody asking again and again."""

import asyncio


class Changes:
    """Count changes, and wake whoever waits for one; all of it on one event loop."""

    def __init__(self) -> None:
        self.count = 0
        self._next = asyncio.Event()

    def tell(self) -> None:
        """Note a change."""
        self.count += 1
        self._next.set()
        self._next = asyncio.Event()

    async def beyond(self, count: int) -> None:
        """Wait until there are more changes than that."""
        while self.count <= count:
            await self._next.wait()
