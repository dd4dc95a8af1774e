import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.toys import NOW, catalogue, film, title, watch
from doublebill.core.explain import evidence_for
from doublebill.core.profile import Circumstances, build_profile
from doublebill.core.recommend import Reader, why
from doublebill.core.witnesses import backings
from doublebill.model import Formula, Weights

ONLY_CONTENT, ONLY_LISTS = Weights(1, 0, 0, 0), Weights(0, 1, 0, 0)


def house(vectors, lists=None, histories=None, formula=Formula.CLASSIC):
    titles = {film(number): title(film(number)) for number in {*vectors, 1, 2, 3, 4, 9}}
    shelf = catalogue(
        list(titles.values()),
        {film(source): [film(target) for target in targets] for source, targets in (lists or {}).items()},
        {film(number): vector for number, vector in vectors.items()},
    )
    watched = histories or [[1, 2]]
    case = Circumstances([[watch(film(number)) for number in history] for history in watched], [], [], NOW, formula)
    return Reader(shelf, build_profile(shelf, case), lambda keys: {key: titles[key] for key in keys if key in titles})


def told(reader, weights, number=9):
    verdict = why(reader, weights, film(number))
    return {(backer.title.key.tmdb_id, backer.component): backer.share for backer in verdict.because_of}


def test_a_cosine_is_told_by_its_summands():
    reader = house({1: [1, 0], 2: [0, 1], 9: [0.6, 0.8]})
    assert told(reader, ONLY_CONTENT) == {
        (2, "content"): pytest.approx(0.8 / 1.4, abs=1e-3),
        (1, "content"): pytest.approx(0.6 / 1.4, abs=1e-3),
    }


def test_whoever_names_a_title_has_an_equal_part():
    reader = house({}, {1: [9], 2: [9], 3: [9], 4: [9]}, [[1, 2, 3, 4]])
    assert set(told(reader, ONLY_LISTS).values()) == {0.25}


def test_in_a_household_who_watched_less_says_more_with_each_title():
    reader = house({}, {1: [9], 2: [9]}, [[1], [2, 3]])
    assert told(reader, ONLY_LISTS) == {
        (1, "collaborative"): pytest.approx(2 / 3, abs=1e-4),
        (2, "collaborative"): pytest.approx(1 / 3, abs=1e-4),
    }


def test_what_speaks_against_a_title_is_not_told_and_makes_no_share_more_than_the_whole():
    reader = house({1: [1, 0], 2: [-0.9, 0.5], 9: [1, 0]})
    assert told(reader, ONLY_CONTENT) == {(1, "content"): 1.0}


def test_a_component_that_adds_nothing_has_nobody_behind_it():
    reader = house({1: [1, 0], 2: [0, 1], 9: [0.6, 0.8]}, {1: [9]})
    assert {component for _, component in told(reader, ONLY_LISTS)} == {"collaborative"}
    assert told(reader, Weights(0, 0, 1, 0)) == {}
    assert told(house({1: [1, 0], 9: [-1, 0]}), ONLY_CONTENT) == {}


def test_without_a_history_nobody_speaks():
    assert told(house({1: [1, 0], 9: [1, 0]}, histories=[[]]), Weights()) == {}


def test_who_accounts_for_most_of_the_score_comes_first():
    reader = house({1: [1, 0], 2: [0, 1], 9: [0.1, 1]}, {1: [9]})
    first = why(reader, Weights(0.1, 0.9, 0, 0), film(9)).because_of[0]
    assert (first.title.key, first.component, first.share) == (film(1), "collaborative", 1.0)
    first = why(reader, Weights(0.9, 0.1, 0, 0), film(9)).because_of[0]
    assert (first.title.key, first.component) == (film(2), "content")


def test_a_witness_that_nothing_is_known_of_is_left_out():
    reader = house({1: [1, 0], 2: [0, 1], 9: [0.6, 0.8]})
    known = reader.lookup([film(1), film(9)])
    gone = Reader(reader.catalogue, reader.profile, lambda keys: {key: known[key] for key in keys if key in known})
    assert set(told(gone, ONLY_CONTENT)) == {(1, "content")}


vector = st.lists(st.floats(-1, 1, width=32), min_size=3, max_size=3).filter(lambda found: sum(map(abs, found)) > 0.1)


@given(st.tuples(vector, vector, vector), st.sets(st.sampled_from([1, 2])), st.sampled_from(Formula))
def test_points_are_never_more_than_the_components_add(vectors, naming, formula):
    of_number = dict(zip((1, 2, 9), vectors, strict=True))
    reader = house(of_number, {number: [9] for number in naming}, formula=formula)
    row = reader.catalogue.row(film(9))
    (evidence,) = evidence_for(reader.catalogue, reader.profile, reader.catalogue.rows([film(9)]))
    scores = why(reader, Weights(), film(9)).pick.scores
    found = backings(reader.profile, row, evidence, scores, Weights())
    for component in ("content", "collaborative"):
        of_one = [backing for backing in found if backing.component == component]
        added = getattr(Weights(), component) * (getattr(scores, component) or 0)
        assert sum(backing.share for backing in of_one) <= 1.0002
        assert sum(backing.points for backing in of_one) <= added / (1 - missing(scores)) + 1e-9


def missing(scores):
    return sum(getattr(Weights(), name) for name, part in scores.components.items() if part is None)
