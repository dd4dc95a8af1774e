"""Reading the files of an earlier system's folder: nothing is written there, and little is expected of them.

A file may be missing, empty, cut short, in another encoding, or broken in the middle. What is whole before the damage
is used. Only a file that is there and may not be read ends the import: it is worth more than going on without it.
"""

import json
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from pydantic import JsonValue

from doublebill.errors import ImportRefused
from doublebill.sync.legacy_report import Account, Report

HISTORY = "watch_history.json"
ITEMS = "items.json"
CANDIDATES = "candidates.json"
HIDDEN = "disliked_items.json"
TUNER = "tuner_settings.json"
LISTS = "tmdb_fetch_cache.json"
STATUS = "update_status.json"
LAST_SYNC = "last_full_sync.txt"
VECTORS = "embeddings.pkl"
SCORES = "all_scores.json"
PICKS = "recommendations.json"
LIBRARY_CACHE = "library_cache.json"
STATUS_CACHE = "arr_status_cache.json"
OWN = "doublebill.json"
"""What an export holds beyond the files of the earlier system."""

WORTH_KEEPING = (HISTORY, ITEMS, CANDIDATES, HIDDEN, TUNER, LISTS)
"""Any of these makes a folder one of the earlier system."""

LEFT_ALONE = {
    SCORES: "left alone: scores are computed anew",
    PICKS: "left alone: recommendations are computed anew",
    LIBRARY_CACHE: "left alone: the library is asked for anew",
    STATUS_CACHE: "left alone: Radarr and Sonarr are asked anew",
}

LONGEST_NUMBER = 19
"""No id, count or time has more digits; Python would refuse to read one of 5,000."""

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|["\[\]{},]', re.DOTALL)
_CLOSERS = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a folder: ``zone`` is that of times without one (None: this machine's), ``report`` is written."""

    folder: Path
    now: datetime
    zone: tzinfo | None
    report: Report

    def account(self, file: str) -> Account:
        """Give the account of a file."""
        return self.report.account(file)

    def json(self, file: str, depth: int) -> JsonValue:
        """Read a JSON file as far as it is whole; None where there is none or nothing of it can be used.

        Args:
            depth: how many brackets enclose a row; a row that is cut off is left out as a whole.
        Raises: ImportRefused if the file is there and may not be read.
        """
        text = self.text(file)
        return None if text is None else _parsed(text, depth, self.account(file))

    def text(self, file: str) -> str | None:
        """Read a text file; None where there is none or it is empty. Raises: ImportRefused as ``json``."""
        path = self.folder / file
        if path.is_dir():  # Docker makes a folder of a mount whose file is missing
            self.account(file).note("is a folder, not a file")
            return None
        found = _bytes_of(path)
        if found is None:
            return None
        text = _decoded(found, self.account(file)).strip().strip("\0")
        if not text:
            self.account(file).note("is empty")
        return text or None


def is_legacy(folder: Path) -> bool:
    """Tell whether a folder holds what an earlier system left. Raises: ImportRefused if it is none or is locked."""
    try:
        return not {path.name for path in folder.iterdir()}.isdisjoint(WORTH_KEEPING)
    except OSError as error:
        raise ImportRefused(f"{folder} cannot be read as a folder ({error.strerror})") from error


def rows_of(value: JsonValue, account: Account, where: str = "row") -> Iterator[tuple[str, dict[str, JsonValue]]]:
    """Give the objects of an array with their places, from 1; whatever else stands there is skipped."""
    if not isinstance(value, list):
        if value is not None:
            account.skip("not a list of rows", where)
        return
    for number, row in enumerate(value, 1):
        if isinstance(row, dict):
            yield f"{where} {number:,}", row
        else:
            account.skip("not an object", f"{where} {number:,}")


def object_of(value: JsonValue, account: Account) -> dict[str, JsonValue]:
    """Give a document that should be an object; whatever else it is, is as good as empty."""
    if isinstance(value, dict):
        return value
    if value is not None:
        account.note("is not an object: nothing of it can be used")
    return {}


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ImportRefused(
            f"{path} cannot be read ({error.strerror})",
            hint="Give the user that runs doublebill the right to read it, then try again. Nothing was taken yet.",
        ) from error


def _decoded(found: bytes, account: Account) -> str:
    """Decode what is usually UTF-8; a last letter that is cut off is dropped."""
    try:
        return getincrementaldecoder(json.detect_encoding(found))().decode(found)
    except UnicodeDecodeError:
        account.note("is not in UTF-8: it was read as Latin-1")
        return found.decode("latin-1")


def _parsed(text: str, depth: int, account: Account) -> JsonValue:
    try:
        return _loaded(text)
    except json.JSONDecodeError as error:
        whole = _whole_part(text[: error.pos], depth)
        account.note(f"is cut short or damaged after {error.pos:,} characters: what is whole before that was used")
    except RecursionError:
        account.note("is nested too deeply: nothing of it can be used")
        return None
    return None if whole is None else _loaded(whole)


def _loaded(text: str) -> JsonValue:
    """Read JSON; NaN, Infinity and endless numbers, which JSON does not have, are null."""
    loaded: JsonValue = json.loads(
        text,
        parse_int=lambda digits: int(digits) if len(digits) <= LONGEST_NUMBER else None,
        parse_constant=lambda _: None,
        strict=False,
    )
    return loaded


def _whole_part(text: str, depth: int) -> str | None:
    """Cut a document after its last whole row, and close what is open there; None where no row is whole.

    The text ends where the reading of it failed, so its brackets are in order.
    """
    open_brackets: list[str] = []
    whole = None
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign == '"':  # a string that does not end
            break
        if sign in _CLOSERS:
            open_brackets.append(_CLOSERS[sign])
        elif sign in "]}":
            open_brackets.pop()
        if sign in ",]}" and len(open_brackets) <= depth:
            whole = (token.start() if sign == "," else token.end(), "".join(reversed(open_brackets)))
    return None if whole is None else text[: whole[0]] + whole[1]
