"""Filters, orders and pages of a ranking."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.toys import NOW, catalogue, film, series, title, watch
from doublebill.core.profile import Circumstances, build_profile
from doublebill.core.recommend import Reader, rank, ranking, recommend_page
from doublebill.core.wish import Sort, Wish
from doublebill.model import Kind, Weights

OLD, NEW = date(1979, 5, 25), date(2019, 5, 30)
TITLES = {
    one.key: one
    for one in [
        title(film(1), released=OLD),
        title(film(2), vote_average=8.2, vote_count=15_000, released=OLD, original_language="en", genres=("Horror",)),
        title(film(3), vote_average=8.5, vote_count=17_000, released=NEW, original_language="ko", genres=("Drama",)),
        title(series(3), vote_average=8.5, vote_count=17_000, released=NEW, original_language="ko"),
        title(film(4), vote_average=7.0, vote_count=9, original_language="fr"),
        title(film(5), released=date(2019, 1, 1)),
        title(film(6), released=NEW),
        *(title(film(number)) for number in range(10, 30)),
    ]
}
VECTORS = {film(1): [1, 0], film(2): [1, 0.1], film(3): [0.5, 1], series(3): [1, 0.5], film(4): [1, 1], film(6): [0, 1]}
SHELF = catalogue(list(TITLES.values()), {film(1): [film(4), film(6), film(2)]}, VECTORS)
OWNED, HIDDEN = film(3), film(6)
CASE = Circumstances([[watch(film(1))]], [OWNED], [HIDDEN], NOW)
PROFILE = build_profile(SHELF, CASE)
parts = st.just(0.0) | st.floats(0.03125, 1, width=32)
weightings = st.tuples(parts, parts, parts, parts).filter(any).map(lambda weights: Weights(*weights))
filters = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(Kind),
        "year_to": st.sampled_from([1979, 2019]),
        "language": st.sampled_from(["ko", "xx"]),
        "min_score": st.floats(0, 1),
        "include_owned": st.booleans(),
        "sort": st.sampled_from(Sort),
    },
)


def keys(**facts):
    return [SHELF.key(entry.row) for entry in rank(SHELF, PROFILE, Wish(**{"limit": 100, **facts}))]


def in_order(entries):
    """Give entries by row: among other ones the same may come in a more varied order."""
    return sorted(entries, key=lambda entry: entry.row)


# Filters


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"year_from": 1979, "year_to": 1979}, {film(2)}),
        ({"year_from": 1980}, {series(3), film(5)}),
        ({"year_to": 2018}, {film(2)}),
        ({"year_from": 2020}, set()),
        ({"year_from": 2019, "year_to": 1979}, set()),
        ({"language": "fr"}, {film(4)}),
        ({"language": "ko", "kind": Kind.TV}, {series(3)}),
        ({"language": "ko"}, {series(3)}),
        ({"language": "xx"}, set()),
        ({"genre": "horror", "language": "en", "year_to": 2000, "kind": Kind.MOVIE}, {film(2)}),
    ],
)
def test_a_filter_keeps_what_is_known_to_fit(facts, expected):
    assert set(keys(**facts)) == expected


def test_what_is_owned_comes_where_it_is_asked_for_and_what_was_seen_or_hidden_never_does():
    assert set(keys(include_owned=True)) - set(keys()) == {OWNED}
    seen = build_profile(SHELF, Circumstances([[watch(film(1)), watch(OWNED)]], [OWNED], [HIDDEN], NOW))
    assert OWNED not in [SHELF.key(entry.row) for entry in rank(SHELF, seen, Wish(100, include_owned=True))]


def test_an_owned_title_pays_for_being_like_a_hidden_one_too():
    (owned,) = [e for e in rank(SHELF, PROFILE, Wish(100, include_owned=True)) if SHELF.key(e.row) == OWNED]
    assert owned.scores.penalty > 0


# Orders


def test_the_best_rated_come_first():
    entries = rank(SHELF, PROFILE, Wish(100, sort=Sort.QUALITY))
    qualities = [entry.scores.quality for entry in entries]
    assert qualities == sorted(qualities, reverse=True)
    assert SHELF.key(entries[0].row) == series(3)


def test_what_watched_titles_point_to_comes_first_equals_by_their_score():
    entries = rank(SHELF, PROFILE, Wish(100, sort=Sort.COLLABORATIVE))
    told = [(entry.scores.collaborative, entry.scores.hybrid) for entry in entries]
    assert told == sorted(told, reverse=True)
    assert {SHELF.key(entry.row) for entry in entries[:2]} == {film(2), film(4)}


def test_where_nothing_is_known_to_sort_by_the_score_does():
    newcomer = build_profile(SHELF, Circumstances([[]], [], [], NOW))
    orders = [rank(SHELF, newcomer, Wish(100, sort=sort)) for sort in (Sort.COLLABORATIVE, Sort.HYBRID)]
    assert orders[0] == orders[1]


def test_the_newest_come_first_and_what_has_no_day_last():
    assert keys(sort=Sort.NEWEST)[:3] == [series(3), film(5), film(2)]
    dated = [TITLES[key].released is not None for key in keys(sort=Sort.NEWEST)]
    assert dated == sorted(dated, reverse=True)


def test_of_one_day_the_better_score_comes_first():
    both = [key for key in keys(sort=Sort.NEWEST, include_owned=True) if TITLES[key].released == NEW]
    assert both == [key for key in keys(include_owned=True) if TITLES[key].released == NEW]
    assert len(both) == 2


def test_every_order_has_the_same_titles():
    assert {frozenset(keys(sort=sort)) for sort in Sort} == {frozenset(keys())}


# Pages


@given(weightings, filters, st.integers(1, 30))
def test_pages_are_the_whole_list_cut_without_loss_or_repeat(weights, facts, limit):
    whole = rank(SHELF, PROFILE, Wish(1000, weights=weights, **facts))
    pages = [
        ranking(SHELF, PROFILE, Wish(limit, weights=weights, offset=offset, **facts))
        for offset in range(0, len(whole) + limit, limit)
    ]
    assert [entry for page in pages for entry in page.entries] == whole
    assert {page.total for page in pages} == {len(whole)}


@given(weightings, st.floats(0, 1), st.booleans())
def test_a_least_score_keeps_exactly_what_shows_one(weights, least, on_grid):
    least = round(least, 4) if on_grid else least
    everything = rank(SHELF, PROFILE, Wish(1000, weights=weights))
    kept = ranking(SHELF, PROFILE, Wish(1000, weights=weights, min_score=least))
    assert in_order(kept.entries) == in_order(entry for entry in everything if entry.scores.hybrid >= least)
    assert kept.total == len(kept.entries)


def test_a_score_that_only_rounding_lifts_to_the_least_one_is_kept():
    for entry, offset in product(rank(SHELF, PROFILE, Wish(1000)), (-1e-4, 0, 1e-4)):
        least = round(entry.scores.hybrid + offset, 4)
        kept = [each.row for each in rank(SHELF, PROFILE, Wish(1000, min_score=least))]
        assert (entry.row in kept) is (offset <= 0)


@pytest.mark.parametrize(
    ("limit", "offset", "following"), [(10, 0, 10), (10, 10, 20), (24, 0, None), (10, 20, None), (10, 99, None)]
)
def test_a_page_says_where_the_next_begins(limit, offset, following):
    reader = Reader(SHELF, PROFILE, lambda wanted: {key: TITLES[key] for key in wanted})
    page = recommend_page(reader, Wish(limit, offset=offset))
    assert (page.total, page.next_offset) == (24, following)
    assert len(page.picks) == max(0, min(limit, 24 - offset))


def test_a_title_that_is_gone_shortens_its_page_and_no_other():
    reader = Reader(SHELF, PROFILE, lambda wanted: {key: TITLES[key] for key in wanted if key != series(3)})
    page = recommend_page(reader, Wish(10))
    assert (len(page.picks), page.total, page.next_offset) == (9, 24, 10)


def test_a_varied_order_has_the_same_titles_and_the_best_one_first():
    plain, mixed = (rank(SHELF, PROFILE, Wish(1000, sort=sort)) for sort in (Sort.HYBRID, Sort.VARIED))
    assert mixed[0] == plain[0]
    assert {entry.row for entry in mixed} == {entry.row for entry in plain}
    assert rank(SHELF, PROFILE, Wish(5, sort=Sort.VARIED, offset=3)) == mixed[3:8]
