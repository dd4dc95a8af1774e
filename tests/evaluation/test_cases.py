"""Choosing people, titles and how much is known of a person."""

import zlib

from doublebill.evaluation.cases import some_of, with_first_likes, with_title_half
from doublebill.evaluation.dataset import Track, read_pool
from doublebill.evaluation.ratings import cases_of, read_ratings


def read(folder):
    pool = read_pool(folder, Track.N)
    return pool, cases_of(pool, read_ratings(folder / "ratings.csv.gz"))


def half_of(tmdb_id: int) -> int:
    return zlib.crc32(str(tmdb_id).encode()) % 2


def test_at_most_so_many_people_are_drawn_and_always_the_same(folder):
    _, cases = read(folder)
    assert [case.name for case in some_of(cases, None)] == ["ann", "bob"]
    drawn = some_of(cases, 1)
    assert len(drawn) == 1
    assert drawn == some_of(cases, 1)


def test_the_first_likes_are_known_and_what_is_ranked_stays(folder):
    _, cases = read(folder)
    cut, whole = with_first_likes(cases, 3)[0], cases[0]
    assert [watch.key.tmdb_id for watch in cut.watches] == [1, 2, 3]
    assert (cut.is_barred == whole.is_barred).all()
    assert (cut.targets == whole.targets).all()
    assert with_first_likes(cases, 0)[0].watches == ()
    assert with_first_likes(cases, 99)[0].watches == whole.watches
    assert with_first_likes(cases, None) == cases


def test_a_title_half_ranks_and_seeks_its_own_titles_and_the_histories_stay_whole(folder):
    pool, cases = read(folder)
    for half in (0, 1):
        case = with_title_half(pool, cases, half)[0]
        assert {half_of(tmdb_id) for tmdb_id in pool.ids[~case.is_barred].tolist()} == {half}
        assert pool.ids[case.targets].tolist() == [tmdb_id for tmdb_id in range(17, 21) if half_of(tmdb_id) == half]
        assert case.watches == cases[0].watches
    assert with_title_half(pool, cases, None) == cases


def test_the_two_halves_are_all_titles(folder):
    pool, cases = read(folder)
    kept = [~with_title_half(pool, cases, half)[0].is_barred for half in (0, 1)]
    assert (kept[0] ^ kept[1] == ~cases[0].is_barred).all()
