"""Listening on a port and serving an app on it until it is told to end."""

import socket
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from doublebill.errors import ConfigError, DoublebillError

GRACE_S = 8
"""How long open requests may take to end; a container is killed 10 s after it was told to stop."""


def take_port(host: str, port: int, *, tries: int) -> socket.socket:
    """Listen on a port (1 to 65535), or on the first free one of so many, before anything slow is done.

    Raises: ConfigError if none can be had.
    """
    failure: OSError | UnicodeError | None = None
    for candidate in range(port, min(port + tries, 65536)):
        try:
            return _listen(host, candidate)
        except (OSError, UnicodeError) as error:  # a host that no name service would take is a UnicodeError
            failure = error
    reason = getattr(failure, "strerror", None) or "that host cannot be"
    raise ConfigError(
        f"Port {port} of {host} cannot be used: {reason}",
        hint="Set DOUBLEBILL_PORT to a free port, and DOUBLEBILL_HOST to an address of this machine.",
    ) from failure


def _listen(host: str, port: int) -> socket.socket:
    """Bind and listen: a port that is only bound can be bound again by the next process."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()
    except (OSError, UnicodeError):
        listening.close()
        raise
    return listening


def run_server(app: ASGIApp, listening: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM, then let open requests end.

    Raises: DoublebillError if the app cannot start.
    """
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=GRACE_S))
    try:
        with suppress(KeyboardInterrupt):  # when it has ended well, uvicorn raises the signal that it was ended by
            server.run(sockets=[listening])
    except SystemExit as error:  # uvicorn's way to say that the app's start-up failed
        raise DoublebillError("The server could not start; the log says why") from error
