"""The commands on a folder of their own, with a small text model, and services that really listen on two ports."""

import json
import logging
import signal
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import stamina
import uvicorn
from typer.testing import CliRunner, Result

from cli.parts import SMALL
from doublebill.cli import app
from doublebill.cli.opening import Parts
from sync.house import House


@dataclass(frozen=True)
class Shell:
    """Runs commands in a folder, with an environment."""

    folder: Path
    env: Mapping[str, str]

    def __call__(self, *words: str, exits: int = 0, parts: Parts = SMALL, **env: str) -> Result:
        data_dir = {"DOUBLEBILL_DATA_DIR": str(self.folder / "data"), "COLUMNS": "200"}
        runner = CliRunner(env={**data_dir, **self.env, **env})
        result = runner.invoke(app, words, obj=parts)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == exits, result.output
        return result

    def json(self, *words: str, **env: str) -> Any:
        return json.loads(self(*words, **env).stdout)


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    """Give loggers and the handler of SIGTERM back as they were: a command sets both up for a process of its own."""
    loggers = [logging.getLogger(name) for name in (None, "doublebill")]
    levels, on_sigterm = [logger.level for logger in loggers], signal.getsignal(signal.SIGTERM)
    with stamina.set_testing(True, attempts=2):  # retry without waiting
        yield
    signal.signal(signal.SIGTERM, on_sigterm)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
        for handler in [each for each in logger.handlers if (each.name or "").startswith("doublebill ")]:
            logger.removeHandler(handler)
            handler.close()


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A folder where nothing is configured."""
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path, {})


@contextmanager
def listening(service: object) -> Iterator[str]:
    """Serve an app on a port of this machine, and give its address."""
    server = uvicorn.Server(uvicorn.Config(service, log_config=None, lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as port:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [port]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{port.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="session")
def services() -> Iterator[Mapping[str, str]]:
    """Jellyfin and TMDB of the small house, on two ports; gives the settings that lead there."""
    played = House().upstreams
    with listening(played.jellyfin) as jellyfin, listening(played.tmdb) as tmdb:
        yield {
            "JELLYFIN_URL": jellyfin,
            "JELLYFIN_API_KEY": played.jellyfin_key,
            "TMDB_API_KEY": played.tmdb_key,
            "DOUBLEBILL_TMDB_URL": tmdb,
            "DOUBLEBILL_TMDB_RATE": "1000",
        }


@pytest.fixture(scope="session")
def first_sync(services: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Shell, Result]:
    """A house that was synced over the network, and what the command said."""
    folder = tmp_path_factory.mktemp("synced")
    shell = Shell(folder, services)
    return shell, shell("sync")


@pytest.fixture
def synced(first_sync: tuple[Shell, Result], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The synced house; tests only ask."""
    monkeypatch.chdir(first_sync[0].folder)
    return first_sync[0]
