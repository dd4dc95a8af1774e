"""Haste: what is done again before it has been answered, pressed twice, or pressed before its script has come."""

import re

from playwright.sync_api import Page, Route, expect

from e2e.conftest import Visit
from e2e.served import Home
from e2e.showing import card, cards, details, names, toast


def press(page: Page, act: str, name: str, times: int = 1) -> None:
    shown = card(page, name)
    shown.hover()
    shown.get_by_role("button", name=f"{act}: {name}").click(click_count=times)


def test_what_is_hidden_again_before_its_return_is_answered_stays_hidden(page: Page) -> None:
    name = names(page)[3]
    with page.expect_response("**/dislike?*"):
        press(page, "Hide 4 months", name)
    held: list[Route] = []
    page.route("**/hidden/**", lambda route: held.append(route))
    with page.expect_request("**/hidden/**"):
        toast(page).get_by_role("button", name="Undo").click()
    press(page, "Hide 4 months", name)
    expect(card(page, name)).to_have_count(0)
    with page.expect_response("**/dislike?*"):
        held.pop().continue_()
    page.reload()
    expect(cards(page).first).to_be_visible()
    expect(card(page, name)).to_have_count(0)


def test_pressed_twice_is_done_once(page: Page) -> None:
    name, other = names(page)[3], names(page)[5]
    said: list[str] = []
    page.on("request", lambda request: said.append(request.url) if request.method == "POST" else None)
    press(page, "Watched", name, times=2)
    expect(toast(page)).to_contain_text(f"{name} counts as watched")
    expect(card(page, name)).to_have_count(0)
    assert len([url for url in said if "/history" in url]) == 1
    card(page, other).get_by_role("link").dblclick()
    expect(details(page)).to_be_visible()
    page.go_back()
    expect(details(page)).to_have_count(0)


def test_who_hides_the_last_title_is_told_what_next(home: Home, visit: Visit) -> None:
    page = visit(f"{home.url}/ui/?genre=Soap")
    (name,) = names(page)
    press(page, "Hide 4 months", name)
    expect(page.get_by_role("heading", name="Nothing matches these filters")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(card(page, name)).to_be_visible()
    expect(page.get_by_role("heading", name="Nothing matches these filters")).to_have_count(0)


def test_a_part_that_does_not_come_is_told_and_asked_for_again(page: Page, allowed: list[str]) -> None:
    allowed.append("Failed to load resource")
    page.route("**/pick-dialog.js", lambda route: route.abort())
    card(page, names(page)[3]).get_by_role("link").click()
    expect(toast(page)).to_contain_text("A part of the page did not arrive")
    expect(page).not_to_have_url(re.compile("title="))
    page.unroute("**/pick-dialog.js")
    card(page, names(page)[3]).get_by_role("link").click()
    expect(details(page)).to_be_visible()
    expect(page).to_have_title(f"{names(page)[3]} · doublebill")
    page.keyboard.press("Escape")
    expect(page).to_have_title("For everyone at home · doublebill")


def test_a_found_title_opens_beside_this_page_where_that_is_wanted(page: Page) -> None:
    page.get_by_role("combobox", name="Search titles").fill("gattaca")
    option = page.get_by_role("listbox").get_by_role("option").first
    expect(option).to_contain_text("Gattaca")
    with page.expect_popup() as opened:
        option.click(modifiers=["Control"])
    expect(details(opened.value).get_by_role("heading", name="Gattaca")).to_be_visible()
    expect(details(page)).to_have_count(0)
