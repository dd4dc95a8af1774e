"""Hiding, marking as watched, and taking it back; the lists of what was hidden and watched."""

import re

from playwright.sync_api import Page, expect

from e2e.conftest import Visit
from e2e.served import Home
from e2e.showing import await_life, card, cards, names, open_details, open_menu, sheet, toast


def press(page: Page, act: str, name: str) -> None:
    shown = card(page, name)
    shown.hover()
    shown.get_by_role("button", name=f"{act}: {name}").click()


def test_a_hidden_title_goes_at_once_and_comes_back_to_its_place(page: Page) -> None:
    before = names(page)
    press(page, "Hide 4 months", before[4])
    expect(card(page, before[4])).to_have_count(0)
    expect(toast(page)).to_contain_text(f"{before[4]} is hidden for 4 months")
    toast(page).get_by_role("button", name="Undo").click()
    expect(cards(page).nth(4).get_by_role("heading")).to_have_text(before[4])
    assert names(page)[:12] == before[:12]


def test_what_is_hidden_is_listed_and_can_be_shown_again(page: Page) -> None:
    name = names(page)[2]
    with page.expect_response("**/dislike?*"):
        press(page, "Hide 4 months", name)
    expect(toast(page)).to_contain_text("is hidden")
    page.reload()
    await_life(page)
    expect(card(page, name)).to_have_count(0)
    open_menu(page, "Hidden")
    row = sheet(page, "Hidden").get_by_role("listitem").filter(has_text=name)
    expect(row).to_contain_text(re.compile(r"until \d+ \w+ \d{4}"))
    row.get_by_role("button", name=f"Show again: {name}").click()
    expect(row).to_have_count(0)
    sheet(page, "Hidden").get_by_role("button", name="Close").click()
    expect(card(page, name)).to_be_visible()


def test_a_watched_title_leaves_the_picks_and_undo_brings_it_back(page: Page) -> None:
    before = names(page)
    press(page, "Watched", before[0])
    expect(toast(page)).to_contain_text(f"{before[0]} counts as watched")
    expect(card(page, before[0])).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(cards(page).first.get_by_role("heading")).to_have_text(before[0])


def test_the_history_takes_titles_in_and_out(page: Page) -> None:
    name = names(page)[1]
    open_menu(page, "History")
    history = sheet(page, "Watched")
    expect(history.get_by_role("listitem").first).to_be_visible()
    history.get_by_role("searchbox").fill(name)
    history.get_by_role("list", name="Found titles").get_by_role("button", name=f"Watched: {name}").click()
    added = history.get_by_role("listitem").filter(has_text=name).filter(has_text="marked by hand")
    expect(added).to_be_visible()
    added.get_by_role("button", name=f"Not watched: {name}").click()
    expect(added).to_have_count(0)


def test_the_households_history_says_who_watched_and_offers_only_what_it_can_take_out(page: Page) -> None:
    name = names(page)[1]
    press(page, "Watched", name)
    open_menu(page, "History")
    rows = sheet(page, "Watched").get_by_role("listitem")
    ours = rows.filter(has_text=name)
    expect(ours.get_by_role("button", name=f"Not watched: {name}")).to_be_visible()
    others = rows.filter(has_text=re.compile(r"by \w+, \w+"))
    expect(others).not_to_have_count(0)
    expect(others.get_by_role("button", name="Not watched")).to_have_count(0)


def test_details_hide_a_title_and_say_so(page: Page) -> None:
    name = names(page)[3]
    shown = open_details(page, name)
    shown.get_by_role("button", name=f"Hide 4 months: {name}").click()
    expect(shown.get_by_role("button", name=f"Show again: {name}")).to_be_visible()
    expect(shown).to_contain_text("You hid it for a while.")
    shown.get_by_role("button", name="Close", exact=True).click()
    expect(card(page, name)).to_have_count(0)


def test_what_was_done_one_after_the_other_can_all_be_undone(page: Page) -> None:
    before = names(page)
    for at in (2, 4, 6):
        press(page, "Hide 4 months", before[at])
        expect(card(page, before[at])).to_have_count(0)
    told = toast(page).locator("> *")
    expect(told).to_have_count(3)
    told.filter(has_text=before[2]).get_by_role("button", name="Undo").click()
    expect(card(page, before[2])).to_be_visible()
    page.keyboard.press("Control+z")
    expect(card(page, before[6])).to_be_visible()
    expect(card(page, before[4])).to_have_count(0)
    expect(told).to_have_count(1)


def test_titles_that_were_beside_each_other_come_back_in_their_order(page: Page) -> None:
    before = names(page)
    for hidden, undone in (((2, 3, 4), (2, 4, 3)), ((4, 3, 2), (3, 2, 4))):
        for at in hidden:
            press(page, "Hide 4 months", before[at])
            expect(card(page, before[at])).to_have_count(0)
        for at in undone:
            said = toast(page).locator("> *").filter(has_text=f"{before[at]} is hidden")
            said.get_by_role("button", name="Undo").click()
            expect(card(page, before[at])).to_be_visible()
        assert names(page)[:8] == before[:8]


def test_on_a_phone_older_messages_wait_behind_the_newest(home: Home, visit: Visit) -> None:
    page = visit(f"{home.url}/ui/", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    before = names(page)
    for at in (2, 4, 6):
        card(page, before[at]).get_by_role("button", name=f"Hide 4 months: {before[at]}").tap()
        expect(toast(page)).to_contain_text(f"{before[at]} is hidden")
    height = "(bar) => bar.getBoundingClientRect().height"
    assert toast(page).evaluate(height) < 100
    toast(page).get_by_text(f"{before[6]} is hidden").tap()
    assert toast(page).evaluate(height) > 150
    toast(page).locator("> *").filter(has_text=before[2]).get_by_role("button", name="Undo").tap()
    expect(card(page, before[2])).to_be_visible()


def test_of_many_messages_the_last_three_stay(page: Page) -> None:
    before = names(page)
    for at in range(2, 6):
        press(page, "Watched", before[at])
        expect(card(page, before[at])).to_have_count(0)
    told = toast(page).locator("> *")
    expect(told).to_have_count(3)
    expect(told.last).to_contain_text(before[5])
    expect(told.filter(has_text=before[2])).to_have_count(0)


def test_a_message_stands_within_the_sheet_that_is_open(page: Page) -> None:
    name = names(page)[2]
    press(page, "Hide 4 months", name)
    expect(toast(page)).to_contain_text("is hidden")
    open_menu(page, "Hidden")
    expect(sheet(page, "Hidden").locator("toast-bar")).to_contain_text("is hidden")
    message, around = toast(page).locator("> *").bounding_box(), sheet(page, "Hidden").bounding_box()
    assert message
    assert around
    assert message["x"] >= around["x"]
    assert message["x"] + message["width"] <= around["x"] + around["width"]
