"""From any older database file, or none, to the tables of this version.

A migration is a numbered .sql file and runs in one transaction together with its number (``PRAGMA user_version``): a
crash leaves the version before it. ``PRAGMA application_id`` marks the file as ours: a foreign one is refused.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from doublebill.errors import StoreError, StoreTooNew
from doublebill.store.backup import back_up_before_migration, create_private, read_number
from doublebill.store.connections import connect, transaction
from doublebill.store.faults import faults_mapped

APPLICATION_ID = int.from_bytes(b"dblb", "big")
"""What stands in the header of our files; `file doublebill.db` shows it."""

_OLDEST_SQLITE = (3, 37, 0)  # the first with STRICT tables


@dataclass(frozen=True, slots=True)
class Migration:
    """The step to one version: its number and the statements that lead there from the version before."""

    version: int
    script: str


def load_migrations() -> list[Migration]:
    """Read the migrations that this version ships, in order, numbered from 1 without gaps."""
    folder = files("doublebill.store").joinpath("migrations")
    scripts = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    migrations = [Migration(int(entry.name[:4]), entry.read_text(encoding="utf-8")) for entry in scripts]
    assert [step.version for step in migrations] == list(range(1, len(migrations) + 1))
    return migrations


def prepare(path: Path, migrations: Sequence[Migration], *, busy_timeout_s: float) -> None:
    """Create the file (0600, its folder 0700) or bring it to the newest version; nothing happens if it is there.

    Raises: StoreError if the file is not ours or cannot be written; StoreTooNew; StoreBusy.
    """
    require_sqlite(sqlite3.sqlite_version_info)
    with faults_mapped(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        create_private(path)
        with closing(connect(path, busy_timeout_s)) as connection:
            _refuse_foreign(connection, path)
            _refuse_newer(connection, path, len(migrations))
            connection.execute("PRAGMA journal_mode = WAL")
            migrate(connection, path, migrations)


def require_sqlite(version: tuple[int, ...]) -> None:
    """Raise StoreError unless the SQLite that Python brings is recent enough."""
    if version < _OLDEST_SQLITE:
        needed, found = (".".join(map(str, numbers)) for numbers in (_OLDEST_SQLITE, version))
        raise StoreError(f"SQLite {found} is too old", hint=f"Use a Python that brings SQLite {needed} or newer.")


def migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    """Run the migrations that the database at ``path`` lacks, after a backup of it if it has tables already.

    The backup, ``NAME.vVERSION-backup``, stands beside the file; the last three of these are kept.
    Raises: sqlite3.Error, StoreError; then the database is as the last complete migration left it.
    """
    found = _version(connection)
    for migration in migrations[found:]:
        with transaction(connection, "BEGIN IMMEDIATE"):
            # Read again under the lock: another process may have migrated while this one waited.
            version = _version(connection)
            if version >= migration.version:
                continue
            if version == found > 0:
                back_up_before_migration(path, found)
            _apply(connection, migration)


def _apply(connection: sqlite3.Connection, migration: Migration) -> None:
    for statement in _statements(migration.script):
        connection.execute(statement)
    # A pragma takes no parameters; both are numbers of ours.
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {migration.version}")


def _statements(script: str) -> Iterator[str]:
    """Split a script where a line ends a statement; ``executescript`` would commit the transaction around it."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    yield statement  # nothing, a comment, or a statement cut short, which SQLite then reports


def _version(connection: sqlite3.Connection) -> int:
    return read_number(connection, "user_version")


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    application_id = read_number(connection, "application_id")
    is_empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if application_id != APPLICATION_ID and not (is_empty and application_id == _version(connection) == 0):
        raise StoreError(
            f"{path}: the database belongs to another program",
            hint="Set DOUBLEBILL_DATA_DIR to another folder; the file was not changed.",
        )


def _refuse_newer(connection: sqlite3.Connection, path: Path, newest: int) -> None:
    version = _version(connection)
    if version > newest:
        raise StoreTooNew(
            f"{path}: written by a newer doublebill (version {version} of the tables, this one knows {newest})",
            hint="Install the newer doublebill again, or restore a backup made before the upgrade.",
        )
