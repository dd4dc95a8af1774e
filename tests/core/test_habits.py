import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doublebill.core.habits import (
    AGE,
    UNKNOWN,
    Chosen,
    Crowd,
    Ruler,
    above_mean,
    crowd_shares,
    habit_of_genres,
    habit_of_sorts,
    habit_on_ruler,
    lift,
)

FILMS = np.array([True, True, True, False, False])
VOTES = np.array([100, 25, 0, 9, 0], dtype=np.int32)


def chosen(*rows):
    return Chosen(np.array(rows, dtype=np.int64), np.ones(len(rows)))


def test_the_crowd_chooses_by_the_square_root_of_votes_within_each_kind():
    assert crowd_shares(VOTES, FILMS) == pytest.approx([10 / 15, 5 / 15, 0, 1, 0])


def test_without_any_vote_every_title_is_as_likely():
    assert crowd_shares(np.zeros(4, dtype=np.int32), FILMS[1:]) == pytest.approx([0.5, 0.5, 0.5, 0.5])


def test_a_value_is_held_against_the_mean_of_its_kind():
    shares = crowd_shares(VOTES, FILMS)
    assert above_mean(np.array([7.0, 4.0, 6.0, 8.0, 9.0]), shares, FILMS) == pytest.approx([1, -2, 0, 0, 1])


def test_who_watches_two_films_for_a_series_is_held_against_such_a_crowd():
    expected = Crowd(FILMS, crowd_shares(VOTES, FILMS)).expected_for(chosen(0, 1, 3))
    assert expected == pytest.approx([4 / 9, 2 / 9, 0, 1 / 3, 0])


def test_a_lift_by_hand():
    # 5 of 10 watches where a quarter was expected: ln((5 / 0.251 + 10) / 20)
    assert lift(np.array([5.0]), np.array([0.25]), 10)[0] == pytest.approx(np.log((5 / 0.251 + 10) / 20))


@given(st.integers(0, 1000))
def test_choosing_like_everybody_is_no_habit_however_long(weight):
    shares = np.array([0.5, 0.3, 0.2])
    assert lift(weight * shares, shares, weight) == pytest.approx(0, abs=0.01)


def test_a_habit_grows_with_the_watches_that_show_it():
    shares = np.array([0.5])
    lifts = [lift(np.array([float(count)]), shares, count)[0] for count in (0, 1, 5, 50)]
    assert lifts[0] == 0
    assert lifts == sorted(set(lifts))


def test_a_habit_of_sorts_favours_the_sort_that_is_chosen():
    habit = habit_of_sorts(np.array([0, 0, 1, 1]), chosen(0, 1), np.full(4, 0.25))
    assert habit[0] == habit[1] > 0 > habit[2] == habit[3]


def test_genres_count_by_the_root_of_their_number():
    has = np.array([[1, 0], [0, 1], [1, 1]], dtype=np.float32)
    habit = habit_of_genres(has, chosen(0), np.full(3, 1 / 3))
    assert habit[2] == pytest.approx((habit[0] + habit[1]) / np.sqrt(2))
    assert habit[0] > 0 > habit[1]


def test_a_ruler_finds_neighbours_alike_and_leaves_the_unknown_alone():
    places = AGE.places(np.log1p(np.array([0.1, 0.3, 40.0, np.nan])))
    habit = habit_on_ruler(AGE, places, places[:1], np.ones(1), np.full(4, 0.25))
    assert habit[0] > 0 > habit[2]
    assert habit[1] > 0
    assert (places[3], habit[3]) == (UNKNOWN, 0)


def test_what_lies_beyond_a_ruler_stands_at_its_end():
    ruler = Ruler(0.0, 1.0, 0.5)
    assert list(ruler.places(np.array([-9.0, 0.0, 0.52, 9.0]))) == [0, 0, 5, 10]
    assert ruler.smoothed(np.eye(11)[0])[0] == 1
