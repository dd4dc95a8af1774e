"""Looking through the picks: what they say, rows, filters, orders."""

import re
from urllib.request import urlopen

from playwright.sync_api import Page, expect

from e2e.conftest import Visit
from e2e.served import Home
from e2e.showing import cards, choose, details, facts, names, total


def count(page: Page, pattern: str) -> int:
    """The number of titles that there are, once it is told in such words."""
    told = page.get_by_role("main").get_by_role("status").filter(has_text="first")
    status = told.filter(has_text=re.compile(pattern))
    expect(status).to_be_visible()
    return int(status.inner_text().split()[0].replace(",", ""))


def unfold(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Filters")).click()


def test_every_pick_says_how_good_it_is_and_why(page: Page) -> None:
    assert len(facts(page, r"Score \d+ of 100")) == cards(page).count() >= 40
    expect(cards(page).filter(has_text=re.compile("Because |Like |Close in tone "))).not_to_have_count(0)


SAY = """(html) => {
    const page = html ? new DOMParser().parseFromString(html, "text/html") : document;
    const parts = ["key", "name", "genres", "foot", "path", "sizes"];
    return [...page.querySelectorAll("pick-grid [data-key]")].slice(0, 10).map((card) => [
        ...parts.map((name) => card.querySelector("poster-art").getAttribute(name)),
        card.querySelector(".ring").outerHTML,
        card.querySelector(".card-words").outerHTML.replace("sort=varied&amp;", ""),
    ]);
}"""
"""What the first cards say, without what drawing the posters adds."""


def test_the_cards_that_come_with_the_page_are_those_that_its_scripts_make(home: Home, visit: Visit) -> None:
    with urlopen(f"{home.url}/ui/?user=Ruth") as answer:
        served = answer.read().decode()
    page = visit(f"{home.url}/ui/?user=Ruth&sort=varied")  # an order leaves all to the scripts
    names(page)
    assert page.evaluate(SAY, served) == page.evaluate(SAY)


SEEN_ARE_DRAWN = """() => [...document.querySelectorAll("poster-art")].every((poster) => {
    const { top, bottom, width } = poster.getBoundingClientRect();
    return poster.firstChild || !width || bottom < 0 || top > innerHeight;
})"""
"""Whether each poster in the window shows something."""


def test_no_poster_stays_bare_however_far_one_goes_down(page: Page) -> None:
    is_below = False
    while not is_below:
        page.evaluate("scrollBy({ top: 0.8 * innerHeight, behavior: 'instant' })")
        page.wait_for_function(SEEN_ARE_DRAWN, timeout=5000)
        known = cards(page).count()
        is_below = page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 2")
        if is_below and known < total(page):
            expect(cards(page).nth(known)).to_be_attached()
            is_below = False


CUT_OFF = """() => [...document.querySelectorAll(".reel .facts")].filter((facts) => {
    const reel = facts.closest(".reel");
    reel.scrollIntoView();
    return facts.getBoundingClientRect().bottom > reel.getBoundingClientRect().bottom;
}).map((facts) => facts.closest(".card").querySelector("h3").textContent)"""
"""The titles in rows whose words go on below what is shown of them."""


def test_the_words_of_a_row_are_all_seen_however_wide_the_window_is(page: Page) -> None:
    expect(page.get_by_role("region").first).to_be_attached()
    for width in (320, 390, 820, 1440, 1920, 3840):
        page.set_viewport_size({"width": width, "height": 1000})
        assert page.evaluate(CUT_OFF) == [], width


def test_a_narrower_window_leaves_nothing_to_scroll_sideways(page: Page) -> None:
    expect(page.get_by_role("region").first).to_be_attached()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.evaluate("scrollTo({ top: 4000, behavior: 'instant' })")
    page.wait_for_function(SEEN_ARE_DRAWN)
    for width in (820, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=5000)
    menu = page.locator(".menu-button").first.bounding_box()
    assert menu
    assert menu["x"] > 250, "the menu has no room in the first line"


def test_a_row_leads_from_a_watched_title_to_others(page: Page) -> None:
    row = page.get_by_role("region", name=re.compile("^Because ")).first
    row.scroll_into_view_if_needed()
    expect(row.get_by_role("button", name="Back")).to_be_disabled()
    row.get_by_role("button", name="On").click()
    expect(row.get_by_role("button", name="Back")).to_be_enabled()
    row.get_by_role("heading", level=2).get_by_role("link").click()
    expect(details(page).get_by_role("heading", name="Why it is not here")).to_be_visible()


def test_only_series_are_shown_where_only_series_are_wanted(page: Page) -> None:
    everything = count(page, "titles you do not own yet")
    choose(page, "Kind", "Series")
    page.wait_for_url("**/*kind=tv*")
    expect(cards(page).filter(has_text="Film ·")).to_have_count(0)
    assert 0 < count(page, "^[0-9]{1,2} titles") < everything
    expect(page.get_by_role("region", name=re.compile("^Because "))).to_have_count(0)


def test_filters_add_up_and_each_can_be_taken_away(page: Page) -> None:
    page.get_by_role("combobox", name="Genre").select_option("Drama")
    unfold(page)
    page.get_by_role("spinbutton", name="From").fill("1990")
    page.get_by_role("spinbutton", name="to").fill("1999")
    page.get_by_role("spinbutton", name="to").press("Enter")
    page.wait_for_url("**/*genre=Drama*year_from=1990*year_to=1999*")
    expect(cards(page).filter(has_text=re.compile(r"· (?!199\d)\d{4}"))).to_have_count(0)
    chosen = page.get_by_role("group", name="Chosen filters")
    chosen.get_by_role("button", name="Drama").click()
    expect(page).not_to_have_url(re.compile("genre"))
    chosen.get_by_role("button", name=re.compile("Clear all")).click()
    expect(page).not_to_have_url(re.compile("year"))
    expect(page.get_by_role("region", name=re.compile("^Because ")).first).to_be_visible()


def test_what_is_owned_and_not_seen_can_be_shown_too(page: Page) -> None:
    before = count(page, "you do not own yet")
    unfold(page)
    page.get_by_role("checkbox", name="Also what you own").check()
    assert count(page, "you have not seen") > before


def test_a_language_is_chosen_from_those_there_are(page: Page) -> None:
    unfold(page)
    languages = page.get_by_role("combobox", name="Language")
    japanese = languages.get_by_role("option", name=re.compile("^Japanese")).get_attribute("value")
    languages.select_option(japanese)
    page.wait_for_url("**/*language=ja*")
    assert count(page, "^[0-9]{1,2} title") == len(names(page))


def test_where_nothing_fits_the_page_says_what_to_do(page: Page) -> None:
    unfold(page)
    page.get_by_role("slider", name="Score from").fill("0.95")
    expect(page.get_by_role("heading", name="Nothing matches these filters")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(cards(page).first).to_be_visible()
    expect(page).not_to_have_url(re.compile("min_score"))


def test_the_newest_come_first_where_that_is_wanted(page: Page) -> None:
    best = names(page)
    page.get_by_role("combobox", name="Order").select_option("Newest")
    page.wait_for_url("**/*sort=newest*")
    expect(cards(page).first.get_by_role("heading")).not_to_have_text(best[0])
    years = facts(page, r"(?<=· )\d{4}")
    assert years == sorted(years, reverse=True)


def test_an_address_with_filters_shows_the_same_to_whoever_gets_it(home: Home, visit: Visit) -> None:
    page = visit(f"{home.url}/ui/?user=Ruth&kind=movie&genre=Romance&sort=quality")
    expect(page.get_by_role("heading", name="For Ruth")).to_be_visible()
    expect(page.get_by_role("radio", name="Films")).to_be_checked()
    expect(page.get_by_role("combobox", name="Genre")).to_have_value("Romance")
    expect(page.get_by_role("combobox", name="Order")).to_have_value("quality")
    expect(cards(page).filter(has_text="Series ·")).to_have_count(0)
