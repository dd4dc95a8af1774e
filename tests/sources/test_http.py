import asyncio
import logging
import ssl
from typing import Any

import httpx2
import pytest

from doublebill.errors import (
    ConfigError,
    SourceBroken,
    SourceError,
    SourceLimited,
    SourceRefused,
    SourceUnknown,
    SourceUnreachable,
)
from doublebill.sources.http import ApiClient, AsgiApp, KeyInQuery, Message, Params, in_process, network, proxy_for
from doublebill.sources.pace import Pace
from sources.fake_service import Service, now_s, says

pytestmark = pytest.mark.anyio

SECRET = "s3cr3t-key"
LIMITED = says({"status_code": 25}, 429)


def client(service: httpx2.AsyncBaseTransport, *, url: str = "http://host", **pace: Any) -> ApiClient:
    return ApiClient("Radarr", url, headers={"X-Api-Key": SECRET}, pace=Pace(**pace), transport=service)


def redirect(location: str, status: int = 302) -> httpx2.Response:
    return httpx2.Response(status, headers={"Location": location})


# Addresses and queries


@pytest.mark.parametrize("url", ["http://host/sub", "http://host/sub/", " http://host/sub// "])
async def test_a_sub_path_is_kept_with_and_without_a_slash(url: str) -> None:
    service = Service([says([1])])
    assert await client(service, url=url).get("/api/v3/tag") == [1]
    assert str(service.requests[0].url) == "http://host/sub/api/v3/tag"


@pytest.mark.parametrize("url", ["host:7878", "http://xn--a\u2028.example", "http://host..\u00fc"])
def test_an_address_that_cannot_be_is_a_config_error(url: str) -> None:
    with pytest.raises(ConfigError, match="RADARR_URL"):
        client(Service(), url=url)


async def test_a_query_repeats_sequences_and_leaves_none_out() -> None:
    service = Service([says({})])
    params: Params = {"a": ["x", "y"], "b": True, "c": None, "d": 3}
    await client(service).get("/", params)
    assert service.requests[0].url.query == b"a=x&a=y&b=true&d=3"


async def test_the_key_travels_in_the_header_and_a_body_as_json() -> None:
    service = Service([says({"id": 1}, 201)])
    async with client(service) as asking:
        assert await asking.post("/api/v3/movie", {"tmdbId": 603}) == {"id": 1}
    assert service.requests[0].headers["X-Api-Key"] == SECRET
    assert service.requests[0].content == b'{"tmdbId":603}'


# The four failures


@pytest.mark.parametrize(
    "failure", [httpx2.ConnectError("no route"), httpx2.ReadTimeout(""), ConnectionResetError(), ssl.SSLError("x")]
)
async def test_a_source_that_cannot_be_reached_is_tried_again_and_then_unreachable(failure: Exception) -> None:
    asking = client(Service([failure]), attempts=3)
    with pytest.raises(SourceUnreachable, match="Radarr: cannot be reached at host"):
        await asking.get("/")
    assert asking.calls == 3


async def test_a_source_that_does_not_answer_in_time_is_unreachable() -> None:
    asking = client(Service([says({})], latency_s=31), timeout_s=30, attempts=1)
    with pytest.raises(SourceUnreachable, match="no answer in time"):
        await asking.get("/")


@pytest.mark.parametrize(("status", "kind"), [(400, SourceRefused), (401, SourceRefused), (404, SourceUnknown)])
async def test_a_refusal_is_not_tried_again(status: int, kind: type[SourceError]) -> None:
    asking = client(Service([says({}, status)]))
    with pytest.raises(kind):
        await asking.get("/api")
    assert asking.calls == 1


async def test_a_fault_inside_is_tried_again_and_then_broken() -> None:
    asking = client(Service([httpx2.Response(500, text="Error processing request.")]), attempts=4)
    with pytest.raises(SourceBroken, match=r"failed on /api \(500\)"):
        await asking.get("/api")
    assert asking.calls == 4


async def test_a_fault_that_passes_is_not_seen() -> None:
    service = Service([says({}, 503), httpx2.ConnectError("gone"), says({}, 502), says([1])])
    assert await client(service).get("/") == [1]


async def test_tries_come_further_and_further_apart() -> None:
    service = Service([says({}, 500)])
    with pytest.raises(SourceBroken):
        await client(service, attempts=4).get("/")
    first, second, third = (
        later - earlier for earlier, later in zip(service.times_s, service.times_s[1:], strict=False)
    )
    assert 0.5 <= first <= 1 <= second <= 1.5
    assert third >= 2


async def test_a_service_that_starts_says_when_to_come_back() -> None:
    service = Service([says({}, 503, {"Retry-After": "9"}), says([1])])
    assert await client(service).get("/") == [1]
    assert service.times_s[1] - service.times_s[0] == pytest.approx(9)


@pytest.mark.parametrize(
    ("answer", "says_what"),
    [
        (httpx2.Response(200, html="<title>Log in</title>"), "a web page"),
        (httpx2.Response(200, text="pong"), "not JSON"),
        (httpx2.Response(200, content=b"[" * 100_000), "not JSON"),
        (httpx2.Response(200, content=b'{"a": "\xff"}'), "not JSON"),
        (httpx2.Response(304), "status that its API does not have"),
        (httpx2.DecodingError("bad gzip"), "not JSON"),
    ],
    ids=["html", "text", "brackets", "bytes", "status", "gzip"],
)
async def test_an_answer_that_is_not_its_api_is_broken_at_once(answer: Any, says_what: str) -> None:
    asking = client(Service([answer]))
    with pytest.raises(SourceBroken, match=says_what):
        await asking.get("/")
    assert asking.calls == 1


async def test_an_empty_answer_is_none() -> None:
    assert await client(Service([httpx2.Response(204)])).get("/") is None


@pytest.mark.parametrize("failure", [httpx2.ReadTimeout(""), says({}, 503), LIMITED])
async def test_a_post_is_sent_only_once(failure: Any) -> None:
    asking = client(Service([failure]))
    with pytest.raises(SourceError):
        await asking.post("/api/v3/movie", {})
    assert asking.calls == 1


# Redirects


@pytest.mark.parametrize(
    "location", ["/radarr/api/", "http://host/api", "https://host/api", "https://HOST:9898/api", "api/"]
)
async def test_a_redirect_at_home_is_followed_with_the_key(location: str) -> None:
    service = Service([redirect(location), says([1])])
    asking = client(service)
    assert await asking.get("/api") == [1]
    assert service.requests[1].headers["X-Api-Key"] == SECRET
    assert asking.calls == 2


@pytest.mark.parametrize(
    "location",
    ["http://other/api", "https://login.host/?rd=1", "http://host:81/api", "ftp://host/api", "//other/", "http://[/"],
)
async def test_a_redirect_to_another_place_is_broken_and_not_followed(location: str) -> None:
    asking = client(Service([redirect(location), says([1])]))
    with pytest.raises(SourceBroken, match="the key is not taken there"):
        await asking.get("/api")
    assert asking.calls == 1


async def test_a_redirect_never_goes_back_from_https_to_http() -> None:
    asking = client(Service([redirect("http://host/api")]), url="https://host")
    with pytest.raises(SourceBroken):
        await asking.get("/api")
    assert asking.calls == 1


async def test_a_redirect_in_circles_ends() -> None:
    asking = client(Service([redirect("/api")]))
    with pytest.raises(SourceBroken, match="in circles"):
        await asking.get("/api")
    assert asking.calls == 4


async def test_a_post_follows_only_a_redirect_that_keeps_method_and_body() -> None:
    service = Service([redirect("/sub/movie", 307), says({})])
    await client(service).post("/movie", {"a": 1})
    assert (service.requests[1].method, service.requests[1].content) == ("POST", b'{"a":1}')
    assert service.requests[1].headers["Content-Type"] == "application/json"
    with pytest.raises(SourceBroken):
        await client(Service([redirect("/sub/movie", 302)])).post("/movie", {"a": 1})


# 429


async def test_a_429_pauses_everybody_and_loses_nothing() -> None:
    limited_until_s = now_s() + 5

    def answer(request: httpx2.Request) -> httpx2.Response:
        return says({}, 429, {"Retry-After": "6"}) if now_s() < limited_until_s else says(request.url.path)

    service = Service(answer=answer, latency_s=0.08)
    asking = client(service, rate_per_s=35, connections=16)
    answers = await asyncio.gather(*(asking.get(f"/{number}") for number in range(60)))
    assert answers == [f"/{number}" for number in range(60)]
    refused = [time_s for time_s in service.times_s if time_s < limited_until_s]
    assert len(refused) <= 4
    assert min(time_s for time_s in service.times_s if time_s > limited_until_s) >= service.times_s[0] + 6


async def test_after_a_pause_the_rate_is_kept_without_a_burst() -> None:
    script: list[Any] = [says({}, 429, {"Retry-After": "3"}), says({})]
    service = Service(script)
    asking = client(service, rate_per_s=10, connections=16)
    await asyncio.gather(*(asking.get("/") for _ in range(20)))
    assert most_in_a_second(service.times_s) <= 10


async def test_without_retry_after_the_pauses_grow_until_the_service_is_calm() -> None:
    service = Service([LIMITED, LIMITED, LIMITED, says([1])])
    assert await client(service).get("/") == [1]
    gaps = [later - earlier for earlier, later in zip(service.times_s, service.times_s[1:], strict=False)]
    assert 1 <= gaps[0] <= 1.25
    assert 2 <= gaps[1] <= 2.5
    assert 4 <= gaps[2] <= 5


async def test_a_pause_longer_than_we_wait_is_limited_for_all_and_nothing_more_is_sent() -> None:
    asking = client(Service([says({}, 429, {"Retry-After": "3600"})]), max_wait_s=60)
    with pytest.raises(SourceLimited) as caught:
        await asking.get("/")
    assert caught.value.retry_after_s == pytest.approx(3600)
    with pytest.raises(SourceLimited):
        await asking.get("/")
    assert asking.calls == 1


async def test_patience_ends_when_429_never_does() -> None:
    service = Service([LIMITED])
    with pytest.raises(SourceLimited):
        await client(service, max_wait_s=30).get("/")
    assert service.times_s[-1] - service.times_s[0] <= 30


async def test_waiting_out_a_429_does_not_use_up_the_tries() -> None:
    service = Service([LIMITED, LIMITED, LIMITED, says({}, 500), LIMITED, says([1])])
    assert await client(service, attempts=2).get("/") == [1]


# Pace


def most_in_a_second(times_s: list[float]) -> int:
    return max(sum(1 for time_s in times_s if start <= time_s < start + 1 - 1e-9) for start in times_s)


@pytest.mark.parametrize("rate_per_s", [5, 20, 35, 40])
@pytest.mark.parametrize("lateness_s", [0.0, 0.001])
async def test_the_rate_is_reached_but_never_exceeded_and_connections_are_few(
    rate_per_s: int, lateness_s: float
) -> None:
    asyncio.get_running_loop().clockwork.lateness_s = lateness_s  # type: ignore[attr-defined]
    service = Service([says({})], latency_s=0.08)
    asking = client(service, rate_per_s=rate_per_s, connections=16)
    await asyncio.gather(*(asking.get("/") for _ in range(150)))
    reached = (len(service.times_s) - 1) / (service.times_s[-1] - service.times_s[0])
    assert reached >= 0.95 * rate_per_s
    assert most_in_a_second(service.times_s) <= rate_per_s
    assert service.most_under_way <= 16


async def test_the_start_is_not_a_burst() -> None:
    service = Service([says({})])
    asking = client(service, rate_per_s=40)
    await asyncio.gather(*(asking.get("/") for _ in range(20)))
    assert sum(1 for time_s in service.times_s if time_s < service.times_s[0] + 0.1) <= 5


async def test_never_more_than_the_allowed_connections_are_under_way() -> None:
    service = Service([says({})], latency_s=1)
    asking = client(service, connections=3)
    await asyncio.gather(*(asking.get("/") for _ in range(10)))
    assert service.most_under_way == 3


async def test_a_cancelled_call_gives_its_place_back() -> None:
    service = Service([says([1])], latency_s=1)
    asking = client(service, connections=1)
    task = asyncio.create_task(asking.get("/"))
    await asyncio.sleep(0.5)
    task.cancel()
    assert await asking.get("/") == [1]


# Secrets


async def test_a_key_in_the_query_is_added_below_and_never_seen_above(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    service = Service([redirect(f"/3/b?x=1&api_key={SECRET}"), says({}, 401)])
    asking = ApiClient("TMDB", "http://host", headers={}, pace=Pace(), transport=KeyInQuery(service, "api_key", SECRET))
    with pytest.raises(SourceRefused) as caught:
        await asking.get("/3/a", {"x": 1})
    assert [request.url.query.decode() for request in service.requests] == [f"x=1&api_key={SECRET}"] * 2
    assert SECRET not in f"{caplog.text}{caught.value!r}{caught.value.hint}{asking!r}"
    await asking.close()


async def test_no_failure_names_the_key_or_a_query(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    failures: list[Any] = [
        httpx2.ConnectError("no"),
        says({}, 403),
        says({}, 500),
        LIMITED,
        httpx2.Response(200, text="x"),
    ]
    for failure in failures:
        with pytest.raises(SourceError) as caught:
            await client(Service([failure]), attempts=2, max_wait_s=5).get("/path", {"query": "private"})
        told = f"{caught.value!r}{caught.value.message}{caught.value.hint}{caught.value.__cause__!r}"
        assert SECRET not in told + caplog.text
        assert "private" not in told + caplog.text


# Transports


def app_that(body: bytes, raises: Exception | None = None) -> AsgiApp:
    async def app(scope: Message, receive: Any, send: Any) -> None:
        if raises:
            raise raises
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    return app


async def test_an_app_in_the_same_process_is_asked_like_a_service() -> None:
    assert await client(in_process(app_that(b'{"a": 1}'))).get("/") == {"a": 1}


async def test_an_app_plays_a_dead_line_with_an_os_error_and_its_own_bugs_come_through() -> None:
    with pytest.raises(SourceUnreachable):
        await client(in_process(app_that(b"", ConnectionError())), attempts=1).get("/")
    with pytest.raises(ZeroDivisionError):
        await client(in_process(app_that(b"", ZeroDivisionError()))).get("/")


async def test_without_a_transport_it_is_the_network() -> None:
    asking = ApiClient("Radarr", "http://host", headers={}, pace=Pace())
    await asking.close()
    assert asking.calls == 0


def test_the_network_refuses_a_wrong_address() -> None:
    with pytest.raises(ConfigError, match="SONARR_URL"):
        network("Sonarr", "host", Pace())


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({}, None),
        ({"http_proxy": "proxy:3128"}, "http://proxy:3128"),
        ({"all_proxy": "http://proxy:1"}, "http://proxy:1"),
        ({"http_proxy": "proxy:3128", "no_proxy": "host"}, None),
    ],
)
def test_the_proxy_of_the_environment_is_used(
    environment: dict[str, str], proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(httpx2.URL("http://host:7878")) == proxy
