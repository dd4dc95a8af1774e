"""Whose picks are shown, and the place in them: scrolling on, opening, coming back."""

import re

from playwright.sync_api import Locator, Page, Route, expect

from e2e.chromium import PATIENCE_MS
from e2e.conftest import Visit
from e2e.served import Home, demo_home
from e2e.showing import await_life, card, cards, details, names, open_details, total

PIXELS = 3
"""So far a card may be from where it was."""


def scroll_to(page: Page, place: int) -> Locator:
    """Scroll on until there is a card of that number, and to it."""
    expect(cards(page).first).to_be_visible()
    while cards(page).count() <= place:
        known = cards(page).count()
        cards(page).last.scroll_into_view_if_needed()
        expect(cards(page).nth(known)).to_be_attached()
    cards(page).nth(place).scroll_into_view_if_needed()
    return cards(page).nth(place)


COME = """(element, [top, pixels, patience]) => new Promise((resolve) => {
    const end = performance.now() + patience;
    const look = () => {
        const isThere = Math.abs(element.getBoundingClientRect().top - top) <= pixels;
        if (isThere || performance.now() > end) resolve(isThere);
        else requestAnimationFrame(look);
    };
    look();
})"""


def is_at(locator: Locator, top: float) -> bool:
    """Whether an element comes to stand at a height in the window."""
    expect(locator).to_be_in_viewport()
    return bool(locator.evaluate(COME, [top, PIXELS, PATIENCE_MS]))


def top_of(locator: Locator) -> float:
    return float(locator.evaluate("(element) => element.getBoundingClientRect().top"))


def test_each_person_has_picks_of_their_own_and_the_page_remembers_whose(page: Page, home: Home) -> None:
    everyone = names(page)
    page.get_by_role("combobox", name="Recommend for").select_option("Ruth")
    expect(page.get_by_role("heading", name="For Ruth")).to_be_visible()
    page.wait_for_url("**/*user=*")
    expect(cards(page).first.get_by_role("heading")).not_to_have_text(everyone[0])
    page.goto(f"{home.url}/ui/")
    expect(page.get_by_role("heading", name="For Ruth")).to_be_visible()


def test_an_address_names_a_person_in_any_case(home: Home, visit: Visit) -> None:
    expect(visit(f"{home.url}/ui/?user=rUTH").get_by_role("heading", name="For Ruth")).to_be_visible()


def test_scrolling_goes_on_to_the_last_title(page: Page) -> None:
    count = total(page)
    last = scroll_to(page, count - 1)
    expect(last).to_be_visible()
    expect(page.get_by_text(f"{count} titles, and that is all.")).to_be_visible()
    assert len(set(names(page))) >= count - 5  # a film and a series may share a name


def test_who_opens_a_title_and_goes_back_is_where_they_were(page: Page) -> None:
    shown = scroll_to(page, 70)
    name, top = shown.get_by_role("heading").inner_text(), top_of(shown)
    open_details(page, name)
    page.go_back()
    expect(details(page)).to_have_count(0)
    assert is_at(card(page, name), top)


def test_who_loads_the_page_anew_is_where_they_were(page: Page) -> None:
    shown = scroll_to(page, 70)
    name, top = shown.get_by_role("heading").inner_text(), top_of(shown)
    page.reload()
    assert is_at(card(page, name), top)


def test_a_place_is_found_again_however_late_the_rows_above_it_come(page: Page) -> None:
    shown = scroll_to(page, 70)
    name, top = shown.get_by_role("heading").inner_text(), top_of(shown)
    held: list[Route] = []
    page.route("**/recommendations/rows*", lambda route: held.append(route))
    page.reload()
    await_life(page)
    page.get_by_role("button", name="Tune").hover()  # brings what notes the place
    page.wait_for_function("() => Object.values(sessionStorage).includes('null')")
    held.pop().continue_()
    assert is_at(card(page, name), top)


def test_who_comes_back_from_another_page_is_where_they_were(page: Page, home: Home) -> None:
    shown = scroll_to(page, 60)
    name, top = shown.get_by_role("heading").inner_text(), top_of(shown)
    page.goto(f"{home.url}/ui/status.html")
    expect(page.get_by_role("heading", name="Services")).to_be_visible()
    page.go_back()
    assert is_at(card(page, name), top)


def test_who_resizes_the_window_goes_on_seeing_the_same_titles(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    shown = scroll_to(page, 74)  # the first of its line at 6 and at 3 in a line
    shown.hover()  # as a mouse is somewhere
    shown.evaluate("(card) => card.scrollIntoView({ behavior: 'instant' })")
    top = top_of(shown)
    noted = "(key) => Object.values(sessionStorage).join().includes(key)"
    page.wait_for_function(noted, arg=shown.get_attribute("data-key"))
    for width in (820, 390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert is_at(shown, top), width


def test_under_a_sub_path_nothing_asks_beside_it(synced_file, tmp_path, visit: Visit) -> None:
    with demo_home(synced_file, root_path="/films") as home:
        page = visit(home.url)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        open_details(page, names(page)[0]).get_by_role("button", name="Close", exact=True).click()
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("link", name="Status").click()
        expect(page.get_by_role("heading", name="Services")).to_be_visible()
        page.get_by_role("link", name="Set up").click()
        expect(page.get_by_role("heading", name="This is the demo")).to_be_visible()
        assert [url for url in asked if not url.startswith(f"{home.url}/")] == []
        page.context.close()


def test_nothing_moves_where_that_is_not_wanted(home: Home, visit: Visit) -> None:
    page = visit(f"{home.url}/ui/", reduced_motion="reduce")
    name = names(page)[2]
    card(page, name).hover()
    card(page, name).get_by_role("button", name=re.compile("^Hide")).click()
    expect(card(page, name)).to_have_count(0)
    lengths_ms = page.evaluate("document.getAnimations().map((each) => each.effect.getTiming().duration)")
    assert [length for length in lengths_ms if length > 1] == []


def test_what_few_titles_cannot_tell_is_said_in_words(home: Home, visit: Visit) -> None:
    page = visit(f"{home.url}/ui/quality.html?user=Daniel")
    numbers = page.get_by_role("region", name="In the first 10", exact=True)
    expect(numbers.get_by_role("row").nth(1)).to_contain_text(re.compile("Yes|No"))
    expect(numbers).not_to_contain_text("0 to 100")
    page.get_by_role("combobox", name="Measure for").select_option(label="Everyone")
    expect(numbers).to_contain_text(re.compile(r"For \d of 5 people"))
