"""GET /system/events: the status of the sync as server-sent events, so that no page has to ask again and again.

What is told is made from the progress of the running sync and made once for all who follow; the store is read when
somebody begins to follow, and when a sync begins or ends. Everybody is told at the same ticks of the clock, hence the
one making serves all.
"""

import asyncio
import logging
import math
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import AppStatus
from starlette.types import Message, Receive, Scope, Send

from doublebill.errors import StoreError
from doublebill.sync.engine import Engine
from doublebill.web.front import asks_for_headers
from doublebill.web.problems import documented
from doublebill.web.status import Records, read_records, status_of

log = logging.getLogger(__name__)
router = APIRouter(tags=["system"])

TICK_S = 0.25
PING_S = 15
EVENT = "status"


class StatusFeed:
    """The status of one engine for all who follow it; it belongs to the event loop of the first of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = asyncio.Lock()
        self._records = Records(None, None, None)
        self._recorded_at: tuple[int, bool] | None = None
        self._told_at: int | None = None
        self._text = ""

    async def follow(self) -> AsyncIterator[str]:
        """Give the status as JSON at once, and again as it changes, at most four times a second. Raises StoreError."""
        changes = self._engine.runner.changes
        self._recorded_at = None
        last = ""
        while True:
            seen, text = await self._newest()
            if text != last:
                yield text
            last = text
            await changes.beyond(seen)
            await _tick()

    async def _newest(self) -> tuple[int, str]:
        """Give the present status, and up to which change it tells."""
        async with self._lock:
            runner = self._engine.runner
            turn = (runner.turns, runner.is_running)
            if self._recorded_at != turn:
                self._records = await asyncio.to_thread(read_records, self._engine)
                self._recorded_at, self._told_at = turn, None
            if self._told_at != runner.changes.count:
                self._told_at = runner.changes.count
                self._text = status_of(self._engine, self._records).model_dump_json()
            return self._told_at, self._text


class EventStream(Response):
    """Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

    media_type = "text/event-stream"


class _Following(EventSourceResponse):
    """A stream that ends its body also where the server ends it: else each that is open is an error in the log."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, until either side ends it."""
        has_ended = False

        async def tell(message: Message) -> None:
            nonlocal has_ended
            has_ended = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        await super().__call__(scope, receive, tell)
        if not has_ended:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


@router.get("/system/events", response_class=EventStream, responses=documented(500))
async def events(request: Request) -> Response:
    """Send the answer of GET /system/status as an event `status`: at once, and whenever it changes."""
    feed: StatusFeed = request.app.state.status_feed
    if asks_for_headers(request.scope) or AppStatus.should_exit:  # a server that ends begins no stream
        return EventStream()
    told = feed.follow()
    first = await anext(told)  # what fails here is still a problem, and no event stream
    return _Following(_events(first, told), ping=PING_S)


async def _events(first: str, told: AsyncIterator[str]) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(first, event=EVENT)
    try:
        async for text in told:
            yield ServerSentEvent(text, event=EVENT)
    except StoreError as error:  # the stream ends; a browser asks again by itself, and is told
        log.warning("The status can no longer be told: %s", error.message)


async def _tick() -> None:
    """Wait for a full quarter of a second after now, the same one for all."""
    now_s = asyncio.get_running_loop().time()
    await asyncio.sleep(TICK_S * (math.floor(now_s / TICK_S) + 1) - now_s)
