"""One browser for all stories; for each story a home of its own, a copy of one synced household."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from e2e.chromium import NoBrowserError, chromium, watched_page
from e2e.served import Home, demo_home, empty_home, make_synced
from e2e.showing import await_life

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the stories last: the browser's event loop would be in the way of the other rooms' tests."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with ExitStack() as stack:
        try:
            browser = stack.enter_context(chromium())
        except NoBrowserError as error:
            pytest.fail(str(error), pytrace=False)
        yield browser


@pytest.fixture(scope="session")
def synced_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("e2e") / "doublebill.db"
    make_synced(path)
    return path


@pytest.fixture
def home(synced_file: Path, tmp_path: Path) -> Iterator[Home]:
    with demo_home(Path(shutil.copy(synced_file, tmp_path / "doublebill.db"))) as home:
        yield home


@pytest.fixture
def unsynced_home(tmp_path: Path) -> Iterator[Home]:
    with demo_home(tmp_path / "doublebill.db") as home:
        yield home


@pytest.fixture
def new_home(tmp_path: Path) -> Iterator[tuple[Home, str]]:
    with empty_home(tmp_path) as home:
        yield home


@pytest.fixture
def allowed() -> list[str]:
    """What a story expects on the console: it adds to this."""
    return []


class Visit(Protocol):
    """Open an address as a new visitor, who may ask one server alone; with options of Playwright's new_context."""

    def __call__(self, address: str, *, within: str = "", **options: Any) -> Page: ...


@pytest.fixture
def visit(browser: Browser, allowed: list[str]) -> Iterator[Visit]:
    with ExitStack() as stack:

        def open_page(address: str, *, within: str = "", **options: Any) -> Page:
            origin = "{0.scheme}://{0.netloc}".format(urlsplit(within or address))
            page = stack.enter_context(watched_page(browser, origin, allowed, **options))
            page.goto(address)
            await_life(page)
            return page

        yield open_page


@pytest.fixture
def page(home: Home, visit: Visit) -> Page:
    """The page of picks of a synced household."""
    return visit(f"{home.url}/ui/")
