"""What makes the page installable: a manifest that works under any path, and icons that are what it says."""

import json
import struct
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

UI = Path(str(files("doublebill") / "ui"))
PAGES = sorted(page for page in UI.glob("*.html") if page.name != "docs.html")
MANIFEST: dict[str, Any] = json.loads((UI / "manifest.webmanifest").read_text(encoding="utf-8"))
PICTURES = [icon for icon in MANIFEST["icons"] if icon["type"] == "image/png"]


def size_of(path: Path) -> str:
    """Give "WIDTHxHEIGHT" as the header of a PNG says it (https://www.w3.org/TR/png/#11IHDR)."""
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return "{}x{}".format(*struct.unpack(">II", head[16:]))


def test_the_manifest_names_nothing_from_the_root() -> None:
    named = [MANIFEST["start_url"], MANIFEST["scope"], *(icon["src"] for icon in MANIFEST["icons"])]
    assert [each for each in named if each.startswith("/") or ":" in each] == []


@pytest.mark.parametrize("icon", PICTURES, ids=lambda icon: icon["src"])
def test_an_icon_is_as_large_as_the_manifest_says(icon: dict[str, str]) -> None:
    assert size_of(UI / icon["src"]) == icon["sizes"]


def test_there_are_icons_for_every_system() -> None:
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in PICTURES if "purpose" not in icon}
    assert [icon["sizes"] for icon in PICTURES if icon.get("purpose") == "maskable"] == ["512x512"]
    assert size_of(UI / "icons" / "apple-touch-icon.png") == "180x180"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_can_be_installed_also_behind_a_password(page: Path) -> None:
    # A browser asks for a manifest without the password, unless it is told otherwise.
    text = page.read_text(encoding="utf-8")
    assert '<link rel="manifest" href="manifest.webmanifest" crossorigin="use-credentials">' in text
    assert text.count('<meta name="theme-color"') == 2


def test_the_manifest_is_served_as_one(client: TestClient) -> None:
    assert client.get("/ui/manifest.webmanifest").headers["content-type"] == "application/manifest+json"
