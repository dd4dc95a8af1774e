"""Giving back the memory that a text model leaves behind.

Loading and running a model takes and frees hundreds of small blocks, and the C library keeps them for next time, by the
tens of megabytes: of the bundled model's 165 MB it gives 50 back when asked after loading, and without asking it keeps
a third of them after the model is gone.
"""

import ctypes
import gc
import sys


def give_back_memory() -> None:
    """Return what is free to the system, where the C library can be asked to (glibc's malloc_trim(3)); some 20 ms."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none, and keeps less
        if trim is not None:
            trim(0)
