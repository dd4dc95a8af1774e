"""Taking a port, and serving until told to end."""

import signal
import socket

import pytest

from doublebill.errors import ConfigError, DoublebillError
from doublebill.web.server import run_server, take_port

HERE = "127.0.0.1"


@pytest.fixture
def free() -> int:
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return probe.getsockname()[1]


class App:
    """An ASGI app that is told to end as soon as it has started; it counts starts and ends."""

    def __init__(self, number: int | None) -> None:
        self.number = number
        self.told: list[str] = []

    async def __call__(self, scope, receive, send):
        while True:
            message = await receive()
            self.told.append(message["type"])
            if message["type"] == "lifespan.shutdown":
                await send({"type": "lifespan.shutdown.complete"})
                return
            if self.number is None:
                await send({"type": "lifespan.startup.failed", "message": "no"})
                return
            signal.raise_signal(self.number)
            await send({"type": "lifespan.startup.complete"})


def test_a_free_port_is_listened_on_at_once(free):
    with take_port(HERE, free, tries=1), socket.create_connection((HERE, free), timeout=1) as line:
        assert line.getpeername() == (HERE, free)


def test_a_port_that_is_only_just_taken_is_taken(free):
    with take_port(HERE, free, tries=1), pytest.raises(ConfigError, match=rf"Port {free} of {HERE} .*in use") as error:
        take_port(HERE, free, tries=1)
    assert "DOUBLEBILL_PORT" in error.value.hint


def test_the_next_free_port_is_tried(free):
    with take_port(HERE, free, tries=20), take_port(HERE, free, tries=20) as second:
        assert free < second.getsockname()[1] < free + 20


def test_no_port_beyond_the_last_is_tried():
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((HERE, 65535))
        other.listen()
        with pytest.raises(ConfigError, match="65535"):
            take_port(HERE, 65535, tries=20)


@pytest.mark.parametrize("host", ["192.0.2.1", "[::1]", "a..b", "x" * 64, "2001:db8::1"])
def test_a_host_that_is_not_this_machine_names_the_setting(free, host):
    with pytest.raises(ConfigError, match=r"cannot be used") as error:
        take_port(host, free, tries=1)
    assert "DOUBLEBILL_HOST" in error.value.hint


@pytest.mark.skipif(not socket.has_ipv6, reason="this Python has no IPv6")
def test_an_address_of_ipv6_will_do(free):
    try:
        listening = take_port("::1", free, tries=1)
    except ConfigError:
        pytest.skip("this machine has no IPv6")
    with listening:
        assert listening.family == socket.AF_INET6


def test_a_signal_ends_the_server_without_an_error_and_the_app_is_told(free):
    app = App(signal.SIGINT)
    with take_port(HERE, free, tries=1) as listening:
        run_server(app, listening)
    assert app.told == ["lifespan.startup", "lifespan.shutdown"]


def test_an_app_that_cannot_start_is_an_error(free):
    with take_port(HERE, free, tries=1) as listening, pytest.raises(DoublebillError, match="could not start"):
        run_server(App(None), listening)
