"""axe finds nothing to mend on any page, in any state, light or dark."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from e2e.conftest import Visit
from e2e.served import Home
from e2e.states import STATES

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
COLOURS = {"runOnly": ["color-contrast"]}
"""All that another scheme can change."""


def violations(page: Page, options: dict[str, object]) -> list[str]:
    """Give what axe finds on a page, one line for each element."""
    if not page.evaluate("'axe' in window"):
        # By the debugger: the page's own policy lets no foreign script in.
        page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
    found = page.evaluate("(options) => axe.run(document, options)", {"resultTypes": ["violations"], **options})[
        "violations"
    ]
    return [f"{each['id']}: {node['html'][:160]} {node['failureSummary']}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_to_mend(home: Home, visit: Visit, allowed: list[str], state: str) -> None:
    allowed.append("Failed to load resource: net::ERR_FAILED")
    page = visit("about:blank", reduced_motion="reduce", color_scheme="light", within=home.url)
    STATES[state](page, f"{home.url}/ui/")
    assert violations(page, {}) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert violations(page, COLOURS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_mend_in_the_set_up_of_a_new_home(
    new_home: tuple[Home, str], visit: Visit, scheme: str
) -> None:
    page = visit(f"{new_home[0].url}/ui/setup.html", reduced_motion="reduce", color_scheme=scheme)
    page.get_by_role("group", name="Jellyfin").get_by_label("Address").wait_for()
    assert violations(page, {}) == []
