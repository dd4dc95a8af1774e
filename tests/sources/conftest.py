"""Time that passes by itself: no test of the clients ever waits."""

from typing import Any

import pytest

from made_up_time import MadeUpTime


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"loop_factory": MadeUpTime}
