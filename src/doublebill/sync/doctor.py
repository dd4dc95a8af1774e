"""The doctor: looks at everything that doublebill stands on, and says of each thing how it is and what to do.

Nothing that is wrong keeps it from looking at the rest, and no line of it holds a secret.
"""

import asyncio
from dataclasses import replace

from doublebill.config import Settings
from doublebill.errors import ConfigError
from doublebill.logs import SecretFilter
from doublebill.sync.diagnosis import Line, problem, warning, well
from doublebill.sync.doctor_folder import Premises, look_at_folder
from doublebill.sync.doctor_services import look_at_services
from doublebill.sync.health import Find


def diagnose(settings: Settings, premises: Premises, find: Find) -> list[Line]:
    """Look at settings, folder, disk, database, syncs, model, services and clock; it takes a few seconds."""
    mask = SecretFilter(settings.secrets).mask
    services = asyncio.run(look_at_services(find, premises.now))
    lines = [_settings(settings), *look_at_folder(premises), *services]
    return [replace(line, words=mask(line.words), hint=mask(line.hint) if line.hint else None) for line in lines]


def diagnose_settings(error: ConfigError) -> list[Line]:
    """Say which settings are wrong; without them there is nothing else to look at."""
    hint = error.hint or "Correct it, then start again."
    return [problem("settings", line, hint) for line in error.message.splitlines()]


def _settings(settings: Settings) -> Line:
    if settings.is_open_to_others:
        words = f"All are good, but whoever reaches {settings.host} may use doublebill"
        return warning("settings", words, "Set DOUBLEBILL_PASSWORD.")
    return well("settings", "All are good")
