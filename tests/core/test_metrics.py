"""The metrics, by hand and by what holds for any ranking."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doublebill.core.metrics import (
    best_first,
    bootstrap,
    coverage,
    hit_rate,
    intra_list_diversity,
    judge,
    ndcg,
    recall,
    reciprocal_rank,
    resampled,
    temporal_split,
    yardstick,
)

ACTION, DRAMA, WAR = 1, 2, 4


def marks(text: str) -> np.ndarray:
    """Write hits as "x" and misses as "."."""
    return np.array([letter == "x" for letter in text])


def bits(*genres: int) -> np.ndarray:
    return np.array(genres, dtype=np.uint64)


def toy(size: int = 20) -> tuple[object, np.ndarray]:
    """Titles of which the last two are the most voted tenth, and their order from the first to the last."""
    genres = bits(*(ACTION if place % 2 else DRAMA for place in range(size)))
    return yardstick(genres, np.arange(size, dtype=np.int32)), np.arange(size)


rankings = st.lists(st.booleans(), min_size=1, max_size=30).filter(any).map(np.array)


# By hand


def test_ndcg_discounts_by_the_place_and_divides_by_the_best_there_could_be():
    assert ndcg(marks("x....x"), 2, 10) == pytest.approx((1 + 1 / math.log2(7)) / (1 + 1 / math.log2(3)))
    assert ndcg(marks(".x"), 1, 10) == pytest.approx(1 / math.log2(3))


def test_ndcg_is_not_lowered_by_targets_that_no_list_of_k_could_hold():
    assert ndcg(marks("xx...xxxx"), 6, 2) == pytest.approx(1)


def test_recall_is_the_share_of_all_targets():
    assert recall(marks("x..x.x"), 4, 4) == 0.5
    assert recall(marks("..x"), 1, 2) == 0


def test_hit_rate_asks_for_one_target():
    assert hit_rate(marks(".x"), 2) == 1
    assert hit_rate(marks("..x"), 2) == 0


def test_the_reciprocal_rank_is_of_the_first_target():
    assert reciprocal_rank(marks("...x.x")) == 0.25
    assert reciprocal_rank(marks("...")) == 0


def test_without_a_target_nothing_can_be_said():
    assert math.isnan(ndcg(marks("..."), 0, 10))
    assert math.isnan(recall(marks("..."), 0, 10))


def test_diversity_is_the_mean_distance_of_the_genres_of_all_pairs():
    # action | action, drama | war: 1 - 1/2, 1 - 0, 1 - 0
    assert intra_list_diversity(bits(ACTION, ACTION | DRAMA, WAR)) == pytest.approx((0.5 + 1 + 1) / 3)


def test_titles_without_genres_differ_and_one_title_alone_has_no_diversity():
    assert intra_list_diversity(bits(0, 0)) == 1
    assert math.isnan(intra_list_diversity(bits(ACTION)))


def test_coverage_counts_a_title_once_whoever_has_it():
    assert coverage([np.array([0, 1]), np.array([1, 2])], 6) == 0.5
    assert coverage([], 6) == 0


def test_the_yardstick_knows_the_most_voted_tenth_and_the_place_by_votes():
    stick, _ = toy()
    assert np.flatnonzero(stick.is_head).tolist() == [18, 19]
    assert stick.percentiles.tolist() == pytest.approx([place / 19 for place in range(20)])


def test_a_judgement_is_all_of_it_for_one_ranking():
    stick, order = toy()
    judged = judge(stick, order[::-1], np.array([0, 17, 19]))  # places 1, 3 and 20; 19 is of the most voted tenth
    best = 1 + 1 / math.log2(3)
    assert dict(judged.values) == pytest.approx(
        {
            "ndcg@10": (1 + 1 / math.log2(4)) / (best + 1 / math.log2(4)),
            "ndcg@100": (1 + 1 / math.log2(4) + 1 / math.log2(21)) / (best + 1 / math.log2(4)),
            "recall@20": 1,
            "recall@100": 1,
            "hit_rate@10": 1,
            "mrr": 1,
            "tail_ndcg@10": 1 / best,  # without 18 and 19 the title 17 is the first, and 0 stands behind the tenth
            "intra_list_diversity@10": 25 / 45,  # the pairs of a drama and an action film among the ten
            "popularity@10": 14.5 / 19,
        }
    )
    assert judged.top.tolist() == list(range(19, 9, -1))


def test_the_tail_is_undefined_for_who_only_likes_what_everybody_knows():
    stick, order = toy()
    assert math.isnan(judge(stick, order, np.array([18])).values["tail_ndcg@10"])


# Orders


def test_the_barred_come_last_and_before_them_what_has_no_score():
    scores = np.array([np.nan, 0.9, 0.1, -np.inf, 0.5], dtype=np.float32)
    order = best_first(scores, marks(".x..."), np.arange(5.0))
    assert order.tolist() == [4, 2, 0, 3, 1]


def test_ties_are_decided_by_what_was_drawn():
    assert best_first(np.zeros(3), marks("..."), np.array([0.5, 0.9, 0.1])).tolist() == [2, 0, 1]


def test_the_split_is_by_time_and_the_last_fifth_is_held_out():
    moments = np.array([50, 10, 40, 20, 30])
    history, held_out = temporal_split(moments, np.zeros(5))
    assert history.tolist() == [1, 3, 4, 2]
    assert held_out.tolist() == [0]


def test_what_was_liked_at_one_moment_is_ordered_by_what_was_drawn():
    history, held_out = temporal_split(np.array([7, 7, 7, 7]), np.array([0.4, 0.1, 0.9, 0.2]))
    assert [*history, *held_out] == [1, 3, 0, 2]


# What holds for any ranking


@given(rankings, st.integers(1, 40))
def test_every_metric_is_between_0_and_1(hits, k):
    targets = int(hits.sum())
    for value in (ndcg(hits, targets, k), recall(hits, targets, k), hit_rate(hits, k), reciprocal_rank(hits)):
        assert 0 <= value <= 1 + 1e-12


@given(rankings, st.integers(1, 40))
def test_a_ranking_with_all_targets_in_front_is_perfect(hits, k):
    best = np.sort(hits)[::-1]
    assert ndcg(best, int(hits.sum()), k) == pytest.approx(1)
    assert reciprocal_rank(best) == 1


@given(rankings, st.integers(0, 29), st.integers(1, 40))
def test_a_target_that_moves_up_a_place_lowers_nothing(hits, place, k):
    raised, place = hits.copy(), place % len(hits)
    if place and hits[place] and not hits[place - 1]:
        raised[[place - 1, place]] = True, False
    targets = int(hits.sum())
    assert ndcg(raised, targets, k) >= ndcg(hits, targets, k)
    assert recall(raised, targets, k) >= recall(hits, targets, k)
    assert reciprocal_rank(raised) >= reciprocal_rank(hits)


@given(st.permutations(range(12)), st.sets(st.integers(0, 11), min_size=1))
def test_the_names_of_the_titles_do_not_matter(renamed, targets):
    votes, names = np.arange(12, dtype=np.int32) ** 2, np.array(renamed)
    genres, scores, ties = bits(*range(12)), np.arange(12) % 5, np.linspace(0, 1, 12)
    wanted, nobody = np.array(sorted(targets)), np.zeros(12, dtype=np.bool_)
    plain = judge(yardstick(genres, votes), best_first(scores, nobody, ties), wanted)
    back = np.argsort(names)
    other = judge(yardstick(genres[names], votes[names]), best_first(scores[names], nobody, ties[names]), back[wanted])
    assert dict(other.values) == pytest.approx(dict(plain.values), nan_ok=True)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.integers(0, 2**32))
def test_a_split_leaves_out_nothing_and_never_turns_time_back(moments, seed):
    told = np.array(moments)
    history, held_out = temporal_split(told, np.random.default_rng(seed).random(len(told)))
    assert sorted([*history, *held_out]) == list(range(len(told)))
    assert not len(history) or told[history].max() <= told[held_out].min()


# Bounds


def test_the_bounds_of_a_coin_are_those_of_the_binomial():
    coin = np.array([0.0] * 200 + [1.0] * 200)
    found = bootstrap(coin, np.random.default_rng(0))
    assert found.mean == 0.5
    assert (found.low, found.high) == pytest.approx((0.5 - 1.96 * 0.025, 0.5 + 1.96 * 0.025), abs=0.004)


def test_a_seed_gives_the_same_bounds_again():
    values = np.random.default_rng(1).random(50)
    assert bootstrap(values, np.random.default_rng(2)) == bootstrap(values, np.random.default_rng(2))


def test_what_is_undefined_is_left_out():
    values = np.array([0.2, np.nan, 0.4])
    assert bootstrap(values, np.random.default_rng(0)) == bootstrap(values[[0, 2]], np.random.default_rng(0))
    assert math.isnan(bootstrap(values[1:2], np.random.default_rng(0)).mean)


def test_every_sample_has_as_many_as_were_asked():
    assert resampled(7, np.random.default_rng(0), 100).sum(axis=1) == pytest.approx(np.ones(100))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.integers(0, 2**32))
def test_the_mean_of_a_bootstrap_lies_among_the_values(values, seed):
    found = bootstrap(np.array(values), np.random.default_rng(seed), 50)
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
    assert found.mean == pytest.approx(np.mean(values))
