"""The household's own likes as cases."""

from dataclasses import replace
from datetime import date, timedelta

from core.toys import NOW, film, watch
from doublebill.evaluation.household import MOST_PEOPLE, cases_of, likes_of, pool_of, watches_of
from doublebill.model import Person
from doublebill.sync.edition import EVERYBODY
from evaluation.homes import ANN, BOB, all_lists, daily, edition_of, films


def case_of(edition, person=ANN):
    return cases_of(edition, likes_of(edition, person))[0]


def ids(places) -> list[int]:
    """The film of place n is n + 1."""
    return [int(place) + 1 for place in places]


def test_the_last_fifth_of_the_likes_is_held_out(store):
    case = case_of(edition_of(store, {ANN: daily(range(1, 21))}))
    assert [each.key.tmdb_id for each in case.watches] == list(range(1, 17))
    assert ids(case.targets) == [17, 18, 19, 20]
    assert ids(case.is_barred.nonzero()[0]) == list(range(1, 17))
    assert case.now == case.watches[-1].last_played_at


def test_every_title_of_the_edition_is_in_the_pool(store):
    edition = edition_of(store, {ANN: []})
    assert pool_of(edition).ids.tolist() == list(range(1, 31))


def test_nineteen_likes_are_too_few(store):
    edition = edition_of(store, {ANN: daily(range(1, 20))})
    assert cases_of(edition, likes_of(edition, ANN)) == []


def test_what_was_disliked_is_no_like_and_is_not_ranked(store):
    case = case_of(edition_of(store, {ANN: [*daily(range(1, 21)), watch(film(25), rating=1.0)]}))
    assert len(case.watches) == 16
    assert ids(case.is_barred.nonzero()[0]) == [*range(1, 17), 25]


def test_a_like_without_a_moment_is_history_and_counts_for_no_split(store):
    edition = edition_of(store, {ANN: [*daily(range(1, 21)), watch(film(25), last_played_at=None)]})
    assert len(likes_of(edition, ANN)[0].dated) == 20
    case = case_of(edition)
    assert case.watches[0].key == film(25)
    assert ids(case.targets) == [17, 18, 19, 20]


def test_a_title_whose_lists_are_unknown_is_not_ranked_unless_it_is_to_be_found(store):
    lists = {key: names for key, names in all_lists().items() if key.tmdb_id not in (20, 30)}
    case = case_of(edition_of(store, {ANN: daily(range(1, 21))}, lists=lists))
    assert 30 in ids(case.is_barred.nonzero()[0])
    assert ids(case.targets) == [17, 18, 19, 20]


def test_adult_and_unreleased_titles_are_not_ranked(store):
    titles = films()
    titles[27] = replace(titles[27], is_adult=True)
    titles[28] = replace(titles[28], released=date(2099, 1, 1))
    case = case_of(edition_of(store, {ANN: daily(range(1, 21))}, titles))
    assert ids(case.is_barred.nonzero()[0]) == [*range(1, 17), 28, 29]


def test_the_household_is_each_of_its_people_who_has_most_first(store):
    edition = edition_of(store, {ANN: daily(range(1, 21)), BOB: daily(range(1, 26))})
    assert [likes.person for likes in likes_of(edition, EVERYBODY)] == [BOB, ANN]
    assert [case.name for case in cases_of(edition, likes_of(edition, EVERYBODY))] == ["b", "a"]
    assert len(watches_of(edition, EVERYBODY)) == 45
    assert len(watches_of(edition, BOB)) == 25


def test_the_work_is_bounded_by_the_number_of_people(store):
    crowd = {Person(str(n), str(n)): daily(range(1, 21)) for n in range(MOST_PEOPLE + 2)}
    edition = edition_of(store, crowd)
    assert len(cases_of(edition, likes_of(edition, EVERYBODY))) == MOST_PEOPLE


def test_watches_of_one_evening_are_cut_the_same_way_each_time(store):
    evening = [watch(film(n), last_played_at=NOW - timedelta(days=1)) for n in range(1, 21)]
    first, second = (case_of(edition_of(store, {ANN: evening})) for _ in range(2))
    assert first.targets.tolist() == second.targets.tolist()
