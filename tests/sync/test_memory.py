"""Giving memory back: it may be asked for at any time, by any thread."""

import weakref
from concurrent.futures import ThreadPoolExecutor

from doublebill.sync.memory import give_back_memory


class Ring:
    def __init__(self) -> None:
        self.own = self


def test_what_only_holds_itself_goes():
    gone = weakref.ref(Ring())
    give_back_memory()
    assert gone() is None


def test_threads_may_ask_at_once():
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: give_back_memory(), range(4))) == [None] * 4
