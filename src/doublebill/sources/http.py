"""Asking over HTTP: one client for all sources, and the only module that knows the HTTP library.

It keeps the pace, waits, tries again, follows and maps errors, so that a source's own module holds nothing but paths
and meanings. What a reader may question: redirects are followed by hand. The library would drop one key header at
another host but carry the rest along; here a request goes on only to the host it was meant for, never from https back
to http.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeAlias
from urllib.request import getproxies, proxy_bypass

import httpx2
import stamina
from aiolimiter import AsyncLimiter
from pydantic import JsonValue

from doublebill import __version__
from doublebill.errors import ConfigError, SourceBroken, SourceUnreachable
from doublebill.sources import failures
from doublebill.sources.address import clean_url, url_variable
from doublebill.sources.pace import Gate, Pace

Transport: TypeAlias = httpx2.AsyncBaseTransport
"""What carries a request to a source: the network, an app in the same process, or a test's own."""

Params: TypeAlias = Mapping[str, str | int | float | bool | Sequence[str] | None]
"""A query: None is left out, a sequence is repeated, a boolean is true or false."""

# The Any is ASGI's own: its messages are dicts of whatever the specification names (asgi.readthedocs.io, HTTP).
Message: TypeAlias = MutableMapping[str, Any]
AsgiApp: TypeAlias = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]

USER_AGENT = f"doublebill/{__version__}"
PLAIN = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": USER_AGENT}
"""What is asked of a file: that it comes as it is."""

PIECE = "doublebill.piece"
"""The note on a request for a piece of a file that holds its headers: all that may go to another host."""

CONNECT_S = 5.0
MOST_HOPS = 4
LONGEST_BACK_OFF_S = 15.0

# At INFO the library names every address with its query, at DEBUG the headers of every answer.
logging.getLogger("httpx2").setLevel(logging.WARNING)
logging.getLogger("httpcore2").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class File:
    """What a service gives that is not JSON.

    ``content_type`` is what the service says of it, in small letters and without parameters; "" if it says nothing.
    """

    content_type: str
    content: bytes


class ApiClient:
    """Ask one service, at its pace.

    A client belongs to the event loop of its first request. ``calls`` counts the requests sent, repeats and redirects
    too; ``date`` is the Date header of the last answer.
    """

    def __init__(
        self,
        source: str,
        base_url: str,
        *,
        headers: Mapping[str, str],
        pace: Pace,
        transport: Transport | None = None,
        key_hint: str | None = None,
    ) -> None:
        """Open a client; nothing is sent yet.

        Args:
            source: the name of the service, as errors say it.
            base_url: with or without a slash at the end or a sub-path.
            headers: sent with every request, to this host alone; the place for the key.
            pace: rate, connections, time-out and patience.
            transport: another way than the network.
            key_hint: what to do when the service does not accept the key.

        Raises: ConfigError if the address cannot be one.
        """
        self.source = source
        self.calls = 0
        self.date: str | None = None
        self._pace = pace
        self._key_hint = key_hint
        self._gate = Gate()
        self._slots = asyncio.Semaphore(pace.connections)
        self._limiter = _limiter(pace.rate_per_s) if pace.rate_per_s else None
        self._http = httpx2.AsyncClient(
            base_url=_address(source, base_url),
            headers={"Accept": "application/json", "User-Agent": USER_AGENT, **headers},
            timeout=httpx2.Timeout(None, connect=CONNECT_S),
            transport=transport or network(source, base_url, pace),
        )
        self._retrying = stamina.AsyncRetryingCaller(
            attempts=pace.attempts, timeout=None, wait_initial=0.5, wait_max=LONGEST_BACK_OFF_S, wait_jitter=0.5
        ).on(_is_passing)

    async def get(self, path: str, params: Params | None = None) -> JsonValue:
        """Ask for a resource; tried again when unreachable, limited or failing. An empty body is None.

        Raises: SourceError of the kind that fits, see ``errors``.
        """
        return self._json(await self._retrying(self._ask, self._http.build_request("GET", path, params=_query(params))))

    async def get_file(self, path: str) -> File:
        """Ask for a file, as ``get`` does; how large it may be is for the transport to say, see ``SizeLimit``.

        Raises: SourceError of the kind that fits, see ``errors``.
        """
        request = self._http.build_request("GET", path, headers=PLAIN)
        response = await self._retrying(self._ask, request)
        content_type: str = response.headers.get("Content-Type", "")
        return File(content_type.partition(";")[0].strip().lower(), response.content)

    async def get_piece(self, path: str, start: int, stop: int) -> bytes:
        """Ask for the bytes of a file from ``start`` up to ``stop``, as ``get`` does.

        It is followed to another host too, where large files often lie; our headers, and so the key, are not.
        Raises: SourceError of the kind that fits; SourceBroken if other bytes come than were asked for.
        """
        wanted = {**PLAIN, "Range": f"bytes={start}-{stop - 1}"}
        request = self._http.build_request("GET", path, headers=wanted, extensions={PIECE: wanted})
        response = await self._retrying(self._ask, request)
        content: bytes = response.content
        whole = response.status_code == httpx2.codes.OK and start == 0
        if len(content) != stop - start or not (whole or response.status_code == httpx2.codes.PARTIAL_CONTENT):
            raise SourceBroken(self.source, f"gives other bytes of {request.url.path} than were asked for")
        return content

    async def post(self, path: str, body: JsonValue) -> JsonValue:
        """Send a body once: a second try could do the thing twice. An empty answer is None.

        Raises: SourceError of the kind that fits, see ``errors``.
        """
        return self._json(await self._ask(self._http.build_request("POST", path, json=body)))

    async def delete(self, path: str, params: Params | None = None) -> None:
        """Take a resource away; tried again like a reading, since a second time does no more than the first.

        Raises: SourceUnknown if there is none, also where a first try took it away and its answer was lost; SourceError
            of another kind, see ``errors``.
        """
        await self._retrying(self._ask, self._http.build_request("DELETE", path, params=_query(params)))

    async def close(self) -> None:
        """Close the connections; the client cannot be used after."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _ask(self, request: httpx2.Request) -> httpx2.Response:
        """Send, follow redirects at home, and raise what a bad status means."""
        for _ in range(MOST_HOPS):
            response = await self._exchange(request)
            if not response.has_redirect_location:
                return self._judge(response)
            request = self._redirected(request, response)
        raise SourceBroken(self.source, "sends us in circles", hint=f"Check {url_variable(self.source)} and the proxy")

    async def _exchange(self, request: httpx2.Request) -> httpx2.Response:
        """Send when the pace allows, and after a 429 again when the pause is over; only a GET is repeated."""
        patience_s = self._pace.max_wait_s
        async with self._slots:
            while True:
                patience_s -= await self._turn(patience_s)
                sent_in = self._gate.round
                response = await self._send(request)
                if response.status_code != httpx2.codes.TOO_MANY_REQUESTS:
                    self._gate.calm(sent_in)
                    return response
                self._gate.close(sent_in, _retry_after_s(response))
                if request.method != "GET":
                    raise failures.limited(self.source, self._gate.remaining_s())

    async def _turn(self, patience_s: float) -> float:
        """Wait for the rate, and for a pause that came meanwhile; give the seconds spent in pauses.

        The rate comes last before sending: a turn taken before a pause would be spent in a burst after it.
        """
        paused_s = 0.0
        await self._take_token()
        while (pause_s := self._gate.remaining_s()) > 0:
            if paused_s + pause_s > patience_s:
                raise failures.limited(self.source, pause_s)
            await asyncio.sleep(pause_s)
            paused_s += pause_s
            await self._take_token()
        return paused_s

    async def _take_token(self) -> None:
        if self._limiter:
            await self._limiter.acquire()

    async def _send(self, request: httpx2.Request) -> httpx2.Response:
        self.calls += 1
        try:
            async with asyncio.timeout(self._pace.timeout_s):
                response = await self._http.send(request)
        # An OSError is a time-out, or an app in the same process that plays a dead line.
        except (httpx2.TransportError, OSError) as error:
            raise failures.unreachable(self.source, request.url.host, error) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise failures.not_its_api(self.source, request.url.path, "") from error
        self.date = response.headers.get("Date")
        return response

    def _redirected(self, request: httpx2.Request, response: httpx2.Response) -> httpx2.Request:
        """Aim the request at its new place, if that is the same host and no less secure; a piece may go anywhere."""
        target = response.next_request.url if response.next_request else httpx2.URL("")
        keeps_method = request.method == "GET" or response.status_code in (307, 308)
        piece: dict[str, str] | None = request.extensions.get(PIECE)
        is_at_home = request.url.host == self._http.base_url.host and _is_same_host(request.url, target)
        if keeps_method and is_at_home:
            kept = {"Content-Type": request.headers["Content-Type"]} if "Content-Type" in request.headers else {}
            return self._http.build_request(
                request.method, target, content=request.content, headers=piece or kept, extensions={PIECE: piece}
            )
        if keeps_method and piece and target.scheme in (request.url.scheme, "https"):
            # Not made by the client, which would add our headers, and the key with them.
            return httpx2.Request("GET", target, headers=piece, extensions=request.extensions)
        raise failures.sent_elsewhere(self.source, target.host)

    def _judge(self, response: httpx2.Response) -> httpx2.Response:
        status, path = response.status_code, response.request.url.path
        if status >= 500:
            raise failures.fault(self.source, status, path, _retry_after_s(response))
        if not response.is_success:
            raise failures.refusal(self.source, status, path, self._key_hint)
        return response

    def _json(self, response: httpx2.Response) -> JsonValue:
        if not response.content.strip():
            return None
        try:
            value: JsonValue = response.json()
        # RecursionError: a thousand brackets are an answer too, and not an API's.
        except (ValueError, RecursionError) as error:
            content_type = response.headers.get("Content-Type", "")
            raise failures.not_its_api(self.source, response.request.url.path, content_type) from error
        return value


def in_process(app: AsgiApp) -> Transport:
    """Give a transport that hands requests to an ASGI app in this process; what the app raises comes through.

    An app plays a dead line by raising an OSError such as ConnectionError.
    """
    return httpx2.ASGITransport(app)


def network(source: str, base_url: str, pace: Pace) -> Transport:
    """Give the transport over the network, by the proxy of the environment where there is one.

    Raises: ConfigError if the address cannot be one.
    """
    limits = httpx2.Limits(max_connections=pace.connections, max_keepalive_connections=pace.connections)
    return httpx2.AsyncHTTPTransport(limits=limits, proxy=proxy_for(_address(source, base_url)))


def proxy_for(url: httpx2.URL) -> str | None:
    """Give the proxy that the environment names for an address (HTTPS_PROXY, NO_PROXY and their kin), if any."""
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(url.netloc.decode("ascii")):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


class KeyInQuery(httpx2.AsyncBaseTransport):
    """Add a key to the query at the last moment, below all that logs, reports or repeats a request.

    Only for a service that knows no header for its key. A redirect that echoes the key is relieved of it on the way in.
    """

    def __init__(self, inner: Transport, name: str, key: str) -> None:
        self._inner = inner
        self._name = name
        self._key = key

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a copy of the request that carries the key."""
        url = request.url.copy_set_param(self._name, self._key)
        response = await self._inner.handle_async_request(
            httpx2.Request(
                request.method, url, headers=request.headers, stream=request.stream, extensions=request.extensions
            )
        )
        if location := response.headers.get("Location"):
            response.headers["Location"] = str(httpx2.URL(location).copy_remove_param(self._name))
        return response

    async def aclose(self) -> None:
        """Close the transport below."""
        await self._inner.aclose()


class SizeLimit(httpx2.AsyncBaseTransport):
    """Break off an answer that is larger than it may be, before it fills the memory.

    A packed answer is refused, since what comes out of it could be of any size.
    """

    def __init__(self, inner: Transport, source: str, most_bytes: int) -> None:
        self._inner = inner
        self._source = source
        self._most_bytes = most_bytes

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request on, and count what comes back. Raises SourceBroken."""
        response = await self._inner.handle_async_request(request)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            await response.aclose()
            raise SourceBroken(self._source, f"packs {request.url.path} although it was asked not to")
        response.stream = _Counted(response, self._source, self._most_bytes)
        return response

    async def aclose(self) -> None:
        """Close the transport below."""
        await self._inner.aclose()


class _Counted(httpx2.AsyncByteStream):
    def __init__(self, response: httpx2.Response, source: str, most_bytes: int) -> None:
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # what an asynchronous transport gives
        self._stream = response.stream
        self._source = source
        self._most_bytes = most_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        count = 0
        async for chunk in self._stream:
            count += len(chunk)
            if count > self._most_bytes:
                raise SourceBroken(self._source, f"gives a file of more than {self._most_bytes:,} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


def _address(source: str, base_url: str) -> httpx2.URL:
    try:
        return httpx2.URL(clean_url(base_url, source))
    except httpx2.InvalidURL as error:
        raise ConfigError(f"{url_variable(source)}: the address of {source} names no host that can be") from error


def _query(params: Params | None) -> Params:
    return {name: value for name, value in (params or {}).items() if value is not None}


def _limiter(rate_per_s: float) -> AsyncLimiter:
    """Space requests evenly, at most ``rate_per_s`` in any one second, with next to no burst.

    A bucket of size b that drains r a second lets fewer than b + r through in a second. b is a little over 1, since a
    bucket of exactly 1 loses every millisecond by which a timer is late, 4 % at 40 a second. r is 3 % under the rate,
    since requests arrive less evenly than they are sent: at 40 of 40 allowed a second a simulated TMDB refused one in
    200, and a refusal costs everybody a second.
    """
    size = 1 + min(0.5, 0.015 * rate_per_s)
    return AsyncLimiter(size, size / (0.97 * rate_per_s))


def _is_passing(error: Exception) -> bool | float:
    """Say whether a second try may help, or in how many seconds."""
    if isinstance(error, failures.ServerFault) and error.retry_after_s:
        return min(error.retry_after_s, LONGEST_BACK_OFF_S)
    return isinstance(error, failures.ServerFault | SourceUnreachable)


def _is_same_host(asked: httpx2.URL, target: httpx2.URL) -> bool:
    same_origin = (asked.scheme, asked.port) == (target.scheme, target.port)
    more_secure = (asked.scheme, target.scheme) == ("http", "https")
    return asked.host == target.host and (same_origin or more_secure)


def _retry_after_s(response: httpx2.Response) -> float | None:
    return failures.retry_after_s(response.headers.get("Retry-After"), response.headers.get("Date"))
