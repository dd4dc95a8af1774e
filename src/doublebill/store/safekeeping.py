"""Backing a database up into a file, and putting a backup in its place; whatever fails on the way, nothing is lost.

A restore goes through four states, and a kill in any of them leaves the old database or the new one, whole, and never
a log of the old one beside the new one, which SQLite would take for the new one's: the backup is copied beside the
database; the database's log is folded into it; the database gets a second name; the copy takes its first one.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from doublebill.errors import BackupRefused, Conflict, NotFound, StoreBusy, StoreError, StoreTooNew
from doublebill.store.backup import LOGS, beside, copy_into, drafted
from doublebill.store.connections import connect
from doublebill.store.faults import faults_mapped
from doublebill.store.occupancy import IN_USE, used_alone
from doublebill.store.soundness import Examined, bears_our_mark, examine, newest_version

UNCHANGED = "Nothing was changed."

Link = Callable[[Path, Path], None]
"""Gives a file a second name. Raises OSError where the file system has no such thing."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place, and where the database is that was there before; None if there was none."""

    backup: Examined
    kept: Path | None


def back_up(path: Path, target: Path) -> Examined:
    """Copy the database at ``path``, which may be in use, into a file, and check the copy before it gets its name.

    An earlier backup of that name is replaced; any other file is not.
    Raises: NotFound if there is no database; Conflict if the target is none; StoreError if the database is damaged or
        not ours, or the target cannot be written; StoreBusy. Then an earlier backup is still there.
    """
    if not path.is_file():
        raise NotFound(
            f"{path}: there is no database yet", hint="Run `doublebill sync` first, or look at DOUBLEBILL_DATA_DIR."
        )
    _refuse_target(path, target)
    with drafted(target) as part:
        copy_into(path, part)
        found = examine(part)
        if found.faults:
            raise StoreError(
                f"{path}: the database is damaged: {found.faults[0]}",
                hint="No backup was made, and earlier ones are as they were. Restore the last good one.",
            )
    return found


def restore(path: Path, source: Path, now: datetime, *, link: Link = os.link) -> Restored:
    """Put a backup in the place of the database at ``path``; the one that is there is kept under another name.

    A backup of an older version is brought up to date when it is next opened.
    Raises: NotFound if there is no backup; BackupRefused if it is damaged or no backup of ours; StoreTooNew; StoreBusy
        if anybody uses the database; StoreError if there is no room or no right to write. Then nothing was changed.
    """
    if not source.is_file():
        raise NotFound(f"{source}: there is no such file", hint=UNCHANGED)
    if path.exists() and source.samefile(path):
        raise Conflict(f"{source}: it is the database itself", hint=UNCHANGED)
    with used_alone(path):
        found = _accepted(source)
        with drafted(path) as part:
            copy_into(source, part)
            kept = _set_aside(path, now, link)
    return Restored(found, kept)


def _refuse_target(path: Path, target: Path) -> None:
    """Raise Conflict unless a backup may be written there."""
    ours = {beside(path, suffix).resolve() for suffix in ("", "-use", "-sync", *LOGS)}
    if target.resolve() in ours:
        raise Conflict(f"{target}: it is the database itself", hint="Name another file for the backup.")
    if target.is_dir():
        raise Conflict(f"{target}: it is a folder", hint=f"Name a file in it, such as {target / path.name}.")
    if target.exists() and not bears_our_mark(target):
        raise Conflict(
            f"{target}: another file has this name", hint="Name one that does not exist, or an older backup."
        )
    if any(beside(target, suffix).exists() for suffix in LOGS):
        raise Conflict(f"{target}: it is a database that is in use", hint="Name another file for the backup.")


def _accepted(source: Path) -> Examined:
    """Look whether a file can be restored. Raises BackupRefused, StoreTooNew, StoreBusy."""
    try:
        found = examine(source)
    except StoreBusy:
        raise
    except StoreError as error:
        raise BackupRefused(error.message, hint=f"{UNCHANGED} Try an earlier backup.") from error
    newest = newest_version()
    if found.version > newest:
        raise StoreTooNew(
            f"{source}: written by a newer doublebill (version {found.version} of the tables, this one knows {newest})",
            hint=f"{UNCHANGED} Install the newer doublebill, then restore.",
        )
    if found.faults:
        raise BackupRefused(
            f"{source}: the backup is damaged: {found.faults[0]}", hint=f"{UNCHANGED} Try an earlier backup."
        )
    return found


def _set_aside(path: Path, now: datetime, link: Link) -> Path | None:
    """Keep what is in the database's place under a free name, log and all; give that name."""
    has_database = path.exists()
    if has_database:
        _fold_log(path)
    stem = beside(path, f".before-restore-{now:%Y%m%dT%H%M%SZ}")
    names = (stem if number == 1 else beside(stem, f"-{number}") for number in count(1))
    kept = next(name for name in names if not name.exists())
    with faults_mapped(path):
        for suffix in LOGS:
            if (left := beside(path, suffix)).exists():
                left.replace(beside(kept, suffix))
        if has_database:
            _name_twice(path, kept, link)
    return kept if has_database else None


def _fold_log(path: Path) -> None:
    """Bring the log into the file. Raises StoreBusy if anybody is connected, also who knows nothing of our lock."""
    try:
        with faults_mapped(path), closing(connect(path, 0.0)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except StoreBusy as error:
        words, hint = IN_USE
        raise StoreBusy(f"{path}: {words}", hint=hint) from error
    except StoreError:
        # It is damaged, which is why it is being replaced: file and log are kept as they are.
        return


def _name_twice(path: Path, kept: Path, link: Link) -> None:
    try:
        link(path, kept)
    except OSError:  # some drives and shares know no second names
        with drafted(kept) as part:
            shutil.copyfile(path, part)
