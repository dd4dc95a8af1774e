"""Finding a title, here and at TMDB."""

import re

from playwright.sync_api import Locator, Page, Route, expect

from e2e.conftest import Visit
from e2e.served import Home
from e2e.showing import choose, details


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search titles")


def found(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Found titles").get_by_role("option")


def test_a_title_is_found_while_it_is_typed_and_opened_by_the_keyboard(page: Page) -> None:
    page.get_by_role("main").wait_for()
    page.keyboard.press("/")
    expect(field(page)).to_be_focused()
    page.keyboard.type("gattac")
    expect(found(page).first.locator("mark")).to_have_text("Gattac")
    page.keyboard.press("ArrowDown")
    expect(found(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(details(page).get_by_role("heading", name="Gattaca")).to_be_visible()
    page.wait_for_url("**/*title=movie:*")
    page.keyboard.press("Escape")
    expect(details(page)).to_have_count(0)


def test_accents_and_case_make_no_difference(page: Page) -> None:
    field(page).fill("CLEO FROM")
    expect(found(page).first).to_contain_text("Cléo from 5 to 7")
    expect(found(page).first).to_contain_text("Watched")


def test_tmdb_is_searched_by_title_where_that_is_wanted(page: Page) -> None:
    field(page).fill("alien")
    choose(page, "Where to search", "TMDB by title")
    expect(found(page).first).to_contain_text("Alien")
    found(page).first.click()
    expect(details(page)).to_be_visible()


def test_tmdb_is_searched_by_people_too_and_says_by_whom_a_title_was_found(page: Page) -> None:
    field(page).fill("sigourney weaver")
    choose(page, "Where to search", "TMDB and people")
    expect(found(page).filter(has_text="Sigourney Weaver").first).to_be_visible()


def test_what_is_not_here_can_be_looked_for_at_tmdb(page: Page) -> None:
    field(page).fill("qqqqqqqqqqqq")
    expect(page.get_by_role("search").get_by_role("status")).to_contain_text("TMDB may know it")
    page.get_by_role("button", name="Look at TMDB").click()
    expect(page.get_by_role("search").get_by_role("status")).to_contain_text("TMDB knows nothing by these words")
    expect(field(page)).to_be_focused()


def test_the_key_that_leads_here_is_shown_until_somebody_types(page: Page) -> None:
    expect(page.locator("search-box kbd")).to_be_visible()
    field(page).fill("moon")
    expect(page.locator("search-box kbd")).to_be_hidden()


def test_escape_closes_what_was_found_and_then_takes_the_words_away(page: Page) -> None:
    field(page).fill("moon")
    expect(found(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(found(page)).to_have_count(0)
    expect(field(page)).to_have_value("moon")
    page.keyboard.press("Escape")
    expect(field(page)).to_have_value("")
    expect(page.get_by_role("combobox", name=re.compile("Search"))).to_have_attribute("aria-expanded", "false")


def test_titles_that_only_look_like_the_words_are_told_apart(page: Page) -> None:
    field(page).fill("gatacca")
    expect(page.get_by_role("search").get_by_role("status")).to_have_text("No title has these words. These look alike:")
    expect(found(page).first).to_contain_text("Gattaca")
    expect(page.get_by_role("button", name="Look at TMDB")).to_be_visible()


def test_keys_that_come_before_the_answer_choose_from_it(page: Page) -> None:
    held: list[Route] = []
    page.route(re.compile(r"/search\?"), lambda route: held.append(route))
    with page.expect_request(re.compile(r"/search\?")):
        field(page).fill("love")
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    held[0].continue_()
    expect(found(page).nth(1)).to_have_attribute("aria-selected", "true")


def test_what_is_typed_before_the_page_listens_is_looked_for_all_the_same(home: Home, visit: Visit) -> None:
    page = visit("about:blank", within=home.url)
    held: list[Route] = []
    page.route("**/pages/picks.js", lambda route: held.append(route))
    with page.expect_request("**/pages/picks.js"):
        page.goto(f"{home.url}/ui/")
    field(page).fill("gattaca")
    held[0].continue_()
    expect(found(page).first).to_contain_text("Gattaca")
