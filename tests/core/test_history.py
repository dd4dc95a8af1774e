from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.toys import NOW, film, series
from doublebill.core.history import fold, hand_item_id
from doublebill.model import LibraryItem, Observation

ALIEN = LibraryItem("a", "movie", "Alien", 1979, key=film(348))
SHOW = LibraryItem("s", "series", "Show", key=series(7))
EPISODES = [
    LibraryItem(f"e{n}", "episode", f"Part {n}", season=1, episode=n, series_item_id="s", key=series(7))
    for n in range(1, 5)
]
LIBRARY = {item.item_id: item for item in [ALIEN, SHOW, *EPISODES]}


def seen(item_id, minutes=0, **facts):
    return Observation("anna", item_id, NOW + timedelta(minutes=minutes), **facts)


def test_a_finished_film_is_one_watch():
    (watch,) = fold([seen("a", finished=True, play_count=2, last_played_at=NOW)], LIBRARY)
    assert (watch.key, watch.completion, watch.plays, watch.episodes) == (film(348), 1.0, 2, 1)


def test_what_was_finished_stays_finished_when_jellyfin_forgets_it():
    (watch,) = fold([seen("a", finished=True), seen("a", 1, play_count=1, position=0.1)], LIBRARY)
    assert watch.completion == 1.0


def test_the_newest_opinion_counts():
    ledger = [seen("a", is_favorite=True, likes=True), seen("a", 1, finished=True, likes=False, rating=3.0)]
    (watch,) = fold(ledger, LIBRARY)
    assert (watch.is_favorite, watch.likes, watch.rating) == (False, False, 3.0)


def test_what_the_person_took_out_does_not_count_until_it_is_watched_again():
    ledger = [seen("a", finished=True, play_count=3), seen("a", 1, removed=True)]
    assert fold(ledger, LIBRARY) == []
    (watch,) = fold([*ledger, seen("a", 2, play_count=1, position=0.5)], LIBRARY)
    assert (watch.completion, watch.plays) == (0.5, 1)


def test_episodes_fold_into_one_series():
    (watch,) = fold(
        [seen("e1", finished=True), seen("e2", finished=True, play_count=4), seen("e3", position=0.5)], LIBRARY
    )
    assert (watch.key, watch.episodes, watch.plays) == (series(7), 2, 4)
    assert watch.completion == pytest.approx(2.5 / 4)


def test_an_upgraded_file_is_the_same_episode():
    upgraded = LibraryItem("x", "episode", "Part 1", season=1, episode=1, series_item_id="s", key=series(7))
    (watch,) = fold([seen("e1", finished=True), seen("x", finished=True)], {**LIBRARY, "x": upgraded})
    assert (watch.episodes, watch.completion) == (1, 0.25)


def test_a_favourite_series_without_a_seen_episode_is_a_watch_of_nothing():
    (watch,) = fold([seen("s", is_favorite=True)], LIBRARY)
    assert (watch.completion, watch.is_favorite) == (0.0, True)


def test_an_item_that_is_no_title_yet_counts_once_it_is():
    ledger = [seen("video", finished=True)]
    unresolved = LibraryItem("video", "movie", "Holiday 2014")
    assert fold(ledger, {"video": unresolved}) == []
    assert fold(ledger, {"video": LibraryItem("video", "movie", "Holiday 2014", key=film(5))})[0].key == film(5)


def test_a_title_marked_by_hand_is_seen_whole():
    (watch,) = fold([seen(hand_item_id(series(1399)), finished=True)], {})
    assert (watch.key, watch.completion, watch.by_hand) == (series(1399), 1.0, True)


def test_an_untouched_item_is_no_watch():
    assert fold([seen("a")], LIBRARY) == []


@given(
    st.permutations(
        [seen("a", finished=True), seen("e1", finished=True), seen("e2", position=0.4), seen("s", is_favorite=True)]
    )
)
def test_the_order_of_items_does_not_matter(ledger):
    assert fold(ledger, LIBRARY) == fold(sorted(ledger, key=lambda one: one.item_id), LIBRARY)
