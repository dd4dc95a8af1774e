from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from contract.checked import CheckedTransport
from contract.checked import Service as SpecifiedService
from doublebill.errors import ConfigError, SourceBroken, SourceLimited, SourceRefused, SourceUnreachable
from doublebill.model import LibraryItem, Observation, Person
from doublebill.sources.jellyfin import PAGE, Jellyfin, Page, ServerInfo, open_jellyfin
from sources.fake_service import Service, now_s, says

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 1, tzinfo=UTC)
ADA = "0a1b2c3d00004000800000000000aaaa"
INFO = {"Version": "12.1.0", "ServerName": "living room"}


def jellyfin(service: httpx2.AsyncBaseTransport, url: str = "http://host:8096/") -> Jellyfin:
    return open_jellyfin(url, "made-up-key", transport=service)


def row(number: int, **changes: Any) -> dict[str, Any]:
    return {"Id": f"{number:032x}", "Type": "Movie", "Name": f"Film {number}", "UserData": {"Played": True}, **changes}


class Library:
    """Plays /Items over ``rows``; ``between`` may change them after each page, ``longest`` caps a page."""

    def __init__(self, count: int, between: Callable[[list[dict[str, Any]]], None] | None = None) -> None:
        self.rows = [row(number) for number in range(1, count + 1)]
        self.longest = PAGE
        self.total: Callable[[], int | None] = lambda: len(self.rows)
        self._between = between

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        start, limit = int(request.url.params["startIndex"]), min(int(request.url.params["limit"]), self.longest)
        answer = says({"Items": self.rows[start : start + limit], "TotalRecordCount": self.total()})
        if self._between:
            self._between(self.rows)
        return answer


async def read(library: Library) -> list[Page[LibraryItem]]:
    return [page async for page in jellyfin(Service(answer=library)).library()]


def ids(pages: list[Page[LibraryItem]]) -> list[int]:
    return [int(item.item_id, 16) for page in pages for item in page.rows]


# The server


async def test_the_server_says_version_and_name_and_takes_the_key() -> None:
    service = Service([says(INFO)])
    assert await jellyfin(service).server() == ServerInfo("12.1.0", "living room")
    assert [request.url.path for request in service.requests] == ["/System/Info/Public", "/System/Info"]


async def test_the_key_travels_in_the_one_header_that_all_versions_take() -> None:
    service = Service([says(INFO)])
    await jellyfin(service).server()
    request = service.requests[-1]
    assert request.headers["Authorization"] == 'MediaBrowser Token="made-up-key"'
    assert "made-up-key" not in str(request.url)
    assert not [name for name in request.headers if name.startswith("x-")]


async def test_a_server_that_starts_is_waited_for() -> None:
    starting = [says({"version": "12.1.0"}), says({}, 503, {"Retry-After": "5"}), httpx2.RemoteProtocolError("gone")]
    service = Service([*starting, says(INFO)])
    assert (await jellyfin(service).server()).version == "12.1.0"


async def test_a_server_that_never_starts_is_unreachable_and_says_so() -> None:
    began_s = now_s()
    with pytest.raises(SourceUnreachable, match="is still starting"):
        await jellyfin(Service([says({"version": "12.1.0"})])).server()
    assert now_s() - began_s < 60


async def test_something_else_at_that_address_is_broken() -> None:
    with pytest.raises(SourceBroken, match="Jellyfin"):
        await jellyfin(Service([httpx2.Response(200, html="<h1>Welcome</h1>")])).server()
    with pytest.raises(SourceBroken, match="version"):
        await jellyfin(Service([says(INFO), says({})])).server()


async def test_a_refused_key_says_where_to_make_a_new_one() -> None:
    with pytest.raises(SourceRefused) as caught:
        await jellyfin(Service([says(INFO), httpx2.Response(401)])).server()
    assert "API Keys" in (caught.value.hint or "")
    assert "no longer takes" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx2.ConnectError("no"), SourceUnreachable),
        (httpx2.Response(401), SourceRefused),
        (httpx2.Response(429, headers={"Retry-After": "9999"}), SourceLimited),
        (httpx2.Response(500, text="Error processing request."), SourceBroken),
        (says({"Items": None}), SourceBroken),
        (says([]), SourceBroken),
    ],
)
async def test_each_failure_of_a_reading_is_its_error(answer: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        await anext(jellyfin(Service([answer])).library())


@pytest.mark.parametrize(("url", "key"), [("host:8096", "key"), ("http://host", ""), ("http://host", 'a"b')])
def test_a_wrong_address_or_key_is_a_config_error(url: str, key: str) -> None:
    with pytest.raises(ConfigError, match="JELLYFIN_"):
        open_jellyfin(url, key, transport=Service())


# People


async def test_people_are_users_that_are_not_disabled_and_bad_rows_do_no_harm() -> None:
    rows = [{"Id": ADA, "Name": "Ada"}, {"Id": "b", "Name": "Old", "Policy": {"IsDisabled": True}}, None, {"Id": "c"}]
    assert await jellyfin(Service([says(rows)])).people() == [Person(ADA, "Ada")]


async def test_users_that_are_not_a_list_are_broken() -> None:
    with pytest.raises(SourceBroken, match="/Users"):
        await jellyfin(Service([says({})])).people()


# Paging


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1000, 1700])
async def test_a_library_is_read_whole_and_each_item_once(count: int) -> None:
    pages = await read(Library(count))
    assert ids(pages) == list(range(1, count + 1))
    assert all(page.done <= page.total == count for page in pages)


async def test_pages_tell_how_far_the_reading_is() -> None:
    assert [(page.done, page.total) for page in await read(Library(1200))] == [(500, 1200), (1000, 1200), (1200, 1200)]


async def test_a_server_that_gives_short_pages_is_read_whole() -> None:
    library = Library(1000)
    library.longest = 300
    assert ids(await read(library)) == list(range(1, 1001))


async def test_a_total_that_is_missing_or_wrong_does_not_cut_the_reading_short() -> None:
    for total in (None, 7, 99_999):
        library = Library(1200)
        library.total = lambda total=total: total  # type: ignore[misc]
        assert ids(await read(library)) == list(range(1, 1201))


@pytest.mark.parametrize("count", [520, 1700])
@pytest.mark.parametrize("times", [1, 3])
async def test_what_is_deleted_meanwhile_hides_nothing_else(count: int, times: int) -> None:
    deletions = iter([slice(0, 40)] * times)
    pages = await read(Library(count, between=lambda rows: rows.__delitem__(next(deletions, slice(0, 0)))))
    assert set(range(501, count + 1)) <= set(ids(pages))
    assert max(Counter(ids(pages)).values()) == 1


async def test_what_is_added_meanwhile_is_read_too() -> None:
    library = Library(900, between=lambda rows: rows.append(row(len(rows) + 1)))
    assert ids(await read(library))[:901] == list(range(1, 902))


async def test_a_row_that_is_given_twice_is_read_once() -> None:
    library = Library(3)
    library.rows.append(library.rows[0])
    assert ids(await read(library)) == [1, 2, 3]


async def test_a_server_that_ignores_the_start_does_not_hold_us_for_ever() -> None:
    service = Service(answer=lambda _: says({"Items": [row(n) for n in range(1, 501)], "TotalRecordCount": 500}))
    pages = [page async for page in jellyfin(service).library()]
    assert ids(pages) == list(range(1, 501))


async def test_a_total_that_shrinks_for_ever_does_not_hold_us_for_ever() -> None:
    totals = iter(range(3000, 0, -400))
    library = Library(1000)
    library.total = lambda: next(totals, 0)
    assert ids(await read(library)) == list(range(1, 1001))


async def test_bad_rows_are_counted_by_reason_and_skipped() -> None:
    library = Library(3)
    library.rows += [row(4, Name=None), row(5, Type="BoxSet"), row(6, Name=None)]
    (page,) = await read(library)
    assert dict(page.skipped) == {"item without name": 2, "not a film, series or episode": 1}
    assert (len(page.rows), page.done) == (3, 6)


# Watches


async def watched(service: Service, person_id: str = ADA) -> list[Observation]:
    pages: AsyncIterator[Page[Observation]] = jellyfin(service).watches(person_id, NOW)
    return [one async for page in pages for one in page.rows]


async def test_watches_are_what_a_person_did_with_each_film_and_episode() -> None:
    rows = [row(1), row(2, Type="Episode", UserData={"IsFavorite": True}), row(3, UserData={})]
    service = Service([says({"Items": rows, "TotalRecordCount": 3})])
    first, second, third = await watched(service)
    assert (first.person_id, first.observed_at, first.finished) == (ADA, NOW, True)
    assert second.is_favorite
    assert not third.is_trace


async def test_watches_are_asked_for_a_person_and_by_nothing_else() -> None:
    service = Service([says({"Items": []})])
    await watched(service, ADA.upper())
    params = service.requests[0].url.params
    assert params["userId"] == "0a1b2c3d-0000-4000-8000-00000000aaaa"
    assert params.get_list("includeItemTypes") == ["Movie", "Episode", "Series"]
    assert not {"isPlayed", "filters", "isFavorite"} & set(params)


async def test_an_id_of_another_form_is_sent_as_it_is() -> None:
    service = Service([says({"Items": []})])
    await watched(service, "ada")
    assert service.requests[0].url.params["userId"] == "ada"


# The specification


@pytest.mark.parametrize("version", ["jellyfin", "jellyfin-10.11"])
async def test_every_request_is_one_that_jellyfin_specifies(version: SpecifiedService, contracts: Path) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        path = request.url.path.removeprefix("/sub")
        return says({"/Users": [], "/Items": {"Items": []}}.get(path, INFO))

    checked = CheckedTransport(Service(answer=answer), version, contracts, base_path="/sub")
    asking = jellyfin(checked, "http://host/sub/")
    await asking.server()
    await asking.people()
    assert [page async for page in asking.library()] == [page async for page in asking.watches(ADA, NOW)] == []
    await asking.close()
    assert len(checked.seen) == 5
