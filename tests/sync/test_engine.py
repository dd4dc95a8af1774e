"""The engine: its edition under requests and syncs at once, what is due, and whose weights count."""

import threading
from datetime import UTC, timedelta

import pytest

from doublebill.core.profile import Bar
from doublebill.core.wish import Wish
from doublebill.model import Hide, Kind, LibraryItem, Person, SyncKind, SyncStatus, TitleKey, Weights
from doublebill.sync.edition import build_edition
from doublebill.sync.engine import people_of, utc_now
from sync.faulty_store import FaultyStore
from sync.house import NOW, sync


class SlowStore(FaultyStore):
    """Holds whoever builds an edition until told to go on, and counts them."""

    def __init__(self, store) -> None:
        super().__init__(store)
        self.begun, self.go_on, self.builds = threading.Event(), threading.Event(), 0

    def title_columns(self):
        self.builds += 1
        self.begun.set()
        assert self.go_on.wait(5)
        return self._store.title_columns()


def test_the_edition_is_built_once_however_many_ask_for_it(house, store):
    slow = SlowStore(store)
    engine, seen = house.engine(slow), []
    askers = [threading.Thread(target=lambda: seen.append(engine.edition)) for _ in range(8)]
    for asker in askers:
        asker.start()
    slow.go_on.set()
    for asker in askers:
        asker.join()
    assert slow.builds == 1
    assert len({id(edition) for edition in seen}) == 1


def test_publishing_waits_for_no_build_and_what_is_published_stays(house, store):
    newer = house.engine(store).edition
    slow = SlowStore(store)
    engine = house.engine(slow)
    asker = threading.Thread(target=lambda: engine.edition)
    asker.start()
    assert slow.begun.wait(5)
    publisher = threading.Thread(target=engine.publish, args=[newer])
    publisher.start()
    publisher.join(2)
    waits = publisher.is_alive()
    slow.go_on.set()
    asker.join()
    assert not waits
    assert engine.edition is newer


def test_a_reload_takes_over_what_the_store_holds_now(house, engine, store):
    before = engine.edition
    sync(house.engine(store))
    assert engine.edition is before
    assert len(engine.reload().catalogue) > 0
    assert engine.edition.candidate_count > 0


def test_a_request_in_the_middle_of_a_sync_reads_one_whole_edition(house, engine):
    sizes = []

    def asked(_):
        edition = engine.edition
        sizes.append({len(reader.profile.bars) for reader in edition.readers.values()} | {len(edition.catalogue)})

    house.tmdb.before = asked
    sync(engine)
    assert all(len(size) == 1 for size in sizes)
    assert len({size.pop() for size in sizes}) > 1


def test_what_was_said_is_in_the_edition_after_it_was_renewed(engine, store):
    sync(engine)
    anna = engine.edition.person("Anna")
    best = engine.recommend(anna, Wish(1))[0].title.key
    store.hide(Hide(anna.person_id, best, NOW, NOW + timedelta(days=9)))
    engine.renew()
    assert engine.recommend(anna, Wish(1))[0].title.key != best


def test_what_was_said_while_an_edition_was_built_is_put_into_it(house, engine, store):
    sync(engine)
    anna = engine.edition.person("Anna")
    best = engine.recommend(anna, Wish(1))[0].title.key
    built = build_edition(store, engine.model.model_id, NOW)
    store.hide(Hide(anna.person_id, best, NOW, NOW + timedelta(days=9)))
    engine.renew()
    engine.publish(built)
    assert engine.recommend(anna, Wish(1))[0].title.key != best
    house.clock.pass_time(days=10)
    assert engine.reload() is engine.edition
    assert engine.recommend(anna, Wish(1))[0].title.key == best


def test_also_titles_that_nothing_is_known_of_have_a_standing(engine, store):
    anna = Person("1", "Anna")
    store.save_people([anna])
    held, hidden, neither = (TitleKey(Kind.MOVIE, number) for number in (1, 2, 3))
    store.save_items([LibraryItem("a", "movie", "Owned", tmdb_id=1, key=held)], NOW)
    store.hide(Hide("1", hidden, NOW, NOW + timedelta(days=9)))
    found = engine.standings(anna, [held, hidden, neither, held])
    assert {key: (one.scores, one.bars) for key, one in found.items()} == {
        held: (None, (Bar.HELD,)),
        hidden: (None, (Bar.HIDDEN,)),
        neither: (None, ()),
    }


@pytest.mark.parametrize(
    ("kind", "status", "age", "due"),
    [
        (SyncKind.FULL, SyncStatus.SUCCESS, timedelta(days=7), SyncKind.LIGHT),
        (SyncKind.FULL, SyncStatus.SUCCESS, timedelta(days=7, seconds=1), SyncKind.FULL),
        (SyncKind.FULL, SyncStatus.SUCCESS, timedelta(days=-6), SyncKind.LIGHT),
        (SyncKind.FULL, SyncStatus.SUCCESS, timedelta(days=-8), SyncKind.FULL),
        (SyncKind.FULL, SyncStatus.ERROR, timedelta(0), SyncKind.FULL),
        (SyncKind.FULL, SyncStatus.CANCELLED, timedelta(0), SyncKind.FULL),
        (SyncKind.LIGHT, SyncStatus.SUCCESS, timedelta(0), SyncKind.FULL),
    ],
)
def test_a_full_sync_is_due_unless_one_succeeded_within_a_week(house, engine, store, kind, status, age, due):
    store.finish_sync(store.begin_sync(kind, NOW), NOW, status, "", {})
    house.clock.now = NOW + age
    assert engine.due_sync() is due


def test_before_the_first_sync_a_full_one_is_due(engine):
    assert engine.due_sync() is SyncKind.FULL


def test_who_confirmed_no_weights_has_the_default_ones(engine, store):
    sync(engine, SyncKind.LIGHT)
    anna, ben = engine.edition.person("Anna"), engine.edition.person("Ben")
    store.save_weights(anna.person_id, Weights(1, 0, 0, 0))
    assert (engine.weights_of(anna), engine.weights_of(ben)) == (Weights(1, 0, 0, 0), Weights())


def test_nothing_can_be_said_of_a_title_that_no_sync_has_seen(engine):
    assert engine.why(engine.edition.person(None), TitleKey(Kind.MOVIE, 999_999_999)) is None


def test_reasons_speak_to_a_person_and_of_the_household(engine):
    sync(engine)
    key = engine.recommend(engine.edition.person(None), Wish(1))[0].title.key
    words = {
        name: " ".join(reason.text for reason in engine.why(engine.edition.person(name), key).pick.reasons)
        for name in ("Anna", None)
    }
    assert "the household watched" in words[None]
    assert "the household watched" not in words["Anna"]


def test_everybody_is_followed_by_the_household(engine):
    sync(engine, SyncKind.LIGHT)
    assert [person.name for person in people_of(engine.edition)] == ["Anna", "Ben", "Cem", "household"]


def test_the_present_is_told_in_utc():
    assert utc_now().tzinfo is UTC


def test_an_edition_that_was_begun_earlier_does_not_replace_a_newer_one(house, engine, store):
    sync(engine)
    older = build_edition(store, engine.model.model_id, NOW)
    house.clock.pass_time(seconds=1)
    newer = engine.reload()
    engine.publish(older)
    assert engine.edition is newer


def test_with_a_clock_that_was_set_back_a_new_edition_is_still_the_newer_one(house, engine, store):
    sync(engine)
    before = engine.edition
    house.clock.pass_time(days=-400)
    assert engine.reload() is not before
    assert sync(engine, SyncKind.LIGHT).status is SyncStatus.SUCCESS
    assert engine.edition.published_at == NOW - timedelta(days=400)


def test_of_two_editions_of_one_moment_the_one_that_was_begun_later_stays(engine, store):
    older, newer = (build_edition(store, engine.model.model_id, NOW) for _ in range(2))
    engine.publish(newer)
    engine.publish(older)
    assert engine.edition is newer


def test_what_this_process_published_is_no_news_to_it(engine):
    sync(engine)
    edition = engine.edition
    engine.catch_up()
    assert engine.edition is edition
    assert engine.catch_up() is False


def test_what_another_process_published_is_read(house, engine, store):
    assert len(engine.edition.catalogue) == 0
    sync(house.engine(store))
    assert engine.catch_up()
    assert engine.edition.candidate_count > 0
    assert engine.catch_up() is False


def test_the_begin_and_end_of_a_sync_elsewhere_are_news(engine, store):
    before = engine.edition
    run = store.begin_sync(SyncKind.LIGHT, NOW)
    assert engine.catch_up()
    store.finish_sync(run, NOW, SyncStatus.ERROR, "", {})
    assert engine.catch_up()
    assert not engine.catch_up()
    assert engine.edition is before


def test_while_the_first_edition_is_built_none_is_at_hand_and_nobody_has_to_wait(house, store):
    slow = SlowStore(store)
    engine = house.engine(slow)
    asker = threading.Thread(target=lambda: engine.edition)
    asker.start()
    assert slow.begun.wait(5)
    assert engine.edition_at_hand is None
    slow.go_on.set()
    asker.join()
    assert engine.edition_at_hand is engine.edition
    assert slow.builds == 1


def test_where_nobody_builds_the_first_edition_it_is_built_for_whoever_asks(engine):
    assert engine.edition_at_hand is engine.edition


def test_a_slow_reload_does_not_undo_what_a_sync_published_meanwhile(house, store):
    sync(house.engine(store))
    slow = SlowStore(store)
    engine, given = house.engine(slow), []
    reloader = threading.Thread(target=lambda: given.append(engine.reload()))
    reloader.start()
    assert slow.begun.wait(5)
    house.clock.pass_time(minutes=1)
    newer = build_edition(store, engine.model.model_id, house.clock())
    engine.publish(newer)
    slow.go_on.set()
    reloader.join()
    assert given == [newer]
    assert engine.edition is newer


def test_what_people_say_while_a_sync_publishes_again_and_again_is_never_lost(house, engine, store):
    sync(engine)
    anna = engine.edition.person("Anna")
    wanted = [pick.title.key for pick in engine.recommend(anna, Wish(8))]
    done = threading.Event()

    def publish():
        while not done.is_set():
            house.clock.pass_time(milliseconds=1)
            engine.publish(build_edition(store, engine.model.model_id, house.clock()))

    publisher, seen = threading.Thread(target=publish), []
    publisher.start()
    for key in wanted:
        store.hide(Hide(anna.person_id, key, NOW, NOW + timedelta(days=9)))
        engine.renew()
        seen.append(key in {pick.title.key for pick in engine.recommend(anna, Wish(100))})
    done.set()
    publisher.join()
    assert not any(seen)
    assert not {pick.title.key for pick in engine.recommend(anna, Wish(100))} & set(wanted)


def test_when_a_hide_runs_out_the_readers_are_made_anew_once_for_all_who_wait(house, store):
    class Counted(FaultyStore):
        """Counts how often everybody's hides are read."""

        reads = 0

        def hides(self, person_id, now):
            type(self).reads += person_id == "household"
            return self._store.hides(person_id, now)

    store.hide(Hide("household", TitleKey(Kind.MOVIE, 1), NOW, NOW + timedelta(days=1)))
    engine = house.engine(Counted(store))
    assert engine.edition.stale_at == NOW + timedelta(days=1)
    before = Counted.reads
    house.clock.pass_time(days=1)
    askers = [threading.Thread(target=lambda: engine.edition) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert Counted.reads == before + 1
    assert engine.edition.stale_at is None
