from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.toys import NOW, catalogue, film, series, title, watch
from doublebill.core.taste import (
    Taste,
    collaborative,
    content,
    is_abandoned,
    nearness,
    pointers,
    taste_of,
    worth,
)

LONG_AGO = NOW - timedelta(days=60)


def test_a_film_seen_to_the_end_is_worth_one():
    assert worth(watch(film(1)), NOW) == 1.0


def test_a_long_series_is_worth_one_title_and_never_its_episodes():
    finished = watch(series(1), episodes=60, completion=1.0)
    begun = watch(series(1), episodes=8, completion=8 / 60)
    half_a_film = watch(film(1), completion=0.5)
    assert worth(finished, NOW) == 1.0
    assert worth(half_a_film, NOW) < worth(begun, NOW) < worth(finished, NOW)


@pytest.mark.parametrize("opinion", [{"likes": False}, {"rating": 3.0}])
def test_what_is_disliked_is_worth_nothing_unless_it_is_a_favourite(opinion):
    assert worth(watch(film(1), **opinion), NOW) == 0.0
    assert worth(watch(film(1), is_favorite=True, **opinion), NOW) > 0


def test_a_middling_rating_is_no_dislike_although_jellyfin_says_not_liked():
    assert worth(watch(film(1), likes=False, rating=5.0), NOW) == 1.0


@pytest.mark.parametrize("opinion", [{"is_favorite": True}, {"likes": True}, {"rating": 8.0}])
def test_what_is_liked_is_worth_more(opinion):
    assert worth(watch(film(1), **opinion), NOW) == 1.5


def test_watching_again_is_worth_more_but_not_without_end():
    assert worth(watch(film(1)), NOW) < worth(watch(film(1), plays=2), NOW) < worth(watch(film(1), plays=8), NOW)
    assert worth(watch(film(1), plays=10_000), NOW) == 2.0


@pytest.mark.parametrize(
    ("facts", "abandoned"),
    [
        ({"completion": 0.1}, True),
        ({"completion": 0.2}, False),
        ({"completion": 0.1, "last_played_at": NOW}, False),
        ({"completion": 0.1, "episodes": 5}, False),
        ({"completion": 0.0, "plays": 0}, False),
        ({"completion": 0.0, "plays": 1}, True),
        ({"completion": 0.1, "by_hand": True}, False),
        ({"completion": 0.1, "last_played_at": None}, False),
    ],
)
def test_a_title_begun_left_and_not_touched_for_a_month_is_abandoned(facts, abandoned):
    told = {"completion": 0.1, "episodes": 0, "last_played_at": LONG_AGO, **facts}
    assert is_abandoned(watch(film(1), **told), NOW) is abandoned
    assert (worth(watch(film(1), **told), NOW) == 0.0) >= abandoned


SHELF = catalogue(
    [title(film(n)) for n in range(1, 7)],
    lists={film(1): [film(3), film(4)], film(2): [film(3)]},
    similar={film(1): [film(3), film(5)]},
    vectors={film(1): [1, 0], film(2): [0, 1], film(3): [1, 1], film(4): [1, 0], film(5): [-1, -1]},
)
EVERYTHING = np.ones(6, dtype=np.bool_)


def components(histories):
    taste = taste_of(SHELF, histories, NOW)
    named = pointers(SHELF, taste)
    return content(SHELF, nearness(SHELF, taste)), collaborative(SHELF, taste, named, EVERYTHING)


def test_content_is_the_cosine_with_the_mean_of_the_watched_clipped_at_zero():
    closeness, _ = components([[watch(film(1)), watch(film(2))]])
    assert closeness[2:5] == pytest.approx([1.0, np.sqrt(0.5), 0.0], abs=1e-4)
    assert np.isnan(closeness[5])


def test_collaborative_counts_each_watched_title_once_and_scales_by_the_most():
    _, evidence = components([[watch(film(1)), watch(film(2))]])
    assert evidence == pytest.approx([0, 0, 1.0, 0.5, 0.5, 0])


def test_each_person_of_a_household_has_the_same_say():
    anna, ben = [watch(film(1)), watch(film(6))], [watch(film(2))]
    closeness, evidence = components([anna, ben])
    assert closeness[2] == pytest.approx(1.0, abs=1e-4)
    assert evidence == pytest.approx([0, 0, 1.0, 1 / 3, 1 / 3, 0], abs=1e-4)


def test_who_watched_nothing_has_no_say_and_no_taste():
    alone, _ = components([[watch(film(1))]])
    together, _ = components([[watch(film(1))], []])
    np.testing.assert_array_equal(alone, together)
    closeness, evidence = components([[]])
    assert np.isnan(closeness).all()
    assert np.isnan(evidence).all()


def test_a_disliked_title_speaks_for_nothing():
    assert taste_of(SHELF, [[watch(film(1), likes=False)]], NOW) == Taste()


def test_without_lists_the_evidence_is_known_to_be_none():
    bare = catalogue([title(film(1)), title(film(2))])
    taste = taste_of(bare, [[watch(film(1))]], NOW)
    assert list(collaborative(bare, taste, pointers(bare, taste), np.ones(2, dtype=np.bool_))) == [0, 0]


def test_opposite_tastes_without_a_mean_give_no_content():
    opposite = catalogue([title(film(1)), title(film(2))], vectors={film(1): [1, 0], film(2): [-1, 0]})
    taste = taste_of(opposite, [[watch(film(1)), watch(film(2))]], NOW)
    assert np.isnan(content(opposite, nearness(opposite, taste))).all()


def test_an_entry_in_both_lists_is_one_pair_at_its_place_in_the_better_list():
    named = pointers(SHELF, taste_of(SHELF, [[watch(film(1))]], NOW))
    assert list(named.targets) == [2, 3, 4]
    assert list(named.ranks) == [0, 1, 10_001]


@given(st.permutations([1, 2, 3, 4]))
def test_the_order_of_watches_does_not_matter(order):
    first = components([[watch(film(n)) for n in order]])
    second = components([[watch(film(n)) for n in sorted(order)]])
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)
