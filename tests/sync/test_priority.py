"""Threads that yield, and the others that do not."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from doublebill.sync.priority import NICENESS, yield_to_others


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux knows the niceness of a thread")
def test_a_thread_yields_and_those_that_it_starts_and_no_other():
    before = niceness()
    with ThreadPoolExecutor(1, initializer=yield_to_others) as thread:
        own = thread.submit(niceness).result()
        started = thread.submit(lambda: ThreadPoolExecutor(1).submit(niceness).result()).result()
    assert (own, started, niceness()) == (max(before, NICENESS), max(before, NICENESS), before)
