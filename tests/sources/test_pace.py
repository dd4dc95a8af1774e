import asyncio
from typing import Any

import pytest

from doublebill.sources.pace import LONGEST_PAUSE_S, Gate, Pace

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "wrong",
    [{"rate_per_s": 0}, {"rate_per_s": float("inf")}, {"connections": 0}, {"attempts": 0}, {"timeout_s": 0}],
)
def test_a_pace_that_would_never_send_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"pace|rate"):
        Pace(**wrong)


async def test_a_new_gate_is_open() -> None:
    assert Gate().remaining_s() == 0


async def test_the_service_says_how_long_the_gate_stays_closed() -> None:
    gate = Gate()
    gate.close(gate.round, retry_after_s=7)
    assert gate.remaining_s() == pytest.approx(7)
    await asyncio.sleep(7.001)
    assert gate.remaining_s() == 0


async def test_without_a_wish_the_pause_doubles_from_round_to_round_and_is_capped() -> None:
    gate, pauses = Gate(), []
    for _ in range(20):
        gate.close(gate.round, None)
        pauses.append(gate.remaining_s())
        await asyncio.sleep(pauses[-1])
    assert 1 <= pauses[0] <= 1.25
    assert 4 <= pauses[2] <= 5
    assert max(pauses) <= LONGEST_PAUSE_S * 1.25


async def test_refusals_of_one_round_count_as_one() -> None:
    gate = Gate()
    sent_in = gate.round
    for _ in range(16):
        gate.close(sent_in, None)
    assert gate.remaining_s() <= 1.25


async def test_a_late_refusal_of_a_past_round_can_lengthen_the_pause_but_never_shorten_it() -> None:
    gate = Gate()
    sent_in = gate.round
    gate.close(sent_in, 5)
    gate.close(sent_in, 2)
    assert gate.remaining_s() == 5
    gate.close(sent_in, 9)
    assert gate.remaining_s() == 9


async def test_an_answer_of_the_present_round_shortens_the_next_pause_and_an_older_one_does_not() -> None:
    gate = Gate()
    for _ in range(4):
        gate.close(gate.round, None)
    gate.calm(gate.round - 1)
    gate.close(gate.round, None)
    assert gate.remaining_s() >= 16
    await asyncio.sleep(gate.remaining_s())
    gate.calm(gate.round)
    gate.close(gate.round, None)
    assert gate.remaining_s() <= 1.25
