"""What a pickle would do, found out without running any of it.

A pickle is a program for a small machine; loading it runs whatever it asks for. Vectors of an earlier system are of no
use here (they name no model), so the file is never loaded: its instructions are listed, and what they ask for is told.
"""

import pickletools
from collections import deque
from collections.abc import Iterator
from io import BufferedReader, FileIO
from itertools import islice
from os import fstat
from pathlib import Path

from doublebill.sync.legacy_files import VECTORS, Reading

NEEDED_BY_ARRAYS = frozenset(
    {
        *(f"numpy.{core}.multiarray.{name}" for core in ("core", "_core") for name in ("_reconstruct", "scalar")),
        *(f"numpy.{core}.numeric._frombuffer" for core in ("core", "_core")),
        *("numpy.ndarray", "numpy.dtype", "_codecs.encode"),
    }
)
"""What a dict of arrays of floats asks for, by all versions of numpy and pickle."""

MOST_INSTRUCTIONS = 2_000_000
"""50,000 arrays have fewer; going through them takes some seconds."""

_STRINGS = {"UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "STRING", "BINSTRING", "SHORT_BINSTRING"}
_STORES = {"PUT", "BINPUT", "LONG_BINPUT"}
_LOADS = {"GET", "BINGET", "LONG_BINGET"}
_SILENT = {"PROTO", "FRAME"}
_OUTSIDE = {"PERSID", "BINPERSID", "EXT1", "EXT2", "EXT4"}


def look_at_vectors(reading: Reading) -> None:
    """Say of the file of vectors, if there is one, what it asks for; nothing of it is needed, it is never loaded."""
    path = reading.folder / VECTORS
    if not path.exists():
        return
    account = reading.account(VECTORS)
    try:
        asked = _asked_by(path)
    except OSError as error:
        account.note(f"left alone: it cannot be read ({error.strerror})")
    except ValueError as error:
        account.note(f"left alone: it is no whole pickle ({error})"[:200])
    else:
        foreign = sorted(asked - NEEDED_BY_ARRAYS)
        refused = f"refused: it asks for {', '.join(foreign)}; nothing of it was run"
        account.note(refused if foreign else "left alone: vectors are made anew")


def _asked_by(path: Path) -> set[str]:
    with _Bounded(FileIO(path)) as file:
        return set(_asked(file))


class _Bounded(BufferedReader):
    """A file that is not asked for more than it holds: a length that is made up would fill the memory."""

    def read(self, count: int | None = -1, /) -> bytes:
        left = fstat(self.fileno()).st_size - self.tell()
        return super().read(left if count is None or count < 0 else min(count, left))


def _asked(file: _Bounded) -> Iterator[str]:
    """Give the names that a pickle asks for, in its order.

    Names are told in three ways: in the instruction, as the two strings put down before it, or by a number that only
    the program that loads it could look up. Of all that is put down, only strings are followed.
    """
    recent: deque[str | None] = deque([None, None], maxlen=2)
    memory: dict[int, str | None] = {}
    count = 0
    for opcode, value, _ in islice(pickletools.genops(file), MOST_INSTRUCTIONS):
        name, count = opcode.name, count + 1
        if name in {"GLOBAL", "INST"}:
            yield str(value).replace(" ", ".")
        elif name == "STACK_GLOBAL":
            yield ".".join(part or "something" for part in recent)
        elif name in _OUTSIDE:
            yield "something outside of it"
        if name == "MEMOIZE" or name in _STORES:
            memory[len(memory) if name == "MEMOIZE" else int(str(value))] = recent[-1]
        elif name not in _SILENT:
            recent.append(str(value) if name in _STRINGS else memory.get(int(str(value))) if name in _LOADS else None)
    if count == MOST_INSTRUCTIONS:
        yield "more than can be looked through"
