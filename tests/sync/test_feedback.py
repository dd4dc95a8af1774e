"""What people say: kept in the ledger, counted at once, and taken back exactly."""

from dataclasses import replace
from datetime import timedelta

import pytest

from doublebill.errors import Conflict
from doublebill.model import HOUSEHOLD, Kind, LibraryItem, Observation, Person, TitleKey
from doublebill.sync import feedback
from doublebill.sync.edition import EVERYBODY
from sync.house import NOW

ANNA, BEN = Person("1", "Anna"), Person("2", "Ben")
FILM, SERIES = TitleKey(Kind.MOVIE, 1), TitleKey(Kind.TV, 1)


@pytest.fixture
def household(engine, store):
    """Two people and a film in two files and a series of three episodes, in an engine that knows of them."""
    store.save_people([ANNA, BEN])
    films = [LibraryItem(name, "movie", "Film", tmdb_id=1, key=FILM) for name in ("disc", "file")]
    episodes = [
        LibraryItem(f"e{number}", "episode", "Episode", season=1, episode=number, key=SERIES) for number in (1, 2, 3)
    ]
    store.save_items([*films, *episodes], NOW)
    engine.reload()
    return engine


def told(item_id, day=0, person=ANNA, **what):
    return Observation(person.person_id, item_id, NOW + timedelta(days=day), **what)


def watched(engine, person=ANNA):
    return dict(engine.edition.profile(person).watched)


def test_a_mark_is_one_entry_by_hand_at_that_moment(household, store):
    assert feedback.mark_watched(household, ANNA, FILM)
    assert not feedback.mark_watched(household, ANNA, FILM)
    (entry,) = store.observations("1")
    assert (entry.item_id, entry.finished, entry.observed_at) == ("manual_movie_1", True, NOW)
    assert watched(household)[FILM].by_hand
    assert watched(household, BEN) == {}


def test_the_households_mark_is_everybodys(household):
    assert feedback.mark_watched(household, EVERYBODY, FILM)
    assert not feedback.mark_watched(household, EVERYBODY, FILM)
    assert not feedback.mark_watched(household, BEN, FILM)
    assert all(FILM in watched(household, person) for person in (ANNA, BEN, EVERYBODY))


def test_the_ledger_only_grows_and_a_removal_is_an_entry(household, store):
    store.record([told("disc", finished=True, play_count=1)])
    household.renew()
    assert feedback.take_out(household, ANNA, FILM)
    assert [entry.removed for entry in store.observations("1")] == [False, True]
    assert watched(household) == {}


def test_what_was_never_there_cannot_be_taken_out(household, store):
    assert not feedback.take_out(household, ANNA, FILM)
    assert store.observations("1") == []


@pytest.mark.parametrize(
    "ledger",
    [
        [told("disc", finished=True, play_count=3, last_played_at=NOW, is_favorite=True)],
        [told("disc", finished=True, play_count=3, last_played_at=NOW), told("disc", 1)],
        [told("disc", 0, likes=True), told("file", 1, likes=False), told("disc", 2, likes=None, finished=True)],
        [told("disc", 0, finished=True, rating=9.0), told("file", 1, position=0.5, rating=2.0)],
        [told("disc", 0, position=0.05, last_played_at=NOW - timedelta(days=90), play_count=1)],
        [told("manual_movie_1", finished=True, play_count=1, last_played_at=NOW), told("file", 1, is_favorite=True)],
    ],
)
def test_marking_restores_exactly_what_was_taken_out(household, store, house, ledger):
    store.record(ledger)
    house.clock.now = NOW + timedelta(days=5)
    household.renew()
    before = watched(household)
    assert feedback.take_out(household, ANNA, FILM)
    assert watched(household) == {}
    house.clock.pass_time(days=1)
    assert feedback.mark_watched(household, ANNA, FILM)
    assert watched(household) == before


def test_after_a_removal_what_jellyfin_repeats_is_no_news(household, store):
    said = [told("disc", finished=True, play_count=3, last_played_at=NOW), told("disc", 1)]
    store.record(said)
    household.renew()
    feedback.take_out(household, ANNA, FILM)
    assert store.record([replace(said[-1], observed_at=NOW + timedelta(days=2))]) == 0
    assert store.record([told("disc", 3, play_count=1, finished=True, last_played_at=NOW + timedelta(days=3))]) == 1
    household.renew()
    assert watched(household)[FILM].plays == 1


def test_of_a_series_every_episode_is_taken_out_and_comes_back(household, store):
    store.record([told(f"e{number}", finished=True, play_count=1) for number in (1, 2)])
    store.record([told("disc", finished=True)])
    household.renew()
    before = watched(household)
    assert feedback.take_out(household, ANNA, SERIES)
    assert set(watched(household)) == {FILM}
    assert feedback.mark_watched(household, ANNA, SERIES)
    assert watched(household) == before
    assert before[SERIES].episodes == 2


def test_what_was_abandoned_counts_when_it_is_marked(household, store):
    store.record([told("disc", play_count=1, position=0.05, last_played_at=NOW - timedelta(days=90))])
    household.renew()
    assert feedback.mark_watched(household, ANNA, FILM)
    assert watched(household)[FILM].completion == 1
    assert not feedback.mark_watched(household, ANNA, FILM)


def test_nobody_takes_out_what_only_others_said(household, store):
    feedback.mark_watched(household, EVERYBODY, FILM)
    store.record([told("e1", finished=True, person=BEN)])
    household.renew()
    with pytest.raises(Conflict, match="household"):
        feedback.take_out(household, ANNA, FILM)
    with pytest.raises(Conflict, match="Ben watched"):
        feedback.take_out(household, EVERYBODY, SERIES)
    assert feedback.take_out(household, EVERYBODY, FILM)
    assert store.observations(HOUSEHOLD)[-1].removed


def test_a_hide_is_kept_until_its_end_and_said_twice_it_is_one(household, store, house):
    hide, is_new = feedback.hide(household, ANNA, FILM)
    house.clock.pass_time(days=1)
    assert feedback.hide(household, ANNA, FILM) == (hide, False)
    assert (is_new, store.hides("1", NOW), store.hides("2", NOW)) == (True, [hide], [])
    house.clock.now = hide.until
    assert feedback.hide(household, ANNA, FILM)[1]


def test_a_hide_is_taken_back_once(household):
    feedback.hide(household, ANNA, FILM)
    assert feedback.unhide(household, ANNA, FILM)
    assert not feedback.unhide(household, ANNA, FILM)
