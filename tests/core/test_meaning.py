"""Which titles are nearest to a query: by cosine, and only those that have a vector."""

import numpy as np
import pytest

from core.toys import catalogue, film, title
from doublebill.core.meaning import nearest, similarities

EAST, NORTH = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
VECTORS = {film(1): (0.0, 1.0), film(2): (0.6, 0.8), film(3): (1.0, 0.0), film(4): (-1.0, 0.0)}


@pytest.fixture(scope="module")
def toys():
    return catalogue([title(film(number)) for number in range(1, 6)], vectors=VECTORS)


def test_the_nearest_come_first(toys):
    assert nearest(toys, EAST, 3) == [film(3), film(2), film(1)]
    assert nearest(toys, NORTH, 2) == [film(1), film(2)]


def test_a_title_without_a_vector_is_never_near(toys):
    assert film(5) not in nearest(toys, EAST, 50)
    assert len(nearest(toys, EAST, 50)) == 4


def test_equals_come_in_the_order_of_their_keys(toys):
    assert nearest(toys, NORTH, 4)[2:] == [film(3), film(4)]


def test_a_shorter_answer_begins_a_longer_one(toys):
    assert nearest(toys, EAST, 2) == nearest(toys, EAST, 4)[:2]


def test_similarities_are_cosines_from_0_to_1_of_what_has_a_vector(toys):
    told = similarities(toys, EAST, [film(5), film(2), film(4), film(3), film(99)])
    assert told == {film(2): pytest.approx(0.6), film(3): pytest.approx(1), film(4): 0}


def test_in_an_empty_catalogue_nothing_is_near():
    empty = catalogue([])
    assert similarities(empty, np.zeros(empty.vectors.shape[1], np.float32), [film(1)]) == {}
    assert nearest(empty, np.zeros(empty.vectors.shape[1], np.float32), 5) == []
