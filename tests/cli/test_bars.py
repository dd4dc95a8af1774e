"""A sync's progress as bars."""

import pytest

from doublebill.cli.bars import sync_bars
from doublebill.model import SyncKind
from doublebill.sync.progress import Progress, Step
from sync.house import Clock


def shown(capsys: pytest.CaptureFixture[str], *, finished: bool) -> str:
    with sync_bars() as listener:
        progress = Progress(SyncKind.FULL, Clock(), listener)
        progress.begin(Step.HISTORY)
        progress.advance(Step.HISTORY, 7)
        progress.begin(Step.DETAILS, 40)
        progress.advance(Step.DETAILS, 10)
        if finished:
            progress.finish(Step.HISTORY)
    told = capsys.readouterr()
    assert told.out == ""
    return told.err


def test_a_step_that_has_begun_has_a_bar_and_no_other(capsys):
    text = shown(capsys, finished=False)
    assert "10/40" in text
    assert "Reading what was watched" in text
    assert "Reading the plots" not in text


def test_a_finished_step_is_full_although_its_size_was_never_known(capsys):
    assert "7/7" in shown(capsys, finished=True)
