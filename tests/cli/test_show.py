"""How picks, verdicts and runs are printed."""

from datetime import timedelta
from io import StringIO

import pytest
from rich.console import Console

from doublebill.cli.show import output, run_json, show_picks, show_run, show_verdict, verdict_json
from doublebill.core.profile import Bar
from doublebill.core.recommend import Verdict
from doublebill.model import Kind, Person, Pick, Reason, Scores, SyncKind, SyncRun, SyncStatus, Title, TitleKey, Weights
from sync.house import NOW

SCORES = Scores(0.3, None, 0.5, 0.7, 0.2, 0.05)


def pick(name="Moon [/red]", reason="Because you watched [Alien]"):
    return Pick(Title(TitleKey(Kind.MOVIE, 17431), name), SCORES, (Reason(reason, "collaborative", 0.3),))


def run(message="", status=SyncStatus.SUCCESS, finished=True):
    return SyncRun(1, SyncKind.FULL, NOW, NOW + timedelta(seconds=3) if finished else None, status, message, {"bad": 2})


def printed(show, *values, **options):
    text = StringIO()
    show(Console(file=text, width=200), *values, **options)
    return text.getvalue()


def test_what_stands_in_a_title_or_reason_is_never_taken_for_markup():
    assert "Moon [/red]" in printed(show_picks, [(Person("1", "[b]Anna"), pick())], with_person=True)
    assert "[Alien]" in printed(show_verdict, Verdict(pick(), 3, 90, (), ()), Weights())


def test_a_long_title_is_cut_and_the_reason_is_not():
    text = printed(show_picks, [(Person("1", "Anna"), pick("x" * 90, "y" * 90))], with_person=False)
    assert "x" * 31 not in text
    assert "y" * 90 in text


def test_a_verdict_is_a_sum_that_leaves_out_what_is_unknown():
    lines = printed(show_verdict, Verdict(pick(), 3, 1200, (), ("penalty", "confidence")), Weights()).splitlines()
    assert "Number 3 of 1,200." in lines
    assert any(line.split() == ["content", "unknown", "-", "-"] for line in lines)
    assert any(line.split() == ["collaborative", "0.5000", "0.50", "0.2500"] for line in lines)
    assert any(line.split() == ["like", "a", "hidden", "title", "-0.0500"] for line in lines)
    assert "Held back by: penalty, confidence." in lines


def test_a_verdict_can_be_shown_where_nothing_that_counts_is_known():
    assert "0.0000" in printed(show_verdict, Verdict(pick(), 3, 9, (), ()), Weights(1, 0, 0, 0))


@pytest.mark.parametrize("bar", Bar)
def test_every_bar_has_words(bar):
    verdict = Verdict(pick(), None, 90, (bar,), ())
    assert f"Not recommended: it is {bar.words}." in printed(show_verdict, verdict, Weights())
    assert verdict_json(verdict)["barred_because"] == [bar.words]


@pytest.mark.parametrize("message", ["All is well", "All is well."])
def test_a_run_is_one_sentence_with_one_full_stop(message):
    text = printed(show_run, run(message))
    assert text.splitlines() == [
        "Full sync of 2026-03-01 12:00 UTC: success in 3.0 s. All is well.",
        "  skipped: 2 bad",
    ]


def test_a_run_without_an_end_is_shown():
    assert "UTC: running.\n" in printed(show_run, run(status=SyncStatus.RUNNING, finished=False))
    assert run_json(run(status=SyncStatus.RUNNING, finished=False))["finished_at"] is None


def test_lines_of_an_output_that_is_no_terminal_are_not_folded():
    assert output().width == 200
