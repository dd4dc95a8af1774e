"""Every page and state that somebody can see, by name: how a visitor gets there from the page's address.

The accessibility stories and the pictures both walk through these, so that nothing is only looked at or only measured.
"""

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from playwright.sync_api import Page, Route, expect

from e2e.showing import (
    API,
    card,
    cards,
    details,
    first_film,
    first_series,
    names,
    open_details,
    open_menu,
    sheet,
    toast,
)

State: TypeAlias = Callable[[Page, str], None]
"""Bring a page there, given the address of the pages' folder."""


def _picks(page: Page, ui: str) -> None:
    page.goto(ui)
    names(page)
    expect(page.get_by_role("region", name=re.compile("^Because ")).first).to_be_attached()


def _scrolled(page: Page, ui: str) -> None:
    _picks(page, ui)
    cards(page).nth(20).scroll_into_view_if_needed()


def _filters(page: Page, ui: str) -> None:
    page.goto(f"{ui}?kind=movie&year_from=1980&genre=Drama")
    names(page)
    page.get_by_role("button", name=re.compile("^Filters")).click()


def _no_match(page: Page, ui: str) -> None:
    page.goto(f"{ui}?min_score=0.95")
    expect(page.get_by_role("heading", name="Nothing matches these filters")).to_be_visible()


def _menu(page: Page, ui: str) -> None:
    _picks(page, ui)
    page.get_by_role("button", name="Menu").click()


def _search(page: Page, ui: str) -> None:
    _picks(page, ui)
    page.get_by_role("combobox", name="Search titles").fill("love")
    expect(page.get_by_role("listbox", name="Found titles").get_by_role("option").nth(3)).to_be_visible()
    page.keyboard.press("ArrowDown")


def _search_empty(page: Page, ui: str) -> None:
    _picks(page, ui)
    page.get_by_role("combobox", name="Search titles").fill("qqqqqqqqqqqq")
    expect(page.get_by_role("button", name="Look at TMDB")).to_be_visible()


def _film(page: Page, ui: str) -> None:
    _picks(page, ui)
    open_details(page, first_film(page))


def _film_below(page: Page, ui: str) -> None:
    _film(page, ui)
    details(page).get_by_role("list", name="Similar titles").scroll_into_view_if_needed()


def _series_options(page: Page, ui: str) -> None:
    _picks(page, ui)
    open_details(page, first_series(page))
    details(page).get_by_text("Options", exact=True).click()
    expect(details(page).get_by_text(re.compile("^Sonarr gets"))).to_be_visible()


def _owned(page: Page, ui: str) -> None:
    _picks(page, ui)
    page.get_by_role("combobox", name="Search titles").fill("blade runner")
    page.get_by_role("listbox", name="Found titles").get_by_role("option").first.click()
    expect(details(page).get_by_role("heading", name="Why it is not here")).to_be_visible()


def _tuner(page: Page, ui: str) -> None:
    _picks(page, ui)
    page.get_by_role("button", name="Tune").click()
    sheet(page, "What counts").get_by_role("slider", name="Well rated").fill("90")
    expect(sheet(page, "What counts").get_by_role("heading", name="Come in")).to_be_visible()


def _history(page: Page, ui: str) -> None:
    _picks(page, ui)
    open_menu(page, "History")
    expect(sheet(page, "Watched").get_by_role("listitem").nth(5)).to_be_visible()


def _toast(page: Page, ui: str) -> None:
    _picks(page, ui)
    name = names(page)[3]
    card(page, name).hover()
    card(page, name).get_by_role("button", name=re.compile("^Hide")).click()
    expect(toast(page)).to_contain_text("is hidden")
    expect(card(page, name)).to_have_count(0)


def _hidden(page: Page, ui: str) -> None:
    _toast(page, ui)
    open_menu(page, "Hidden")
    expect(sheet(page, "Hidden").get_by_role("listitem").first).to_be_visible()


def _sync(page: Page, ui: str) -> None:
    _picks(page, ui)
    open_menu(page, "Sync")
    expect(sheet(page, "Sync").get_by_role("heading", name="Earlier")).to_be_visible()


def _set_up(page: Page, ui: str) -> None:
    page.goto(f"{ui}setup.html")
    expect(page.get_by_role("heading", name="This is the demo")).to_be_visible()
    expect(page.get_by_role("group", name="Sonarr")).to_contain_text("Connected")


def _status(page: Page, ui: str) -> None:
    page.goto(f"{ui}status.html")
    expect(page.get_by_role("region", name="Services").get_by_role("listitem")).to_have_count(4)


def _docs(page: Page, ui: str) -> None:
    page.goto(f"{ui}../docs")
    expect(page.get_by_role("heading", name="recommendations")).to_be_visible()


def _quality(page: Page, ui: str) -> None:
    page.goto(f"{ui}quality.html?user=Daniel")
    expect(page.get_by_role("region", name="In words")).to_be_visible()


def _cut(route: Route) -> None:
    route.abort()


def _problem(page: Page, ui: str) -> None:
    page.route(API, _cut)
    page.goto(ui)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def _loading(page: Page, ui: str) -> None:
    page.route(API, lambda _: None)
    page.goto(f"{ui}?sort=newest")  # without an order the first cards come with the page
    expect(page.locator("pick-grid")).to_have_attribute("aria-busy", "true")


STATES: Mapping[str, State] = {
    "picks": _picks,
    "scrolled": _scrolled,
    "filters": _filters,
    "no-match": _no_match,
    "menu": _menu,
    "search": _search,
    "search-empty": _search_empty,
    "film": _film,
    "film-below": _film_below,
    "series-options": _series_options,
    "owned": _owned,
    "tuner": _tuner,
    "history": _history,
    "toast": _toast,
    "hidden": _hidden,
    "sync": _sync,
    "set-up": _set_up,
    "status": _status,
    "quality": _quality,
    "docs": _docs,
    "problem": _problem,
    "loading": _loading,
}
