from datetime import UTC, datetime, timedelta

from doublebill.sync.gauge import Gauge

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_before_the_first_nothing_is_said_of_rate_and_time() -> None:
    gauge = Gauge("bytes", 100, 40, NOW)
    assert gauge.done == 40
    assert gauge.rate_per_s(NOW + timedelta(seconds=5)) is None
    assert gauge.left_s(NOW + timedelta(seconds=5)) is None


def test_what_was_there_before_says_nothing_of_the_rate() -> None:
    gauge = Gauge("bytes", 100, 40, NOW)
    gauge.done = 60
    assert gauge.rate_per_s(NOW + timedelta(seconds=10)) == 2
    assert gauge.left_s(NOW + timedelta(seconds=10)) == 20
