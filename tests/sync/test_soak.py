"""A month of schedules, outages, kills and restarts ends as a quiet one does; more seeds: ``make soak``."""

from sync.month import disturbed_month, quiet_month


def test_a_disturbed_month_ends_as_a_quiet_one(tmp_path):
    month = disturbed_month(tmp_path / "disturbed.db", seed=0)
    disturbed = month.live()
    assert month.kills >= 3
    assert month.restarts >= 1
    assert disturbed == quiet_month(tmp_path / "quiet.db").live()
