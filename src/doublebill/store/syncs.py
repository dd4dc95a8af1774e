"""The right to sync, the record of syncs, and small facts of the machinery."""

from collections.abc import Mapping
from datetime import datetime

from doublebill.errors import NotFound
from doublebill.model import DatabaseFacts, SyncKind, SyncRun, SyncStatus
from doublebill.store.connections import Table
from doublebill.store.lease import LeaseFile
from doublebill.store.protocol import Lease
from doublebill.store.rows import skipped_text, stamp_of, sync_run_of

_CUT_SHORT = "It was cut short before it could finish."


class SyncTables(Table):
    """Keep the right to sync, sync runs and facts."""

    def lease_sync(self) -> Lease | None:
        """Take the one right to sync; None while somebody else has it."""
        return LeaseFile(self._database.path).take()

    def is_sync_leased(self) -> bool:
        """Tell whether somebody has the right to sync now."""
        return LeaseFile(self._database.path).is_taken()

    def begin_sync(self, kind: SyncKind, started_at: datetime) -> int:
        """Open a run and give its id; a run that a crash left open is closed as an error, at this moment."""
        close = "UPDATE sync_run SET status = 'error', finished_at = ?, message = ? WHERE status = 'running'"
        begin = """
            INSERT INTO sync_run (kind, started_at, status, message, skipped)
            VALUES (?, ?, 'running', '', '{}') RETURNING run_id
        """
        with self._database.writing() as connection:
            connection.execute(close, (stamp_of(started_at), _CUT_SHORT))
            run_id: int = connection.execute(begin, (kind, stamp_of(started_at))).fetchone()[0]
        return run_id

    def finish_sync(
        self, run_id: int, finished_at: datetime, status: SyncStatus, message: str, skipped: Mapping[str, int]
    ) -> None:
        """Close a run.

        Raises: NotFound if there is no such run.
        """
        query = "UPDATE sync_run SET finished_at = ?, status = ?, message = ?, skipped = ? WHERE run_id = ?"
        row = (stamp_of(finished_at), status, message, skipped_text(skipped), run_id)
        with self._database.writing() as connection:
            if connection.execute(query, row).rowcount == 0:
                raise NotFound(f"there is no sync run {run_id}")

    def sync_runs(self, limit: int) -> list[SyncRun]:
        """Give the newest runs by their start, newest first."""
        query = """
            SELECT run_id, kind, started_at, finished_at, status, message, skipped
            FROM sync_run ORDER BY started_at DESC, run_id DESC LIMIT ?
        """
        with self._database.reading() as connection:
            return [sync_run_of(row) for row in connection.execute(query, (limit,))]

    def last_success(self, kind: SyncKind) -> SyncRun | None:
        """Give the newest successful run of a kind; a full one did all that a light one does.

        By number, not by start: one that began while the clock was years ahead is not the newest for years.
        """
        query = """
            SELECT run_id, kind, started_at, finished_at, status, message, skipped
            FROM sync_run WHERE status = 'success' AND kind IN ('full', ?)
            ORDER BY run_id DESC LIMIT 1
        """
        with self._database.reading() as connection:
            row = connection.execute(query, (kind,)).fetchone()
        return sync_run_of(row) if row else None

    def database(self) -> DatabaseFacts:
        """Say how large the database is without its write-ahead log, and of which version its tables are."""
        pragmas = ("page_count", "page_size", "user_version")
        with self._database.reading() as connection:
            pages, page_bytes, version = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas)
        return DatabaseFacts(pages * page_bytes, version)

    def remember(self, name: str, value: str) -> None:
        """Keep one small fact by name."""
        query = "INSERT INTO fact VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
        with self._database.writing() as connection:
            connection.execute(query, (name, value))

    def recall(self, name: str) -> str | None:
        """Give a fact kept before, None if there is none of that name."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None
