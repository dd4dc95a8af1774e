import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.toys import catalogue, film, series, title
from doublebill.core.catalogue import similar, top_rows


def test_a_film_and_a_series_of_one_id_are_two_titles():
    shelf = catalogue([title(film(605)), title(series(605))])
    assert shelf.row(film(605)) != shelf.row(series(605))
    assert [shelf.key(row) for row in range(2)] == [film(605), series(605)]


def test_an_unknown_title_has_no_row():
    shelf = catalogue([title(film(1))])
    assert shelf.row(film(2)) is None
    assert list(shelf.rows([film(2), film(1), film(1)])) == [0]


def test_an_empty_catalogue_is_a_catalogue():
    shelf = catalogue([])
    assert len(shelf) == 0
    assert shelf.row(film(1)) is None
    assert similar(shelf, film(1), 5) == []


def test_entries_that_lead_out_of_the_catalogue_are_left_out():
    shelf = catalogue([title(film(1)), title(film(2))], {film(1): [film(9), film(2)], film(8): [film(1)]})
    assert list(shelf.edges.targets[shelf.edges.of(0)]) == [1]
    assert list(shelf.edges.positions[shelf.edges.of(0)]) == [1]
    assert shelf.edges.of(1) == slice(1, 1)


def test_a_genre_is_found_by_part_of_its_name_without_case():
    shelf = catalogue([title(film(1), genres=("Science Fiction", "Drama")), title(film(2), genres=("Drama",))])
    assert shelf.genre_names == ("Drama", "Science Fiction")
    assert list((shelf.genre_bits & np.uint64(shelf.genre_mask("fiction"))) > 0) == [True, False]
    assert shelf.genre_mask("western") == 0


def test_titles_nearest_by_vector_come_first_and_without_the_title_itself():
    shelf = catalogue(
        [title(film(n)) for n in (1, 2, 3, 4)],
        vectors={film(1): [1, 0], film(2): [0, 1], film(3): [1, 0.1]},
    )
    assert [key for key, _ in similar(shelf, film(1), 5)] == [film(3), film(2)]
    assert similar(shelf, film(4), 5) == []


@given(
    st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0, float("-inf")]), max_size=30), st.integers(1, 40), st.integers(1, 40)
)
def test_a_shorter_list_of_the_best_begins_a_longer_one(scores, some, more):
    array = np.array(scores, dtype=np.float32)
    short, long = sorted((some, more))
    best = top_rows(array, long)
    assert list(top_rows(array, short)) == list(best[:short])
    assert len(best) == min(long, int(np.isfinite(array).sum()))


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=30))
def test_the_best_are_in_falling_order_and_equal_ones_by_row(scores):
    array = np.array(scores, dtype=np.float32)
    assert list(top_rows(array, 30)) == sorted(range(len(scores)), key=lambda row: (-array[row], row))


def test_vectors_of_unknown_titles_are_left_out():
    shelf = catalogue([title(film(1))], vectors={film(1): [0.0, 2.0], film(2): [1.0, 0.0]})
    assert shelf.vectors == pytest.approx(np.array([[0.0, 1.0]]))
