"""The watch ledger: what Jellyfin said of people and items, appended and never changed (triggers see to it)."""

import sqlite3
from collections.abc import Sequence

from doublebill.core.history import HAND_PREFIX
from doublebill.model import Observation
from doublebill.store.connections import Table
from doublebill.store.rows import State, observation_of, stamp_of, state_of

_NEWEST = """
    SELECT finished, play_count, position, last_played_at, is_favorite, likes, rating, removed
    FROM observation WHERE person_id = ? AND item_id = ? ORDER BY observation_id DESC LIMIT 1
"""
_APPEND = """
    INSERT INTO observation (
        person_id, item_id, observed_at,
        finished, play_count, position, last_played_at, is_favorite, likes, rating, removed
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class LedgerTable(Table):
    """Keep observations."""

    def record(self, observations: Sequence[Observation]) -> int:
        """Append the observations that say something new, and give how many.

        Newest means written last, so a clock that was set back hides nothing. Cost: one step in an index for each.
        """
        with self._database.writing() as connection:
            return sum(_append(connection, observation) for observation in observations)

    def append(self, observations: Sequence[Observation]) -> None:
        """Append what a person said here, whether or not it differs from what was known."""
        rows = [(told.person_id, told.item_id, stamp_of(told.observed_at), *state_of(told)) for told in observations]
        with self._database.writing() as connection:
            connection.executemany(_APPEND, rows)

    def observations(self, person_id: str) -> list[Observation]:
        """Give a person's ledger in the order in which it was written."""
        query = """
            SELECT person_id, item_id, observed_at, finished, play_count, position, last_played_at,
                is_favorite, likes, rating, removed
            FROM observation WHERE person_id = ? ORDER BY observation_id
        """
        with self._database.reading() as connection:
            return [observation_of(row) for row in connection.execute(query, (person_id,))]


def _append(connection: sqlite3.Connection, observation: Observation) -> bool:
    """Append one observation if it is new; tell whether it was."""
    subject = (observation.person_id, observation.item_id)
    state = state_of(observation)
    newest = connection.execute(_NEWEST, subject).fetchone()
    is_new = observation.is_trace if newest is None else _differs(observation, state, newest)
    if is_new:
        connection.execute(_APPEND, (*subject, stamp_of(observation.observed_at), *state))
    return is_new


def _differs(observation: Observation, state: State, newest: State) -> bool:
    """Tell whether a state says more than the newest one.

    A removal copies what Jellyfin said last. Jellyfin saying just that again does not take it back, a person does.
    """
    *said, removed = state
    *said_before, was_removed = newest
    is_by_person = observation.removed or observation.item_id.startswith(HAND_PREFIX)
    return said != said_before or (is_by_person and removed != bool(was_removed))
