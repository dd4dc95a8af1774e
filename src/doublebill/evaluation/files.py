"""Reading a dataset's files line by line, gzipped or not; whatever is wrong with one is a DatasetRefused naming it."""

import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from doublebill.errors import DatasetRefused

HINT = "docs/evaluation.md says what a dataset has to hold."


@contextmanager
def opened(path: Path) -> Iterator[IO[str]]:
    """Open a text file, ``.gz`` or plain. Raises DatasetRefused for it, and for any ValueError raised meanwhile."""
    with (
        reading(path),
        gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as text,
    ):
        yield text


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Say of whatever goes wrong with a file which one it is."""
    try:
        yield
    except FileNotFoundError as error:
        raise DatasetRefused(f"There is no {path}", hint=HINT) from error
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetRefused(f"{path} cannot be read: {error}", hint=HINT) from error
    except UnicodeDecodeError as error:
        raise DatasetRefused(f"{path} is no text in UTF-8", hint=HINT) from error
    except (ValueError, csv.Error) as error:
        raise DatasetRefused(f"{path}: {error}", hint=HINT) from error


def rows_of(text: IO[str], columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Give line number and the named columns of each row of a CSV file with a heading; other columns are passed over.

    Raises: ValueError if a column is missing, in the heading or in a row.
    """
    reader = csv.reader(text)
    heading = next(reader, [])
    missing = [name for name in columns if name not in heading]
    if missing:
        raise ValueError(f"the heading has no column {', '.join(missing)}")
    places = [heading.index(name) for name in columns]
    for row in reader:
        if len(row) <= max(places):
            raise ValueError(f"line {reader.line_num} has {len(row)} columns, not {len(heading)}")
        yield reader.line_num, [row[place] for place in places]
