from datetime import date, timedelta

import pytest

from core.toys import NOW, catalogue, film, title, watch
from doublebill.core.choices import Choices, choices
from doublebill.core.languages import LANGUAGE_NAMES, language_name
from doublebill.core.profile import Circumstances, build_profile

SHELF = catalogue(
    [
        title(film(1), released=date(1950, 1, 1), original_language="sv", genres=("War",)),
        title(film(2), released=date(1979, 5, 25), original_language="en", genres=("Horror", "Drama")),
        title(film(3), released=date(1999, 3, 31), original_language="fr", genres=("Drama",)),
        title(film(4), released=date(2001, 4, 25), original_language="fr"),
        title(film(5), original_language=None, genres=("Comedy",)),
        title(film(6), released=(NOW + timedelta(days=400)).date(), original_language="de", genres=("Western",)),
        title(film(7), released=date(1930, 1, 1), original_language="it", is_adult=True),
    ]
)


def of(*histories, held=(), hidden=()):
    return [build_profile(SHELF, Circumstances([history], held, hidden, NOW)) for history in histories]


def test_there_is_something_behind_every_choice():
    assert choices(SHELF, of([watch(film(1))], held=[film(2)])) == Choices(
        ("Comedy", "Drama", "Horror"), (("fr", 2), ("en", 1)), 1979, 2001
    )


def test_what_one_has_seen_another_may_still_choose():
    both = choices(SHELF, of([watch(film(1))], []))
    assert "War" in both.genres
    assert ("sv", 1) in both.languages
    assert both.year_from == 1950


@pytest.mark.parametrize("shelf", [catalogue([]), SHELF])
def test_where_there_is_nothing_there_is_no_choice(shelf):
    assert choices(shelf, []) == Choices((), (), None, None)


def test_languages_have_names_and_unknown_ones_their_code():
    assert [language_name(code) for code in ("fr", "cn", "xx", "qq")] == ["French", "Cantonese", "No language", "qq"]
    assert all(len(code) == 2 and code.islower() and name for code, name in LANGUAGE_NAMES.items())
    assert len(set(LANGUAGE_NAMES.values())) == len(LANGUAGE_NAMES) >= 183
