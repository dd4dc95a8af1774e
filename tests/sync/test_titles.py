"""Titles at hand: each read once, never too many."""

import pytest

from doublebill.model import Kind, Title, TitleKey
from doublebill.sync import titles
from doublebill.sync.titles import TitlesAtHand
from sync.house import NOW

KEYS = [TitleKey(Kind.MOVIE, number) for number in range(1, 6001)]


class CountingStore:
    """A store of titles that notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[list[TitleKey]] = []

    def titles(self, keys):
        self.asked.append(list(keys))
        return {key: Title(key, str(key)) for key in keys if key.tmdb_id != 13}


@pytest.fixture
def counting():
    return CountingStore()


def test_a_title_is_read_once(counting):
    at_hand = TitlesAtHand(counting)
    first, second = at_hand(KEYS[:3]), at_hand(KEYS[:4])
    assert (list(first), list(second)) == (KEYS[:3], KEYS[:4])
    assert counting.asked == [KEYS[:3], KEYS[3:4]]


def test_what_is_unknown_is_left_out_and_nothing_asks_nothing(counting):
    at_hand = TitlesAtHand(counting)
    assert at_hand([]) == {}
    assert at_hand([TitleKey(Kind.MOVIE, 13)]) == {}
    assert counting.asked == [[TitleKey(Kind.MOVIE, 13)]]


def test_when_there_are_too_many_all_are_forgotten(counting):
    at_hand = TitlesAtHand(counting)
    at_hand(KEYS[: titles.AT_MOST + 1])
    known_and_new = [KEYS[0], KEYS[titles.AT_MOST + 1]]
    assert list(at_hand(known_and_new)) == known_and_new
    assert counting.asked[-1] == known_and_new
    assert list(at_hand(KEYS)) == [key for key in KEYS if key.tmdb_id != 13]


def test_a_real_store_gives_the_same(store):
    store.save_listed([Title(KEYS[0], "One")], NOW)
    assert TitlesAtHand(store)(KEYS[:2])[KEYS[0]].title == "One"
