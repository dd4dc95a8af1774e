"""One ranking out of several: places count, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from core.toys import film
from doublebill.core.fusion import fuse

rankings = st.lists(
    st.lists(st.integers(1, 30), unique=True, max_size=20).map(lambda ids: [*map(film, ids)]), max_size=4
)


def test_the_places_add_up_as_the_paper_has_it():
    one, two, three = film(1), film(2), film(3)
    # 1/61 + 1/63 = 0.03227 for the first, 1/62 + 1/62 = 0.03226 for the second, 1/63 + 1/61 for the third
    assert fuse([[one, two, three], [three, two, one]]) == [one, three, two]


def test_what_two_name_comes_before_what_one_names_first():
    assert fuse([[film(1), film(2)], [film(3), film(2)]])[0] == film(2)


def test_the_first_ranking_wins_a_tie():
    assert fuse([[film(1), film(2)], [film(3), film(4)]]) == [film(1), film(3), film(2), film(4)]


def test_nothing_is_fused_out_of_nothing():
    assert fuse([]) == fuse([[], []]) == []


@given(rankings)
def test_every_title_comes_once(given_rankings):
    fused = fuse(given_rankings)
    assert len(fused) == len(set(fused))
    assert set(fused) == {key for ranking in given_rankings for key in ranking}


@given(st.lists(st.integers(1, 30), unique=True).map(lambda ids: [*map(film, ids)]))
def test_one_ranking_stays_as_it_is(ranking):
    assert fuse([ranking]) == fuse([ranking, ranking]) == fuse([[], ranking]) == ranking
