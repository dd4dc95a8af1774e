"""docs/first-steps.md: every command in it is sent, in its order, and answered as the page shows it."""

import argparse
import asyncio
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeAlias

import pytest
from starlette.testclient import TestClient

from doublebill.demo.upstreams import demo_upstreams
from doublebill.model import SyncKind, SyncStatus
from doublebill.store import open_store
from doublebill.sync.embed import Model
from doublebill.sync.engine import Engine
from doublebill.sync.upstreams import open_demo, open_demo_services
from doublebill.web.app import create_app
from hashing_embedder import HashingEmbedder

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | float | bool | None

PAGE = Path(__file__).parents[1] / "docs" / "first-steps.md"
SERVER = "http://localhost:8097"
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
"""The day that the page names."""

CUT = "..."
OF_THE_MODEL = {
    *("scores.hybrid", "scores.content", "rank", "held_back_by", "recommended_because"),
    *("changed", "entering", "leaving"),
}
"""Fields that another text model answers otherwise; of them only the shape is compared."""

STEPS = [
    *("GET /search", "GET /titles", "POST /dislike", "DELETE /hidden"),
    *("GET /tuner", "POST /settings", "POST /settings", "POST /history", "DELETE /history"),
    *("POST /add/radarr", "POST /add/sonarr", "POST /add/radarr", "POST /add/sonarr", "GET /check", "POST /check"),
]


@dataclass(frozen=True, slots=True)
class Command:
    """One curl of the page: what it sends, and the answer that stands below it."""

    method: str
    path: str
    headers: dict[str, str]
    body: str | None
    shown: Json

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def commands() -> list[Command]:
    """Read the page: each ``sh`` block is one command, and the ``json`` block after it is its answer."""
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert [kind for kind, _ in blocks] == ["sh", "json"] * (len(blocks) // 2)
    return [command(asked, shown) for (_, asked), (_, shown) in zip(blocks[::2], blocks[1::2], strict=True)]


def command(asked: str, shown: str) -> Command:
    words = shlex.split(asked.replace("\\\n", " "))
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("-s", action="store_true", required=True)
    parser.add_argument("-X")
    parser.add_argument("-H", action="append", default=[])
    parser.add_argument("-d")
    parser.add_argument("url")
    assert words[0] == "curl"
    told = parser.parse_args(words[1:])
    assert told.url.startswith(SERVER)
    return Command(
        method=told.X or ("POST" if told.d else "GET"),
        path=told.url.removeprefix(SERVER),
        headers=dict(header.split(": ", 1) for header in told.H),
        body=told.d,
        shown=read_shown(shown),
    )


def read_shown(text: str) -> Json:
    """Read an answer in which ``...`` at the end of an object, a list or a string stands for what was cut."""
    in_objects = re.sub(r"\.\.\.(?=\s*\})", f'"{CUT}": null', text)
    shown: Json = json.loads(re.sub(r"\.\.\.(?=\s*\])", f'"{CUT}"', in_objects))
    return shown


def differences(shown: Json, real: Json, place: str = "") -> Iterator[str]:
    """Name each place where a shown answer is not the real one."""
    if place in OF_THE_MODEL:
        if shape(shown) != shape(real):
            yield f"{place}: has another shape than {real!r}"
    elif isinstance(shown, dict) and isinstance(real, dict):
        yield from differences_of_objects(shown, real, place)
    elif isinstance(shown, list) and isinstance(real, list):
        yield from differences_of_lists(shown, real, place)
    elif isinstance(shown, str) and isinstance(real, str) and shown.endswith(CUT):
        if not real.startswith(shown.removesuffix(CUT)):
            yield f"{place}: {shown!r} is not how {real!r} begins"
    elif (type(shown), shown) != (type(real), real):
        yield f"{place}: {shown!r} is {real!r}"


def differences_of_objects(shown: dict[str, Json], real: dict[str, Json], place: str) -> Iterator[str]:
    names = shown.keys() - {CUT}
    wrong = names - real.keys() if CUT in shown else names ^ real.keys()
    yield from (f"{place}.{name}: shown or answered alone" for name in sorted(wrong))
    for name in sorted(names & real.keys()):
        yield from differences(shown[name], real[name], f"{place}.{name}".removeprefix("."))


def differences_of_lists(shown: list[Json], real: list[Json], place: str) -> Iterator[str]:
    whole = [each for each in shown if each != CUT]
    is_cut = len(whole) < len(shown)
    if len(real) <= len(whole) if is_cut else len(real) != len(whole):
        yield f"{place}: {len(whole)} shown, {len(real)} answered"
    for one, other in zip(whole, real, strict=False):
        yield from differences(one, other, place)


def shape(value: Json) -> object:
    """Give the type of a value; a list of titles has the shape of a list."""
    return float if isinstance(value, int | float) and not isinstance(value, bool) else type(value)


# The page


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[int, Json]]:
    """Send every command of the page to the whole demo, in order, as one new user does."""
    played, embedder = demo_upstreams(NOW), HashingEmbedder()
    store = open_store(tmp_path_factory.mktemp("transcript") / "doublebill.db")
    model = Model(embedder.model_id, lambda: embedder)
    engine = Engine(store, model, partial(open_demo, played), open_demo_services(played), clock=lambda: NOW)
    assert asyncio.run(engine.runner.run(SyncKind.FULL)).status is SyncStatus.SUCCESS
    client = TestClient(create_app(engine, syncs_on_start=False), base_url=SERVER)
    told = {}
    for number, each in enumerate(commands()):
        answer = client.request(each.method, each.path, headers=each.headers, content=each.body)
        told[number] = (answer.status_code, answer.json())
    store.close()
    return told


@pytest.mark.parametrize(("number", "asked"), list(enumerate(commands())), ids=str)
def test_a_command_of_the_page_is_answered_as_shown(
    answers: dict[int, tuple[int, Json]], number: int, asked: Command
) -> None:
    status, real = answers[number]
    assert status == 200, real
    assert list(differences(asked.shown, real)) == []


def test_the_page_goes_all_the_way_in_its_order() -> None:
    asked = iter(str(each) for each in commands())
    assert [step for step in STEPS if not any(each.startswith(step) for each in asked)] == []


# The comparison


@pytest.mark.parametrize(
    ("shown", "real"),
    [
        ('{"a": 1}', {"a": 1}),
        ('{"a": 1, ...}', {"a": 1, "b": 2}),
        ('{"a": {"b": [1, ...]}}', {"a": {"b": [1, 2]}}),
        ('{"a": "long..."}', {"a": "long story"}),
        ('{"rank": 31}', {"rank": 32}),
        ('{"scores": {"hybrid": 0.5}}', {"scores": {"hybrid": 0.6}}),
    ],
)
def test_what_is_cut_or_of_the_model_may_differ(shown: str, real: Json) -> None:
    assert list(differences(read_shown(shown), real)) == []


@pytest.mark.parametrize(
    ("shown", "real"),
    [
        ('{"a": 1}', {"a": 2}),
        ('{"a": 1}', {"a": True}),
        ('{"a": 1}', {"a": 1, "b": 2}),
        ('{"a": 1, ...}', {"b": 2}),
        ('{"a": [1, ...]}', {"a": [1]}),
        ('{"a": [1]}', {"a": [1, 2]}),
        ('{"a": [{"b": 1}]}', {"a": [{"b": 2}]}),
        ('{"a": "long..."}', {"a": "short story"}),
        ('{"a": null}', {"a": {}}),
        ('{"rank": 31}', {"rank": None}),
        ('{"weights_used": {"content": 0.1}}', {"weights_used": {"content": 0.2}}),
    ],
)
def test_any_other_difference_is_found(shown: str, real: Json) -> None:
    assert len(list(differences(read_shown(shown), real))) == 1
