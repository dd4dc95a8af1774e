"""docs/operations.md: every command in it is typed, in its order, and answers as the page shows it."""

import json
import re
from pathlib import Path

import pytest

from doublebill.cli import app
from doublebill.config import load_settings
from shipped.household import ROOT, Household
from test_transcript import differences, read_shown

PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
ANSWERS = {"json", "text"}
SECTIONS = [
    "First start",
    "Docker",
    "systemd",
    "Upgrade",
    "Move to another machine",
    "Moving from the earlier system",
    "Backup and restore",
    "Reverse proxy with TLS at a sub-path",
    "Doctor",
    "Metrics",
    "Troubleshooting by symptom",
    "Terms of the services",
]


def exchanges() -> list[tuple[str, str, str]]:
    """Give what is typed, and the kind and text of the answer below it; "" if none is shown."""
    followed = [*BLOCKS[1:], ("", "")]
    return [
        (block, *(after if after[0] in ANSWERS else ("", "")))
        for (kind, block), after in zip(BLOCKS, followed, strict=True)
        if kind == "sh"
    ]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Type everything, as one person who has a first evening, an upgrade, a move and some trouble."""
    household = Household(tmp_path_factory.mktemp("operations"))
    told = []
    for typed, _, _ in exchanges():
        household.back_to_checkout()
        told.append(household.type(typed))
    return told


@pytest.mark.parametrize(("number", "exchange"), list(enumerate(exchanges())), ids=lambda value: str(value)[:40])
def test_a_command_of_the_page_is_answered_as_shown(
    answers: list[str], number: int, exchange: tuple[str, str, str]
) -> None:
    _, kind, shown = exchange
    if kind == "json":
        assert list(differences(read_shown(shown), json.loads(answers[number]))) == []
    elif kind == "text":
        pattern = "".join(".*" if line == "...\n" else re.escape(line) for line in shown.splitlines(keepends=True))
        assert re.fullmatch(pattern, answers[number], re.DOTALL), answers[number]


def test_the_page_has_its_sections() -> None:
    assert re.findall(r"^## (.+)$", PAGE, re.MULTILINE) == SECTIONS


def test_an_answer_stands_below_a_command() -> None:
    kinds = [kind for kind, _ in BLOCKS]
    assert [kind for before, kind in zip(["", *kinds], kinds, strict=False) if kind in ANSWERS and before != "sh"] == []


def test_what_is_named_in_a_sentence_exists() -> None:
    targets = re.findall(r"`make ([a-z]+)`", PAGE)
    commands = {command.name or command.callback.__name__ for command in app.registered_commands}
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
    assert [name for name in re.findall(r"doublebill ([a-z-]+)`", PAGE) if name not in commands] == []
    paths = re.findall(r"`((?:packaging|docs)/[\w./]+|[\w-]+\.yml)`", PAGE)
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_a_heading_that_is_linked_is_there() -> None:
    headings = {re.sub(r"[^\w -]", "", name).lower().replace(" ", "-") for name in re.findall(r"^#+ (.+)$", PAGE, re.M)}
    assert set(re.findall(r"\]\(#([\w-]+)\)", PAGE)) <= headings


def test_the_settings_for_a_proxy_are_good_and_fit_the_proxies(tmp_path: Path) -> None:
    (plain,) = [block for kind, block in BLOCKS if kind == ""]
    (tmp_path / ".env").write_text(plain, encoding="utf-8")
    path = load_settings(tmp_path / ".env", {}).root_path
    nginx, caddy = [block for kind, block in BLOCKS if kind in ("nginx", "caddy")]
    assert f"location {path}/ {{" in nginx
    assert f"handle {path}* {{" in caddy
