"""What every endpoint may ask for: the engine, and who a request is for."""

from typing import Annotated

from fastapi import Depends, Query, Request

from doublebill.model import Person
from doublebill.sync.engine import Engine


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
