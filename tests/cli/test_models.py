"""``doublebill models``, over the network: a played hub that listens on a port of this machine."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cli.conftest import Shell, listening
from cli.parts import SMALL
from doublebill.cli.opening import Parts, model_source
from doublebill.errors import Conflict, NotFound, SourceRefused, SourceUnknown
from model_hub import PlayedHub
from sync.model_house import PIECE_BYTES, PLACE, TINY
from tiny_gemma import describe, write_tiny_gemma


def source(settings, offer):
    """Give the real hub's client, but for small pieces."""
    found = model_source(settings, offer)
    found.piece_bytes = PIECE_BYTES
    return found


PARTS: Parts = replace(SMALL, source=source)


@dataclass
class Counter:
    """A shell with a hub behind it."""

    shell: Shell
    hub: PlayedHub

    def __call__(self, *words: str, exits: int = 0, **env: str) -> str:
        return self.shell("models", *words, exits=exits, parts=PARTS, **env).stdout

    def states(self, **env: str) -> dict[str, str]:
        return {model["name"]: model["state"] for model in json.loads(self("list", "--json", **env))}


@pytest.fixture
def models(shell: Shell, tmp_path: Path) -> Iterator[Counter]:
    hub = PlayedHub(PLACE, describe(write_tiny_gemma(tmp_path / "hub")))
    with listening(hub) as url:
        hub.elsewhere = url
        yield Counter(Shell(shell.folder, {"HF_ENDPOINT": url}), hub)


def test_the_models_are_listed(models):
    assert models.states() == {
        "bundled": "serving",
        "embeddinggemma": "absent",
        "embeddinggemma-torch": "absent",
    }
    printed = models()
    assert "embeddinggemma" in printed
    assert "(wanted)" in printed
    assert models.hub.asked == []


def test_a_model_is_fetched_and_used_without_a_token(models):
    assert "owner--tiny@aaaaaaaaaaaa" in models("fetch", PLACE)
    assert models.states()[TINY.name] == "ready"
    assert {key for *_, key in models.hub.asked} == {None}
    asked = len(models.hub.asked)
    assert "is in use" in models("use", PLACE)
    assert models.states()[TINY.name] == "serving"
    assert "passes" in models("self-test")
    assert len(models.hub.asked) == asked


def test_a_gated_model_wants_the_token_and_gives_it_to_nobody(models):
    models.hub.token = "hf_good"
    with pytest.raises(SourceRefused, match="does not give us owner/tiny"):
        models("fetch", PLACE)
    models("fetch", PLACE, HF_TOKEN="hf_good")
    assert "hf_good" not in (models.shell.folder / "data" / "sync.log").read_text(encoding="utf-8")


def test_a_fetch_that_was_cut_goes_on(models):
    models.hub.pieces_until_cut = 13
    with pytest.raises(Exception, match="Hugging Face"):
        models("fetch", PLACE)
    models.hub.pieces_until_cut, before = None, len(models.hub.pieces)
    models("fetch", PLACE)
    assert len(models.hub.pieces) - before < 2 * before


def test_a_model_of_this_machine_is_copied(models):
    models("use", str(models.hub.folder))
    assert models.states()["local--hub"] == "serving"
    assert models.hub.asked == []


def test_a_model_that_is_not_used_is_removed(models):
    models("fetch", PLACE)
    models("remove", TINY.name)
    assert TINY.name not in models.states()
    with pytest.raises(Conflict, match="bundled"):
        models("remove", "bundled")


def test_what_is_not_there_is_said(models):
    with pytest.raises(NotFound, match="no model 'nothing'"):
        models("use", "nothing")
    with pytest.raises(NotFound, match="embeddinggemma is not here"):
        models("self-test", "embeddinggemma")
    with pytest.raises(SourceUnknown, match="has no owner/tiny at revision v9"):
        models("fetch", f"{PLACE}@v9")


def test_what_the_setting_says_cannot_be_overruled(models):
    with pytest.raises(Conflict, match="DOUBLEBILL_EMBEDDING"):
        models("use", PLACE, DOUBLEBILL_EMBEDDING="bundled")


def test_the_bundled_model_is_used_again(models):
    models("use", PLACE)
    models("use", "bundled")
    assert models.states()["bundled"] == "serving"


def test_a_sync_lets_a_model_that_is_here_take_over_and_fetches_none(models, services):
    house = Counter(Shell(models.shell.folder, {**models.shell.env, **services}), models.hub)
    house("fetch", PLACE)
    asked = len(models.hub.asked)
    house.shell("sync", parts=PARTS, DOUBLEBILL_EMBEDDING="bundled")
    assert house.states()["bundled"] == "serving"
    house.shell("sync", parts=PARTS, DOUBLEBILL_EMBEDDING=PLACE)
    assert house.states()[TINY.name] == "serving"
    assert len(models.hub.asked) == asked
