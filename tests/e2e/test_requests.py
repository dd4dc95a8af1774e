"""Adding to Radarr and Sonarr, with choices, and taking it back."""

import re

from playwright.sync_api import Page, expect

from e2e.conftest import Visit
from e2e.served import Home
from e2e.showing import card, details, first_film, first_series, open_details, toast


def test_a_film_is_added_from_its_card_and_taken_back(page: Page) -> None:
    name = first_film(page)
    card(page, name).hover()
    card(page, name).get_by_role("button", name=f"Add: {name}").click()
    expect(toast(page)).to_contain_text(f"{name} was added")
    expect(card(page, name)).to_contain_text("Requested")
    toast(page).get_by_role("button", name="Undo").click()
    expect(card(page, name)).not_to_contain_text("Requested")
    expect(card(page, name).get_by_role("link")).to_be_focused()  # what was pressed has gone meanwhile


def test_a_film_is_added_with_the_options_that_were_chosen(page: Page) -> None:
    shown = open_details(page, first_film(page))
    shown.get_by_text("Options", exact=True).click()
    shown.get_by_label("Quality").select_option(index=1)
    quality = shown.get_by_label("Quality").locator("option:checked").inner_text()
    shown.get_by_role("checkbox", name="Look for it at once").uncheck()
    expect(shown.get_by_role("status").filter(has_text=f"in quality {quality}")).to_contain_text("waits for it")
    shown.get_by_role("button", name="Add to Radarr").click()
    expect(shown.get_by_role("button", name="Take back from Radarr")).to_be_visible()
    expect(shown).to_contain_text("Requested")
    shown.get_by_role("button", name="Take back from Radarr").click()
    expect(shown.get_by_role("button", name="Add to Radarr")).to_be_visible()


def test_of_a_series_only_the_first_season_is_added_where_that_is_wanted(page: Page, home: Home) -> None:
    shown = open_details(page, first_series(page))
    shown.get_by_text("Options", exact=True).click()
    shown.get_by_label("Seasons").select_option("First season")
    expect(shown.get_by_role("status").filter(has_text="the first season of")).to_be_visible()
    shown.get_by_role("button", name="Add to Sonarr").click()
    expect(shown.get_by_role("button", name="Take back from Sonarr")).to_be_visible()


def test_a_film_on_the_exclusion_list_is_added_only_when_insisted_on(
    home: Home, visit: Visit, allowed: list[str]
) -> None:
    allowed.append("the server responded with a status of 409")
    page = visit(f"{home.url}/ui/")
    page.get_by_role("combobox", name="Search titles").fill("3 dev adam")
    page.get_by_role("listbox", name="Found titles").get_by_role("option").first.click()
    details(page).get_by_role("button", name="Add to Radarr").click()
    expect(toast(page)).to_contain_text("exclusion list")
    details(page).get_by_text("Options", exact=True).click()
    details(page).get_by_role("checkbox", name=re.compile("although")).check()
    details(page).get_by_role("button", name="Add to Radarr").click()
    expect(details(page).get_by_role("button", name="Take back from Radarr")).to_be_visible()
