import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from doublebill.core.scoring import blend, confidence, hide_penalty, on_grid, quality

votes_and_ratings = st.tuples(st.integers(0, 2_000_000), st.one_of(st.floats(0, 10, width=32), st.just(float("nan"))))


def one(function, rating, votes):
    return float(function(np.array([rating], dtype=np.float32), np.array([votes], dtype=np.int32))[0])


@pytest.mark.parametrize(
    ("rating", "votes", "expected"),
    [(10.0, 2, 0.6831), (8.5, 26_000, 0.8468), (7.0, 0, 0.6818), (float("nan"), 900, 0.6818)],
)
def test_quality_shrinks_ratings_of_few_votes_towards_the_mean(rating, votes, expected):
    assert one(quality, rating, votes) == pytest.approx(expected, abs=1e-4)


def test_the_two_quality_figures_of_the_description_hold():
    assert round(one(quality, 10.0, 2), 3) == 0.683
    assert round(one(quality, 8.5, 26_000), 3) == 0.847


@pytest.mark.parametrize(
    ("votes", "expected"), [(0, 0.0), (100, 0.50), (500, 0.67), (2_000, 0.80), (10_000, 0.90), (50_000, 0.97)]
)
def test_confidence_goes_through_the_five_points_of_the_description(votes, expected):
    assert one(confidence, 7.0, votes) == pytest.approx(expected, abs=1e-6)


def test_confidence_is_linear_in_the_logarithm_between_two_points():
    middle = round(10 ** ((np.log10(101) + np.log10(501)) / 2)) - 1
    assert one(confidence, 7.0, middle) == pytest.approx((0.50 + 0.67) / 2, abs=2e-3)


@pytest.mark.parametrize(
    ("rating", "votes", "factor"), [(9.5, 0, 0.7), (9.5, 1_000, 0.85), (3.0, 500, 0.775), (9.5, 2_000, 1.0)]
)
def test_an_extreme_rating_of_few_votes_is_trusted_less(rating, votes, factor):
    assert one(confidence, rating, votes) == pytest.approx(factor * one(confidence, 7.0, votes), abs=1e-4)


def test_a_cult_film_gains_five_percent():
    assert one(confidence, 8.7, 2_000) == pytest.approx(0.84, abs=1e-4)
    assert one(confidence, 8.7, 3_001) < one(confidence, 8.7, 3_000)


def test_confidence_is_never_above_its_limit():
    assert one(confidence, 7.0, 2_000_000_000) == pytest.approx(0.98)


@given(votes_and_ratings)
def test_quality_and_confidence_stay_in_their_range(case):
    votes, rating = case
    assert 0 <= one(quality, rating, votes) <= 1
    assert 0 <= one(confidence, rating, votes) <= 0.98 + 1e-6


@given(st.integers(0, 1_000_000), st.integers(0, 1_000_000))
def test_more_votes_never_mean_less_confidence_for_an_ordinary_rating(some, more):
    assert one(confidence, 7.0, min(some, more)) <= one(confidence, 7.0, max(some, more))


def test_a_hand_computed_blend():
    components = np.array([[0.5, 0.25, 0.8, 0.9]], dtype=np.float32)
    weights = np.array([0.40, 0.30, 0.20, 0.10], dtype=np.float32)
    assert blend(components, weights)[0] == pytest.approx(0.40 * 0.5 + 0.30 * 0.25 + 0.20 * 0.8 + 0.10 * 0.9)


def test_an_unknown_component_is_left_out_and_the_rest_rescaled():
    components = np.array([[np.nan, 0.25, 0.8, 0.9]], dtype=np.float32)
    weights = np.array([0.40, 0.30, 0.20, 0.10], dtype=np.float32)
    assert blend(components, weights)[0] == pytest.approx((0.30 * 0.25 + 0.20 * 0.8 + 0.10 * 0.9) / 0.6)


def test_a_row_that_knows_nothing_has_no_score():
    scores = blend(np.full((1, 2), np.nan, dtype=np.float32), np.ones(2, dtype=np.float32))
    assert np.isnan(scores[0])


def test_a_row_whose_known_components_weigh_nothing_scores_zero():
    components = np.array([[np.nan, 0.9]], dtype=np.float32)
    assert blend(components, np.array([1, 0], dtype=np.float32))[0] == 0


@pytest.mark.parametrize("weights", [[0, 0], [1, 1, 1]])
def test_weights_that_cannot_be_are_refused(weights):
    with pytest.raises(ValueError, match="one weight for each component"):
        blend(np.ones((1, 2), dtype=np.float32), np.array(weights, dtype=np.float32))


matrices = npst.arrays(np.float32, (6, 4), elements=st.one_of(st.floats(0, 1, width=32), st.just(float("nan"))))
weightings = npst.arrays(np.float32, 4, elements=st.floats(0.015625, 1, width=32))


@given(matrices, weightings)
def test_a_blend_lies_between_its_smallest_and_largest_part(components, weights):
    for score, row in zip(blend(components, weights), components, strict=True):
        known = row[np.isfinite(row)]
        assert not len(known) or known.min() - 1e-5 <= score <= known.max() + 1e-5


@given(matrices, weightings, st.floats(0.125, 8))
def test_a_blend_does_not_change_with_the_scale_of_the_weights(components, weights, scale):
    np.testing.assert_allclose(blend(components, weights), blend(components, weights * np.float32(scale)), atol=1e-5)


@given(matrices, weightings, st.permutations(range(6)))
def test_a_blend_does_not_depend_on_the_order_of_titles(components, weights, order):
    np.testing.assert_allclose(blend(components, weights)[order], blend(components[order], weights), atol=1e-6)


@pytest.mark.parametrize(("cosine", "expected"), [(1.0, 0.30), (0.8, 0.15), (0.6, 0.0), (0.2, 0.0), (-1.0, 0.0)])
def test_likeness_to_a_hidden_title_costs_up_to_thirty_percent(cosine, expected):
    hidden = np.array([[1.0, 0.0]], dtype=np.float32)
    vector = np.array([[cosine, np.sqrt(1 - cosine**2)]], dtype=np.float32)
    assert hide_penalty(vector, hidden)[0] == pytest.approx(expected, abs=1e-4)


def test_of_several_hidden_titles_the_most_alike_counts():
    hidden = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    assert hide_penalty(np.array([[0.0, 1.0]], dtype=np.float32), hidden)[0] == pytest.approx(0.30)


def test_nothing_hidden_and_nothing_known_cost_nothing():
    none = np.zeros((0, 2), dtype=np.float32)
    assert not hide_penalty(np.eye(2, dtype=np.float32), none).any()
    assert not hide_penalty(np.zeros((1, 2), dtype=np.float32), np.eye(2, dtype=np.float32)).any()


def test_the_grid_keeps_what_is_unknown_unknown():
    assert np.isnan(on_grid(np.array([np.nan]))[0])
