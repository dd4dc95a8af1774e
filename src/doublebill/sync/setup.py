"""The set-up: where the services are and with which key, as the page shows, tests and changes it.

``Connections`` holds the present settings; whatever opens a client asks it at that moment, so a change holds from the
next call on and nothing is started again. The rule a reader may question: a key that is stored goes only to the address
that it was stored for. Whoever types a new address has to type the key too, or a stranger could have it sent to them.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Literal

from pydantic import SecretStr

from doublebill.config import CONNECTIONS, Configuration, Settings
from doublebill.errors import Conflict
from doublebill.logs import learn_secrets
from doublebill.model import SyncKind
from doublebill.sync.engine import Engine
from doublebill.sync.health import CHECKS, SERVICES, Check, CheckService, ServiceName
from doublebill.sync.services import Service

NAMES: Mapping[ServiceName, str] = {"tmdb": "TMDB", "jellyfin": "Jellyfin", "radarr": "Radarr", "sonarr": "Sonarr"}
ASKED_BY_SYNCS: frozenset[ServiceName] = frozenset({"tmdb", "jellyfin"})
"""Without these nothing can be recommended; the others only get what is chosen."""

SetIn = Literal["environment", "page"]


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed: what is None is to stay as it is."""

    url: str | None = None
    key: SecretStr | None = None


@dataclass(frozen=True, slots=True)
class ServiceSetUp:
    """How one service is set; never with its key.

    ``set_in`` is where its key is set: what the environment (or ``.env``) sets the page cannot change.
    """

    name: ServiceName
    is_required: bool
    url: str | None
    has_key: bool
    set_in: SetIn | None


class Connections:
    """The present settings, and the services in them; what is not async may be called from any thread."""

    def __init__(self, configuration: Configuration, checks: Mapping[ServiceName, CheckService] = CHECKS) -> None:
        self._configuration = configuration
        self._checks = checks
        self._writing = Lock()
        self._testing = asyncio.Lock()

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._configuration.settings

    @property
    def is_complete(self) -> bool:
        """Whether all is set that a sync needs."""
        return not self.settings.missing()

    @property
    def can_write(self) -> bool:
        """Whether there is a service that the page may change."""
        return not all(self._is_fixed(name) for name in SERVICES)

    def services(self) -> list[ServiceSetUp]:
        """Say how each service is set."""
        return [self._service(name) for name in SERVICES]

    def save(self, name: ServiceName, typed: Typed) -> None:
        """Keep address and key of a service; both hold at once.

        Raises: Conflict if the environment sets them, if one is missing, or if a stored key would go to a new address;
            ConfigError if they cannot be written. Then nothing has changed.
        """
        with self._writing:
            self._require_free(name)
            url, key = self._meant(name, typed)
            url_variable, key_variable = CONNECTIONS[name]
            values = {key_variable: key.get_secret_value()}
            if self._configuration.is_given(url_variable):
                self._require_same(name, url)
            elif url != Settings.model_fields[f"{name}_url"].default:
                values[url_variable] = url
            self._write({**self._saved_but(name), **values})

    def remove(self, name: ServiceName) -> None:
        """Forget what the page saved of a service. Raises: Conflict, ConfigError as ``save``."""
        with self._writing:
            self._require_free(name)
            self._write(self._saved_but(name))

    async def test(self, name: ServiceName, typed: Typed) -> Check:
        """Ask a service once, with what was typed over what is set; one test at a time, so that no network is combed.

        Raises: Conflict if address or key is missing, or a stored key would go to a new address.
        """
        url, key = self._meant(name, typed)
        async with self._testing:
            return await self._checks[name](url, key.get_secret_value())

    def _service(self, name: ServiceName) -> ServiceSetUp:
        url, key = self.settings.connection(name)
        is_saved = any(variable in self._configuration.saved for variable in CONNECTIONS[name])
        set_in: SetIn | None = "environment" if self._is_fixed(name) else "page" if is_saved else None
        return ServiceSetUp(name, name in ASKED_BY_SYNCS, url, key is not None, set_in)

    def _is_fixed(self, name: ServiceName) -> bool:
        _, key_variable = CONNECTIONS[name]
        return self._configuration.is_given(key_variable)

    def _require_free(self, name: ServiceName) -> None:
        if self._is_fixed(name):
            _, key_variable = CONNECTIONS[name]
            hint = "Change it there, or take it out there to set it here; then start doublebill again"
            raise Conflict(f"{key_variable} is set in the environment or in .env, which win over this page", hint=hint)

    def _require_same(self, name: ServiceName, url: str) -> None:
        url_variable, _ = CONNECTIONS[name]
        if url != self.settings.connection(name)[0]:
            message = f"{url_variable} is set in the environment or in .env, which win over this page"
            raise Conflict(message, hint="Leave the address as it is, or change it there and start doublebill again")

    def _meant(self, name: ServiceName, typed: Typed) -> tuple[str, SecretStr]:
        """Put what was typed over what is set."""
        set_url, set_key = self.settings.connection(name)
        url, key = typed.url or set_url, typed.key or set_key
        if url is None:
            raise Conflict(f"The address of {NAMES[name]} is missing", hint="Give its address, with http:// in front")
        if key is None:
            raise Conflict(f"The key of {NAMES[name]} is missing", hint=f"Give the key of {NAMES[name]} too")
        if typed.key is None and url != set_url:
            hint = "A stored key is sent only to the address that it was stored for"
            raise Conflict(f"With a new address the key of {NAMES[name]} has to be given anew", hint=hint)
        return url, key

    def _saved_but(self, name: ServiceName) -> dict[str, str]:
        saved = self._configuration.saved
        return {variable: value for variable, value in saved.items() if variable not in CONNECTIONS[name]}

    def _write(self, saved: Mapping[str, str]) -> None:
        changed = self._configuration.with_saved(saved)
        changed.write_saved()
        self._configuration = changed


async def save_service(engine: Engine, connections: Connections, name: ServiceName, typed: Typed) -> None:
    """Save a service; where that completes what a sync needs, a full one begins behind it.

    Raises: Conflict while a sync asks this service, else as ``Connections.save``.
    """
    _require_rest(engine, name)
    was_complete = connections.is_complete
    await asyncio.to_thread(connections.save, name, typed)
    await _take_over(engine, connections, name)
    if connections.is_complete and not was_complete:
        engine.runner.start(SyncKind.FULL)


async def remove_service(engine: Engine, connections: Connections, name: ServiceName) -> None:
    """Forget what the page saved of a service. Raises: as ``save_service``."""
    _require_rest(engine, name)
    await asyncio.to_thread(connections.remove, name)
    await _take_over(engine, connections, name)


def _require_rest(engine: Engine, name: ServiceName) -> None:
    """Refuse a change under a sync; one that begins in this very moment goes on with what was set before."""
    if name in ASKED_BY_SYNCS and engine.runner.is_running:
        hint = "Wait until it has ended, or stop it (POST /system/cancel)"
        raise Conflict(f"A sync is running, and it asks {NAMES[name]}", hint=hint)


async def _take_over(engine: Engine, connections: Connections, name: ServiceName) -> None:
    learn_secrets(connections.settings.secrets)
    if name in set(Service):
        await engine.shelf.forget(Service(name))
