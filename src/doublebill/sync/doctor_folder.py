"""What the doctor finds on this machine: the data folder, its disk, the database, the last syncs and the text model.

It changes nothing: a folder that is missing is not made, an older database is not brought up to date. The model is
loaded only if it is the bundled one; another may take more memory than there is beside a server that has it too.
"""

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile

from doublebill.embedding.offers import name_of
from doublebill.errors import EmbeddingError, StoreError
from doublebill.model import SyncKind, SyncStatus
from doublebill.store.protocol import Store
from doublebill.store.soundness import Examined, examine, newest_version
from doublebill.store.sqlite import open_store
from doublebill.sync.diagnosis import Line, failed, problem, warning, well
from doublebill.sync.embed import Model
from doublebill.sync.engine import SERVING
from doublebill.sync.model_choice import ModelChoice

STALE_AFTER = timedelta(days=8)
"""A full sync is due every week."""

TOO_FULL_BYTES, RATHER_FULL_BYTES = 200_000_000, 1_000_000_000
OTHERS_MAY_WRITE = 0o022

RESTORE_HINT = "Stop doublebill, keep a copy of the data folder, and restore the last backup: doublebill restore FILE"


def free_bytes(folder: Path) -> int:
    """Give the room on the disk of a folder. Raises OSError."""
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class Premises:
    """The machine's part of an installation: folder, database and models, and how to look at clock and disk."""

    data_dir: Path
    database: Path
    choice: Callable[[Store], ModelChoice]
    now: Callable[[], datetime]
    free_bytes: Callable[[Path], int] = free_bytes


def look_at_folder(premises: Premises) -> list[Line]:
    """Say how folder, disk, database, syncs and model are."""
    return [_folder(premises.data_dir), _disk(premises), *_look_into(premises)]


def _folder(folder: Path) -> Line:
    if not folder.exists():
        return warning("folder", f"{folder} is not there yet", "It is made when doublebill first starts.")
    try:
        TemporaryFile(dir=folder).close()
        mode = folder.stat().st_mode
    except OSError as error:
        hint = "Give the user that runs doublebill the right to write there, or set DOUBLEBILL_DATA_DIR to another."
        return problem("folder", f"{folder} cannot be written ({error.strerror})", hint)
    if mode & OTHERS_MAY_WRITE:
        return warning("folder", f"{folder} may be written by other users", f"Run: chmod go-w {folder}")
    return well("folder", f"{folder} can be written")


def _disk(premises: Premises) -> Line:
    there = next(each for each in (premises.data_dir, *premises.data_dir.parents) if each.is_dir())
    try:
        free = premises.free_bytes(there)
    except OSError as error:
        return problem("disk", f"{there} cannot be looked at ({error.strerror})", "Look at the disk and its mount.")
    words = f"{free / 1e6:,.0f} MB are free"
    hint = "Make room. Posters can be given less with DOUBLEBILL_IMAGE_CACHE_MB, and cache in the data folder removed."
    if free < TOO_FULL_BYTES:
        return problem("disk", words, hint)
    return warning("disk", words, hint) if free < RATHER_FULL_BYTES else well("disk", words)


def _look_into(premises: Premises) -> list[Line]:
    """Look at the database, and if it can be opened as it is, at what is in it."""
    if not premises.database.exists():
        return [warning("database", "There is none yet", "It is made when doublebill first starts.")]
    try:
        found = examine(premises.database)
        lines = [_database(found)]
        if not found.faults and found.version == newest_version():
            with closing(open_store(premises.database)) as store:
                lines += [_syncs(store, premises.now()), _model(store, premises.choice(store))]
    except StoreError as error:
        return [failed("database", error)]
    return lines


def _database(found: Examined) -> Line:
    words = f"{found.size_bytes / 1e6:,.1f} MB, version {found.version} of the tables"
    if found.faults:
        return problem("database", f"It is damaged: {'; '.join(found.faults[:3])}", RESTORE_HINT)
    if found.version > newest_version():
        hint = "Install the newer doublebill again, or restore a backup from before the upgrade."
        return problem("database", f"{words}: written by a newer doublebill", hint)
    if found.version < newest_version():
        return warning("database", f"{words}: older than this doublebill", "The next start brings it up to date.")
    return well("database", f"{words}, sound")


def _syncs(store: Store, now: datetime) -> Line:
    last, good = next(iter(store.sync_runs(1)), None), store.last_success(SyncKind.FULL)
    if last and last.status is SyncStatus.ERROR:
        words = f"The last one, of {last.started_at:%Y-%m-%d %H:%M} UTC, failed: {last.message}"
        return problem("syncs", words, "Mend what it names, then start one: on the page, or with doublebill sync.")
    if good is None:
        return warning("syncs", "No full sync has succeeded yet", "Wait for it, or start one: doublebill sync")
    words = f"The last full one was on {good.started_at:%Y-%m-%d %H:%M} UTC"
    if now - good.started_at > STALE_AFTER:
        return warning("syncs", words, "One is due every week: see that doublebill serve runs, or run doublebill sync.")
    return well("syncs", words)


def _model(store: Store, choice: ModelChoice) -> Line:
    """Say which model serves, and whether it can go on."""
    try:
        wanted = choice.wanted()
        model = choice.model(wanted)
    except EmbeddingError as error:
        return failed("model", error)
    serving = store.recall(SERVING) or choice.bundled.model_id
    count = f"{len(store.text_hashes(serving)):,} of {len(store.detail_ages()):,} titles have a vector"
    if serving == choice.bundled.model_id and (trouble := _trouble(choice.bundled)):
        return trouble
    if model is None or model.model_id != serving:
        name = name_of(wanted)
        hint = f"doublebill serve brings it into use behind the first sync; to do it now: doublebill models use {name}"
        return warning("model", f"{name} is wanted, and {serving} serves until it is ready; {count}", hint)
    return well("model", f"{serving} serves; {count}")


def _trouble(model: Model) -> Line | None:
    try:
        model.open()
    except EmbeddingError as error:
        return failed("model", error)
    return None
