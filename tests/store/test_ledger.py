import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from doublebill.store import SqliteStore
from store.values import seen


@pytest.mark.parametrize("statement", ["UPDATE observation SET play_count = 0", "DELETE FROM observation"])
def test_the_file_itself_refuses_to_change_the_ledger(path: Path, store: SqliteStore, statement: str) -> None:
    store.record([seen("a")])
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError, match="only grows"):
        connection.execute(statement)
    assert store.observations("ada") == [seen("a")]


def test_the_newest_observation_is_found_by_index(path: Path, store: SqliteStore) -> None:
    query = "SELECT * FROM observation WHERE person_id = 'a' AND item_id = 'b' ORDER BY observation_id DESC LIMIT 1"
    with closing(sqlite3.connect(path)) as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert plan == ["SEARCH observation USING INDEX observation_by_item (person_id=? AND item_id=?)"]
