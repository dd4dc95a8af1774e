import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.toys import catalogue, film, title
from doublebill.core.diversity import VARIED, varied

GENRES = (("Drama",), ("Drama", "Crime"), ("Comedy",), ())
SHELF = catalogue([title(film(n), genres=GENRES[n % 4]) for n in range(1, 151)])


def best_first(scores):
    return np.argsort(-scores, kind="stable")


def test_of_equals_the_one_unlike_the_first_comes_next():
    shelf = catalogue([title(film(n), genres=(genre,)) for n, genre in ((1, "Drama"), (2, "Drama"), (3, "Comedy"))])
    assert list(varied(shelf, np.array([0, 1, 2]), np.array([0.5, 0.45, 0.42]))) == [0, 2, 1]


def test_a_much_better_score_is_not_given_up_for_variety():
    shelf = catalogue([title(film(n), genres=(genre,)) for n, genre in ((1, "Drama"), (2, "Drama"), (3, "Comedy"))])
    assert list(varied(shelf, np.array([0, 1, 2]), np.array([0.5, 0.45, 0.3]))) == [0, 1, 2]


@given(st.integers(0, 2**32 - 1))
def test_the_same_titles_come_and_those_after_the_hundredth_as_before(seed):
    scores = np.random.default_rng(seed).random(150)
    order = best_first(scores)
    found = varied(SHELF, order, scores)
    assert sorted(found) == sorted(order)
    assert list(found[VARIED:]) == list(order[VARIED:])
    assert found[0] == order[0]


def test_a_shorter_list_of_more_than_a_hundred_is_the_beginning_of_a_longer_one():
    scores = np.random.default_rng(1).random(150)
    order = best_first(scores)
    assert list(varied(SHELF, order[:120], scores)) == list(varied(SHELF, order, scores)[:120])


def test_nothing_is_put_in_order_as_nothing():
    assert len(varied(SHELF, np.zeros(0, dtype=np.int64), np.zeros(150))) == 0
