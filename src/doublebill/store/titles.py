"""Titles as pages and lists show them, with the lists of neighbours that TMDB gives for them."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter

import numpy as np

from doublebill.core.columns import code_of, codes_of, key_of
from doublebill.core.history import HAND_PREFIX
from doublebill.model import Neighbour, NeighbourSource, Title, TitleDetails, TitleKey
from doublebill.store.connections import Table
from doublebill.store.rows import Parameters, optional_moment_of, stamp_of, title_of, title_parameters
from doublebill.store.search import index_kept

# A details call always wins; a list only over what another list said.
_SAVE = """
    INSERT INTO title VALUES (
        :code, :title, :genres, :released, :original_language, :vote_average, :vote_count, :popularity,
        :is_adult, :fetched_at, :detailed_at
    )
    ON CONFLICT DO UPDATE SET title = excluded.title, genres = excluded.genres, released = excluded.released,
        original_language = excluded.original_language, vote_average = excluded.vote_average,
        vote_count = excluded.vote_count, popularity = excluded.popularity, is_adult = excluded.is_adult,
        fetched_at = excluded.fetched_at, detailed_at = excluded.detailed_at
    WHERE excluded.detailed_at IS NOT NULL OR title.detailed_at IS NULL
"""
# Follows _SAVE: the row of `title` carries our `detailed_at` exactly if it was ours to write.
_SAVE_PAGE = """
    INSERT INTO title_page VALUES (
        :code, :original_title, :overview, :poster_path, :backdrop_path, :keywords, :credits, :collection_id,
        :collection_name, :runtime_min, :episode_count, :imdb_id, :tvdb_id, :tagline, :trailer_id
    )
    ON CONFLICT DO UPDATE SET original_title = excluded.original_title, overview = excluded.overview,
        poster_path = excluded.poster_path, backdrop_path = excluded.backdrop_path, keywords = excluded.keywords,
        credits = excluded.credits, collection_id = excluded.collection_id,
        collection_name = excluded.collection_name, runtime_min = excluded.runtime_min,
        episode_count = excluded.episode_count, imdb_id = excluded.imdb_id, tvdb_id = excluded.tvdb_id,
        tagline = excluded.tagline, trailer_id = excluded.trailer_id
    WHERE (SELECT detailed_at FROM title WHERE title.code = excluded.code) IS :detailed_at
"""
_REFRESH = """
    UPDATE title SET vote_average = :vote_average, vote_count = :vote_count, popularity = :popularity,
        fetched_at = :fetched_at
    WHERE code = :code AND detailed_at IS NOT NULL
"""
_REFRESH_PAGE = "UPDATE title_page SET poster_path = :poster_path WHERE code = :code"

_SELECT = """
    SELECT code, title, original_title, released, genres, overview, original_language, vote_average, vote_count,
        popularity, poster_path, backdrop_path, is_adult, keywords, credits, collection_id, collection_name,
        runtime_min, episode_count, imdb_id, tvdb_id, tagline, trailer_id, detailed_at
    FROM title JOIN title_page USING (code) WHERE code IN (SELECT value FROM json_each(?))
"""

# What was marked by hand is in the ledger under an id of ours, and no item of the library.
_STALE = """
    SELECT code FROM title WHERE fetched_at < :fetched_before
        AND code NOT IN (
            SELECT code FROM item
            WHERE code IS NOT NULL AND (is_held OR item_id IN (SELECT item_id FROM watched_item))
        )
        AND :hand_prefix || kind || '_' || tmdb_id NOT IN (SELECT item_id FROM watched_item)
"""


class TitleTables(Table):
    """Keep titles and their neighbours."""

    def save_listed(self, titles: Sequence[Title], fetched_at: datetime) -> None:
        """Add titles as a list names them; one that has details keeps them and gets fresh votes and poster."""
        codes = [code_of(title.key) for title in titles]
        with self._database.writing() as connection, index_kept(connection, codes):
            _save_listed(connection, titles, fetched_at)

    def save_details(self, details: Sequence[TitleDetails], fetched_at: datetime) -> None:
        """Save titles with details, replace their neighbour lists, and save the listed entries."""
        listed = [title for entry in details for title in entry.listed]
        codes = [code_of(title.key) for title in (*listed, *(entry.title for entry in details))]
        with self._database.writing() as connection, index_kept(connection, codes):
            _save_listed(connection, listed, fetched_at)
            _save(connection, [title_parameters(entry.title, fetched_at, fetched_at) for entry in details])
            for entry in details:
                _replace_lists(connection, entry.title.key, entry.neighbours)

    def titles(self, keys: Sequence[TitleKey]) -> dict[TitleKey, Title]:
        """Give the titles that are known of those asked for."""
        codes = json.dumps([code_of(key) for key in keys])
        with self._database.reading() as connection:
            found = [title_of(row) for row in connection.execute(_SELECT, (codes,))]
        return {title.key: title for title in found}

    def detail_ages(self) -> dict[TitleKey, datetime | None]:
        """Give for each known title when its details were fetched, None where it has only been listed."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT code, detailed_at FROM title ORDER BY code")
            return {key_of(code): optional_moment_of(detailed_at) for code, detailed_at in rows}

    def purge_titles(self, fetched_before: datetime) -> int:
        """Forget titles that no call spoke of since, unless held or watched, with lists and vectors; give how many."""
        limits = {"fetched_before": stamp_of(fetched_before), "hand_prefix": HAND_PREFIX}
        with self._database.writing() as connection:
            codes = [code for (code,) in connection.execute(_STALE, limits)]
            with index_kept(connection, codes):
                connection.executemany("DELETE FROM title WHERE code = ?", [(code,) for code in codes])
        return len(codes)


def _save_listed(connection: sqlite3.Connection, titles: Iterable[Title], fetched_at: datetime) -> None:
    rows = [title_parameters(title, fetched_at, None) for title in titles]
    _save(connection, rows)
    connection.executemany(_REFRESH, rows)
    connection.executemany(_REFRESH_PAGE, rows)


def _save(connection: sqlite3.Connection, rows: Sequence[Parameters]) -> None:
    connection.executemany(_SAVE, rows)
    connection.executemany(_SAVE_PAGE, rows)


def _replace_lists(connection: sqlite3.Connection, key: TitleKey, neighbours: Iterable[Neighbour]) -> None:
    """Write the two lists of a title anew; entries keep their order and are counted from 0 again."""
    ordered = sorted(neighbours, key=attrgetter("position"))
    connection.execute("DELETE FROM neighbour_list WHERE code = ?", (code_of(key),))
    for source in NeighbourSource:
        targets = codes_of(neighbour.key for neighbour in ordered if neighbour.source is source)
        if targets.size:
            row = (code_of(key), source, targets.astype(np.dtype("<i8")).tobytes())
            connection.execute("INSERT INTO neighbour_list VALUES (?, ?, ?)", row)
