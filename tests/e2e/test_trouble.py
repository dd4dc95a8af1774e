"""When the server fails, gives no answer, or cannot be reached: every page says so, and goes on when it is back."""

import re
from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.conftest import Visit
from e2e.served import Home
from e2e.showing import API, card, cards, details, names, open_menu, sheet, toast

HURRY = """window.patience = 1000;
const { timeout } = AbortSignal;
AbortSignal.timeout = (ms) => timeout.call(AbortSignal, Math.min(ms, window.patience));"""
"""The page waits half a minute for an answer; a story that gets none does not."""


def cut(route: Route) -> None:
    route.abort()


def broken(route: Route) -> None:
    route.fulfill(status=500, content_type="text/html", body="<h1>Bad gateway</h1>")


def refused(route: Route) -> None:
    body = '{"title": "Busy", "status": 503, "detail": "The database is busy", "code": "store_busy", "hint": "Wait"}'
    route.fulfill(status=503, content_type="application/problem+json", body=body)


def foreign(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<h1>Please sign in</h1>")


def silent(route: Route) -> None:
    del route


FAULTS: Mapping[str, tuple[Callable[[Route], object], str]] = {
    "unreachable": (cut, "doublebill gives no answer"),
    "broken": (broken, "The server answered with an error"),
    "refused": (refused, "The database is busy"),
    "foreign": (foreign, "Something else than doublebill has answered"),
    "silent": (silent, "doublebill takes too long to answer"),
}
PAGES = ("setup.html", "status.html", "quality.html")
CASES = [("", fault) for fault in FAULTS] + [(page, fault) for page in PAGES for fault in ("unreachable", "silent")]
"""On the page of picks all of them; the other pages ask by the same means."""


@pytest.fixture(autouse=True)
def _failures_are_expected(allowed: list[str]) -> None:
    allowed += ["Failed to load resource", "EventSource's response has a MIME type"]


def all_is_there(page: Page) -> None:
    """Wait until nothing is on its way: the rows, and what comes last, the words on the sync."""
    expect(page.get_by_role("region", name=re.compile("^Because ")).first).to_be_attached()
    expect(page.get_by_role("button", name=re.compile("^Updated"))).to_be_visible()


@pytest.mark.parametrize(("name", "fault"), CASES)
def test_each_page_says_what_is_the_matter_and_tries_again(home: Home, visit: Visit, name: str, fault: str) -> None:
    answer, words = FAULTS[fault]
    page = visit("about:blank", within=home.url)
    if answer is silent:
        page.add_init_script(HURRY)
    page.route(API, answer)
    page.goto(f"{home.url}/ui/{name}")
    expect(page.get_by_role("alert")).to_contain_text(words)
    page.unroute_all(behavior="ignoreErrors")
    page.evaluate("window.patience = Infinity")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text(re.compile("first$|demo|Services|In words", re.MULTILINE))


def test_what_could_not_be_done_to_a_title_is_put_back(page: Page) -> None:
    before = names(page)
    page.get_by_role("region", name=re.compile("^Because ")).first.wait_for(state="attached")
    page.route(API, broken)
    card(page, before[2]).hover()
    card(page, before[2]).get_by_role("button", name=re.compile("^Hide")).click()
    expect(toast(page)).to_contain_text("The server answered with an error")
    expect(toast(page)).not_to_contain_text("is hidden")
    expect(cards(page).nth(2).get_by_role("heading")).to_have_text(before[2])
    page.unroute_all(behavior="ignoreErrors")
    toast(page).get_by_role("button", name="Try again").click()
    expect(toast(page)).to_contain_text("is hidden for 4 months")


def test_everything_over_the_page_says_what_is_the_matter(page: Page) -> None:
    name = names(page)[3]
    page.route(API, cut)
    card(page, name).get_by_role("link").click()
    expect(details(page).get_by_role("alert").first).to_contain_text("doublebill gives no answer")
    details(page).get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Tune").click()
    expect(toast(page)).to_contain_text("doublebill gives no answer")
    open_menu(page, "History")
    expect(sheet(page, "Watched")).to_contain_text("doublebill gives no answer")
    sheet(page, "Watched").get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("combobox", name="Search titles").fill("moon")
    expect(page.get_by_role("search").get_by_role("status").first).to_contain_text("doublebill gives no answer")


def test_a_failed_next_page_is_asked_for_again_by_hand(page: Page) -> None:
    known = len(names(page))
    page.route(API, cut)
    cards(page).last.scroll_into_view_if_needed()
    expect(page.get_by_role("status").filter(has_text="doublebill gives no answer")).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")
    page.get_by_role("button", name="Show more").click()
    expect(cards(page).nth(known)).to_be_attached()


def test_offline_the_page_says_so_and_goes_on_by_itself(page: Page, allowed: list[str]) -> None:
    """Once its teardown failed now and then: the network was cut while scripts were still on their way."""
    all_is_there(page)
    allowed[:] = ["net::ERR_INTERNET_DISCONNECTED"]
    page.context.set_offline(True)
    page.get_by_role("combobox", name="Order").select_option("Newest")
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="You are offline")).to_have_count(0)
    expect(cards(page).first).to_be_visible()
    expect(page.get_by_text("the newest first")).to_be_visible()


def test_without_a_stream_of_events_the_page_asks_now_and_then(home: Home, visit: Visit) -> None:
    page = visit("about:blank", within=home.url)
    page.route(re.compile("/system/events"), cut)
    page.goto(f"{home.url}/ui/")
    expect(page.get_by_role("button", name=re.compile("^Updated"))).to_be_visible()
