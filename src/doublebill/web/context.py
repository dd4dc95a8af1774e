"""What every endpoint may ask for: the engine, and who a request is for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request

from doublebill.config import Settings
from doublebill.model import Person
from doublebill.sync.engine import Engine
from doublebill.sync.health import Find, find_in
from doublebill.sync.models import Models
from doublebill.sync.pictures import Gallery
from doublebill.sync.scheduler import AT_ONCE, Start
from doublebill.web.setup_code import SetUp


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an installation has around its engine, and an app can do without.

    ``find`` knows where the services are, ``settings`` gives the settings as they are now, ``gallery`` has the pictures
    of TMDB, ``setup`` is what the set-up page changes, None where nothing can be set, and ``models`` are the text
    models, None where there is only the engine's; ``start`` is what the first sync waits for and begins with.
    """

    find: Find
    settings: Callable[[], Settings]
    gallery: Gallery | None = None
    setup: SetUp | None = None
    models: Models | None = None
    start: Start = AT_ONCE


def surroundings(current: Callable[[], Settings], gallery: Gallery | None = None) -> Surroundings:
    """Give the surroundings that settings describe."""
    return Surroundings(find_in(current), current, gallery)


BARE = surroundings(lambda: Settings.model_validate({}))
"""Nothing is set, and there are no pictures."""


def engine_of(request: Request) -> Engine:
    """Give the engine of the app that serves a request."""
    engine = request.app.state.engine
    assert isinstance(engine, Engine)  # create_app put it there
    return engine


EngineOf = Annotated[Engine, Depends(engine_of)]


def person_of(
    request: Request,
    engine: EngineOf,
    user: Annotated[
        str | None,
        Query(description="A person's id or name, or `household`; without it the default person.", max_length=200),
    ] = None,
) -> Person:
    """Find whom a request is for. Raises NotFound, ConfigError."""
    default_user: str | None = request.app.state.default_user
    return engine.edition.person_meant(user, default_user)


PersonOf = Annotated[Person, Depends(person_of)]
