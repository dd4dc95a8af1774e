import pytest

from core.toys import NOW, catalogue, film, title, watch
from doublebill.core.explain import evidence_for, shared_features
from doublebill.core.profile import Circumstances, build_profile
from doublebill.core.recommend import Reader, recommend
from doublebill.core.wish import Wish
from doublebill.model import Collection, Credit, Formula

SAGA = Collection(1, "The Saga")
WATCHED = [
    title(film(1), title="One", collection=SAGA, keywords=("sea",)),
    title(film(2), title="Two", credits=(Credit("Tilda Swinton", "cast", 0),)),
    title(film(3), title="Three"),
]


def line(pick_facts, nearest):
    pick = title(film(9), title="Pick", **pick_facts)
    vectors = {film(n): [1, 0] if n == nearest else [0.4, 0.9] for n in (1, 2, 3)} | {film(9): [1, 0]}
    shelf = catalogue([*WATCHED, pick], vectors=vectors)
    profile = build_profile(shelf, Circumstances([[watch(film(n)) for n in (1, 2, 3)]], [], [], NOW))
    titles = {one.key: one for one in [*WATCHED, pick]}
    (found,) = recommend(Reader(shelf, profile, lambda keys: {key: titles[key] for key in keys}), Wish())
    return found.reasons[0].text


@pytest.mark.parametrize(
    ("facts", "nearest", "expected"),
    [
        ({"collection": SAGA}, 1, "Belongs to The Saga, like One"),
        ({"credits": (Credit("Tilda Swinton", "cast", 4),)}, 2, "With Tilda Swinton, like Two"),
        ({"keywords": ("sea",)}, 1, "Like One and Two: sea"),
        ({}, 3, "Close in tone to Three and One"),
    ],
)
def test_the_line_names_the_strongest_thing_in_common(facts, nearest, expected):
    assert line(facts, nearest) == expected


def test_many_pointers_are_counted_and_the_two_that_name_it_first_are_named():
    shelf = catalogue(
        [*WATCHED, title(film(9))], {film(n): [film(8), film(9)] if n == 1 else [film(9)] for n in (1, 2, 3)}
    )
    profile = build_profile(shelf, Circumstances([[watch(film(n)) for n in (1, 2, 3)]], [], [], NOW, Formula.CLASSIC))
    titles = {one.key: one for one in [*WATCHED, title(film(9))]}
    (pick,) = recommend(Reader(shelf, profile, lambda keys: {key: titles[key] for key in keys}), Wish())
    assert pick.reasons[0].text == "Because you watched Two, Three and 1 more"


def test_a_titles_shares_of_nearness_add_up_to_its_content():
    shelf = catalogue([*WATCHED, title(film(9))], vectors={film(1): [1, 0.2], film(2): [1, 0.5], film(9): [1, 1]})
    profile = build_profile(shelf, Circumstances([[watch(film(1)), watch(film(2))]], [], [], NOW, Formula.CLASSIC))
    (evidence,) = evidence_for(shelf, profile, shelf.rows([film(9)]))
    assert sum(witness.share for witness in evidence.nearest) == pytest.approx(
        profile.components[shelf.row(film(9)), 0], abs=1e-4
    )


def test_a_watched_title_is_no_reason_for_itself():
    shelf = catalogue(WATCHED, vectors={film(1): [1, 0.2], film(2): [1, 0.5]})
    profile = build_profile(shelf, Circumstances([[watch(film(1)), watch(film(2))]], [], [], NOW))
    (evidence,) = evidence_for(shelf, profile, shelf.rows([film(1)]))
    assert [witness.row for witness in evidence.nearest] == [shelf.row(film(2))]


def test_what_two_members_of_a_household_watched_is_one_witness():
    shelf = catalogue([*WATCHED, title(film(9))], {film(1): [film(9)]})
    both = [[watch(film(1))], [watch(film(1))]]
    profile = build_profile(shelf, Circumstances(both, [], [], NOW))
    (evidence,) = evidence_for(shelf, profile, shelf.rows([film(9)]))
    assert (evidence.naming_count, evidence.naming[0].share) == (1, pytest.approx(1.0))


def test_shared_features_are_named_once_each():
    one = title(
        film(1), collection=SAGA, genres=("Drama",), keywords=("sea", "Drama"), credits=(Credit("A", "cast", 0),)
    )
    other = title(
        film(2), collection=SAGA, genres=("Drama",), keywords=("sea", "Drama"), credits=(Credit("A", "cast", 3),)
    )
    assert shared_features(one, other) == ["The Saga", "A", "Drama", "sea"]
    assert shared_features(one, title(film(3))) == []
