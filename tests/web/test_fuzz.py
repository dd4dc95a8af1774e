"""Every operation of the OpenAPI document, asked in all ways that fit it and in many that do not (schemathesis).

A hundred examples an operation run with the rest, always the same ones. For more, and other ones each time:
``python -m pytest tests/web/test_fuzz.py --fuzz-examples 500``.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import settings
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    positive_data_acceptance,
    unsupported_method,
)

from doublebill.config import load_configuration
from doublebill.sources.http import Transport
from doublebill.store import open_store
from doublebill.sync.engine import Engine
from doublebill.sync.health import SERVICES, Check
from doublebill.sync.setup import Connections
from doublebill.web.app import create_app
from doublebill.web.metrics import Metrics
from doublebill.web.setup_code import SetUp
from sync.house import House

APP = create_app(House().engine(None), syncs_on_start=False)  # it describes itself; the module fixture puts a house in
WEIGHED = {"/recommendations/weighted", "/settings/tuner", "/tuner/preview"}
"""Weights that are all zero are refused, which a schema cannot say."""

SET_UP = {"/setup/test", "/setup/{service}"}
"""Which text is an address or a key a schema says only in part."""

TWO_IN_ONE = "/setup/test"
"""It is also a path of /setup/{service}, with a service that is none: PUT and DELETE are known there, and refused."""

ENDLESS = "/system/events"
"""A stream that ends only with the client or the server, and whoever collects an answer is neither."""

API = schemathesis.openapi.from_asgi("/openapi.json", APP).exclude(path=ENDLESS)


@pytest.fixture(scope="module", autouse=True)
def lived_in(synced_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A synced household behind the interface, for all examples together."""
    store = open_store(Path(shutil.copy(synced_file, tmp_path_factory.mktemp("fuzz") / "doublebill.db")))
    APP.state.engine = House().engine(store)
    APP.state.metrics = Metrics(APP.state.engine)
    APP.state.setup, APP.state.needs_code = set_up(tmp_path_factory.mktemp("set-up")), False
    yield APP.state.engine
    store.close()


def set_up(folder: Path) -> SetUp:
    """Settings in a folder, and checks that ask nobody."""

    async def check(url: str, key: str, *, transport: Transport | None = None) -> Check:
        return Check(False, f"nobody answers at {url}")

    configuration = load_configuration(None, {"DOUBLEBILL_DATA_DIR": str(folder)})
    return SetUp(Connections(configuration, dict.fromkeys(SERVICES, check)))


@API.parametrize()
@settings(settings.get_profile("fuzz"))
def test_every_answer_is_one_that_the_document_promises(case):
    excluded = [positive_data_acceptance] if case.path in WEIGHED | SET_UP else []
    of_methods = [unsupported_method, allow_header_conformance] if case.path == TWO_IN_ONE else []
    case.call_and_validate(excluded_checks=[*excluded, *of_methods])
