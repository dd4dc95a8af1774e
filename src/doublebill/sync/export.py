"""The store as the files of an earlier system: for scripts that read those, and for moving out or elsewhere.

Every file has its documented shape. What those shapes cannot hold stands in ``doublebill.json``, and the lists of
neighbours in ``tmdb_fetch_cache.json``: imported into an empty folder, an export gives the same recommendations as soon
as a sync has made the vectors anew.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from doublebill.errors import Conflict, StoreError
from doublebill.model import Person
from doublebill.sync import legacy_files as files
from doublebill.sync.engine import Engine
from doublebill.sync.export_content import Content
from doublebill.sync.export_rows import Row
from doublebill.sync.legacy import UNFINISHED

DATABASES = "*.db"


def export(engine: Engine, folder: Path, person: Person, *, into_any: bool = False) -> list[str]:
    """Write everything into a folder, whole files only; give their names.

    Files are written beside their places and then put there together; an export that was cut short says so.

    Args:
        folder: empty, not there yet, or an earlier export, whose files are replaced.
        person: whose scores and recommendations are written, for the files that know of one person only.
        into_any: write also where other things stand, which stay unless they have the same names.
    Raises: Conflict if the folder may not be used; StoreError if it cannot be written.
    """
    _refuse(folder, into_any=into_any)
    content = Content(engine, person)
    draft = folder / UNFINISHED
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        written = [_write(draft / name, text) for name, text in _documents(content)]
        for path in written:
            path.replace(folder / path.name)
        draft.rmdir()
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be written ({error.strerror})",
            hint="See that there is room and that you may write there, then run it again.",
        ) from error
    return [path.name for path in written]


def _refuse(folder: Path, *, into_any: bool) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise Conflict(f"{folder} is a file", hint="Name a folder, or one that is not there yet.")
    if any(folder.glob(DATABASES)):
        raise Conflict(f"{folder} holds a database", hint="Name a folder of its own for the export.")
    names = {path.name for path in folder.iterdir()}
    if names and names.isdisjoint({files.OWN, UNFINISHED}) and not into_any:
        raise Conflict(f"{folder} is not empty and no earlier export", hint="Name another one, or add --force.")


def _documents(content: Content) -> Iterator[tuple[str, Iterable[str]]]:
    """Give the text of every file, piece by piece; our own comes last."""
    yield files.HISTORY, _object(content.histories())
    yield files.ITEMS, _arrays({}, {name: content.items(name) for name in ("movies", "series", "episodes")})
    yield files.CANDIDATES, _arrays(content.of_candidates, {"candidates": content.candidates()})
    yield files.SCORES, _object(content.scores())
    yield files.PICKS, _arrays({"count": len(content.picks)}, {"recommendations": content.recommendations()})
    yield files.HIDDEN, _array(content.hides())
    yield files.TUNER, [json.dumps(content.weights, indent=2)]
    yield files.LISTS, _object(content.lists())
    own = {"titles": content.other_titles(), "former_items": content.former_items()}
    yield files.OWN, _arrays(content.own, own)


def _array(rows: Iterable[Row]) -> Iterator[str]:
    yield "["
    for number, row in enumerate(rows):
        yield f"{',' if number else ''}\n{_json(row)}"
    yield "\n]"


def _object(members: Iterable[tuple[str, object]]) -> Iterator[str]:
    yield "{"
    for number, (name, value) in enumerate(members):
        yield f"{',' if number else ''}\n{_json(name)}: {_json(value)}"
    yield "\n}"


def _arrays(head: Mapping[str, object], arrays: Mapping[str, Iterable[Row]]) -> Iterator[str]:
    """Write an object of some values and then some long arrays."""
    yield "{"
    yield "".join(f"\n{_json(name)}: {_json(value)}," for name, value in head.items())
    for number, (name, rows) in enumerate(arrays.items()):
        yield f"{',' if number else ''}\n{_json(name)}: "
        yield from _array(rows)
    yield "\n}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write(path: Path, pieces: Iterable[str]) -> Path:
    """Write a file for its owner alone: it tells what people watched."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())
    return path
