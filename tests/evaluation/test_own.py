"""What own watches say, in numbers and words."""

import pytest

from doublebill.core.metrics import Interval
from doublebill.core.presets import PRESETS
from doublebill.evaluation.own import OwnReport, Worth, own_report, presets_of, words_of
from doublebill.model import Weights
from doublebill.sync.edition import EVERYBODY
from evaluation.homes import ANN, BOB, daily, edition_of

FAME = {"default": Weights(0, 0, 0, 1)}
"""Ranks by votes, and so as popularity does."""


def by_name(report):
    return {worth.name: worth for worth in report.worths}


def test_who_goes_for_what_is_known_is_found_by_popularity(store):
    # History 1 .. 16, to be found 27 .. 30: the four of the fourteen others that have most votes.
    edition = edition_of(store, {ANN: daily([*range(1, 17), 27, 28, 29, 30])})
    report = own_report(edition, ANN, FAME)
    popularity = by_name(report)["popularity"]
    assert (report.people, report.liked, report.held_out) == (1, 20, 4)
    assert [popularity.metrics[name].mean for name in popularity.metrics] == pytest.approx([1, 1, 1])
    assert popularity.found == 4


def test_who_goes_for_what_nobody_knows_is_not(store):
    edition = edition_of(store, {ANN: daily([*range(5, 21), 1, 2, 3, 4])})
    popularity = by_name(own_report(edition, ANN, FAME))["popularity"]
    assert popularity.metrics["ndcg@10"].mean == 0
    assert popularity.metrics["hit_rate@10"].high == 0


def test_half_of_the_titles_found_is_a_half_with_wide_bounds(store):
    # Candidates by votes: 30 .. 21, then 20, 19, and 2, 1. The first ten hold 29 and 30, not 1 and 2.
    edition = edition_of(store, {ANN: daily([*range(3, 19), 1, 2, 29, 30])})
    gain = by_name(own_report(edition, ANN, FAME))["popularity"].metrics["ndcg@10"]
    assert gain.low < gain.mean < gain.high
    assert gain.mean == pytest.approx((1 + 0.63093) / (1 + 0.63093 + 0.5 + 0.43068), abs=1e-5)


def test_the_household_is_the_mean_of_its_people(store):
    lucky, unlucky = daily([*range(1, 17), 27, 28, 29, 30]), daily([*range(5, 21), 1, 2, 3, 4])
    edition = edition_of(store, {ANN: lucky, BOB: unlucky})
    report = own_report(edition, EVERYBODY, FAME)
    assert (report.people, report.liked, report.held_out) == (2, 40, 8)
    assert by_name(report)["popularity"].metrics["ndcg@10"].mean == pytest.approx(0.5)


def test_who_has_too_few_likes_is_not_counted_among_the_people(store):
    edition = edition_of(store, {ANN: daily(range(1, 21)), BOB: daily(range(1, 4))})
    report = own_report(edition, EVERYBODY, FAME)
    assert (report.people, report.liked, report.held_out) == (1, 23, 4)


def test_the_same_edition_gives_the_same_bounds(store):
    edition = edition_of(store, {ANN: daily(range(1, 21))})
    assert own_report(edition, ANN, FAME) == own_report(edition, ANN, FAME)


def test_the_weights_that_a_person_confirmed_are_asked_about_first():
    assert list(presets_of(None)) == ["default", "classic"]
    assert list(presets_of(Weights(1, 0, 0, 0))) == ["yours", "default", "classic"]
    assert presets_of(None)["classic"] == {preset.name: preset.weights for preset in PRESETS}["classic"]


# Words


def test_too_few_watches_are_said_to_be_too_few(store):
    edition = edition_of(store, {ANN: daily(range(1, 6)), BOB: []})
    assert "there are 5" in words_of(own_report(edition, ANN, FAME))[0]
    assert "nobody here has so many" in words_of(own_report(edition, EVERYBODY, FAME))[0]
    assert own_report(edition, ANN, FAME).worths == ()


def test_two_ways_that_find_the_same_are_said_to_be_the_same(store):
    edition = edition_of(store, {ANN: daily(range(1, 21))})
    first, second = words_of(own_report(edition, ANN, FAME))
    assert first.startswith("Of the 4 titles that Ann liked last, 4 stood in the first 100")
    assert second == "By popularity: 4, the same."
    assert "people here liked" in words_of(own_report(edition, EVERYBODY, FAME))[0]


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.1, 0.3, "which is fewer by more than chance"),
        (-0.3, -0.1, "which is more by more than chance"),
        (-0.1, 0.3, "too near to tell apart with so few titles"),
        (0.0, 0.0, "the same"),
    ],
)
def test_a_lead_is_only_called_one_where_chance_does_not_explain_it(low, high, verdict):
    asked, rival = (Worth(name, 7, {}, Interval(0, low, high)) for name in ("default", "classic"))
    words = words_of(OwnReport(ANN, 1, 60, 12, (asked, rival)))
    assert words[1] == f"By the plain formula: 7, {verdict}."
