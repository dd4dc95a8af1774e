"""The reference rankings on a real dataset, where it is there, are worth what the protocol's own program says."""

from pathlib import Path

import pytest

from doublebill.evaluation.cases import some_of
from doublebill.evaluation.dataset import Track, read_pool
from doublebill.evaluation.measuring import measure
from doublebill.evaluation.rankers import popularity_ranker, random_ranker
from doublebill.evaluation.ratings import cases_of, read_ratings

DATASET = Path(__file__).parents[3] / "shared" / "eval"

PROGRAM = {
    "random": {
        "ndcg@10": 0.0095,
        "ndcg@100": 0.0225,
        "recall@20": 0.0093,
        "recall@100": 0.0449,
        "hit_rate@10": 0.08,
        "mrr": 0.039,
        "tail_ndcg@10": 0.0049,
        "intra_list_diversity@10": 0.8258,
        "popularity@10": 0.4892,
        "coverage@10": 0.236,
    },
    "popularity": {
        "ndcg@10": 0.1056,
        "ndcg@100": 0.1827,
        "recall@20": 0.1139,
        "recall@100": 0.3077,
        "hit_rate@10": 0.5,
        "mrr": 0.2343,
        "tail_ndcg@10": 0.0198,
        "intra_list_diversity@10": 0.8221,
        "popularity@10": 0.9971,
        "coverage@10": 0.0132,
    },
}
"""What the program said of 100 people of track N."""


@pytest.mark.skipif(not DATASET.is_dir(), reason="the dataset is not beside this checkout")
def test_the_references_are_worth_what_the_protocols_program_says():
    pool = read_pool(DATASET, Track.N)
    cases = some_of(cases_of(pool, read_ratings(DATASET / "ratings_dev.csv.gz")), 100)
    found = measure(pool, cases, {"random": random_ranker, "popularity": popularity_ranker(pool)}, lambda: None)
    for name, metrics in PROGRAM.items():
        assert {metric: round(found[name].means[metric], 4) for metric in metrics} == metrics
    bounds = found["popularity"].ndcg
    assert (round(bounds.low, 4), round(bounds.high, 4)) == (0.0771, 0.1351)
