"""The browser: which one, how it is begun, and what no page may ever do in it."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebError,
    expect,
    sync_playwright,
)

VARIABLE = "DOUBLEBILL_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--mute-audio",
)
PATIENCE_MS = 30_000
"""How long something may take to come about; a machine may be busy, and what comes sooner is not waited for."""

TELL_VIOLATIONS = """addEventListener("securitypolicyviolation",
    ({ violatedDirective, blockedURI }) => console.error(`policy: ${violatedDirective} ${blockedURI}`))"""


class NoBrowserError(Exception):
    """There is no Chromium on this machine."""


def find_chromium() -> str:
    """Say where Chromium is. Raises NoBrowserError."""
    named = os.environ.get(VARIABLE)
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        words = f"{VARIABLE} names no program: {named}" if named else "There is no Chromium on this machine"
        raise NoBrowserError(f"{words}. Install it (Debian: apt install chromium), or name it in {VARIABLE}.")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """Begin a browser without a window. Raises NoBrowserError."""
    path = find_chromium()
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS, timeout=4 * PATIENCE_MS)
        yield browser
        browser.close()


class Watch:
    """Writes down what a page does wrong: it complains or fails, breaks the policy, or asks another server."""

    def __init__(self, context: BrowserContext, origin: str, allowed: Sequence[str]) -> None:
        self.troubles: list[str] = []
        self._origin = origin
        self._allowed = allowed
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._said)
        context.on("weberror", self._failed)
        context.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(words in message.text for words in self._allowed):
            self.troubles.append(f"{message.type}: {message.text} ({message.location['url']})")

    def _failed(self, error: WebError) -> None:
        if not any(words in error.error.message for words in self._allowed):
            self.troubles.append(f"uncaught: {error.error.message}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self._origin}/", "data:", "blob:")):
            self.troubles.append(f"foreign: {request.url}")


@contextmanager
def watched_page(browser: Browser, origin: str, allowed: Sequence[str] = (), **options: Any) -> Iterator[Page]:
    """Give a page of a new visitor; at its end, whatever it did wrong is an AssertionError.

    Args:
        origin: the only server that it may ask.
        allowed: parts of messages that a story expects on the console.
        options: of Playwright's new_context.
    """
    usual = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", "timezone_id": "UTC"}
    context = browser.new_context(**{**usual, **options})
    context.set_default_timeout(PATIENCE_MS)
    watch = Watch(context, origin, allowed)
    try:
        yield context.new_page()
    finally:
        context.close()
    assert watch.troubles == [], watch.troubles
