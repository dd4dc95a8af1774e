"""Where on the page things are, by role and name; parts are told apart by their elements' names."""

import re

from playwright.sync_api import Locator, Page, expect

API = re.compile(r"^https?://[^/]+/(?!ui/|docs/)")
"""Every address but those of the page's own files."""


def await_life(page: Page) -> None:
    """Wait until the page listens: its first cards are seen before its scripts have come."""
    expect(page.locator("pick-grid[aria-busy=true]")).to_have_count(0)


def cards(page: Page) -> Locator:
    """The picks, best first, without those of the rows."""
    return page.locator("pick-grid > ul > [data-key]")


def card(page: Page, name: str) -> Locator:
    return cards(page).filter(has=page.get_by_role("link", name=name, exact=True)).first


def names(page: Page) -> list[str]:
    """Names of all picks that are shown, once there are any."""
    await_life(page)
    expect(cards(page).first).to_be_visible()
    return cards(page).get_by_role("heading").all_text_contents()


def total(page: Page) -> int:
    """How many picks there are, as the page says it."""
    return int(page.get_by_text("titles you do not own yet").inner_text().split()[0])


def facts(page: Page, pattern: str) -> list[str]:
    """What all cards say that fits a pattern, such as their years."""
    expect(cards(page).first).to_be_visible()
    texts = cards(page).all_text_contents()
    return [found.group() for text in texts if (found := re.search(pattern, text))]


def details(page: Page) -> Locator:
    return page.locator("pick-dialog").get_by_role("dialog")


def sheet(page: Page, name: str) -> Locator:
    """A dialog of the page but the details: What counts, Watched, Hidden, Sync."""
    return page.get_by_role("dialog", name=name, exact=True)


def toast(page: Page) -> Locator:
    return page.locator("toast-bar")


def choose(page: Page, group: str, name: str) -> None:
    """Press one of the choices that stand side by side."""
    page.get_by_role("group", name=group).get_by_text(name, exact=True).click()


def open_menu(page: Page, name: str) -> None:
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Menu").get_by_role("button", name=name).click()


def open_details(page: Page, name: str) -> Locator:
    """Open a pick's details, and wait until all is there."""
    card(page, name).get_by_role("link").click()
    expect(details(page).get_by_role("heading", name="How the score adds up")).to_be_visible()
    expect(details(page).get_by_role("button", name=re.compile("Copy link"))).to_be_visible()
    return details(page)


def first_film(page: Page) -> str:
    """The name of the best film that nobody has asked for."""
    return _first(page, "Film")


def first_series(page: Page) -> str:
    return _first(page, "Series")


def _first(page: Page, kind: str) -> str:
    expect(cards(page).first).to_be_visible()
    free = cards(page).filter(has_text=f"{kind} ·").filter(has_not_text=re.compile("Requested|Downloading"))
    return free.first.get_by_role("heading").text_content() or ""
