"""Rankers over people, added up by hand."""

import math

import numpy as np
import pytest

from doublebill.core.metrics import best_first
from doublebill.evaluation.dataset import Track, read_pool
from doublebill.evaluation.measuring import measure
from doublebill.evaluation.rankers import popularity_ranker, preset_ranker, random_ranker
from doublebill.evaluation.ratings import cases_of, read_ratings
from doublebill.model import Weights


@pytest.fixture
def toy(folder):
    pool = read_pool(folder, Track.N)
    return pool, cases_of(pool, read_ratings(folder / "ratings.csv.gz"))


def measured(toy, ranker):
    pool, cases = toy
    return measure(pool, cases, {"it": ranker}, lambda: None)["it"]


def test_popularity_is_what_one_works_out_by_hand(toy):
    # Ann's candidates by votes: 30 .. 21, then 20 .. 17, which are to be found: places 11 to 14.
    # Bob's: 30 .. 21, then 4 .. 1, which are to be found: the same places.
    found = measured(toy, popularity_ranker(toy[0]))
    best = sum(1 / math.log2(place + 1) for place in range(1, 5))
    got = sum(1 / math.log2(place + 1) for place in range(11, 15))
    assert found.means == pytest.approx(
        {
            "ndcg@10": 0,
            "ndcg@100": got / best,
            "recall@20": 1,
            "recall@100": 1,
            "hit_rate@10": 0,
            "mrr": 1 / 11,
            # Without the three most voted, 28 to 30, the targets stand at places 8 to 11.
            "tail_ndcg@10": sum(1 / math.log2(place + 1) for place in range(8, 11)) / best,
            "intra_list_diversity@10": 25 / 45,
            "popularity@10": np.mean([place / 29 for place in range(20, 30)]),
            "coverage@10": 10 / 30,
        }
    )
    assert (found.ndcg.mean, found.ndcg.low, found.ndcg.high) == (0, 0, 0)


def test_a_preset_is_the_products_own_score(toy):
    # By the lists alone: film 1, which both liked, names 17 and 18. Bob liked these, Ann is to find them.
    pool, cases = toy
    order = preset_ranker(pool, Weights(0, 1, 0, 0))(cases[0])
    assert sorted(pool.ids[order[:2]].tolist()) == [17, 18]


def test_a_preset_without_a_history_still_ranks(toy):
    pool, cases = toy
    case = type(cases[0])("new", (), cases[0].is_barred, cases[0].targets, cases[0].now)
    assert preset_ranker(pool, Weights(0, 0, 0, 1))(case)[:2].tolist() == [29, 28]  # the most votes


def test_chance_is_the_same_for_a_person_each_time(toy):
    _, cases = toy
    assert random_ranker(cases[0]).tolist() == random_ranker(cases[0]).tolist()
    assert random_ranker(cases[0])[:14].tolist() != random_ranker(cases[1])[:14].tolist()
    assert set(random_ranker(cases[0])[14:].tolist()) == set(range(16))  # the barred


def test_who_finds_everything_at_once_is_perfect(toy):
    def oracle(case):
        scores = np.zeros(len(case.is_barred))
        scores[case.targets] = 1
        return best_first(scores, case.is_barred, case.ties())

    found = measured(toy, oracle)
    assert (found.means["ndcg@10"], found.means["mrr"], found.means["recall@20"]) == (1, 1, 1)
    assert (found.ndcg.low, found.ndcg.high) == (1, 1)


def test_every_person_advances_the_bar_once(toy):
    pool, cases = toy
    done = []
    measure(pool, cases, {"random": random_ranker, "popularity": popularity_ranker(pool)}, lambda: done.append(1))
    assert len(done) == 2


def test_what_is_defined_for_nobody_is_nan(toy):
    pool, cases = toy
    known = type(cases[0])("ann", (), cases[0].is_barred, np.array([29]), cases[0].now)
    assert math.isnan(measure(pool, [known], {"it": random_ranker}, lambda: None)["it"].means["tail_ndcg@10"])
