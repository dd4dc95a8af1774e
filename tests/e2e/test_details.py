"""A title's details: what they tell, where they lead, and that they can be shared."""

import re

from playwright.sync_api import Page, expect

from e2e.conftest import Visit
from e2e.served import Home
from e2e.showing import card, details, names, open_details, open_menu, sheet


def test_the_parts_of_the_score_add_up_to_it(page: Page) -> None:
    shown = open_details(page, names(page)[0])
    table = shown.get_by_role("table")
    expect(table).to_be_visible()
    rows = [row.get_by_role("cell").all_inner_texts()[-1] for row in table.get_by_role("row").all()]
    *parts, total = [float(text.replace("−", "-")) for text in rows if text != "–"]
    assert round(sum(parts), 6) == total


def test_reasons_name_the_watched_titles_with_their_share(page: Page) -> None:
    shown = open_details(page, names(page)[0])
    expect(shown.get_by_role("heading", name="Why it is here")).to_be_visible()
    expect(shown.get_by_text(re.compile(r"\d %.* of the ")).first).to_be_visible()


def test_a_similar_title_opens_in_its_place_and_back_leads_back(page: Page) -> None:
    name = names(page)[0]
    similar = open_details(page, name).get_by_role("list", name="Similar titles").get_by_role("link").first
    other = similar.inner_text()
    similar.click()
    expect(details(page).get_by_role("heading", level=2)).to_have_text(other)
    page.go_back()
    expect(details(page).get_by_role("heading", level=2)).to_have_text(name)
    page.go_back()
    expect(details(page)).to_have_count(0)
    expect(card(page, name)).to_be_visible()


def test_closing_gives_the_focus_back_to_where_it_was(page: Page) -> None:
    name = names(page)[3]
    open_details(page, name).get_by_role("button", name="Close").click()
    expect(details(page)).to_have_count(0)
    expect(card(page, name).get_by_role("link")).to_be_focused()


def test_the_page_stays_where_it_is_below_a_dialog_until_somebody_presses_beside_it(page: Page) -> None:
    forget = "for (const each of document.querySelectorAll('dialog')) each.removeAttribute('closedby')"
    page.evaluate(forget)  # as in browsers that do not know it
    card(page, names(page)[12]).scroll_into_view_if_needed()
    open_details(page, names(page)[12])
    top = page.evaluate("scrollY")
    page.mouse.move(8, 300)
    page.mouse.wheel(0, 600)
    page.mouse.move(640, 300)
    page.mouse.wheel(0, 600)
    page.wait_for_function(
        "() => document.querySelector('pick-dialog dialog').scrollTop > 100"
    )  # the second wheel has come
    assert page.evaluate("scrollY") == top > 0
    page.mouse.click(8, 300)
    expect(details(page)).to_have_count(0)
    open_menu(page, "History")
    sheet(page, "Watched").get_by_role("searchbox").hover()
    page.mouse.down()
    page.mouse.move(8, 300)
    page.mouse.up()  # as one selects words
    expect(sheet(page, "Watched")).to_be_visible()
    page.mouse.click(8, 300)
    expect(sheet(page, "Watched")).to_have_count(0)


def test_a_copied_link_opens_the_same_details(home: Home, visit: Visit) -> None:
    page = visit(f"{home.url}/ui/?user=Mila", permissions=["clipboard-read", "clipboard-write"])
    name = names(page)[1]
    open_details(page, name).get_by_role("button", name="Copy link").click()
    expect(page.locator("toast-bar")).to_contain_text(re.compile("copied", re.IGNORECASE))
    other = visit(page.evaluate("navigator.clipboard.readText()"))
    expect(details(other).get_by_role("heading", level=2)).to_have_text(name)
    expect(details(other).get_by_role("table")).to_be_visible()


def test_a_title_that_nobody_knows_is_told_so(home: Home, visit: Visit, allowed: list[str]) -> None:
    allowed.append("the server responded with a status of 404")
    page = visit(f"{home.url}/ui/?title=movie:2147483000")
    expect(details(page)).to_contain_text("No sync has met this title yet")


def test_the_button_that_closes_covers_no_figure(page: Page) -> None:
    name = names(page)[0]
    shown = open_details(page, name)
    close = shown.get_by_role("button", name="Close", exact=True)
    shown.get_by_role("heading", name="About it").scroll_into_view_if_needed()
    shown.evaluate("(dialog) => dialog.scrollTo({ top: dialog.querySelector('tfoot').offsetTop, behavior: 'instant' })")
    expect(shown).to_have_attribute("data-scrolled", "")
    box = close.bounding_box()
    assert box
    above = "([x, y]) => document.elementFromPoint(x, y).closest('form') !== null"
    assert page.evaluate(above, [box["x"] - 40, box["y"] + box["height"] / 2])
    shown.evaluate("(dialog) => dialog.scrollTo({ top: 0, behavior: 'instant' })")
    expect(shown).not_to_have_attribute("data-scrolled", "")
