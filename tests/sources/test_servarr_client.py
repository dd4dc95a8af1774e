"""What holds for Radarr and Sonarr alike; each claim is made of both, or of the one where it matters."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from doublebill.errors import (
    ConfigError,
    Conflict,
    SourceBroken,
    SourceLimited,
    SourceRefused,
    SourceUnreachable,
)
from doublebill.model import Kind, TitleKey
from doublebill.sources.radarr import open_radarr
from doublebill.sources.servarr import (
    AddOutcome,
    Download,
    LibraryEntry,
    Plan,
    Profile,
    RootFolder,
    ServiceInfo,
    Tag,
)
from doublebill.sources.servarr_client import PAGE, Servarr
from doublebill.sources.sonarr import open_sonarr
from sources.fake_service import Answer, Service, says
from sources.servarr_house import FILM, SERIES, demo_radarr, demo_sonarr, radarr_on, sonarr_on

pytestmark = pytest.mark.anyio

PLAN = Plan(key=TitleKey(Kind.MOVIE, 12), added_by=12, title="Beta", body={"tmdbId": 12})

OPEN: dict[str, Callable[..., Servarr]] = {"Radarr": open_radarr, "Sonarr": open_sonarr}
both = pytest.mark.parametrize("source", OPEN)


def opened(source: str, service: httpx2.AsyncBaseTransport, url: str = "http://host:1/") -> Servarr:
    return OPEN[source](url, "made-up-key", transport=service)


def on_post(answer: Answer) -> Callable[[httpx2.Request], Answer | None]:
    return lambda request: answer if request.method == "POST" else None


# The connection


@both
async def test_the_check_gives_name_and_version(source: str) -> None:
    service = Service([says({"appName": source, "instanceName": "upstairs", "version": "9.8.7"})])
    assert await opened(source, service).check() == ServiceInfo("upstairs", "9.8.7")
    request = service.requests[0]
    assert (request.headers["X-Api-Key"], request.headers["Accept"]) == ("made-up-key", "application/json")
    assert str(request.url) == "http://host:1/api/v3/system/status"


async def test_another_application_at_the_address_is_named() -> None:
    service = Service([says({"appName": "Sonarr", "version": "4.0.19"})])
    with pytest.raises(SourceBroken, match="it is Sonarr that answers there") as caught:
        await opened("Radarr", service).check()
    assert "RADARR_URL" in (caught.value.hint or "")
    with pytest.raises(SourceBroken, match="does not say what it is"):
        await opened("Radarr", Service([says({"version": "1"})])).check()


@both
async def test_a_refused_key_names_its_variable(source: str) -> None:
    with pytest.raises(SourceRefused, match="does not accept the key") as caught:
        await opened(source, Service([httpx2.Response(401)])).check()
    assert f"{source.upper()}_API_KEY" in (caught.value.hint or "")
    assert f"{source.upper()}_URL" in (caught.value.hint or "")


@both
async def test_a_service_that_still_starts_says_so_after_some_tries(source: str) -> None:
    starting = says({"errorMessage": f"{source} is starting up, please try again later"}, 503)
    with pytest.raises(SourceUnreachable, match=f"{source}: is still starting"):
        await opened(source, Service([starting])).check()
    ready = Service([starting, says({"appName": source, "version": "1"})])
    assert (await opened(source, ready).check()).version == "1"


async def test_a_redirect_to_the_url_base_is_followed_with_the_body() -> None:
    def answer(request: httpx2.Request) -> Answer:
        if not request.url.path.startswith("/films/"):
            return httpx2.Response(307, headers={"Location": f"/films{request.url.path}"})
        return says({"id": 7, "title": "Beta"}, 201) if request.method == "POST" else says({})

    service = Service(answer=answer)
    assert await opened("Radarr", service).add(PLAN) == AddOutcome("added", 7, "Beta")
    assert service.requests[-1].url.path == "/films/api/v3/movie"
    assert service.requests[-1].content == service.requests[0].content
    assert service.requests[-1].headers["X-Api-Key"] == "made-up-key"


async def test_a_redirect_to_another_host_never_gets_the_key() -> None:
    service = Service([httpx2.Response(307, headers={"Location": "http://elsewhere/api/v3/tag"})])
    with pytest.raises(SourceBroken, match="elsewhere"):
        await opened("Sonarr", service).tags()
    assert len(service.requests) == 1


async def test_a_sub_path_stands_before_every_path() -> None:
    service = Service([says([])])
    await opened("Sonarr", service, "https://host/tv/").tags()
    assert str(service.requests[0].url) == "https://host/tv/api/v3/tag"


@pytest.mark.parametrize(("url", "key"), [("host:7878", "key"), ("http://host", " ")])
@both
def test_a_wrong_address_or_key_is_a_config_error(source: str, url: str, key: str) -> None:
    with pytest.raises(ConfigError, match=f"{source.upper()}_"):
        OPEN[source](url, key)


async def test_without_a_transport_the_network_is_used() -> None:
    await open_radarr("http://host", "key").close()


# The four failures

READINGS: dict[str, Callable[[Any], Awaitable[object]]] = {
    "library": lambda service: service.library(),
    "queue": lambda service: service.queue(),
    "exclusions": lambda service: service.exclusions(),
    "profiles": lambda service: service.profiles(),
    "look-up": lambda service: service.find("tmdb:1"),
}


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx2.ConnectTimeout(""), SourceUnreachable),
        (httpx2.Response(401), SourceRefused),
        (says({"title": "One or more validation errors occurred.", "status": 400}, 400), SourceRefused),
        (httpx2.Response(429, headers={"Retry-After": "9999"}), SourceLimited),
        (says({"message": "no such table", "description": "at Line 1"}, 500), SourceBroken),
        (httpx2.Response(502, html="<h1>Bad Gateway</h1>"), SourceBroken),
        (httpx2.Response(200, html="<h1>Sign in</h1>"), SourceBroken),
        (says("text"), SourceBroken),
    ],
)
@both
async def test_each_failure_of_a_reading_is_its_error(
    source: str, answer: Any, kind: type[Exception], reading: str
) -> None:
    with pytest.raises(kind, match=source):
        await READINGS[reading](opened(source, Service([answer])))


@both
async def test_metadata_that_is_down_is_broken_in_the_service_s_own_words(source: str) -> None:
    body = {"message": "Search for 'tmdb:1' failed. Unable to communicate.", "description": "at Secret.Stack()"}
    with pytest.raises(SourceBroken, match="Unable to communicate") as caught:
        await opened(source, Service([says(body, 503)])).find("tmdb:1")
    assert "Secret.Stack" not in str(caught.value)
    assert "metadata" in (caught.value.hint or "")


async def test_a_key_that_a_proxy_repeats_is_struck_out() -> None:
    with pytest.raises(SourceRefused) as caught:
        await opened("Radarr", Service([says({"message": "bad header: made-up-key"}, 400)])).tags()
    assert "made-up-key" not in f"{caught.value} {caught.value.hint}"


# The set-up


async def test_the_set_up_is_read(contracts: Path) -> None:
    radarr, _ = radarr_on(demo_radarr(), contracts)
    assert await radarr.check() == ServiceInfo("Radarr", "6.0.3.10101")
    assert (await radarr.profiles())[0] == Profile(1, "Any")
    assert (await radarr.root_folders())[1:] == [RootFolder("/b", True, 20), RootFolder("/broken", False, None)]
    assert await radarr.tags() == [Tag(1, "family")]


async def test_rows_without_an_id_are_left_out() -> None:
    assert await opened("Radarr", Service([says([{"name": "Any"}, {"id": 2}, 5])])).profiles() == [Profile(2, "2")]
    assert await opened("Radarr", Service([says([{"accessible": True}])])).root_folders() == []
    assert await opened("Radarr", Service([says([{"id": 1}, {"label": "a"}])])).tags() == []
    for service in (open_radarr, open_sonarr):
        rows = says([{"title": "A"}, {"id": 1}])
        assert await service("http://host", "key", transport=Service([rows])).library() == []


# The queue and the exclusions


async def test_the_queue_says_how_far_each_title_is(contracts: Path) -> None:
    radarr_app, sonarr_app = demo_radarr(), demo_sonarr()
    radarr_app.start_download(11, done=0.25)
    sonarr_app.start_download(9011, done=0.75)
    assert await radarr_on(radarr_app, contracts)[0].queue() == [Download(1, pytest.approx(0.25))]
    assert await sonarr_on(sonarr_app, contracts)[0].queue() == [Download(1, pytest.approx(0.75))]


async def test_episodes_of_one_download_count_once_and_failed_ones_not_at_all() -> None:
    records = [
        {"id": 1, "seriesId": 5, "downloadId": "pack", "size": 300, "sizeleft": 300},
        {"id": 2, "seriesId": 5, "downloadId": "pack", "size": 300, "sizeleft": 300},
        {"id": 3, "seriesId": 5, "downloadId": "single", "size": 100, "sizeleft": 0},
        {"id": 4, "seriesId": 6, "size": 0, "sizeleft": 0, "status": "delay"},
        {"id": 5, "seriesId": 7, "size": 10, "sizeleft": 5, "status": "failed"},
        {"id": 6, "size": 10, "sizeleft": 5},
        {"id": 7, "seriesId": 8, "size": 10},
    ]
    queue = await opened("Sonarr", Service([says({"records": records, "totalRecords": 7})])).queue()
    assert queue == [Download(5, 0.25), Download(6, None), Download(8, 0.0)]


def numbered(count: int, *, total: int | None) -> Service:
    def answer(request: httpx2.Request) -> Answer:
        first = (int(request.url.params["page"]) - 1) * int(request.url.params["pageSize"])
        records = [{"id": number, "tmdbId": number} for number in range(first + 1, min(count, first + PAGE) + 1)]
        return says({"records": records, "totalRecords": total})

    return Service(answer=answer)


@pytest.mark.parametrize(
    ("count", "total", "pages"), [(0, 0, 1), (PAGE, PAGE, 1), (PAGE, None, 2), (PAGE + 1, PAGE + 1, 2)]
)
async def test_all_pages_are_read_and_no_more(count: int, total: int | None, pages: int) -> None:
    service = numbered(count, total=total)
    assert await opened("Radarr", service).exclusions() == set(range(1, count + 1))
    assert len(service.requests) == pages


@both
async def test_the_old_list_of_exclusions_serves_where_there_are_no_pages(source: str) -> None:
    field = {"Radarr": "tmdbId", "Sonarr": "tvdbId"}[source]
    service = Service([httpx2.Response(404), says([{field: 12, "id": 1}, {"id": 2}])])
    assert await opened(source, service).exclusions() == {12}
    assert [request.url.path.endswith("/paged") for request in service.requests] == [True, False]


# Answers to adding that do not come


@pytest.mark.parametrize(
    "loss",
    [
        httpx2.ReadTimeout(""),
        httpx2.RemoteProtocolError(""),
        httpx2.Response(504),
        httpx2.Response(200, html="<h1>Sign in</h1>"),
        httpx2.Response(201),
    ],
)
async def test_a_film_that_arrived_without_an_answer_is_added_once_and_that_is_said(
    contracts: Path, loss: Answer
) -> None:
    app = demo_radarr()
    radarr, line = radarr_on(app, contracts)
    plan = await radarr.plan_film(12, FILM)
    line.lost = on_post(loss)
    outcome = await radarr.add(plan)
    assert (outcome.status, outcome.service_id) == ("added", 2)
    assert "no clear answer" in (outcome.note or "")
    assert line.posts == ["/api/v3/movie"]


@pytest.mark.parametrize(
    ("fault", "kind"), [(httpx2.ReadTimeout(""), SourceUnreachable), (says({"message": "disk"}, 500), SourceBroken)]
)
async def test_a_series_that_did_not_arrive_is_never_sent_twice(
    contracts: Path, fault: Answer, kind: type[Exception]
) -> None:
    app = demo_sonarr()
    sonarr, line = sonarr_on(app, contracts)
    plan = await sonarr.plan_series(12, 9012, SERIES)
    line.fault = on_post(fault)
    with pytest.raises(kind, match="no clear answer to adding Quay, and does not have it so far"):
        await sonarr.add(plan)
    assert line.posts == ["/api/v3/series"]


async def test_when_nothing_can_be_seen_afterwards_that_is_said(contracts: Path) -> None:
    radarr, line = radarr_on(demo_radarr(), contracts)
    plan = await radarr.plan_film(12, FILM)
    line.fault = lambda _request: httpx2.ConnectError("")
    with pytest.raises(SourceUnreachable, match="whether it was added cannot be seen") as caught:
        await radarr.add(plan)
    assert "nothing is added twice" in (caught.value.hint or "")


async def test_two_at_once_are_one_added_and_one_there_already(contracts: Path) -> None:
    app = demo_radarr()
    radarr, line = radarr_on(app, contracts)
    plan = await radarr.plan_film(12, FILM)
    line.lost = on_post(says({"message": "constraint failed"}, 409))
    assert await radarr.add(plan) == AddOutcome("exists", 2, "Beta")


async def test_another_conflict_of_the_database_is_a_conflict(contracts: Path) -> None:
    radarr, line = radarr_on(demo_radarr(), contracts)
    plan = await radarr.plan_film(12, FILM)
    line.fault = on_post(says({"message": "constraint failed"}, 409))
    with pytest.raises(Conflict, match="constraint failed"):
        await radarr.add(plan)


async def test_a_body_that_cannot_be_read_is_refused_in_words(contracts: Path) -> None:
    radarr, line = radarr_on(demo_radarr(), contracts)
    plan = await radarr.plan_film(12, FILM)
    line.fault = on_post(says({"title": "Invalid", "errors": {"$.tags": ["no number"]}}, 400))
    with pytest.raises(SourceRefused, match=r"refused the request \(400\): \$\.tags: no number"):
        await radarr.add(plan)


async def test_nothing_is_added_without_a_tag_that_was_chosen() -> None:
    service = Service([says({"label": "new"}, 201)])
    plan = replace(PLAN, new_tags=("new",))
    with pytest.raises(SourceBroken, match="tag new"):
        await opened("Radarr", service).add(plan)
    assert [request.url.path for request in service.requests] == ["/api/v3/tag"]


# Taking out


def entry(files: int) -> LibraryEntry:
    return LibraryEntry(7, TitleKey(Kind.MOVIE, 12), None, "Beta", files, 1, True, None)


@pytest.mark.parametrize(("files", "words"), [(1, "Beta has a file in"), (3, "Beta has 3 files in")])
@both
async def test_what_has_files_is_not_taken_out_and_nothing_is_sent(source: str, files: int, words: str) -> None:
    service = Service([says({})])
    with pytest.raises(Conflict, match=f"{words} {source} already") as caught:
        await opened(source, service).remove(entry(files))
    assert source in (caught.value.hint or "")
    assert service.requests == []


@both
async def test_what_went_meanwhile_is_taken_out(source: str) -> None:
    await opened(source, Service([says({"message": "does not exist"}, 404)])).remove(entry(0))


@both
async def test_a_removal_whose_answer_was_lost_is_sent_again_and_is_a_success(source: str) -> None:
    service = Service([httpx2.ReadTimeout(""), httpx2.Response(404)])
    await opened(source, service).remove(entry(0))
    assert [request.method for request in service.requests] == ["DELETE", "DELETE"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx2.ConnectTimeout(""), SourceUnreachable),
        (httpx2.Response(401), SourceRefused),
        (httpx2.Response(429, headers={"Retry-After": "9999"}), SourceLimited),
        (says({"message": "database is locked"}, 500), SourceBroken),
    ],
)
@both
async def test_each_failure_of_a_removal_is_its_error(source: str, answer: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=source):
        await opened(source, Service([answer])).remove(entry(0))
