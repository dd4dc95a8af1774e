"""Fixtures that every room's tests share."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

CONTRACTS = Path(__file__).parents[2] / "shared" / "contracts"
FUZZ_EXAMPLES = 100
"""How often each operation of the HTTP interface is asked by the schema fuzz, unless more is wanted."""


def pytest_addoption(parser: pytest.Parser) -> None:
    words = "examples for each operation in the schema fuzz; with another number than the default they are random"
    parser.addoption("--fuzz-examples", type=int, default=FUZZ_EXAMPLES, help=words)


def pytest_configure(config: pytest.Config) -> None:
    settings.register_profile("house", deadline=None)  # a busy machine is no bug
    settings.load_profile("house")
    examples: int = config.getoption("--fuzz-examples")
    settings.register_profile(
        "fuzz",
        max_examples=examples,
        derandomize=examples == FUZZ_EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def contracts() -> Path:
    """The folder with the official specifications and recorded answers of the upstream services."""
    if not CONTRACTS.is_dir():
        pytest.skip("the contracts folder is not beside this checkout")
    return CONTRACTS
