"""Who may use the set-up where no password protects everything: whoever can read what the server printed at its start.

Merely reaching the port must not be enough to point doublebill at another machine, to have it ask around in the
network, or to have a stored key sent somewhere.
"""

import hmac
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from doublebill.errors import SetupCodeRefused
from doublebill.sync.setup import Connections

TRIES = 10
PAUSE_S = 60.0
HINT = "doublebill prints it to its console and to sync.log when it starts"


class SetupCode:
    """A code that is made anew at every start; called from one event loop.

    64 random bits cannot be guessed; that after ten misses in a row nobody is let in for a minute, not even with the
    right code, keeps those who try from filling the network and the log.
    """

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self.text = "-".join(secrets.token_hex(2) for _ in range(4))
        self._clock_s = clock_s
        self._misses = 0
        self._shut_until_s = clock_s()

    def require(self, given: str | None) -> None:
        """Let in whoever gives the code, with or without its dashes. Raises: SetupCodeRefused."""
        if not given:
            raise SetupCodeRefused("The set-up code is needed for this", hint=HINT)
        left_s = self._shut_until_s - self._clock_s()
        if left_s > 0:
            raise SetupCodeRefused(f"Too many wrong set-up codes: try again in {left_s:.0f} s")
        if not hmac.compare_digest(_bare(given), _bare(self.text)):
            self._miss()
            raise SetupCodeRefused("The set-up code is wrong", hint=HINT)
        self._misses = 0

    def _miss(self) -> None:
        self._misses += 1
        if self._misses >= TRIES:
            self._misses, self._shut_until_s = 0, self._clock_s() + PAUSE_S


@dataclass(frozen=True, slots=True)
class SetUp:
    """What the set-up changes, and the code that is asked for where no password is set."""

    connections: Connections
    code: SetupCode = field(default_factory=SetupCode)


def _bare(code: str) -> bytes:
    return re.sub(r"[\s-]", "", code).lower().encode()
