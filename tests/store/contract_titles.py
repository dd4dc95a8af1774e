"""What every Store does with titles, their neighbours and their vectors."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from doublebill.core.columns import codes_of
from doublebill.core.history import hand_item_id
from doublebill.model import Credit, Title, TitleDetails, TitleKey
from doublebill.store import Store
from store.values import DAY, NOW, detailed, film, listed, movie, recommended, seen, series, similar, title_values

# A title saved with details replaces whatever an earlier example left.
round_trip = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def vectors(*rows: list[float]) -> np.ndarray:
    return np.array(rows, dtype=np.float32)


def edges(store: Store) -> list[tuple[int, int, bool, int]]:
    columns = store.edge_columns()
    arrays = (columns.sources, columns.targets, columns.is_recommendation, columns.positions)
    return list(zip(*(array.tolist() for array in arrays), strict=True))


class TitleContract:
    @round_trip
    @given(title_values)
    def test_a_title_with_details_comes_back_as_it_was(self, store: Store, title: Title) -> None:
        assert title.detailed_at
        store.save_details([TitleDetails(title)], title.detailed_at)
        assert store.titles([title.key]) == {title.key: title}

    @round_trip
    @given(title_values)
    def test_a_listed_title_comes_back_without_an_age(self, store: Store, title: Title) -> None:
        store.purge_titles(NOW + DAY)
        store.save_listed([title], NOW)
        assert store.titles([title.key]) == {title.key: replace(title, detailed_at=None)}

    def test_only_known_titles_are_given(self, store: Store) -> None:
        store.save_listed([listed(movie(605))], NOW)
        assert set(store.titles([movie(605), series(605), movie(1)])) == {movie(605)}

    def test_the_newest_list_replaces_what_an_older_one_said(self, store: Store) -> None:
        store.save_listed([listed(movie(1), overview="Old.", genres=("Drama",))], NOW)
        newer = listed(movie(1), title="Renamed", genres=("Comedy",), vote_count=3)
        store.save_listed([newer], NOW + DAY)
        assert store.titles([movie(1)]) == {movie(1): newer}

    def test_a_list_refreshes_only_votes_and_poster_of_a_title_with_details(self, store: Store) -> None:
        details = detailed(movie(1), overview="Long.", credits=(Credit("Ada", "cast", 0),), genres=("Drama",))
        store.save_details([details], NOW)
        fresh = {"vote_average": 7.5, "vote_count": 10, "popularity": 3.0, "poster_path": "/new.jpg"}
        store.save_listed([listed(movie(1), title="Renamed", backdrop_path="/x.jpg", **fresh)], NOW + DAY)
        assert store.titles([movie(1)]) == {movie(1): replace(details.title, **fresh)}

    def test_details_bring_their_listed_entries(self, store: Store) -> None:
        known = detailed(movie(1), overview="Long.")
        entries = (listed(movie(1), vote_count=5), listed(movie(3), vote_count=1))
        store.save_details([known, replace(detailed(movie(2)), listed=entries)], NOW)
        assert store.titles([movie(1), movie(3)]) == {movie(1): known.title, movie(3): entries[1]}

    def test_ages_tell_details_from_lists(self, store: Store) -> None:
        store.save_listed([listed(movie(1)), listed(movie(2))], NOW)
        store.save_details([detailed(movie(2))], NOW + DAY)
        store.save_listed([listed(movie(2))], NOW + 2 * DAY)
        assert store.detail_ages() == {movie(1): None, movie(2): NOW + DAY}

    def test_columns_are_aligned_and_sorted(self, store: Store) -> None:
        full = {"released": date(1979, 5, 25), "vote_average": 8.25, "vote_count": 9, "original_language": "en"}
        store.save_listed([listed(movie(9)), listed(series(1), genres=("Drama", "Crime"), is_adult=True, **full)], NOW)
        columns = store.title_columns()
        assert columns.codes.tolist() == codes_of([series(1), movie(9)]).tolist()
        assert (columns.names, columns.genres) == (["Title tv:1", "Title movie:9"], [("Drama", "Crime"), ()])
        assert (columns.votes.tolist(), columns.is_adult.tolist(), columns.languages) == (
            [9, 0],
            [True, False],
            ["en", ""],
        )
        np.testing.assert_array_equal(columns.years, np.array([1979, np.nan], dtype=np.float32))
        np.testing.assert_array_equal(columns.ratings, np.array([8.25, np.nan], dtype=np.float32))
        assert columns.released.tolist() == [(date(1979, 5, 25) - date(1970, 1, 1)).days, np.iinfo(np.int32).min]

    def test_column_types_are_those_promised(self, store: Store) -> None:
        columns, lists = store.title_columns(), store.edge_columns()
        arrays = (columns.codes, columns.years, columns.ratings, columns.votes, columns.released, columns.is_adult)
        assert [str(array.dtype) for array in arrays] == ["int64", "float32", "float32", "int32", "int32", "bool"]
        arrays = (lists.sources, lists.targets, lists.is_recommendation, lists.positions)
        assert [str(array.dtype) for array in arrays] == ["int64", "int64", "bool", "int16"]


class NeighbourContract:
    def test_lists_keep_their_order_whatever_the_order_of_entries(self, store: Store) -> None:
        neighbours = (*similar(movie(5)), *reversed(recommended(series(3), movie(2))))
        store.save_details([detailed(movie(1), *neighbours)], NOW)
        one, two, three, five = codes_of([movie(1), movie(2), series(3), movie(5)]).tolist()
        assert edges(store) == [(one, three, True, 0), (one, two, True, 1), (one, five, False, 0)]

    def test_new_details_replace_both_lists(self, store: Store) -> None:
        store.save_details([detailed(movie(1), *recommended(movie(2)), *similar(movie(3)))], NOW)
        store.save_details([detailed(movie(1), *recommended(movie(4)))], NOW + DAY)
        assert edges(store) == [(*codes_of([movie(1), movie(4)]).tolist(), True, 0)]

    def test_being_listed_leaves_the_lists_of_a_title(self, store: Store) -> None:
        store.save_details([detailed(movie(1), *recommended(movie(2)))], NOW)
        store.save_listed([listed(movie(1))], NOW + DAY)
        assert len(edges(store)) == 1


class VectorContract:
    def test_vectors_come_by_code_with_their_hashes(self, store: Store) -> None:
        store.save_listed([listed(movie(1)), listed(series(1))], NOW)
        store.save_vectors("small", [series(1), movie(1)], [b"tv", b"film"], vectors([1, 0], [0, 1]))
        columns = store.vector_columns("small")
        assert columns.codes.tolist() == codes_of([movie(1), series(1)]).tolist()
        np.testing.assert_array_equal(columns.vectors, vectors([0, 1], [1, 0]))
        assert store.text_hashes("small") == {movie(1): b"film", series(1): b"tv"}

    def test_models_do_not_mix(self, store: Store) -> None:
        store.save_listed([listed(movie(1))], NOW)
        store.save_vectors("small", [movie(1)], [b"a"], vectors([1, 0]))
        store.save_vectors("large", [movie(1)], [b"b"], vectors([0, 0, 1]))
        assert store.vector_columns("small").vectors.shape == (1, 2)
        assert store.text_hashes("large") == {movie(1): b"b"}
        assert store.text_hashes("other") == {}

    def test_a_newer_vector_replaces_the_older(self, store: Store) -> None:
        store.save_listed([listed(movie(1))], NOW)
        store.save_vectors("small", [movie(1)], [b"a"], vectors([1, 0]))
        store.save_vectors("small", [movie(1)], [b"b"], vectors([0, 1]))
        np.testing.assert_array_equal(store.vector_columns("small").vectors, vectors([0, 1]))
        assert store.text_hashes("small") == {movie(1): b"b"}

    def test_vectors_of_all_models_but_some_can_be_forgotten(self, store: Store) -> None:
        store.save_listed([listed(movie(1)), listed(movie(2))], NOW)
        for model in ("small", "large", "old"):
            store.save_vectors(model, [movie(1), movie(2)], [b"a", b"b"], vectors([1, 0], [0, 1]))
        assert store.forget_vectors({"small", "unheard of"}) == 4
        assert len(store.text_hashes("small")) == 2
        assert store.text_hashes("large") == store.text_hashes("old") == {}
        assert store.forget_vectors({"small"}) == 0
        store.save_vectors("old", [movie(1)], [b"c"], vectors([1, 0, 0]))

    def test_unknown_titles_are_left_out(self, store: Store) -> None:
        store.save_vectors("small", [movie(1)], [b"a"], vectors([1, 0]))
        assert store.text_hashes("small") == {}
        assert store.vector_columns("small").vectors.shape == (0, 0)

    @pytest.mark.parametrize("wrong", [vectors([1, 0, 0]), vectors([1, 0], [0, 1]), np.zeros(2, dtype=np.float32)])
    def test_vectors_of_a_wrong_shape_are_refused_whole(self, store: Store, wrong: np.ndarray) -> None:
        store.save_listed([listed(movie(1)), listed(movie(2))], NOW)
        store.save_vectors("small", [movie(1)], [b"a"], vectors([1, 0]))
        with pytest.raises(ValueError, match=r"vectors|argument"):
            store.save_vectors("small", [movie(2)], [b"b"], wrong)
        assert set(store.text_hashes("small")) == {movie(1)}


class PurgeContract:
    def test_a_purged_title_takes_lists_and_vectors_along(self, store: Store) -> None:
        store.save_details([detailed(movie(1), *recommended(movie(2)))], NOW)
        store.save_vectors("small", [movie(1)], [b"a"], vectors([1, 0]))
        assert store.purge_titles(NOW) == 0
        assert store.purge_titles(NOW + DAY) == 1
        assert (store.detail_ages(), edges(store), store.text_hashes("small")) == ({}, [], {})

    def test_a_title_that_a_list_named_since_stays(self, store: Store) -> None:
        store.save_details([detailed(movie(1))], NOW)
        store.save_listed([listed(movie(1))], NOW + DAY)
        assert store.purge_titles(NOW + DAY) == 0

    def test_held_and_watched_titles_stay(self, store: Store) -> None:
        held, watched, released, by_hand = movie(1), movie(2), movie(3), series(4)
        store.save_listed([listed(key) for key in (held, watched, released, by_hand, movie(4), series(1))], NOW)
        store.save_items([film("w", key=watched), film("r", key=released), film("u")], NOW)
        store.release_items(NOW + DAY)
        store.save_items([film("h", key=held)], NOW + DAY)
        store.record([seen("w"), seen("u"), seen(hand_item_id(by_hand))])
        assert store.purge_titles(NOW + DAY) == 3
        assert set(store.detail_ages()) == {held, watched, by_hand}

    def test_what_everybody_took_out_of_their_history_is_not_watched(self, store: Store) -> None:
        def purged(key: TitleKey) -> bool:
            store.save_listed([listed(key)], NOW)
            return store.purge_titles(NOW + DAY) == 1

        item = hand_item_id(movie(1))
        store.record([seen(item), seen(item, person_id="bo"), seen(item, removed=True)])
        assert not purged(movie(1))
        store.record([seen(item, person_id="bo", removed=True)])
        assert purged(movie(1))
