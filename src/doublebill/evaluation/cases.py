"""A case: one person's history, and the titles to be found after it.

Places are those of the pool: the m titles that are ranked, which are some or all rows of a catalogue.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from doublebill.core.catalogue import Catalogue, Rows
from doublebill.core.metrics import Marks, Reals, Yardstick, yardstick
from doublebill.model import Watch


@dataclass(frozen=True, slots=True)
class Pool:
    """The titles that are ranked: a catalogue, and which of its rows they are, (m,) ascending."""

    catalogue: Catalogue
    rows: Rows

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def votes(self) -> NDArray[np.int32]:
        """The votes of each title, (m,)."""
        return np.asarray(self.catalogue.titles.votes[self.rows])

    @property
    def ids(self) -> Rows:
        """The TMDB id of each title, (m,)."""
        return np.asarray(self.catalogue.titles.codes[self.rows] // 2)

    def yardstick(self) -> Yardstick:
        """Give what these titles are judged by."""
        return yardstick(self.catalogue.genre_bits[self.rows], self.votes)


@dataclass(frozen=True, slots=True)
class Case:
    """One person's test.

    watches: the history, oldest first; is_barred (m,): what is not to be ranked, the history among it; targets: places
    of the titles to be found, ascending, at least one and none of them barred; now: the moment of the ranking.
    """

    name: str
    watches: tuple[Watch, ...]
    is_barred: Marks
    targets: Rows
    now: datetime

    def ties(self) -> Reals:
        """Draw what decides between equal scores, (m,), always the same for a person."""
        return np.random.default_rng(seed_of(self.name) + 1).random(len(self.is_barred))


def seed_of(name: str) -> int:
    """Give a person's own seed."""
    return zlib.crc32(name.encode())


def some_of(cases: Sequence[Case], most: int | None) -> list[Case]:
    """Draw at most so many people at random, always the same."""
    if most is None:
        return list(cases)
    return [cases[place] for place in np.random.default_rng(1).permutation(len(cases))[:most]]


def with_first_likes(cases: Iterable[Case], most: int | None) -> list[Case]:
    """Cut each history to its first ``most`` titles, as if the rest were not known; what is ranked stays the same."""
    return [case if most is None else replace(case, watches=case.watches[:most]) for case in cases]


def with_title_half(pool: Pool, cases: Iterable[Case], half: int | None) -> list[Case]:
    """Rank and look for titles of one fixed half only; the histories stay whole.

    A preset whose constants were fitted on one half is tested on the other. Who has no target left is left out.
    """
    if half is None:
        return list(cases)
    is_kept = np.fromiter((zlib.crc32(str(tmdb_id).encode()) % 2 == half for tmdb_id in pool.ids.tolist()), np.bool_)
    halved = (
        replace(case, is_barred=case.is_barred | ~is_kept, targets=case.targets[is_kept[case.targets]])
        for case in cases
    )
    return [case for case in halved if len(case.targets)]
