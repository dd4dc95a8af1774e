"""A zip file for a report of a fault: what the doctor found, the settings without secrets, the last lines of the log.

Everything is masked once more when it is written here: the log may be older than a key that was set since. Names of
people and titles are not secrets to it; the file says so to whoever is about to send it.
"""

import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from doublebill.errors import Conflict
from doublebill.logs import LOG_FILE, MASK
from doublebill.store.backup import drafted
from doublebill.store.faults import faults_mapped

LAST_LINES = 1000
READ_FIRST = (
    "This is what `doublebill doctor --bundle` gathered for a report of a fault.\n"
    "Keys, tokens and passwords are struck out. Names of people, films and series, folders and addresses are not:\n"
    "read it before you send it to somebody.\n"
)

SETUP_CODE = re.compile(r"(code for the set-up page is )\S+")
"""What `doublebill serve` logs at its start: it is good until the next one."""


def write_bundle(file: Path, facts: Mapping[str, object], log_lines: Sequence[str], mask: Callable[[str], str]) -> None:
    """Write a zip file, for its owner alone.

    Args:
        file: a file that does not exist yet.
        facts: what becomes a JSON file each, by its name.
        log_lines: the end of the log.
        mask: strikes out what is secret.
    Raises: Conflict if the file exists; StoreError if it cannot be written.
    """
    if file.exists():
        raise Conflict(f"{file}: it exists already", hint="Name a file that does not.")
    with drafted(file) as part, faults_mapped(file), zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("READ FIRST.txt", READ_FIRST)
        for name, fact in facts.items():
            bundle.writestr(f"{name}.json", json.dumps(_masked(fact, mask), ensure_ascii=False, indent=2))
        bundle.writestr(LOG_FILE, "".join(SETUP_CODE.sub(rf"\1{MASK}", mask(line)) for line in log_lines))


def read_log(data_dir: Path) -> list[str]:
    """Give the last lines of the log; none if there is none, or if it cannot be read, which the doctor says."""
    try:
        text = (data_dir / LOG_FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.splitlines(keepends=True)[-LAST_LINES:]


def _masked(fact: object, mask: Callable[[str], str]) -> object:
    """Mask every string by itself: in JSON's own text a quote or backslash of a secret would look different."""
    match fact:
        case str():
            return mask(fact)
        case dict():
            return {name: _masked(value, mask) for name, value in fact.items()}
        case list():
            return [_masked(each, mask) for each in fact]
    return fact
