"""Changes that are waited for."""

import asyncio

import pytest

from doublebill.sync.changes import Changes

pytestmark = pytest.mark.anyio


async def test_who_knows_less_than_there_is_does_not_wait():
    changes = Changes()
    changes.tell()
    await changes.beyond(0)
    assert changes.count == 1


async def test_all_who_wait_are_woken_by_one_change():
    changes = Changes()
    waiting = [asyncio.create_task(changes.beyond(0)) for _ in range(10)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)
    changes.tell()
    await asyncio.gather(*waiting)


async def test_who_waits_for_the_second_change_is_not_content_with_the_first():
    changes = Changes()
    waiting = asyncio.create_task(changes.beyond(1))
    changes.tell()
    await asyncio.sleep(0)
    assert not waiting.done()
    changes.tell()
    await waiting
