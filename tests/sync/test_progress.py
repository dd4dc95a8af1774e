"""How far a sync is."""

from datetime import timedelta

import pytest

from doublebill.model import SyncKind
from doublebill.sync.progress import SHARE, STEPS_OF, WORDS, Progress, Step
from sync.house import NOW, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def progress(clock) -> Progress:
    return Progress(SyncKind.FULL, clock)


def test_a_sync_has_the_steps_of_its_kind(clock):
    for kind, steps in STEPS_OF.items():
        assert tuple(Progress(kind, clock).steps) == steps


def test_the_steps_together_are_the_whole_and_all_have_words():
    assert sum(SHARE.values()) == 100
    assert set(SHARE) == set(WORDS) == set(Step)


@pytest.mark.parametrize("kind", SyncKind)
def test_percent_goes_from_0_to_100(clock, kind):
    progress = Progress(kind, clock)
    seen = [progress.percent]
    for step in STEPS_OF[kind]:
        progress.begin(step, 4)
        progress.advance(step, 2)
        seen.append(progress.percent)
        progress.finish(step)
        seen.append(progress.percent)
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0, 100)


def test_a_step_with_more_done_than_expected_is_never_more_than_whole(progress):
    progress.begin(Step.EMBED, 2)
    progress.advance(Step.EMBED, 9)
    assert progress.steps[Step.EMBED].share_done == 1
    assert progress.percent == SHARE[Step.EMBED]


def test_a_step_of_unknown_or_no_size_is_nothing_until_it_is_finished(progress):
    progress.begin(Step.HISTORY)
    progress.advance(Step.HISTORY, 5)
    assert progress.percent == 0
    progress.begin(Step.DETAILS, 0)
    assert progress.steps[Step.DETAILS].share_done == 0


def test_rate_and_time_left_come_from_what_was_done(progress, clock):
    state = progress.steps[Step.DETAILS]
    assert (state.rate_per_s(NOW), state.left_s(NOW)) == (None, None)
    progress.begin(Step.DETAILS, 100)
    progress.advance(Step.DETAILS, 20)
    assert state.rate_per_s(NOW) is None
    clock.pass_time(seconds=10)
    assert (state.rate_per_s(clock()), state.left_s(clock())) == (2, 40)
    progress.advance(Step.DETAILS, 90)
    assert state.left_s(clock()) == 0


def test_a_finished_step_keeps_its_rate_and_has_nothing_left(progress, clock):
    progress.begin(Step.DETAILS, 10)
    clock.pass_time(seconds=5)
    progress.advance(Step.DETAILS, 10)
    progress.finish(Step.DETAILS)
    state = progress.steps[Step.DETAILS]
    assert state.rate_per_s(NOW + timedelta(hours=9)) == 2
    assert state.left_s(clock()) is None


def test_a_clock_that_goes_back_gives_no_rate(progress):
    progress.begin(Step.DETAILS, 10)
    progress.advance(Step.DETAILS, 5)
    assert progress.steps[Step.DETAILS].rate_per_s(NOW - timedelta(seconds=3)) is None


def test_words_count_where_the_size_is_known(progress):
    assert progress.words == "Reading what was watched"
    progress.begin(Step.DETAILS, 12_345)
    progress.advance(Step.DETAILS, 1_000)
    assert progress.words == "Fetching details of candidates (1,000 of 12,345)"


def test_every_change_is_told(clock):
    told = []
    progress = Progress(SyncKind.FULL, clock, lambda state: told.append(state.current))
    progress.begin(Step.HISTORY)
    progress.advance(Step.HISTORY)
    progress.finish(Step.HISTORY)
    assert told == [Step.HISTORY] * 3


def test_what_is_skipped_is_counted_by_its_reason_and_nothing_is_no_reason(progress):
    progress.skip("bad rows")
    progress.skip("bad rows", 2)
    progress.skip("worse rows", 0)
    assert progress.skipped == {"bad rows": 3}


def test_the_time_left_of_the_whole_is_unknown_until_something_is_done(clock):
    progress = Progress(SyncKind.LIGHT, clock)
    assert progress.left_s(NOW) is None
    progress.begin(Step.HISTORY, 10)
    assert progress.left_s(NOW + timedelta(seconds=5)) is None


def test_what_is_left_of_the_whole_takes_as_long_as_what_is_done_share_for_share(clock):
    progress = Progress(SyncKind.LIGHT, clock)  # two steps of the same share
    progress.begin(Step.HISTORY, 10)
    progress.advance(Step.HISTORY, 5)
    clock.pass_time(seconds=30)
    assert progress.left_s(clock()) == pytest.approx(90)
    progress.finish(Step.HISTORY)
    assert progress.left_s(clock()) == pytest.approx(30)


def test_the_whole_takes_no_less_than_any_of_its_steps(progress, clock):
    for step in (Step.HISTORY, Step.NEIGHBOURS, Step.CATALOGUE):
        progress.begin(step)
        progress.finish(step)
    progress.begin(Step.DETAILS, 100)
    progress.advance(Step.DETAILS, 1)
    clock.pass_time(seconds=10)
    assert progress.left_s(clock()) == pytest.approx(990)


def test_nothing_is_left_at_the_end(clock):
    progress = Progress(SyncKind.LIGHT, clock)
    for step in STEPS_OF[SyncKind.LIGHT]:
        progress.begin(step)
        clock.pass_time(seconds=3)
        progress.finish(step)
    assert progress.left_s(clock()) == 0
