from itertools import pairwise, permutations
from typing import Any

import pytest

from doublebill.sources import tmdb_wire as wire
from doublebill.sources.tmdb_videos import languages_of, trailer_id
from doublebill.sources.wire import read


def video(name: str = "abcdefghijk", **changes: Any) -> dict[str, Any]:
    facts = {"key": name.ljust(11, "_"), "site": "YouTube", "type": "Trailer", "official": True, "iso_639_1": "de"}
    return facts | changes


def chosen(*videos: Any, language: str = "de-DE") -> str | None:
    found = trailer_id(read("TMDB", wire.Videos, {"results": list(videos)}).results, language)
    return found and found.rstrip("_")


@pytest.mark.parametrize(
    ("language", "languages"), [("de-DE", ["de", "en"]), ("en-US", ["en"]), ("PT-br", ["pt", "en"])]
)
def test_english_comes_after_the_language_of_the_operator(language: str, languages: list[str]) -> None:
    assert languages_of(language) == languages


RANKED = [
    video("first"),
    video("second", official=False),
    video("third", iso_639_1="en"),
    video("fourth", iso_639_1="en", official=False),
    video("fifth", type="Teaser"),
    video("sixth", type="Teaser", iso_639_1="en"),
]


@pytest.mark.parametrize(("better", "worse"), list(pairwise(RANKED)))
def test_a_trailer_then_the_language_then_what_is_official(better: Any, worse: Any) -> None:
    assert {chosen(*order) for order in permutations((better, worse))} == {better["key"].rstrip("_")}


def test_of_equals_the_first_is_taken() -> None:
    assert chosen(video("one"), video("two")) == "one"


@pytest.mark.parametrize(
    "changes",
    [
        {"site": "Vimeo"},
        {"type": "Clip"},
        {"type": None},
        {"iso_639_1": "fr"},
        {"iso_639_1": None},
        {"key": None},
        {"key": "short"},
        {"key": "abc&list=xyz"},
        {"key": "../abcdefgh"},
    ],
)
def test_what_is_no_trailer_is_passed_over(changes: dict[str, Any]) -> None:
    assert chosen(video("any", **changes)) is None
    assert chosen(video("any", **changes), video("good")) == "good"


def test_no_videos_are_no_trailer() -> None:
    assert chosen() is None
