"""Pictures of every page and state, to look at: three widths, light and dark; and the two that the README shows.

Usage: python -m e2e.screenshots [STATE ...]

They go to screenshots/, which git ignores; with names of states only those are taken. The README's are taken anew only
by the name `readme`, so that looking around changes no file of the project.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect

from doublebill.cli.opening import bundled_model
from e2e.chromium import chromium, watched_page
from e2e.served import demo_home, empty_home, make_synced
from e2e.showing import names, open_details
from e2e.states import STATES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "screenshots"
README_FOLDER = ROOT / "docs" / "pictures"
SIZES = {390: 844, 820: 1180, 1440: 900}
SCHEMES = ("light", "dark")
WHOLE = {"set-up", "status", "quality", "new-set-up"}
"""States of pages that are looked at from top to bottom; the others as they stand in the window."""

EXPECTED = ["Failed to load resource"]
README_SIZE = {"width": 1280, "height": 800}
README_BYTES = 300_000


def take_state(browser: Browser, synced: Path, name: str, folder: Path) -> None:
    """Take one state in all widths and both schemes, each width from a fresh copy of the household."""
    for width, height in SIZES.items():
        with _page_of_copy(browser, synced, width, height) as (page, ui):
            STATES[name](page, ui)
            _take(page, folder, f"{name}-{width}", is_whole=name in WHOLE)


def take_new_set_up(browser: Browser, folder: Path) -> None:
    """Take the set-up page of a home that nobody has set up."""
    for width, height in SIZES.items():
        with TemporaryDirectory() as data, empty_home(Path(data)) as (home, _):
            options = {"viewport": {"width": width, "height": height}, "reduced_motion": "reduce"}
            with watched_page(browser, home.url, EXPECTED, **options) as page:
                page.goto(f"{home.url}/ui/setup.html")
                page.get_by_role("group", name="Jellyfin").get_by_label("Address").wait_for()
                _take(page, folder, f"new-set-up-{width}", is_whole=True)


def take_readme(browser: Browser, synced: Path) -> None:
    """Take the two pictures of the README. Raises: AssertionError if one is too big for it."""
    README_FOLDER.mkdir(parents=True, exist_ok=True)
    with _page_of_copy(browser, synced, **README_SIZE) as (page, ui):
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        page.goto(f"{ui}?user=Daniel")
        name = names(page)[0]
        expect(page.get_by_role("region").first).to_be_attached()
        expect(page.get_by_role("button", name=re.compile("^Updated"))).to_be_visible()
        page.wait_for_load_state("load")
        page.screenshot(path=README_FOLDER / "picks.png")
        open_details(page, name)
        page.screenshot(path=README_FOLDER / "details.png")
    for path in README_FOLDER.glob("*.png"):
        assert path.stat().st_size < README_BYTES, f"{path} has {path.stat().st_size:,} bytes"


@contextmanager
def _page_of_copy(browser: Browser, synced: Path, width: int, height: int) -> Iterator[tuple[Page, str]]:
    options = {"viewport": {"width": width, "height": height}, "reduced_motion": "reduce", "has_touch": width < 1000}
    with (
        TemporaryDirectory() as data,
        demo_home(Path(copy(synced, data)), model=bundled_model()) as home,
        watched_page(browser, home.url, EXPECTED, **options) as page,
    ):
        yield page, f"{home.url}/ui/"


def _take(page: Page, folder: Path, name: str, *, is_whole: bool) -> None:
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.screenshot(path=folder / f"{name}-{scheme}.png", full_page=is_whole)


def main(wanted: Sequence[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    chosen = [name for name in STATES if not wanted or name in wanted]
    with TemporaryDirectory() as data, chromium() as browser:
        synced = Path(data) / "doublebill.db"
        make_synced(synced, bundled_model())
        for name in chosen:
            take_state(browser, synced, name, FOLDER)
        if not wanted or "new-set-up" in wanted:
            take_new_set_up(browser, FOLDER)
        if "readme" in wanted:
            take_readme(browser, synced)


if __name__ == "__main__":
    main(sys.argv[1:])
