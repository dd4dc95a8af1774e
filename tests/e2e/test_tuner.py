"""Weighing what counts: a preview, a confirmation, a way back."""

import re

from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Visit
from e2e.served import Home
from e2e.showing import cards, names, sheet, toast


def open_tuner(page: Page) -> Locator:
    page.get_by_role("button", name="Tune").click()
    expect(sheet(page, "What counts")).to_be_visible()
    return sheet(page, "What counts")


def test_new_weights_are_previewed_confirmed_and_undone(page: Page) -> None:
    before = names(page)
    tuner = open_tuner(page)
    tuner.get_by_role("slider", name="Well rated").fill("100")
    expect(tuner.get_by_text(re.compile(r"^\d+ of the first 20 would change"))).to_be_visible()
    coming = tuner.get_by_role("heading", name="Come in").locator("+ ul").get_by_role("link").all_inner_texts()
    tuner.get_by_role("button", name="Confirm").click()
    expect(toast(page)).to_contain_text("The new weights count")
    for name in coming:
        expect(cards(page).filter(has_text=name).first).to_be_visible()
    toast(page).get_by_role("button", name="Undo").click()
    expect(cards(page).first.get_by_role("heading")).to_have_text(before[0])
    expect(cards(page).nth(1).get_by_role("heading")).to_have_text(before[1])
    expect(page.get_by_role("button", name="Tune")).to_be_focused()
    expect(open_tuner(page)).to_contain_text("This is how it counts now")


def test_what_is_not_confirmed_is_marked_and_kept(page: Page) -> None:
    tuner = open_tuner(page)
    slider = tuner.get_by_role("slider", name="Widely seen")
    slider.fill("50")
    expect(tuner.get_by_text("was 10 %")).to_be_visible()
    page.keyboard.press("Escape")
    expect(tuner).to_have_count(0)
    expect(open_tuner(page).get_by_text("was 10 %")).to_be_visible()
    tuner.get_by_role("button", name="As saved").click()
    expect(tuner.get_by_text("was 10 %")).to_have_count(0)
    expect(tuner.get_by_role("button", name="Reset")).to_be_focused()


def test_the_shares_are_always_100_percent(page: Page) -> None:
    tuner = open_tuner(page)
    for name, value in {"Close to your taste": "33", "Well rated": "33", "Widely seen": "34"}.items():
        tuner.get_by_role("slider", name=name).fill(value)
    shares = [int(each.inner_text().split()[0]) for each in tuner.locator("output").all()]
    assert sum(shares) == 100


def test_reset_and_presets_set_all_sliders(page: Page) -> None:
    tuner = open_tuner(page)
    tuner.get_by_role("slider", name="Close to your taste").fill("0")
    tuner.get_by_role("button", name="Reset").click()
    expect(tuner.get_by_role("slider", name="Close to your taste")).to_have_value("40")
    tuner.get_by_role("button", name="close", exact=True).click()
    expect(tuner.get_by_role("slider", name="Close to your taste")).not_to_have_value("40")


def test_the_preview_shows_beside_the_sliders_on_a_laptop(home: Home, visit: Visit) -> None:
    page = visit(f"{home.url}/ui/", viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    names(page)
    tuner = open_tuner(page)
    tuner.get_by_role("slider", name="Well rated").fill("100")
    coming = tuner.get_by_role("heading", name="Come in")
    expect(coming).to_be_visible()
    heading, foot = coming.bounding_box(), tuner.get_by_role("button", name="Confirm").bounding_box()
    assert heading
    assert foot
    assert heading["y"] + heading["height"] < foot["y"]
