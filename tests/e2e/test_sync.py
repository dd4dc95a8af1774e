"""A sync as the page tells of it: begun, followed, cancelled, ended."""

import re

from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Visit
from e2e.served import Home
from e2e.showing import cards, open_menu, sheet

SYNC_MS = 120_000
"""How long a sync may take on a busy machine."""


def sync_button(page: Page) -> Locator:
    """The button that begins a sync, once its neighbour tells how the last one went."""
    expect(page.get_by_role("banner").get_by_role("button", name=re.compile("^Updated"))).to_be_visible()
    return page.get_by_role("banner").get_by_role("button", name="Sync", exact=True)


def bar(page: Page) -> Locator:
    return page.get_by_role("banner").get_by_role("progressbar", name="Sync")


def test_a_sync_is_begun_followed_and_cancelled(home: Home, page: Page) -> None:
    home.tmdb.shut(after=0)
    sync_button(page).click()
    expect(bar(page)).to_be_visible()
    open_menu(page, "Sync")
    panel = sheet(page, "Sync")
    expect(panel).to_contain_text("A full sync is running")
    expect(panel.get_by_role("list").first.get_by_role("listitem")).to_have_count(6)
    panel.get_by_role("button", name="Cancel").click()
    expect(panel.get_by_role("button", name="Sync now")).to_be_enabled()
    expect(panel.get_by_text("goes on from there").first).to_be_visible()
    expect(panel.get_by_role("listitem").filter(has_text="goes on from there")).to_have_count(1)
    expect(panel.get_by_role("status")).to_be_empty()  # how it ended is told in one place, and listed in another
    expect(panel.locator("[data-state=now]")).to_have_count(0)
    expect(bar(page)).to_have_count(0)


def test_a_sync_that_ends_says_so_and_when_the_next_one_is(home: Home, page: Page) -> None:
    open_menu(page, "Sync")
    panel = sheet(page, "Sync")
    panel.get_by_role("button", name="Sync now").click()
    expect(panel.get_by_role("button", name="Cancel").or_(panel.get_by_text("this minute").first)).to_be_visible()
    expect(panel.get_by_role("button", name="Sync now")).to_be_visible(timeout=SYNC_MS)
    expect(panel.get_by_role("heading", name="Earlier")).to_be_visible()
    expect(panel.get_by_role("listitem").filter(has_text="Everything is up to date")).not_to_have_count(0)


def test_the_first_titles_appear_while_the_first_sync_still_runs(unsynced_home: Home, visit: Visit) -> None:
    unsynced_home.tmdb.shut(after=480)
    page = visit(f"{unsynced_home.url}/ui/")
    expect(page.get_by_role("heading", name="Nothing to recommend yet")).to_be_visible()
    page.get_by_role("button", name="Start a sync").click()
    expect(cards(page).first).to_be_visible(timeout=SYNC_MS)
    unsynced_home.tmdb.open()
    expect(page.get_by_role("button", name=re.compile("^Updated"))).to_be_visible(timeout=SYNC_MS)


def test_there_is_one_sync_button_before_the_first_status_comes(home: Home, visit: Visit) -> None:
    page = visit("about:blank", within=home.url)
    page.route(re.compile("/system/"), lambda _: None)
    page.goto(f"{home.url}/ui/")
    expect(cards(page).first).to_be_visible()
    expect(page.get_by_role("banner").get_by_role("button", name=re.compile("Sync"))).to_have_count(1)
