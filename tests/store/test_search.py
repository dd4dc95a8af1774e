"""The index in the file: made for an older file, whole after a kill, and told apart from no other table's fault."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from doublebill.store import SqliteStore, open_store
from doublebill.store.connections import connect
from doublebill.store.migrate import load_migrations, prepare
from doublebill.store.words import words_of
from store.values import DAY, NOW, detailed, film, listed, movie

KILLED = """
import os, sqlite3, sys
from datetime import datetime
from pathlib import Path
from doublebill.model import Kind, Title, TitleKey
from doublebill.store.connections import Database, connect
from doublebill.store.sqlite import SqliteStore
path, now = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
def opened():
    connection = connect(path, 5.0)
    connection.execute("PRAGMA cache_size = 1")  # pages reach the log before the kill
    connection.create_function("die", 0, lambda: os.kill(os.getpid(), 9))
    connection.execute("CREATE TEMP TRIGGER t AFTER INSERT ON main.search_name_content BEGIN SELECT die(); END")
    return connection
SqliteStore(Database(path, opened)).save_listed([Title(TitleKey(Kind.MOVIE, 1), "Zebra")], now)
"""


def indexed(path: Path) -> list[int]:
    """Check both indexes against themselves, and give the rows that the names have."""
    with closing(connect(path, 5.0)) as connection:
        connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
        connection.execute("INSERT INTO search_name (search_name) VALUES ('integrity-check')")
        places = [place for (place,) in connection.execute("SELECT rowid FROM search_name ORDER BY rowid")]
        sources = [place for (place,) in connection.execute("SELECT place FROM search_source ORDER BY place")]
        documents = [place for (place,) in connection.execute("SELECT id FROM search_docsize ORDER BY id")]
        assert places == sources == documents
        return places


def words_kept(path: Path) -> int:
    with closing(connect(path, 5.0)) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.word USING fts5vocab(main, search, row)")
        return int(connection.execute("SELECT count(*) FROM temp.word").fetchone()[0])


def test_titles_of_a_file_from_before_the_search_are_found(path: Path) -> None:
    prepare(path, load_migrations()[:1], busy_timeout_s=0.05)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("""INSERT INTO title VALUES (696, 'Obcy: Łódź', '["Horror"]', 0, 'en', 8, 9, 1, 0, 0, 0)""")
        connection.execute(
            """INSERT INTO title_page (code, original_title, overview, keywords, credits)
            VALUES (696, 'Alien', NULL, '["android"]', '[["Sigourney Weaver", "cast", 0, 1, "Ripley"]]')"""
        )
    with closing(open_store(path)) as store:
        for query in ("lodz", "alien", "horror", "android", "weaver sigour"):
            assert [hit.key for hit in store.search(query, 5)] == [movie(348)]
        store.purge_titles(NOW)
    assert (indexed(path), words_kept(path)) == ([], 0)


def test_nothing_is_left_in_the_index_of_what_was_replaced_or_purged(path: Path, store: SqliteStore) -> None:
    titles = [detailed(movie(n), title=f"Łódź {n} 'quoted'\0", keywords=('a "b"', "c\n")) for n in range(1, 30)]
    store.save_details(titles, NOW)
    store.save_listed([listed(movie(n), vote_count=n * n) for n in range(1, 60)], NOW + DAY)
    assert len(indexed(path)) == 59
    store.save_items([film("a", key=movie(2), unresolved=None)], NOW)
    store.purge_titles(NOW + 2 * DAY)
    assert len(indexed(path)) == 1
    store.release_items(NOW + DAY)
    store.purge_titles(NOW + 2 * DAY)
    assert words_kept(path) == 0


def test_a_kill_while_the_index_is_written_leaves_neither_title_nor_index(path: Path) -> None:
    open_store(path).close()
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), NOW.isoformat()], check=False)
    assert done.returncode == -9
    with closing(open_store(path)) as store:
        assert (store.detail_ages(), store.search("zebra", 5)) == ({}, [])
        store.save_listed([listed(movie(1), title="Zebra")], NOW)
        assert len(store.search("zebra", 5)) == 1
    assert len(indexed(path)) == 1


def test_words_are_lower_case_and_plain_in_every_script() -> None:
    assert words_of("Ærøskøbing, ŁÓDŹ; Straße d'Été İĲ") == ["aeroskobing", "lodz", "strasse", "dete", "iij"]
    assert words_of("千と千尋 가나 ガ ﬁn ２００１") == ["千と千尋", "가나", "ガ", "fin", "2001"]
    assert words_of("don’t -- \0 \ud800 🦊") == ["dont"]


def test_every_letter_is_one_word_to_sqlite_too(path: Path, store: SqliteStore) -> None:
    letters = {
        word for start in range(0, 0x30000, 64 * 97) for word in words_of(" ".join(map(chr, range(start, start + 64))))
    }
    expression = [f'"{"a".join(sorted(letters)[start : start + 200])}"' for start in range(0, len(letters), 200)]
    with closing(connect(path, 5.0)) as connection:
        for asked in expression:
            connection.execute("SELECT rowid FROM search WHERE search MATCH ?", (asked,)).fetchall()
