from datetime import timedelta

import pytest

from core.toys import NOW, catalogue, film, series, title, watch
from doublebill.core.explain import evidence_for
from doublebill.core.profile import Circumstances, build_profile
from doublebill.core.recommend import Reader, rank
from doublebill.core.rows import because_rows
from doublebill.core.wish import Wish
from doublebill.model import Collection, Weights

SPACE, WEST, CRIME = film(1), film(2), film(3)
SEQUEL, TWIN = film(4), film(5)
SAGA = Collection(7, "The Space Collection")
GENRES = {
    SPACE: ("Science Fiction",),
    WEST: ("Western",),
    CRIME: ("Crime",),
    SEQUEL: ("Science Fiction", "Action"),
    TWIN: ("Science Fiction",),
}
NAMED = {source: [film(10 * source.tmdb_id + place) for place in range(1, 7)] for source in GENRES}
"""Each watched title names six others, and nobody else names these."""


def house(*, names=NAMED, watches=None, watcher="you"):
    """Give a reader on a toy house; it has as many titles that nobody names, as only the better half makes rows."""
    watched = [title(key, genres=GENRES[key], collection=SAGA if key in (SPACE, SEQUEL) else None) for key in GENRES]
    picked = sorted({key for keys in names.values() for key in keys})
    unnamed = [film(number) for number in range(900, 930)]
    titles = {one.key: one for one in [*watched, *map(title, picked), *map(title, unnamed)]}
    shelf = catalogue(list(titles.values()), names)
    case = Circumstances(watches or [[watch(key) for key in (SPACE, WEST, CRIME)]], [], [], NOW)
    return Reader(shelf, build_profile(shelf, case), lambda keys: known(titles, keys), watcher)


def known(titles, keys):
    return {key: titles[key] for key in keys if key in titles}


def rows(reader, *, count=10, limit=12):
    return because_rows(reader, Weights(), count=count, limit=limit)


def because(reader, **asked):
    return [row.because.key for row in rows(reader, **asked)]


def picks(row):
    return [pick.title.key for pick in row.picks]


# What stands in a row


def test_a_row_is_a_watched_title_and_what_it_speaks_for():
    found = rows(house())
    assert {row.because.key: picks(row) for row in found} == {key: NAMED[key] for key in (SPACE, WEST, CRIME)}
    assert found[0].words == f"Because you watched {found[0].because.title}"


def test_the_household_is_spoken_of_as_such():
    reader = house(watches=[[watch(SPACE)], [watch(WEST)]], watcher="the household")
    assert {row.words for row in rows(reader)} == {
        "Because the household watched Title 1",
        "Because the household watched Title 2",
    }


def test_every_pick_of_a_row_has_its_title_among_the_witnesses_of_its_explanation():
    reader = house()
    for row in rows(reader):
        found = evidence_for(reader.catalogue, reader.profile, reader.catalogue.rows(picks(row)))
        assert all(reader.catalogue.row(row.because.key) in evidence.rows for evidence in found)


def test_picks_are_scored_and_ordered_as_everywhere():
    reader = house()
    everywhere = [(reader.catalogue.key(e.row), e.scores) for e in rank(reader.catalogue, reader.profile, Wish(99))]
    for row in rows(reader):
        told = [(pick.title.key, pick.scores) for pick in row.picks]
        assert told == [entry for entry in everywhere if entry in told]
        assert all(pick.reasons for pick in row.picks)


def test_no_pick_stands_in_two_rows():
    both = [film(number) for number in range(50, 60)]
    found = [key for row in rows(house(names={SPACE: both, WEST: both, CRIME: both})) for key in picks(row)]
    assert len(found) == len(set(found)) > 4


@pytest.mark.parametrize(("named", "made"), [(3, 0), (4, 1)])
def test_a_row_of_fewer_than_four_is_left_out(named, made):
    assert len(rows(house(names={SPACE: NAMED[SPACE][:named]}))) == made


def test_a_row_is_cut_to_what_is_asked_for_and_stays_a_row():
    assert [len(row.picks) for row in rows(house(), limit=1)] == [1, 1, 1]


def test_who_speaks_third_and_in_one_way_only_makes_no_row():
    shared = [film(number) for number in range(50, 60)]
    assert because(house(names={SPACE: shared, WEST: [*NAMED[WEST][:3], *shared], CRIME: shared})) == [SPACE]


# Which titles make rows


def test_more_rows_begin_with_fewer():
    everything = rows(house())
    assert [rows(house(), count=count) for count in (1, 2, 3)] == [everything[:count] for count in (1, 2, 3)]


def test_the_same_house_has_the_same_rows():
    assert rows(house()) == rows(house())


def test_what_was_watched_lately_comes_first():
    for newest in (SPACE, WEST, CRIME):
        watches = [
            watch(key, last_played_at=NOW - timedelta(days=0 if key == newest else 700)) for key in (SPACE, WEST, CRIME)
        ]
        assert because(house(watches=[watches]))[0] == newest


def test_what_was_loved_comes_first():
    watches = [watch(key, is_favorite=key == CRIME) for key in (SPACE, WEST, CRIME)]
    assert because(house(watches=[watches]))[0] == CRIME


def test_a_day_that_nobody_knows_is_long_ago():
    watches = [watch(SPACE, last_played_at=None), watch(WEST), watch(CRIME)]
    assert because(house(watches=[watches]))[-1] == SPACE
    assert len(because(house(watches=[[watch(key, last_played_at=None) for key in (SPACE, WEST)]]))) == 2


def test_a_franchise_has_one_row():
    found = because(house(watches=[[watch(key) for key in (SPACE, SEQUEL, WEST)]]))
    assert len({SPACE, SEQUEL} & set(found)) == 1
    assert WEST in found


def test_another_taste_comes_before_more_of_the_same():
    watches = [watch(SPACE, is_favorite=True), watch(TWIN, is_favorite=True), watch(WEST)]
    assert because(house(watches=[watches])) == [SPACE, WEST, TWIN]


# Where there is little


def test_who_watched_nothing_has_no_rows():
    assert rows(house(watches=[[]])) == []


def test_an_empty_catalogue_has_no_rows():
    shelf = catalogue([])
    profile = build_profile(shelf, Circumstances([[watch(series(1))]], [], [], NOW))
    assert rows(Reader(shelf, profile, lambda keys: {})) == []


def test_a_watched_title_that_nothing_is_known_of_makes_no_row():
    reader = house()
    gone = Reader(reader.catalogue, reader.profile, lambda keys: reader.lookup([key for key in keys if key != WEST]))
    assert set(because(gone)) == {SPACE, CRIME}
