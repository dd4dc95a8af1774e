from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doublebill.core.hiding import hidden_until
from doublebill.core.presets import PRESETS
from doublebill.model import Weights


@pytest.mark.parametrize(
    ("hidden", "until"),
    [
        ((2026, 2, 27), (2026, 6, 27)),
        ((2026, 10, 31), (2027, 2, 28)),
        ((2027, 10, 31), (2028, 2, 29)),
        ((2026, 8, 31), (2026, 12, 31)),
        ((2026, 9, 15), (2027, 1, 15)),
    ],
)
def test_a_hide_lasts_four_calendar_months(hidden, until):
    assert hidden_until(datetime(*hidden, 18, 30, tzinfo=UTC)) == datetime(*until, 18, 30, tzinfo=UTC)


@given(st.datetimes(max_value=datetime(9999, 8, 1), timezones=st.just(UTC)))  # noqa: DTZ001 (hypothesis wants it naive)
def test_a_hide_lasts_between_118_and_123_days(hidden):
    assert 118 <= (hidden_until(hidden) - hidden).days <= 123


def test_presets_have_names_of_their_own_and_the_first_is_the_default():
    assert len({preset.name for preset in PRESETS}) == len(PRESETS)
    assert PRESETS[0].weights == Weights()
    assert {preset.name: preset.weights for preset in PRESETS}["classic"].parts == (0.40, 0.30, 0.20, 0.10)
