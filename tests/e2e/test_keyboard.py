"""The whole way without a pointer: every step is reached with Tab, the arrows, Enter, Space and Escape."""

import re

from playwright.sync_api import Locator, Page, Route, expect

from e2e.showing import card, cards, details, first_film, names, open_details, sheet, toast

MOST_TABS = 120


def reach(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until the focus is there, once it is."""
    expect(target).to_be_attached()
    for _ in range(MOST_TABS):
        if target.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{target} cannot be reached with {key}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    reach(page, target)
    page.keyboard.press(key)


def test_the_first_stop_leads_past_the_header(page: Page) -> None:
    names(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the titles")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_title_is_found_read_and_left_by_keys(page: Page) -> None:
    names(page)
    page.keyboard.press("/")
    page.keyboard.type("gattaca")
    expect(page.get_by_role("listbox").get_by_role("option").first.locator("mark")).to_have_text("Gattaca")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(details(page).get_by_role("heading", name="Gattaca")).to_be_focused()
    page.keyboard.press("Escape")
    expect(details(page)).to_have_count(0)
    expect(page.get_by_role("combobox", name="Search titles")).to_be_focused()


def test_picks_are_filtered_and_acted_on_by_keys(page: Page) -> None:
    names(page)
    reach(page, page.get_by_role("radio", name="All", exact=True))
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/*kind=movie*")
    name = first_film(page)
    press(page, card(page, name).get_by_role("button", name=re.compile("^Hide")))
    expect(card(page, name)).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(card(page, name)).to_be_visible()
    reach(page, card(page, name).get_by_role("link"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(details(page).get_by_role("heading", level=2)).to_have_text(name)
    press(page, details(page).get_by_role("button", name="Add to Radarr"))
    expect(details(page).get_by_role("button", name="Take back from Radarr")).to_be_focused()
    press(page, details(page).get_by_role("button", name="Close", exact=True))
    expect(card(page, name).get_by_role("link")).to_be_focused()


def test_the_focus_stays_where_it_was_however_late_the_services_answer(page: Page) -> None:
    shown = open_details(page, first_film(page))
    held: list[Route] = []
    page.route("**/services", lambda route: held.append(route))
    press(page, shown.get_by_role("button", name="Add to Radarr"))
    expect(shown).to_contain_text("Requested")
    with page.expect_response("**/services"):
        held.pop().continue_()
    page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))")  # it is shown
    expect(shown.get_by_role("button", name="Take back from Radarr")).to_be_focused(timeout=1)


def test_the_arrows_go_from_card_to_card(page: Page) -> None:
    known = names(page)
    press(page, card(page, known[2]).get_by_role("link"), "ArrowRight")
    expect(card(page, known[3]).get_by_role("link")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(card(page, known[2]).get_by_role("link")).to_be_focused()


def test_the_weights_are_tuned_by_keys(page: Page) -> None:
    names(page)
    press(page, page.get_by_role("button", name="Tune"))
    tuner = sheet(page, "What counts")
    expect(tuner).to_be_visible()
    reach(page, tuner.get_by_role("slider", name="Well rated"))
    page.keyboard.press("End")
    press(page, tuner.get_by_role("button", name="Confirm"), "Space")
    expect(tuner).to_have_count(0)
    expect(toast(page)).to_contain_text("The new weights count")
    expect(page.get_by_role("button", name="Tune")).to_be_focused()


def test_the_menu_its_lists_and_the_person_are_reached_by_keys(page: Page) -> None:
    names(page)
    press(page, page.get_by_role("button", name="Menu"))
    press(page, page.get_by_role("navigation", name="Menu").get_by_role("button", name="History"))
    expect(sheet(page, "Watched").get_by_role("listitem").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet(page, "Watched")).to_have_count(0)
    expect(page.get_by_role("button", name="Menu")).to_be_focused()
    reach(page, page.get_by_role("combobox", name="Recommend for"), "Shift+Tab")
    page.keyboard.press("Home")
    expect(page.get_by_role("heading", name="For Daniel")).to_be_visible()
    expect(cards(page).first).to_be_visible()


def test_a_dialog_keeps_the_focus_until_it_is_closed(page: Page) -> None:
    names(page)
    press(page, page.get_by_role("button", name="Tune"))
    expect(sheet(page, "What counts")).to_be_visible()
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('dialog') !== null")
