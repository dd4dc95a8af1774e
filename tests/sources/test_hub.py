"""The hub: what a revision has, pieces of files wherever they lie, and what is said when it gives none."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from doublebill.errors import SourceBroken, SourceRefused, SourceUnknown, SourceUnreachable
from doublebill.sources.http import in_process
from doublebill.sources.hub import Hub, open_hub
from model_hub import SHA, PlayedHub
from sources.fake_service import Service, says

pytestmark = pytest.mark.anyio
PLACE = "owner/name"
WEIGHTS = bytes(range(256))


@pytest.fixture
def played(tmp_path: Path) -> PlayedHub:
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "model.onnx").write_bytes(WEIGHTS)
    (tmp_path / "config.json").write_text("{}")
    return PlayedHub(PLACE, tmp_path)


def hub(played: PlayedHub, token: str | None = None) -> Hub:
    secret = SecretStr(token) if token else None
    return open_hub(secret, url="https://hub.invalid", transport=in_process(played))


async def test_a_branch_is_a_commit_with_files(played: PlayedHub) -> None:
    snapshot = await hub(played).snapshot(PLACE, "main")
    assert snapshot.revision == SHA
    assert [(file.path, file.size_bytes) for file in snapshot.files] == [("config.json", 2), ("onnx/model.onnx", 256)]
    assert [(file.digest or "").partition(":")[0] for file in snapshot.files] == ["git", "sha256"]


async def test_a_mirror_that_says_no_digests_is_taken_at_its_word(played: PlayedHub) -> None:
    played.says_digests = False
    assert {file.digest for file in (await hub(played).snapshot(PLACE, "main")).files} == {None}


async def test_a_piece_comes_from_another_host_and_the_token_stays_at_home(played: PlayedHub) -> None:
    assert await hub(played, "hf_secret").piece(PLACE, SHA, "onnx/model.onnx", 16, 32) == WEIGHTS[16:32]
    assert [(host, key) for host, _, key in played.asked] == [
        ("hub.invalid", "Bearer hf_secret"),
        ("files.invalid", None),
    ]


async def test_a_piece_that_lies_at_home_is_asked_for_with_the_token(played: PlayedHub) -> None:
    played.elsewhere = "https://hub.invalid"
    assert await hub(played, "hf_secret").piece(PLACE, SHA, "onnx/model.onnx", 0, 4) == WEIGHTS[:4]
    assert {key for _, _, key in played.asked} == {"Bearer hf_secret"}


async def test_a_piece_is_not_asked_for_where_others_could_read_along(played: PlayedHub) -> None:
    played.elsewhere = "http://files.invalid"
    with pytest.raises(SourceBroken, match=r"sends us on to files\.invalid"):
        await hub(played).piece(PLACE, SHA, "onnx/model.onnx", 0, 4)


async def test_without_a_token_none_is_sent(played: PlayedHub) -> None:
    await hub(played).snapshot(PLACE, "main")
    assert [key for *_, key in played.asked] == [None]


@pytest.mark.parametrize("token", [None, "hf_wrong"])
async def test_a_gated_model_says_what_to_do(played: PlayedHub, token: str | None) -> None:
    played.token = "hf_good"
    with pytest.raises(SourceRefused, match="does not give us owner/name") as caught:
        await hub(played, token).snapshot(PLACE, "main")
    assert "HF_TOKEN" in (caught.value.hint or "")
    assert "hf_wrong" not in str(caught.value)
    with pytest.raises(SourceRefused, match="does not give us owner/name"):
        await hub(played, token).piece(PLACE, SHA, "config.json", 0, 2)


async def test_a_gated_model_comes_with_the_token(played: PlayedHub) -> None:
    played.token = "hf_good"
    assert (await hub(played, "hf_good").snapshot(PLACE, "main")).revision == SHA


@pytest.mark.parametrize(("place", "revision"), [(PLACE, "v9"), ("owner/other", "main")])
async def test_what_is_not_there_is_named(played: PlayedHub, place: str, revision: str) -> None:
    with pytest.raises(SourceUnknown, match=f"has no {place} at revision {revision}") as caught:
        await hub(played).snapshot(place, revision)
    assert "DOUBLEBILL_EMBEDDING" in (caught.value.hint or "")


async def test_a_file_that_is_gone_is_unknown(played: PlayedHub) -> None:
    with pytest.raises(SourceUnknown):
        await hub(played).piece(PLACE, "b" * 40, "onnx/model.onnx", 0, 4)


async def test_an_answer_that_is_not_the_hub_s_is_broken() -> None:
    other = open_hub(None, transport=Service([says({"hello": "world"})]))
    with pytest.raises(SourceBroken, match="not its API"):
        await other.snapshot(PLACE, "main")


@pytest.mark.parametrize(("status", "content"), [(200, b"abcdef"), (206, b"abc"), (206, b"")])
async def test_other_bytes_than_were_asked_for_are_refused(status: int, content: bytes) -> None:
    answer = says(None, status)
    answer._content = content  # what the answer holds, whatever its type
    other = open_hub(None, transport=Service([answer]))
    with pytest.raises(SourceBroken, match="other bytes"):
        await other.piece(PLACE, SHA, "config.json", 0, 2)


async def test_a_dead_line_is_unreachable(played: PlayedHub) -> None:
    played.pieces_until_cut = 0
    with pytest.raises(SourceUnreachable):
        await hub(played).piece(PLACE, SHA, "config.json", 0, 2)
