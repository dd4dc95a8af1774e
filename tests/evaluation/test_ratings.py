"""Ratings cut into cases by the protocol."""

import gzip
from datetime import UTC, datetime

import pytest

from doublebill.errors import DatasetRefused
from doublebill.evaluation.dataset import Track, read_pool
from doublebill.evaluation.ratings import cases_of, read_ratings
from evaluation.toys import DAY, FIRST_DAY, film, films, likes, ratings, write_dataset, write_ratings


def cut(folder, rows=None):
    """Give the cases by name."""
    path = write_ratings(folder / "ratings.csv.gz", ratings() if rows is None else rows)
    return {case.name: case for case in cases_of(read_pool(folder, Track.N), read_ratings(path))}


def ids(case) -> list[int]:
    return [watch.key.tmdb_id for watch in case.watches]


def barred(case) -> list[int]:
    return [place + 1 for place in case.is_barred.nonzero()[0].tolist()]


def test_the_first_four_fifths_are_the_history_and_the_rest_is_to_be_found(folder):
    case = cut(folder)["ann"]
    assert ids(case) == list(range(1, 17))
    assert case.targets.tolist() == [16, 17, 18, 19]
    assert barred(case) == list(range(1, 17))


def test_time_decides_and_not_the_order_of_the_file(folder):
    assert ids(cut(folder, ratings()[::-1])["bob"]) == list(range(20, 4, -1))


def test_who_likes_fewer_than_twenty_titles_is_left_out(folder):
    assert list(cut(folder)) == ["ann", "bob"]


def test_a_like_has_at_least_three_and_a_half_stars(folder):
    assert list(cut(folder, [*likes("x", range(1, 21), 3.0), *likes("y", range(1, 21), 3.5)])) == ["y"]


def test_ratings_of_titles_outside_the_track_are_passed_over(folder):
    rows = likes("ann", [500, *range(1, 21)])
    assert ids(cut(folder, rows)["ann"]) == list(range(1, 17))


def test_what_was_not_liked_is_not_ranked_if_it_was_rated_before_the_cut(folder):
    before, after = FIRST_DAY + 15 * DAY, FIRST_DAY + 15 * DAY + 1
    rows = [*likes("ann", range(1, 21)), ("ann", 25, 1.0, before), ("ann", 26, 1.0, after)]
    assert barred(cut(folder, rows)["ann"]) == [*range(1, 17), 25]


def test_what_came_out_after_the_year_of_the_last_rating_is_not_ranked(tmp_path):
    write_dataset(tmp_path, [*films()[:-3], film(28, year=2001), film(29, year=2002), film(30, year=None)])
    assert 29 in barred(cut(tmp_path)["ann"])
    assert not {28, 30} & set(barred(cut(tmp_path)["ann"]))


def test_a_title_to_be_found_is_never_barred(tmp_path):
    write_dataset(tmp_path, [film(tmdb_id, year=2009 if tmdb_id == 20 else 1990) for tmdb_id in range(1, 31)])
    case = cut(tmp_path)["ann"]
    assert case.targets.tolist() == [16, 17, 18, 19]
    assert barred(case) == list(range(1, 17))


def test_a_history_is_what_the_ledger_would_say(folder):
    case = cut(folder)["ann"]
    last = case.watches[-1]
    assert (last.rating, last.completion, last.plays) == (8.0, 1.0, 1)
    assert last.last_played_at == case.now == datetime.fromtimestamp(FIRST_DAY + 15 * DAY, UTC)


def test_equal_moments_are_cut_the_same_way_each_time(folder):
    rows = [("ann", tmdb_id, 4.0, FIRST_DAY) for tmdb_id in range(1, 31)]
    first, second = cut(folder, rows)["ann"], cut(folder, rows)["ann"]
    assert ids(first) == ids(second) != sorted(ids(first))
    assert len(first.targets) == 6


def test_a_plain_file_is_read_like_a_zipped_one(folder):
    plain = folder / "ratings.csv"
    plain.write_bytes(gzip.decompress((folder / "ratings.csv.gz").read_bytes()))
    assert read_ratings(plain).names == ("ann", "bob", "few")


@pytest.mark.parametrize(
    "row",
    [
        ("ann", "x", 4.0, 1),
        ("ann", 0, 4.0, 1),
        ("ann", 2**31, 4.0, 1),
        ("ann", 1, "nan", 1),
        ("ann", 1, 5.5, 1),
        ("ann", 1, 0, 1),
        ("ann", 1, 4.0, -1),
        ("ann", 1, 4.0, 10**12),
        ("ann", 1, 4.0, "yesterday"),
        ("ann", 1),
    ],
)
def test_a_row_that_is_no_rating_is_named(folder, row):
    path = write_ratings(folder / "wrong.csv.gz", [*ratings()[:2], row])
    with pytest.raises(DatasetRefused, match=r"wrong\.csv\.gz: line 4"):
        read_ratings(path)


def test_a_file_without_a_column_says_which(folder):
    (folder / "other.csv").write_text("userId,movieId,rating,timestamp\n1,2,3,4\n", "utf-8")
    with pytest.raises(DatasetRefused, match="user, tmdb_id, ts"):
        read_ratings(folder / "other.csv")


def test_an_empty_file_has_nobody_in_it(folder):
    assert cut(folder, []) == {}
