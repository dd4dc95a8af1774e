"""Draw the icons of the installed page from its favicon: ``python packaging/draw_icons.py [path of Chromium]``.

A browser draws them, as it is at hand for the tests and knows SVG best. A maskable icon is cut to any shape by the
system, so its picture keeps to the middle (https://www.w3.org/TR/appmanifest/#icon-masks).
"""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

UI = Path(__file__).parents[1] / "src" / "doublebill" / "ui"
GROUND = "#17130f"
"""As the line round the card in front, which then parts the two."""


@dataclass(frozen=True, slots=True)
class Icon:
    """One file: its width in pixels, the share of it that the picture takes, and how round its corners are."""

    name: str
    width: int
    share: float
    roundness: float = 0.0


ICONS = (
    Icon("icon-192", 192, 0.7, 0.22),
    Icon("icon-512", 512, 0.7, 0.22),
    Icon("icon-maskable-512", 512, 0.56),
    Icon("apple-touch-icon", 180, 0.64),
)


def picture_of(icon: Icon, favicon: str) -> str:
    """Put the favicon on its ground."""
    width, inner = icon.width, icon.width * icon.share
    at = (width - inner) / 2
    placed = favicon.replace("<svg ", f'<svg x="{at}" y="{at}" width="{inner}" height="{inner}" ', 1)
    ground = f'<rect width="{width}" height="{width}" rx="{width * icon.roundness}" fill="{GROUND}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{width}">{ground}{placed}</svg>'


def draw(chromium: str | None) -> None:
    """Write every icon to the page's folder."""
    favicon = (UI / "favicon.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for icon in ICONS:
            page = browser.new_page(viewport={"width": icon.width, "height": icon.width})
            page.set_content(f'<body style="margin:0">{picture_of(icon, favicon)}')
            page.locator("svg").first.screenshot(path=UI / "icons" / f"{icon.name}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    draw(sys.argv[1] if len(sys.argv) > 1 else shutil.which("chromium"))
