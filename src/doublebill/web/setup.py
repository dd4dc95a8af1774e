"""/setup: where the services are and with which key, tested and saved from the page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel, BeforeValidator, Field

from doublebill.errors import Conflict
from doublebill.setting_types import Secret, Url
from doublebill.sync.health import SERVICES, ServiceName, in_form_words
from doublebill.sync.setup import ASKED_BY_SYNCS, ServiceSetUp, SetIn, Typed, remove_service, save_service
from doublebill.web.context import EngineOf
from doublebill.web.problems import documented
from doublebill.web.setup_code import SetUp

router = APIRouter(tags=["setup"])


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


class ConnectionBody(BaseModel):
    """Address and key of a service; what is not given, or blank, stays as it is set."""

    url: Annotated[Url | None, BeforeValidator(_blank_is_none)] = Field(
        default=None, max_length=500, examples=["http://192.168.1.10:8096"], description="With http:// or https://."
    )
    key: Annotated[Secret | None, BeforeValidator(_blank_is_none)] = Field(
        default=None, max_length=1000, description="Needed anew with another address."
    )

    @property
    def typed(self) -> Typed:
        """What was typed, for the set-up."""
        return Typed(self.url, self.key)


class TestBody(ConnectionBody):
    """A service to be asked."""

    service: ServiceName


class Tested(BaseModel):
    """How it answered."""

    ok: bool
    words: str = Field(examples=["Jellyfin 10.11.0 answers and takes the key"])
    hint: str | None = Field(description="What to do where it is not well.")
    version: str | None


class SetUpService(BaseModel):
    """How a service is set; never with its key."""

    name: ServiceName
    is_required: bool = Field(description="Whether a sync needs it.")
    url: str | None
    has_key: bool
    set_in: SetIn | None = Field(description="What the environment sets cannot be changed here.")


class SetUpState(BaseModel):
    """How far the set-up is, and whether it can be changed here."""

    is_complete: bool = Field(description="Whether all is set that a sync needs.")
    can_write: bool
    needs_code: bool = Field(description="Whether testing and changing need the header X-Setup-Code.")
    services: list[SetUpService]


PLAYED = [ServiceSetUp(name, name in ASKED_BY_SYNCS, "demo", has_key=True, set_in=None) for name in SERVICES]
ERRORS = documented(403, 409, 422)


def setup_of(request: Request) -> SetUp | None:
    """Give the set-up of the app that serves a request; None in the demo."""
    setup = request.app.state.setup
    assert setup is None or isinstance(setup, SetUp)  # create_app put it there
    return setup


SetUpOf = Annotated[SetUp | None, Depends(setup_of)]


async def let_in(
    request: Request,
    setup: SetUpOf,
    code: Annotated[
        str | None, Header(alias="X-Setup-Code", max_length=200, description="As printed when the server started.")
    ] = None,
) -> SetUp:
    """Give the set-up to whoever may use it. Raises: Conflict in the demo, SetupCodeRefused."""
    if setup is None:
        raise Conflict("This is the demo: its services are played, and there is nothing to set up")
    if request.app.state.needs_code:
        setup.code.require(code)
    return setup


LetIn = Annotated[SetUp, Depends(let_in)]


@router.get("/setup")
def setup_state(request: Request, setup: SetUpOf) -> SetUpState:
    """Say which services are set, and where; never with which key."""
    if setup is None:
        return SetUpState(is_complete=True, can_write=False, needs_code=False, services=_told(PLAYED))
    connections = setup.connections
    return SetUpState(
        is_complete=connections.is_complete,
        can_write=connections.can_write,
        needs_code=connections.can_write and request.app.state.needs_code,
        services=_told(connections.services()),
    )


@router.post("/setup/test", responses=ERRORS)
async def test_service(setup: LetIn, body: TestBody) -> Tested:
    """Ask a service once whether it answers and takes the key; nothing is saved."""
    check = in_form_words(body.service, await setup.connections.test(body.service, body.typed))
    return Tested(ok=check.ok, words=check.words, hint=check.hint, version=check.version)


@router.put("/setup/{service}", responses=ERRORS)
async def set_service(
    request: Request, engine: EngineOf, setup: LetIn, service: ServiceName, body: ConnectionBody
) -> SetUpState:
    """Save address and key of a service. They hold at once; when a sync has all it needs, the first one begins."""
    await save_service(engine, setup.connections, service, body.typed)
    return setup_state(request, setup)


@router.delete("/setup/{service}", responses=ERRORS)
async def unset_service(request: Request, engine: EngineOf, setup: LetIn, service: ServiceName) -> SetUpState:
    """Forget what was saved here of a service."""
    await remove_service(engine, setup.connections, service)
    return setup_state(request, setup)


def _told(services: list[ServiceSetUp]) -> list[SetUpService]:
    return [
        SetUpService(name=one.name, is_required=one.is_required, url=one.url, has_key=one.has_key, set_in=one.set_in)
        for one in services
    ]
