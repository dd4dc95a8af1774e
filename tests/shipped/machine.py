"""A machine that is a folder, with the commands of a system that only write down that they were called."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "packaging" / "setup_service.sh"

TELLS = 'echo "${0##*/} $*" >>"$CALLS"\n'
STUBS = {
    "systemctl": TELLS,
    "loginctl": TELLS,
    "chown": TELLS,
    "useradd": TELLS + 'touch "$DESTDIR/account"\n',
    "id": 'case $1 in -u) echo "$PLAYED_UID" ;; -un) echo ruth ;; *) [ -e "$DESTDIR/account" ] ;; esac\n',
    # It makes environments of itself, and installs a command that is nothing.
    "python": """case $* in
        "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
        *" install "*) [ -z "${PIP_FAILS:-}" ] && touch "${0%/*}/doublebill" ;;
        *realpath*) echo "$PLAYED_PYTHON" ;;
    esac
    """,
}


@dataclass(frozen=True, slots=True)
class Machine:
    """A root folder with nothing in it, and the commands of a system that only write down that they were called."""

    root: Path
    commands: Path

    def run(self, *words: str, script: Path = SCRIPT, **variables: str) -> subprocess.CompletedProcess[str]:
        played = {
            "PATH": f"{self.commands}:/usr/bin:/bin",
            "HOME": "/of/ruth",
            "DESTDIR": str(self.root),
            "CALLS": str(self.root / "calls"),
            "PYTHON": "python",
            "PLAYED_PYTHON": "/usr/bin/python3",
            "PLAYED_UID": "0",
        }
        return subprocess.run(
            [script, *words], env=played | variables, capture_output=True, text=True, check=False, timeout=20
        )

    def calls(self) -> list[str]:
        """Give what was called since the last question."""
        path = self.root / "calls"
        calls = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return calls

    def at(self, path: str) -> Path:
        return self.root / path.lstrip("/")


def make_machine(folder: Path) -> Machine:
    """Make one below a folder: a root with nothing in it, and the commands."""
    commands, root = folder / "commands", folder / "root"
    commands.mkdir()
    root.mkdir()
    for name, script in STUBS.items():
        (commands / name).write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
        (commands / name).chmod(0o755)
    return Machine(root, commands)
