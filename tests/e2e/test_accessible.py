"""axe finds nothing to mend on any page, in any state, light or dark."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from e2e.conftest import Visit
from e2e.served import Home
from e2e.states import STATES

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
ALL: list[str] = []
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that look at colours, which are all that another scheme can change."""

SAME = {"scrolled", "film-below"}
"""States that show what others hold already."""

PARTS = {"search": "header", "search-empty": "header", "menu": "header", "toast": "toast-bar"}
"""What a state adds to a page that is looked at as a whole already; a dialog is looked at alone without being named."""

FEWER = """() => document
    .querySelectorAll("pick-grid .card:nth-child(n + 9), pick-rows section + section")
    .forEach((each) => each.remove())"""
"""All cards and rows are made alike: a few stand for all, and axe takes as long as there are elements."""

RUN = """([part, runOnly]) => {
    const rules = runOnly.length ? { runOnly } : {};
    return axe.run(document.querySelector(part) ?? document, { resultTypes: ["violations"], ...rules });
}"""


def violations(page: Page, part: str, rules: list[str] = ALL) -> list[str]:
    """Give what axe finds on a page or in a part of it by some rules, one line for each element."""
    if not page.evaluate("'axe' in window"):
        # By the debugger: the page's own policy lets no foreign script in.
        page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
    page.evaluate(FEWER)
    found = page.evaluate(RUN, [part, rules])["violations"]
    return [f"{each['id']}: {node['html'][:160]} {node['failureSummary']}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("state", [name for name in STATES if name not in SAME])
def test_axe_finds_nothing_to_mend(home: Home, visit: Visit, allowed: list[str], state: str) -> None:
    allowed.append("Failed to load resource: net::ERR_FAILED")
    page = visit("about:blank", reduced_motion="reduce", color_scheme="light", within=home.url)
    STATES[state](page, f"{home.url}/ui/")
    part = PARTS.get(state, "dialog[open]")
    assert violations(page, part) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert violations(page, part, COLOURS) == []


def test_axe_finds_what_is_wrong(home: Home, visit: Visit) -> None:
    page = visit(f"{home.url}/ui/quality.html?user=Daniel")
    page.get_by_role("main").evaluate("(main) => main.append(document.createElement('img'))")
    assert any(line.startswith("image-alt") for line in violations(page, "main"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_mend_in_the_set_up_of_a_new_home(
    new_home: tuple[Home, str], visit: Visit, scheme: str
) -> None:
    page = visit(f"{new_home[0].url}/ui/setup.html", reduced_motion="reduce", color_scheme=scheme)
    page.get_by_role("group", name="Jellyfin").get_by_label("Address").wait_for()
    assert violations(page, "main") == []
