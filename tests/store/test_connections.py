import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest

from doublebill.store import SqliteStore, open_store
from doublebill.store.connections import Database, connect
from store.values import NOW, detailed, movie, recommended, seen


class Opened:
    """Count the connections that were opened, and tell which are open still."""

    def __init__(self, path: Path) -> None:
        self._connect = partial(connect, path, 5.0)
        self.connections: list[sqlite3.Connection] = []

    def __call__(self) -> sqlite3.Connection:
        self.connections.append(self._connect())
        return self.connections[-1]

    def still_open(self) -> int:
        return sum(is_open(connection) for connection in self.connections)


def is_open(connection: sqlite3.Connection) -> bool:
    try:
        connection.total_changes  # noqa: B018
    except sqlite3.ProgrammingError:
        return False
    return True


@pytest.fixture
def opened(path: Path) -> Opened:
    open_store(path).close()
    return Opened(path)


@pytest.fixture
def database(path: Path, opened: Opened) -> Iterator[Database]:
    with closing(Database(path, opened)) as database:
        yield database


def test_one_call_after_another_shares_one_connection(database: Database, opened: Opened) -> None:
    for _ in range(5):
        with database.writing() as connection:
            connection.execute("INSERT INTO fact VALUES (random(), '')")
    assert len(opened.connections) == 1


def test_a_crowd_leaves_few_connections_behind_and_close_none(database: Database, opened: Opened) -> None:
    with ExitStack() as crowd:
        for _ in range(10):
            crowd.enter_context(database.reading())
    assert (len(opened.connections), opened.still_open()) == (10, 4)
    database.close()
    assert opened.still_open() == 0


def test_a_connection_lent_during_close_is_closed_as_it_comes_back(database: Database, opened: Opened) -> None:
    with database.writing() as connection:
        database.close()
        connection.execute("INSERT INTO fact VALUES ('name', 'value')")
    assert opened.still_open() == 0


def test_a_connection_that_saw_an_error_is_not_kept(database: Database, opened: Opened) -> None:
    with pytest.raises(ZeroDivisionError), database.writing():
        raise ZeroDivisionError
    assert opened.still_open() == 0


def test_an_error_rolls_back_what_came_before_it(database: Database) -> None:
    def fail_halfway() -> None:
        with database.writing() as connection:
            connection.execute("INSERT INTO fact VALUES ('name', 'value')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    with database.reading() as connection:
        assert connection.execute("SELECT * FROM fact").fetchall() == []


def test_connections_enforce_references_and_flush_every_commit(database: Database) -> None:
    with database.reading() as connection:
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_readers_see_whole_calls_while_a_writer_works(store: SqliteStore) -> None:
    def write() -> None:
        for number in range(1, 60):
            lists = recommended(*[movie(1000 + number)] * 20)
            store.save_details([detailed(movie(n), *lists) for n in range(1, 6)], NOW)

    def read() -> set[tuple[int, int]]:
        columns = [store.edge_columns() for _ in range(40)]
        return {(each.targets.size, len(set(each.targets.tolist()))) for each in columns}

    with ThreadPoolExecutor(4) as pool:
        writer, *readers = [pool.submit(write)] + [pool.submit(read) for _ in range(3)]
        writer.result()
        sizes = set().union(*(reader.result() for reader in readers))
    assert sizes <= {(0, 0), (100, 1)}


def test_writers_in_many_threads_wait_for_each_other(path: Path) -> None:
    with closing(open_store(path)) as store, ThreadPoolExecutor(8) as pool:
        done = pool.map(lambda n: store.record([seen(f"{n}-{part}") for part in range(5)]), range(40))
        assert list(done) == [5] * 40
        assert len(store.observations("ada")) == 200
