"""The library: every item ever seen in Jellyfin, whether it is held now, and what title it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from doublebill.core.columns import code_of, key_of
from doublebill.model import LibraryItem, TitleKey
from doublebill.store.connections import Table
from doublebill.store.rows import item_of, item_parameters, stamp_of

# What an item is (code, or the reason why none was found) is one fact in two columns: both are taken over if the item
# brings either, kept if nothing changed by which it was resolved, and forgotten otherwise.
_SAVE = """
    INSERT INTO item VALUES (
        :item_id, :item_kind, :name, :year, :tmdb_id, :imdb_id, :tvdb_id, :series_item_id, :series_name,
        :season, :episode, :runtime_min, :code, :unresolved, TRUE, :seen_at
    )
    ON CONFLICT DO UPDATE SET
        (code, unresolved) = (
            SELECT iif(keeps, item.code, excluded.code), iif(keeps, item.unresolved, excluded.unresolved)
            FROM (
                SELECT coalesce(excluded.code, excluded.unresolved) IS NULL AND (
                    excluded.item_kind, excluded.name, excluded.year, excluded.tmdb_id, excluded.imdb_id,
                    excluded.tvdb_id, excluded.series_item_id, excluded.series_name
                ) IS (
                    item.item_kind, item.name, item.year, item.tmdb_id, item.imdb_id,
                    item.tvdb_id, item.series_item_id, item.series_name
                ) AS keeps
            )
        ),
        item_kind = excluded.item_kind, name = excluded.name, year = excluded.year, tmdb_id = excluded.tmdb_id,
        imdb_id = excluded.imdb_id, tvdb_id = excluded.tvdb_id, series_item_id = excluded.series_item_id,
        series_name = excluded.series_name, season = excluded.season, episode = excluded.episode,
        runtime_min = excluded.runtime_min, is_held = TRUE, seen_at = excluded.seen_at
"""


class LibraryTable(Table):
    """Keep library items."""

    def save_items(self, items: Sequence[LibraryItem], seen_at: datetime) -> None:
        """Add or refresh items, held and seen at that moment; one that changed is to be resolved again."""
        with self._database.writing() as connection:
            connection.executemany(_SAVE, [item_parameters(item, seen_at) for item in items])

    def release_items(self, unseen_since: datetime) -> int:
        """Mark held items that were last seen before that moment as no longer held; give how many."""
        query = "UPDATE item SET is_held = FALSE WHERE is_held AND seen_at < ?"
        with self._database.writing() as connection:
            return connection.execute(query, (stamp_of(unseen_since),)).rowcount

    def resolve_items(self, found: Mapping[str, TitleKey], unresolved: Mapping[str, str]) -> None:
        """Write what items are; where both mappings name an item, what was found counts."""
        query = "UPDATE item SET code = ?, unresolved = ? WHERE item_id = ?"
        with self._database.writing() as connection:
            connection.executemany(query, [(None, reason, item_id) for item_id, reason in unresolved.items()])
            connection.executemany(query, [(code_of(key), None, item_id) for item_id, key in found.items()])

    def items(self) -> list[LibraryItem]:
        """Give every item ever seen, by item id."""
        query = """
            SELECT item_id, item_kind, name, year, tmdb_id, imdb_id, tvdb_id, series_item_id, series_name,
                season, episode, runtime_min, code, unresolved
            FROM item ORDER BY item_id
        """
        with self._database.reading() as connection:
            return [item_of(row) for row in connection.execute(query)]

    def held(self) -> set[TitleKey]:
        """Give the titles of which at least one item is held now."""
        query = "SELECT DISTINCT code FROM item WHERE is_held AND code IS NOT NULL"
        with self._database.reading() as connection:
            return {key_of(code) for (code,) in connection.execute(query)}
