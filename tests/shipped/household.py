"""Whoever reads docs/operations.md and types what it shows: a folder that plays the machine, and what answers there.

Docker, systemd and git are stood in for: only the words that they would be given are checked. doublebill itself,
its set-up script, and the shell's own tools are real; the command line and the interface are asked within this process.
"""

import io
import logging
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from itertools import takewhile
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cli.parts import SMALL
from doublebill.cli import main
from doublebill.cli.opening import real_house, surroundings_of
from doublebill.web.app import create_app
from shipped.machine import Machine, make_machine

ROOT = Path(__file__).parents[2]
CHECKOUT = (".env.example", "docker-compose.yml", "Dockerfile", "packaging")
SERVER = "http://localhost:8097"
HOME, PROGRAM = "/var/lib/doublebill", "/opt/doublebill"
TOOLS = {"cp", "mkdir", "tar", "chown"}

COMPOSE = {
    "up": {"-d", "--build"},
    "down": set(),
    "stop": set(),
    "start": set(),
    "restart": set(),
    "ps": set(),
    "logs": {"--follow", "--tail"},
}
"""Of compose what the page uses: each command and its options."""

SYSTEMCTL, JOURNALCTL = {"restart", "status"}, {"--unit", "--follow"}


class Household:
    """Types commands one after the other, in a checkout to begin with, and keeps where it is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._machine: Machine = make_machine(folder)
        self._place = self._new_checkout("checkout")
        self._is_up = False

    def type(self, block: str) -> str:
        """Type the commands of a block and give what they print. Raises: AssertionError where one fails."""
        lines = block.replace("\\\n", " ").splitlines()
        return "".join(self._run(shlex.split(line)) for line in lines)

    def back_to_checkout(self) -> None:
        """Open a new shell, as for each block."""
        self._place = self._checkout

    def _new_checkout(self, name: str) -> Path:
        self._checkout = self._folder / name
        self._checkout.mkdir()
        for each in CHECKOUT:
            copy = shutil.copytree if (ROOT / each).is_dir() else shutil.copy2
            copy(ROOT / each, self._checkout / each)
        return self._checkout

    def _run(self, words: Sequence[str]) -> str:
        variables = dict(word.split("=", 1) for word in takewhile(lambda word: "=" in word, words))
        name, *rest = words[len(variables) :]
        special: dict[str, Callable[[Sequence[str]], str]] = {
            "cd": self._cd,
            "sudo": self._sudo,
            "docker": self._docker,
            "git": self._git,
            "systemctl": self._systemctl,
            "journalctl": self._journalctl,
            "curl": self._curl,
        }
        if name in special:
            return special[name](rest)
        if name.rsplit("/", 1)[-1] == "doublebill":
            assert name == "doublebill" or self._at(name).exists(), f"{name} is not there"
            return self._doublebill(rest, variables)
        if name == "packaging/setup_service.sh":
            return self._set_up(rest)
        return self._tool(name, rest)

    def _at(self, path: str) -> Path:
        return self._machine.at(path) if path.startswith((HOME, PROGRAM)) else self._place / path

    def _cd(self, words: Sequence[str]) -> str:
        self._place = self._at(words[0])
        return ""

    def _sudo(self, words: Sequence[str]) -> str:
        return self._run(words[2:] if words[0] == "-u" else words)

    def _docker(self, words: Sequence[str]) -> str:
        compose, action, *rest = words
        assert compose == "compose"
        assert (self._place / "docker-compose.yml").is_file()
        if action == "exec":
            assert self._is_up, "nothing is up"
            return self._in_container(rest[0], rest[1:])
        if action == "run":
            assert rest[0] == "--rm", "it would stay"
            return self._in_container(rest[1], ["doublebill", *rest[2:]])  # the image's entry point
        assert {word for word in rest if word.startswith("-")} <= COMPOSE[action]
        if action in ("up", "start", "restart"):
            assert (self._place / "data").is_dir(), "Docker would make it root's"
        self._is_up = action not in ("down", "stop")
        return ""

    def _in_container(self, service: str, words: Sequence[str]) -> str:
        """Run a command where ``data`` of this place is ``/data``."""
        assert service == "doublebill", "compose knows one service"
        data = str(self._place / "data")
        return self._run([re.sub("^/data(?=/)", data, word) for word in words]).replace(data, "/data")

    def _git(self, words: Sequence[str]) -> str:
        assert words == ["pull"]
        return ""

    def _systemctl(self, words: Sequence[str]) -> str:
        verb, service = [word for word in words if word != "--user"]
        assert verb in SYSTEMCTL
        assert service == "doublebill"
        return ""

    def _journalctl(self, words: Sequence[str]) -> str:
        assert {word for word in words if word.startswith("-")} == JOURNALCTL
        return ""

    def _set_up(self, words: Sequence[str]) -> str:
        done = self._machine.run(*words, script=self._place / "packaging" / "setup_service.sh")
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _tool(self, name: str, words: Sequence[str]) -> str:
        assert name in TOOLS, f"{name} is not known here"
        if words[:1] == ["-xzf"]:
            archive = self._place / words[1]
            shutil.move(archive, self._new_checkout("elsewhere") / words[1])
            self._place, self._is_up = self._checkout, False
        places = [str(self._at(word)) if word.startswith(HOME) else word for word in words]
        variables = {
            "PATH": f"{self._machine.commands}:/usr/bin:/bin",
            "CALLS": os.devnull,
            "DESTDIR": str(self._machine.root),
        }
        done = subprocess.run([name, *places], cwd=self._place, env=variables, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        return ""

    def _doublebill(self, words: Sequence[str], variables: Mapping[str, str]) -> str:
        printed = io.StringIO()
        with self._shell(variables) as shell, redirect_stdout(printed), redirect_stderr(printed), suppress(SystemExit):
            shell.setenv("COLUMNS", "200")
            shell.setattr(sys, "argv", ["doublebill", *words])
            main()
        return printed.getvalue()

    def _curl(self, words: Sequence[str]) -> str:
        """Ask what is served from the checkout, below the path that is asked for."""
        url = words[-1]
        assert url.startswith(SERVER)
        assert set(words[:-1]) <= {"-s", "-X", "POST"}
        path = url.removeprefix(SERVER)
        variables = {"DOUBLEBILL_ROOT_PATH": "/films"} if path.startswith("/films/") else {}
        with self._shell(variables), real_house(SMALL) as (engine, connections):
            settings = connections.settings
            served = create_app(engine, root_path=settings.root_path, around=surroundings_of(connections))
            return TestClient(served).request("POST" if "POST" in words else "GET", path).text

    @contextmanager
    def _shell(self, variables: Mapping[str, str]) -> Iterator[pytest.MonkeyPatch]:
        """Be in the place, with these variables and none of this machine's that are ours."""
        with pytest.MonkeyPatch.context() as shell, untouched():
            for name in os.environ:
                if name.startswith(("DOUBLEBILL_", "TMDB_", "JELLYFIN_", "RADARR_", "SONARR_")):
                    shell.delenv(name)
            for name, value in variables.items():
                shell.setenv(name, value)
            shell.chdir(self._place)
            yield shell


@contextmanager
def untouched() -> Iterator[None]:
    """Give loggers and the handler of SIGTERM back as they were: a command sets both up for a process of its own."""
    loggers = [logging.getLogger(name) for name in (None, "doublebill")]
    levels, on_sigterm = [logger.level for logger in loggers], signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, on_sigterm)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
        for handler in [each for each in logger.handlers if (each.name or "").startswith("doublebill ")]:
            logger.removeHandler(handler)
            handler.close()
