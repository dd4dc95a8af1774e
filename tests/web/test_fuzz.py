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
from schemathesis.specs.openapi.checks import positive_data_acceptance

from doublebill.store import open_store
from doublebill.sync.engine import Engine
from doublebill.web.app import create_app
from sync.house import House

APP = create_app(House().engine(None), syncs_on_start=False)  # it describes itself; the module fixture puts a house in
WEIGHED = {"/recommendations/weighted", "/settings/tuner", "/tuner/preview"}
"""Weights that are all zero are refused, which a schema cannot say."""

API = schemathesis.openapi.from_asgi("/openapi.json", APP)


@pytest.fixture(scope="module", autouse=True)
def lived_in(synced_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A synced household behind the interface, for all examples together."""
    store = open_store(Path(shutil.copy(synced_file, tmp_path_factory.mktemp("fuzz") / "doublebill.db")))
    APP.state.engine = House().engine(store)
    yield APP.state.engine
    store.close()


@API.parametrize()
@settings(settings.get_profile("fuzz"))
def test_every_answer_is_one_that_the_document_promises(case):
    case.call_and_validate(excluded_checks=[positive_data_acceptance] if case.path in WEIGHED else [])
