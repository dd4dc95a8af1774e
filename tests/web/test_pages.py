"""The static files of the web page: whole, small, from this server alone, and fit for a strict content policy."""

import re
from importlib.resources import files
from pathlib import Path
from posixpath import normpath

import pytest

UI = Path(str(files("doublebill") / "ui"))
PAGES = sorted(UI.rglob("*.html"))
SCRIPTS = sorted(UI.rglob("*.js"))
STYLES = sorted(UI.rglob("*.css"))
WRITTEN = PAGES + SCRIPTS + STYLES

ATTRIBUTION = "https://www.themoviedb.org/"
"""The one link that leads elsewhere."""

SERVED = {
    "docs",
    "diagnostics",
    "docs/static/swagger-ui.css",
    "docs/static/swagger-ui-bundle.js",
    "openapi.json",
    "recommendations",
}
"""What pages refer to, below the server's root, that other rooms answer."""

KILOBYTE = 1024
BUDGET = {".js": 60 * KILOBYTE, ".css": 25 * KILOBYTE}
"""For each page, as the files are, before compression: what they say of themselves is counted too."""

REFERENCE = re.compile(r"""(?:\s(?:href|src)="|\bfrom\s+"|\bimport\s*\(?"|\burl\(["']?)([^"'#?)$]+)""")
LATER = re.compile(r"""\bimport\("[^"]+"\)|<link[^>]+\sdisabled>|<a\s[^>]+>""")
"""What a page loads only when it is wanted, and where it leads."""

COMMENT = re.compile(r"/\*.*?\*/|(?:^|(?<=\s))//[^\n]*", re.DOTALL)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return path.relative_to(UI).as_posix()


def references_of(path: Path) -> list[str]:
    """Give what a file refers to, without the links that templates make while they run."""
    return [found for found in REFERENCE.findall(COMMENT.sub("", text_of(path))) if found != ATTRIBUTION]


def place_of(path: Path) -> str:
    """Give the folder that a file's references start from, below the server's root; /docs shows docs.html there."""
    return "" if path.name == "docs.html" else f"ui/{name_of(path.parent)}"


@pytest.mark.parametrize("path", PAGES + SCRIPTS + STYLES, ids=name_of)
def test_every_file_referred_to_exists(path: Path) -> None:
    places = {normpath(f"{place_of(path)}/{reference}").lstrip("/") for reference in references_of(path)}
    missing = {place for place in places - SERVED if not (UI.parent / place).exists()}
    assert missing == set()


def test_the_pages_refer_to_styles_and_scripts() -> None:
    found = {reference for page in PAGES for reference in references_of(page)}
    assert {"css/tokens.css", "pages/begin.js", "ui/pages/docs.js", "docs/static/swagger-ui-bundle.js"} <= found


def imported_by(name: str) -> set[str]:
    """Name all that a script cannot run without."""
    found = re.findall(r"""^(?:import|\}) .*?["'](\.[^"']+)["'];$""", text_of(UI / name), re.MULTILINE)
    near = {normpath(f"{Path(name).parent.as_posix()}/{path}") for path in found}
    return near.union(*(imported_by(each) for each in near))


def test_the_page_fetches_at_once_what_its_first_script_is_made_of() -> None:
    later = re.findall(r'<link rel="later" href="([^"]+)">', text_of(UI / "index.html"))
    assert set(later) == imported_by("pages/picks.js")


def test_every_script_and_style_is_referred_to() -> None:
    referred = {
        normpath(f"{place_of(path)}/{reference}").lstrip("/") for path in WRITTEN for reference in references_of(path)
    }
    assert {f"ui/{name_of(path)}" for path in SCRIPTS + STYLES} - referred == set()


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_no_path_is_absolute(path: Path) -> None:
    assert [found for found in references_of(path) if found.startswith("/")] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_no_script_names_a_path_from_the_root(path: Path) -> None:
    assert re.findall(r"""["'`]/[a-z_]+""", COMMENT.sub("", text_of(path))) == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_page_has_inline_script_or_style(path: Path) -> None:
    inline = re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text_of(path))
    assert inline == []


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_no_script_writes_what_the_content_policy_forbids(path: Path) -> None:
    assert re.findall(r"\sstyle=[\"']|<style|<script|\son[a-z]+=\"|\beval\(|new Function", text_of(path)) == []


def test_only_html_js_writes_markup() -> None:
    markup = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write")
    assert [name_of(path) for path in SCRIPTS if markup.search(text_of(path))] == ["lib/html.js"]


def test_no_other_origin_is_named() -> None:
    named = {link for path in WRITTEN for link in re.findall(r"(?:https?:)?//[\w-]+\.[\w./-]+", text_of(path))}
    assert named == {ATTRIBUTION}


def test_the_page_names_tmdb_as_its_terms_ask() -> None:
    words = re.sub(r"<[^>]+>", "", text_of(UI / "index.html"))
    assert "This product uses the TMDB API but is not endorsed or certified by TMDB." in words


def loaded_by(path: Path) -> set[Path]:
    """Give the scripts and styles that come with a file before anything is shown, and what comes with them."""
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        text = COMMENT.sub("", text_of(here := waiting.pop()))
        referred = {(here.parent / name).resolve() for name in REFERENCE.findall(LATER.sub("", text))}
        new = {each for each in referred if each.suffix in BUDGET and each.is_relative_to(UI)} - found
        found |= new
        waiting += new
    return found


@pytest.mark.parametrize("kind", BUDGET)
@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "docs.html"], ids=name_of)
def test_a_page_is_within_its_budget(page: Path, kind: str) -> None:
    assert sum(path.stat().st_size for path in loaded_by(page) if path.suffix == kind) <= BUDGET[kind]


def test_every_colour_is_written_in_oklch() -> None:
    written = "".join(COMMENT.sub("", text_of(path)) for path in STYLES)
    assert re.findall(r"#[0-9a-f]{3,8}\b(?=[;,)\s])|\brgba?\(|\bhsla?\(", written) == []
