from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.toys import NOW, catalogue, film, series, title, watch
from doublebill.core.affinity import affinity, members_of, strength
from doublebill.core.explain import evidence_for
from doublebill.core.profile import Circumstances, build_profile
from doublebill.core.recommend import hybrid_scores
from doublebill.model import Weights

GENRES = (("Drama",), ("Comedy",), ("Action", "Adventure"))


def facts(number, **other):
    released = date(1960 + number % 60, 5, 1)
    told = {"genres": GENRES[number % 3], "vote_average": 5 + number % 5, "vote_count": 40 * number}
    return {"released": released, "original_language": "en" if number % 4 else "ko", **told, **other}


NUMBERS = range(1, 41)
SHELF = catalogue(
    [
        *(title(film(n), **facts(n)) for n in NUMBERS),
        title(series(1), **facts(2, genres=("Action & Adventure",))),
        title(series(2), **facts(1, genres=("Comedy",))),
    ],
    lists={film(n): [film(n % 40 + 1), film(n * 7 % 40 + 1)] for n in NUMBERS},
    vectors={film(n): [np.cos(n), np.sin(n), 0.5] for n in NUMBERS},
)
histories = st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=12, unique=True)


def column(history, place, shelf=SHELF):
    return affinity(shelf, [history], NOW).components[:, place]


def seen(*numbers, **told):
    return [watch(film(n), **told) for n in numbers]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, 1.0),
        ({"rating": 8.0}, 1.5),
        ({"rating": 10.0}, 3.0),
        ({"rating": 7.0}, 0.75),
        ({"rating": 5.0}, 0.25),
        ({"rating": 2.0}, 0.0),
        ({"completion": 0.5}, 0.5),
    ],
)
def test_a_watch_says_as_much_as_it_was_liked(told, expected):
    assert strength(watch(film(1), **told), NOW) == pytest.approx(expected)


@given(histories)
def test_every_component_is_known_and_within_0_and_1(numbers):
    components = affinity(SHELF, [seen(*numbers)], NOW).components
    assert np.isfinite(components).all()
    assert ((components >= 0) & (components <= 1)).all()


@given(histories, st.randoms(use_true_random=False))
def test_the_order_of_watches_does_not_matter(numbers, random):
    shuffled = random.sample(numbers, len(numbers))
    one, other = (affinity(SHELF, [seen(*order)], NOW).components for order in (numbers, shuffled))
    np.testing.assert_array_equal(one, other)


def test_who_watched_nothing_sees_what_is_well_rated_by_many():
    profile = build_profile(SHELF, Circumstances([[]], [], [], NOW))
    assert np.isnan(profile.components[:, :2]).all()
    scores = hybrid_scores(profile, Weights())
    famous, unknown = SHELF.row(film(39)), SHELF.row(film(4))
    assert scores[famous] > scores[unknown]


def test_confidence_without_history_is_a_fifth_of_the_decimal_logarithm_of_votes():
    shelf = catalogue([title(film(1), vote_count=999), title(film(2), vote_count=10**6)])
    assert list(affinity(shelf, [], NOW).components[:, 3]) == pytest.approx([0.6, 1.0])


def test_quality_without_history_starts_with_4000_votes_at_the_mean():
    shelf = catalogue([title(film(1), vote_average=8.818, vote_count=4000), title(film(2))])
    assert list(affinity(shelf, [], NOW).components[:, 2]) == pytest.approx([0.7818, 0.6818])


def test_collaborative_by_hand():
    shelf = catalogue([title(film(1)), title(film(2))], lists={film(1): [film(2)]})
    # evidence 1 + 0.09 for the only neighbour, believed by 1 / 21
    assert column(seen(1), 1, shelf)[1] == pytest.approx(1 / 21 / 4 * np.log(1 + 1.09 / 0.03), abs=1e-4)


def test_a_single_watch_says_little_and_many_say_much():
    spread = [np.ptp(column(seen(*range(1, count)), 0)) for count in (2, 6, 21)]
    assert spread == sorted(spread)
    assert spread[0] < 0.1


def test_a_taste_of_films_speaks_for_series_of_the_genre():
    content = column(seen(2, 5, 8, 11, 14, 17, 20), 0)  # action and adventure, all of them
    assert content[SHELF.row(series(1))] > content[SHELF.row(series(2))]


def test_who_watches_what_is_new_is_given_what_is_new():
    days = {film(n): NOW.date() - timedelta(days=365 * (n % 2) * 30 + 10 * n) for n in range(1, 31)}
    shelf = catalogue([title(key, released=day, vote_count=100) for key, day in days.items()])
    content = column([watch(film(n)) for n in range(2, 25, 2)], 0, shelf)
    assert content[shelf.row(film(28))] > 0.5 > content[shelf.row(film(29))]


def test_how_old_a_film_was_when_it_was_watched_counts_too():
    shelf = catalogue([title(film(n), released=date(2016, 1, n), vote_count=100) for n in range(1, 20)])
    then = NOW.replace(year=2016, month=3)
    (member,) = members_of(shelf, [[watch(film(1), last_played_at=then)]], NOW)
    assert member.ages == pytest.approx([10.2, 0.2], abs=0.1)


def test_a_title_of_unknown_date_has_no_habit_of_age():
    shelf = catalogue([title(film(1)), title(film(2), released=date(2020, 1, 1))])
    (member,) = members_of(shelf, [seen(1)], NOW)
    assert np.isnan(member.ages).all()
    assert np.isfinite(column(seen(1), 0, shelf)).all()


def test_a_household_is_the_mean_of_its_people_whoever_watched_more():
    anna, ben = seen(1, 2, 3, 4, 5, 6), seen(30)
    together = affinity(SHELF, [anna, ben], NOW).components
    apart = [affinity(SHELF, [each], NOW).components for each in (anna, ben)]
    inside = (apart[0] > 0.02) & (apart[0] < 0.98) & (apart[1] > 0.02) & (apart[1] < 0.98)
    assert together[inside] == pytest.approx(np.mean(apart, axis=0)[inside], abs=2e-4)


def test_who_liked_nothing_has_no_say():
    alone = affinity(SHELF, [seen(1)], NOW).components
    np.testing.assert_array_equal(affinity(SHELF, [seen(1), seen(2, likes=False), []], NOW).components, alone)


def test_the_shares_of_the_naming_titles_are_part_of_all_evidence():
    named = affinity(SHELF, [seen(1, 2, 3)], NOW).named
    direct = np.bincount(named.targets, weights=named.shares, minlength=len(SHELF))
    assert (direct <= named.totals + 1e-5).all()
    assert direct.any()


def test_the_shares_of_the_nearest_titles_are_what_nearness_adds_to_content():
    near = affinity(SHELF, [seen(1, 2, 3)], NOW).near
    row = SHELF.row(film(9))
    added = near.weights @ (near.vectors @ SHELF.ground.centred(SHELF.vectors, np.array([row]))[0])
    assert added == pytest.approx(SHELF.ground.cosines(SHELF.vectors, near.weights @ near.vectors)[row], abs=1e-5)


def test_a_reason_of_nearness_accounts_for_no_more_than_its_titles_add():
    case = Circumstances([seen(1, 2, 3)], [], [], NOW)
    profile, row = build_profile(SHELF, case), SHELF.row(film(8))
    (evidence,) = evidence_for(SHELF, profile, np.array([row]))
    told = sum(witness.share for witness in evidence.nearest if witness.share > 0)
    assert evidence.near_part == pytest.approx(told / profile.components[row, 0])
    assert 0 < evidence.near_part < 1


def test_titles_that_are_barred_on_top_of_the_rest_are_no_candidates():
    barred = np.zeros(len(SHELF), dtype=np.bool_)
    barred[5] = True
    profile = build_profile(SHELF, Circumstances([seen(1)], [], [], NOW, barred=barred))
    assert not profile.is_candidate[5]
    assert profile.handicap[5] == -np.inf
