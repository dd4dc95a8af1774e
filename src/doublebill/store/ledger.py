"""The watch ledger: what Jellyfin said of people and items, appended and never changed (triggers see to it)."""

import sqlite3
from collections.abc import Sequence

from doublebill.model import Observation
from doublebill.store.connections import Table
from doublebill.store.rows import observation_of, stamp_of, state_of

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
    is_new: bool = observation.is_trace if newest is None else newest != state
    if is_new:
        connection.execute(_APPEND, (*subject, stamp_of(observation.observed_at), *state))
    return is_new
