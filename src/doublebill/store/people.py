"""People, and what they wish: hides and weights."""

from collections.abc import Sequence
from datetime import datetime

from doublebill.core.columns import code_of, key_of
from doublebill.model import HOUSEHOLD, Formula, Hide, Person, TitleKey, Weights
from doublebill.store.connections import Table
from doublebill.store.rows import moment_of, stamp_of


class PeopleTable(Table):
    """Keep everybody ever seen."""

    def save_people(self, people: Sequence[Person]) -> None:
        """Add people and take over changed names."""
        query = "INSERT INTO person VALUES (?, ?) ON CONFLICT DO UPDATE SET name = excluded.name"
        rows = [(person.person_id, person.name) for person in people if person.person_id != HOUSEHOLD]
        with self._database.writing() as connection:
            connection.executemany(query, rows)

    def people(self) -> list[Person]:
        """Give everybody by name without case, then id."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT person_id, name FROM person").fetchall()
        # Sorted here: SQLite folds the case of ASCII letters only.
        return sorted((Person(*row) for row in rows), key=lambda person: (person.name.casefold(), person.person_id))


class WishTables(Table):
    """Keep hides and weights, of people and of the household."""

    def hide(self, hide: Hide) -> None:
        """Hide a title until a moment; a second hide replaces the first."""
        query = """
            INSERT INTO hide VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET hidden_at = excluded.hidden_at, until = excluded.until
        """
        row = (hide.person_id, code_of(hide.key), stamp_of(hide.hidden_at), stamp_of(hide.until))
        with self._database.writing() as connection:
            connection.execute(query, row)

    def unhide(self, person_id: str, key: TitleKey) -> bool:
        """Take a hide back; False if there was none."""
        query = "DELETE FROM hide WHERE person_id = ? AND code = ?"
        with self._database.writing() as connection:
            return connection.execute(query, (person_id, code_of(key))).rowcount > 0

    def hides(self, person_id: str, now: datetime) -> list[Hide]:
        """Give the hides that last beyond that moment, newest first."""
        query = """
            SELECT code, hidden_at, until FROM hide
            WHERE person_id = ? AND until > ? ORDER BY hidden_at DESC, code
        """
        with self._database.reading() as connection:
            rows = connection.execute(query, (person_id, stamp_of(now))).fetchall()
        return [Hide(person_id, key_of(code), moment_of(start), moment_of(end)) for code, start, end in rows]

    def save_weights(self, person_id: str, weights: Weights) -> None:
        """Keep the weights that a person confirmed, and the formula that they are for."""
        query = """
            INSERT INTO weights VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET content = excluded.content, collaborative = excluded.collaborative,
                quality = excluded.quality, confidence = excluded.confidence, formula = excluded.formula
        """
        with self._database.writing() as connection:
            connection.execute(query, (person_id, *weights.parts, weights.formula))

    def weights(self, person_id: str) -> Weights | None:
        """Give the weights that a person confirmed, None if they never did."""
        query = "SELECT content, collaborative, quality, confidence, formula FROM weights WHERE person_id = ?"
        with self._database.reading() as connection:
            row = connection.execute(query, (person_id,)).fetchone()
        return Weights(*row[:4], formula=Formula(row[4])) if row else None
