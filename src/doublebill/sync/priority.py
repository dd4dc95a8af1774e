"""Threads that yield: requests and the fetching of details come before the text model."""

import os
import sys
import threading

NICENESS = 10
"""Half-way to the most yielding: an otherwise idle machine gives it everything."""


def yield_to_others() -> None:
    """Lower the priority of the calling thread, and of those that it will start, where the system has that for threads.

    On Linux a thread is a task with a niceness of its own, which the threads that it starts inherit (setpriority(2)).
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
