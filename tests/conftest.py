"""Fixtures that every room's tests share."""

from pathlib import Path

import pytest

CONTRACTS = Path(__file__).parents[2] / "shared" / "contracts"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def contracts() -> Path:
    """The folder with the official specifications and recorded answers of the upstream services."""
    if not CONTRACTS.is_dir():
        pytest.skip("the contracts folder is not beside this checkout")
    return CONTRACTS
