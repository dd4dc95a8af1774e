"""From an installation that knows nothing to the first picks."""

import re

from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Visit
from e2e.served import Home
from e2e.showing import cards


def form(page: Page, service: str) -> Locator:
    return page.get_by_role("group", name=service)


def connect(page: Page, service: str, key: str, url: str | None = None) -> None:
    part = form(page, service)
    if not part.get_by_label("Key", exact=False).is_visible():
        part.get_by_role("button", name="Connect").click()
    if url:
        part.get_by_role("textbox", name="Address").fill(url)
    part.get_by_label(re.compile("^Key")).fill(key)
    part.get_by_role("button", name="Connect", exact=True).click()


def test_an_installation_that_knows_nothing_opens_with_the_set_up(new_home: tuple[Home, str], visit: Visit) -> None:
    page = visit(new_home[0].url)
    page.wait_for_url("**/ui/setup.html")
    expect(page.get_by_role("region", name="Start")).to_contain_text("TMDB and Jellyfin are still to be connected")


def test_without_the_set_up_code_nothing_can_be_connected(
    new_home: tuple[Home, str], visit: Visit, allowed: list[str]
) -> None:
    allowed.append("the server responded with a status of 403")
    page = visit(f"{new_home[0].url}/ui/setup.html")
    connect(page, "TMDB", new_home[0].demo.tmdb_key)
    expect(form(page, "TMDB")).to_contain_text("The set-up code is needed")
    expect(page.get_by_label("Code", exact=True)).to_be_focused()


def test_a_wrong_key_is_told_in_clear_words(new_home: tuple[Home, str], visit: Visit) -> None:
    home, code = new_home
    page = visit(f"{home.url}/ui/setup.html")
    page.get_by_label("Code", exact=True).fill(code)
    connect(page, "Jellyfin", "wrong", home.demo.jellyfin_url)
    expect(form(page, "Jellyfin")).to_contain_text("Not working")
    expect(form(page, "Jellyfin")).to_contain_text(re.compile("refused|key", re.IGNORECASE))
    connect(page, "TMDB", "0" * 32)
    expect(form(page, "TMDB")).to_contain_text("Not working")


def test_a_household_is_connected_synced_and_shown(new_home: tuple[Home, str], visit: Visit) -> None:
    home, code = new_home
    page = visit(f"{home.url}/ui/setup.html")
    page.get_by_label("Code", exact=True).fill(code)
    home.tmdb.shut(after=60)
    connect(page, "TMDB", home.demo.tmdb_key)
    expect(form(page, "TMDB")).to_contain_text("Connected")
    connect(page, "Jellyfin", home.demo.jellyfin_key, home.demo.jellyfin_url.removeprefix("http://"))
    start = page.get_by_role("region", name="Start")
    expect(start.get_by_role("progressbar")).to_be_visible()
    start.get_by_role("link", name="See the first titles").click()
    expect(cards(page).first).to_be_visible()
    home.tmdb.open()
    expect(page.get_by_role("button", name=re.compile("^Updated"))).to_be_visible()
    page.get_by_role("combobox", name="Recommend for").select_option("Anna")
    expect(page.get_by_role("heading", name="For Anna")).to_be_visible()


def test_radarr_is_connected_and_its_profile_chosen(new_home: tuple[Home, str], visit: Visit) -> None:
    home, code = new_home
    page = visit(f"{home.url}/ui/setup.html")
    page.get_by_label("Code", exact=True).fill(code)
    connect(page, "Radarr", home.demo.radarr_key, home.demo.radarr_url)
    radarr = form(page, "Radarr")
    expect(radarr).to_contain_text("Connected")
    radarr.get_by_label("Quality").select_option(index=1)
    expect(radarr.get_by_text("Kept")).to_be_visible()
    page.reload()
    expect(radarr.get_by_label("Quality")).not_to_have_value("")
