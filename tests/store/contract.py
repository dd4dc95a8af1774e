"""What every Store does: a store's tests inherit StoreContract and bring a ``store`` fixture, fresh for each test."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings

from doublebill.core.columns import codes_of
from doublebill.errors import NotFound, StoreError
from doublebill.model import (
    HOUSEHOLD,
    Hide,
    LibraryItem,
    Observation,
    Person,
    SyncKind,
    SyncStatus,
    Weights,
)
from doublebill.store import Store
from store.contract_search import SearchContract, TakenOutContract
from store.contract_titles import NeighbourContract, PurgeContract, TitleContract, VectorContract
from store.values import DAY, NOW, film, item_values, movie, observation_values, seen, series

# One store serves all examples of a test, so each gets an id that no other has.
example_numbers = count()
round_trip = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class PeopleContract:
    def test_people_come_by_name_without_case_then_id(self, store: Store) -> None:
        store.save_people([Person("3", "émile"), Person("2", "Ada"), Person("1", "ada"), Person("4", "Élodie")])
        assert [person.person_id for person in store.people()] == ["1", "2", "4", "3"]

    def test_a_changed_name_is_taken_over_and_the_absent_stay(self, store: Store) -> None:
        store.save_people([Person("1", "Ada"), Person("2", "Bo")])
        store.save_people([Person("1", "Ada L.")])
        assert store.people() == [Person("1", "Ada L."), Person("2", "Bo")]

    def test_the_household_is_nobody(self, store: Store) -> None:
        store.save_people([Person(HOUSEHOLD, HOUSEHOLD)])
        assert store.people() == []


class LibraryContract:
    @round_trip
    @given(item_values)
    def test_an_item_comes_back_as_it_was(self, store: Store, item: LibraryItem) -> None:
        item = replace(item, item_id=f"{next(example_numbers)} {item.item_id}")
        store.save_items([item], NOW)
        assert item in store.items()

    def test_items_come_by_id(self, store: Store) -> None:
        store.save_items([film("b"), film("a")], NOW)
        assert store.items() == [film("a"), film("b")]

    def test_a_refresh_keeps_what_was_resolved(self, store: Store) -> None:
        store.save_items([film("a", imdb_id="tt1"), film("b")], NOW)
        store.resolve_items({"a": movie(1)}, {"b": "no such title"})
        store.save_items([film("a", imdb_id="tt1", runtime_min=99.0), film("b")], NOW + DAY)
        assert store.items() == [
            film("a", imdb_id="tt1", runtime_min=99.0, key=movie(1)),
            film("b", unresolved="no such title"),
        ]

    @pytest.mark.parametrize(
        "change", [{"name": "Other"}, {"year": 1999}, {"tmdb_id": 9}, {"imdb_id": "tt9"}, {"tvdb_id": 9}]
    )
    def test_a_changed_item_is_to_be_resolved_again(self, store: Store, change: dict[str, object]) -> None:
        store.save_items([film("a"), film("b")], NOW)
        store.resolve_items({"a": movie(1)}, {"b": "no such title"})
        store.save_items([film("a", **change), film("b", **change)], NOW + DAY)
        assert store.items() == [film("a", **change), film("b", **change)]

    def test_what_a_refresh_brings_replaces_what_was_resolved(self, store: Store) -> None:
        store.save_items([film("a", key=movie(1)), film("b", unresolved="no such title")], NOW)
        store.save_items([film("a", unresolved="gone"), film("b", key=movie(2))], NOW)
        assert store.items() == [film("a", unresolved="gone"), film("b", key=movie(2))]

    def test_resolving_replaces_the_reason_by_the_title(self, store: Store) -> None:
        store.save_items([film("a")], NOW)
        store.resolve_items({}, {"a": "no such title"})
        store.resolve_items({"a": movie(1), "unheard of": movie(2)}, {})
        assert store.items() == [film("a", key=movie(1))]

    def test_a_title_is_held_while_one_of_its_items_is(self, store: Store) -> None:
        episodes = [LibraryItem(f"e{n}", "episode", f"Part {n}", key=series(7)) for n in (1, 2)]
        store.save_items([*episodes, film("a", key=movie(7)), film("b")], NOW)
        store.save_items(episodes[:1], NOW + DAY)
        assert store.release_items(NOW + DAY) == 3
        assert store.held() == {series(7)}

    def test_a_released_item_is_released_once_and_remembered(self, store: Store) -> None:
        store.save_items([film("a", key=movie(1))], NOW)
        assert store.release_items(NOW) == 0
        assert store.release_items(NOW + DAY) == 1
        assert store.release_items(NOW + DAY) == 0
        assert store.items() == [film("a", key=movie(1))]

    def test_an_item_that_comes_back_is_held_again(self, store: Store) -> None:
        store.save_items([film("a", key=movie(1))], NOW)
        store.release_items(NOW + DAY)
        store.save_items([film("a")], NOW + DAY)
        assert store.held() == {movie(1)}


class LedgerContract:
    @round_trip
    @given(observation_values)
    def test_an_observation_comes_back_as_it_was(self, store: Store, observation: Observation) -> None:
        observation = replace(observation, person_id=f"{next(example_numbers)} {observation.person_id}")
        assert store.record([observation]) == 1
        assert store.observations(observation.person_id) == [observation]

    def test_what_a_person_says_is_appended_though_it_is_known(self, store: Store) -> None:
        store.record([seen("a"), seen("a", removed=True)])
        store.append([seen("a")])
        assert [told.removed for told in store.observations("ada")] == [False, True, False]

    def test_the_ledger_keeps_the_order_of_writing(self, store: Store) -> None:
        entries = [seen("b"), seen("a", observed_at=NOW - DAY), seen("b", play_count=2)]
        assert store.record(entries) == 3
        assert store.observations("ada") == entries

    def test_saying_the_same_again_adds_nothing(self, store: Store) -> None:
        store.record([seen("a", position=0.3, likes=False, rating=8.0, last_played_at=NOW)])
        again = seen("a", position=0.3, likes=False, rating=8.0, last_played_at=NOW, observed_at=NOW + DAY)
        assert store.record([again, again]) == 0
        assert len(store.observations("ada")) == 1

    @pytest.mark.parametrize(
        "change",
        [
            {"finished": False},
            {"play_count": 1},
            {"position": 0.5},
            {"last_played_at": NOW},
            {"is_favorite": True},
            {"likes": False},
            {"rating": 7.5},
            {"removed": True},
        ],
    )
    def test_any_change_is_new(self, store: Store, change: dict[str, object]) -> None:
        store.record([seen("a")])
        assert store.record([seen("a", **change)]) == 1

    def test_the_newest_counts_not_an_older_one(self, store: Store) -> None:
        store.record([seen("a"), seen("a", finished=False)])
        assert store.record([seen("a")]) == 1

    def test_an_untouched_item_is_not_worth_a_first_entry(self, store: Store) -> None:
        untouched = seen("a", finished=False)
        assert store.record([untouched]) == 0
        store.record([seen("a")])
        assert store.record([untouched]) == 1

    def test_people_have_ledgers_of_their_own(self, store: Store) -> None:
        assert store.record([seen("a"), seen("a", person_id="bo")]) == 2
        assert store.observations("bo") == [seen("a", person_id="bo")]
        assert store.observations("cy") == []

    def test_a_call_is_done_whole_or_not_at_all(self, store: Store) -> None:
        with pytest.raises(StoreError):
            store.record([seen("a"), replace(seen("b"), item_id=None)])  # type: ignore[arg-type]
        assert store.observations("ada") == []


class WishContract:
    def test_hides_are_active_until_their_end_newest_first(self, store: Store) -> None:
        old, new = Hide("ada", movie(1), NOW, NOW + 2 * DAY), Hide("ada", movie(2), NOW + DAY, NOW + 3 * DAY)
        store.hide(old)
        store.hide(new)
        assert store.hides("ada", NOW + DAY) == [new, old]
        assert store.hides("ada", NOW + 2 * DAY) == [new]
        assert store.hides("bo", NOW) == []

    def test_a_second_hide_replaces_the_first(self, store: Store) -> None:
        store.hide(Hide("ada", movie(1), NOW, NOW + DAY))
        store.hide(Hide("ada", movie(1), NOW + DAY, NOW + 2 * DAY))
        assert store.hides("ada", NOW) == [Hide("ada", movie(1), NOW + DAY, NOW + 2 * DAY)]

    def test_a_film_and_a_series_of_one_number_are_hidden_apart(self, store: Store) -> None:
        store.hide(Hide("ada", movie(605), NOW, NOW + DAY))
        assert not store.unhide("ada", series(605))
        assert store.unhide("ada", movie(605))
        assert not store.unhide("ada", movie(605))
        assert store.hides("ada", NOW) == []

    def test_weights_are_kept_for_each_profile(self, store: Store) -> None:
        store.save_weights("ada", Weights(1, 0, 0, 0))
        store.save_weights("ada", Weights(0.1, 0.2, 0.3, 0.4))
        store.save_weights(HOUSEHOLD, Weights(0, 0, 0, 1))
        assert store.weights("ada") == Weights(0.1, 0.2, 0.3, 0.4)
        assert store.weights(HOUSEHOLD) == Weights(0, 0, 0, 1)
        assert store.weights("bo") is None


class SyncContract:
    def test_the_right_to_sync_is_had_by_one_at_a_time(self, store: Store) -> None:
        assert not store.is_sync_leased()
        lease = store.lease_sync()
        assert lease
        assert store.lease_sync() is None
        assert store.is_sync_leased()
        lease.close()
        assert not store.is_sync_leased()
        again = store.lease_sync()
        assert again
        again.close()

    def test_a_run_opens_and_closes(self, store: Store) -> None:
        run_id = store.begin_sync(SyncKind.FULL, NOW)
        (opened,) = store.sync_runs(5)
        assert (opened.run_id, opened.status, opened.finished_at) == (run_id, SyncStatus.RUNNING, None)
        store.finish_sync(run_id, NOW + DAY, SyncStatus.SUCCESS, "done", {"no title found": 3})
        expected = replace(
            opened, finished_at=NOW + DAY, status=SyncStatus.SUCCESS, message="done", skipped={"no title found": 3}
        )
        assert store.sync_runs(5) == [expected]

    def test_a_run_that_a_crash_left_open_is_closed_as_an_error(self, store: Store) -> None:
        store.begin_sync(SyncKind.FULL, NOW)
        store.begin_sync(SyncKind.LIGHT, NOW + DAY)
        fresh, crashed = store.sync_runs(5)
        assert (fresh.status, crashed.status, crashed.finished_at) == (SyncStatus.RUNNING, SyncStatus.ERROR, NOW + DAY)
        assert crashed.message

    def test_runs_come_newest_first_up_to_the_limit(self, store: Store) -> None:
        ids = [store.begin_sync(SyncKind.LIGHT, NOW + n * DAY) for n in (0, 2, 1)]
        assert [run.run_id for run in store.sync_runs(2)] == [ids[1], ids[2]]

    def test_a_full_success_counts_as_light_too(self, store: Store) -> None:
        runs = [(SyncKind.LIGHT, SyncStatus.SUCCESS), (SyncKind.FULL, SyncStatus.SUCCESS)]
        runs += [(SyncKind.FULL, SyncStatus.ERROR), (SyncKind.LIGHT, SyncStatus.CANCELLED)]
        ids = [store.begin_sync(kind, NOW + n * DAY) for n, (kind, _) in enumerate(runs)]
        for run_id, (_, status) in zip(ids, runs, strict=True):
            store.finish_sync(run_id, NOW + 9 * DAY, status, "", {})
        newest = [store.last_success(kind) for kind in (SyncKind.LIGHT, SyncKind.FULL)]
        assert [run and run.run_id for run in newest] == [ids[1], ids[1]]

    def test_a_light_success_is_no_full_one(self, store: Store) -> None:
        run_id = store.begin_sync(SyncKind.LIGHT, NOW)
        store.finish_sync(run_id, NOW, SyncStatus.SUCCESS, "", {})
        assert store.last_success(SyncKind.FULL) is None

    def test_closing_a_run_that_never_was_is_refused(self, store: Store) -> None:
        with pytest.raises(NotFound):
            store.finish_sync(7, NOW, SyncStatus.SUCCESS, "", {})

    def test_a_fact_is_kept_until_replaced(self, store: Store) -> None:
        assert store.recall("new releases") is None
        store.remember("new releases", "2026-03-01")
        store.remember("new releases", "2026-03-02")
        assert store.recall("new releases") == "2026-03-02"

    def test_the_database_says_how_large_it_is_and_of_which_version(self, store: Store) -> None:
        before = store.database()
        store.save_people([Person(str(number), "x" * 1000) for number in range(100)])
        after = store.database()
        assert 0 < before.size_bytes < after.size_bytes
        assert before.schema_version == after.schema_version >= 1


class TogetherContract:
    def test_what_is_done_together_is_kept_together(self, store: Store) -> None:
        with store.together():
            store.save_people([Person("1", "Ada")])
            assert store.people() == [Person("1", "Ada")]
            with store.together():
                store.remember("name", "value")
            store.record([seen("a", person_id="1")])
        assert (len(store.observations("1")), store.recall("name")) == (1, "value")

    def test_an_error_takes_all_of_it_back(self, store: Store) -> None:
        def fail_at_the_end() -> None:
            with store.together():
                store.save_people([Person("1", "Ada")])
                store.remember("name", "value")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail_at_the_end()
        assert (store.people(), store.recall("name")) == ([], None)
        store.remember("name", "another")
        assert store.recall("name") == "another"

    def test_another_thread_has_no_part_in_it(self, store: Store) -> None:
        with ThreadPoolExecutor(1) as thread, store.together():
            store.remember("name", "value")
            assert thread.submit(store.recall, "name").result() is None
        assert store.recall("name") == "value"


class StoreContract(
    TogetherContract,
    PeopleContract,
    LibraryContract,
    LedgerContract,
    TakenOutContract,
    TitleContract,
    NeighbourContract,
    VectorContract,
    PurgeContract,
    SearchContract,
    WishContract,
    SyncContract,
):
    def test_an_empty_store_gives_empty_answers(self, store: Store) -> None:
        assert [store.people(), store.items(), store.observations("ada"), store.sync_runs(9)] == [[], [], [], []]
        assert (store.held(), store.titles([movie(1)]), store.detail_ages()) == (set(), {}, {})
        assert store.title_columns().codes.tolist() == store.edge_columns().sources.tolist() == codes_of([]).tolist()
        assert store.vector_columns("model").vectors.shape == (0, 0)

    def test_saving_nothing_is_fine(self, store: Store) -> None:
        store.save_people([])
        store.save_items([], NOW)
        store.resolve_items({}, {})
        store.save_listed([], NOW)
        store.save_details([], NOW)
        assert store.record([]) == store.purge_titles(NOW) == 0

    def test_a_closed_store_says_so_and_closes_again(self, store: Store) -> None:
        store.people()
        store.close()
        store.close()
        with pytest.raises(StoreError, match="closed"):
            store.people()
