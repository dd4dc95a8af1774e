"""A service that answers from a script, for the tests of the clients."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

Answer = httpx2.Response | BaseException


def now_s() -> float:
    return asyncio.get_running_loop().time()


@dataclass
class Service(httpx2.AsyncBaseTransport):
    """A service that answers each request with the next of ``script`` (the last one for ever) after ``latency_s``.

    Keeps what it was asked, when, and how many requests were under way at most.
    """

    script: list[Answer] = field(default_factory=list)
    answer: Callable[[httpx2.Request], Answer | Awaitable[Answer]] | None = None
    latency_s: float = 0.0
    requests: list[httpx2.Request] = field(default_factory=list)
    times_s: list[float] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        self.times_s.append(now_s())
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await request.aread()
            await asyncio.sleep(self.latency_s)
            return await self._reply(request)
        finally:
            self.under_way -= 1

    async def _reply(self, request: httpx2.Request) -> httpx2.Response:
        if self.answer is not None:
            reply = self.answer(request)
            reply = await reply if isinstance(reply, Awaitable) else reply
        else:
            reply = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(reply, BaseException):
            raise reply
        # A scripted answer may serve more than one request; its stream can be read only once.
        return httpx2.Response(reply.status_code, headers=reply.headers, content=reply.content)


def says(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> httpx2.Response:
    """An answer in JSON."""
    return httpx2.Response(status, json=body, headers=headers)
