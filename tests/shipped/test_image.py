"""The image and its compose file, as far as reading tells; try_image.py follows and starts it, .ci/run lints both."""

import re
import socket
import subprocess
import sys
import tomllib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from shipped.dockerfile import Instruction, Stage, read_stages

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"


@pytest.fixture(scope="module")
def stages() -> list[Stage]:
    return read_stages(ROOT / "Dockerfile")


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    return yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]["doublebill"]


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


# The Dockerfile


def test_what_builds_is_not_shipped(stages: list[Stage]) -> None:
    first, last = stages
    assert [copy.words[0] for copy in last.all("COPY")] == [f"--from={first.name}"]
    assert not any("pip" in run.rest for run in last.all("RUN"))


def test_it_runs_as_nobody_in_particular(stages: list[Stage]) -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", stages[-1].last("USER").rest)


def test_it_is_asked_for_its_health_without_curl(stages: list[Stage]) -> None:
    assert stages[-1].last("HEALTHCHECK").words == ["python", "-IS", "/opt/doublebill/is_healthy.py"]
    assert not re.search(r"\b(curl|wget)\b", (ROOT / "Dockerfile").read_text("utf-8"))


def test_its_labels_say_what_the_project_says(stages: list[Stage], project: dict[str, Any]) -> None:
    labels = stages[-1].last("LABEL").pairs
    said = {"title": "name", "description": "description", "version": "version", "licenses": "license"}
    assert labels == {f"org.opencontainers.image.{label}": project[name] for label, name in said.items()}


def test_it_is_reached_from_outside_and_keeps_its_data_in_the_volume(stages: list[Stage]) -> None:
    variables = stages[-1].last("ENV").pairs
    assert variables["DOUBLEBILL_HOST"] == "0.0.0.0"
    assert [variables["DOUBLEBILL_DATA_DIR"]] == stages[-1].last("VOLUME").words


def test_the_text_model_tells_nobody_that_it_runs(stages: list[Stage]) -> None:
    assert stages[-1].last("ENV").pairs["ORT_DISABLE_TELEMETRY"] == "1"
    assert "Environment=ORT_DISABLE_TELEMETRY=1\n" in (ROOT / "packaging" / "doublebill.service").read_text("utf-8")


def test_the_builder_is_sent_all_that_is_copied_and_no_secret(stages: list[Stage]) -> None:
    copied = {word for copy in stages[0].all("COPY") for word in copy.words[:-1]}
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    assert "*" in ignored
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == copied


# The compose file


def test_compose_asks_for_its_health_as_the_image_does(stages: list[Stage], service: dict[str, Any]) -> None:
    check, options = stages[-1].last("HEALTHCHECK"), service["healthcheck"]
    assert options["test"] == ["CMD", *check.words]
    told = dict(re.findall(r"--([\w-]+)=(\S+)", check.rest))
    assert {name.replace("-", "_"): value for name, value in told.items()} == {
        name: str(value) for name, value in options.items() if name != "test"
    }


def test_compose_gives_it_no_more_than_it_needs(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["volumes"] == ["./data:/data"]
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}


def test_what_is_so_in_the_container_no_env_file_changes(stages: list[Stage], service: dict[str, Any]) -> None:
    variables = stages[-1].last("ENV").pairs
    own = {name: value for name, value in variables.items() if name.startswith("DOUBLEBILL_")}
    assert service["environment"] == own


def test_every_variable_of_compose_stands_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    wanted = set(re.findall(r"\$\{(\w+):-", COMPOSE.read_text("utf-8")))
    assert {name for name in wanted if not re.search(rf"^#?{name}=", example, re.MULTILINE)} == set()


# Reading a Dockerfile


def read(text: str, folder: Path) -> list[Stage]:
    path = folder / "Dockerfile"
    path.write_text(text, encoding="utf-8")
    return read_stages(path)


def test_a_step_over_several_lines_is_one(tmp_path: Path) -> None:
    (stage,) = read("FROM base AS one\nRUN a \\\n    # why\n    && b\n# no\n", tmp_path)
    assert stage == Stage("base", "one", (Instruction("RUN", "a && b"),))


def test_an_instruction_that_is_not_known_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SHELL"):
        read('FROM base\nSHELL ["bash"]\n', tmp_path)


# The health check


def health_check(port: int) -> int:
    """Run it as the image does, and give its exit code."""
    words = [sys.executable, "-IS", str(ROOT / "packaging" / "is_healthy.py")]
    return subprocess.run(words, env={"DOUBLEBILL_PORT": str(port)}, check=False, timeout=10).returncode


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_tells_by_its_exit_code(status: int, code: int) -> None:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/api/health" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        asked = Thread(target=server.handle_request)
        asked.start()
        assert health_check(server.server_port) == code
        asked.join()


def test_the_health_check_fails_where_nothing_listens() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert health_check(closed.getsockname()[1]) == 1
