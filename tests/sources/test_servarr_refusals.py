import json
from pathlib import Path

import pytest

from doublebill.sources.servarr_refusals import Words, read_words
from doublebill.sources.servarr_wire import LONGEST_WORDS, plain


def words(body: object) -> Words | None:
    return read_words(json.dumps(body).encode())


def test_all_broken_rules_are_told_on_one_line() -> None:
    found = words([{"errorMessage": "One."}, {"errorMessage": "Two\r\n\x1b[31mthree."}, {"propertyName": "x"}, 5])
    assert found
    assert found.text == "One.; Two [31mthree"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"message": "Gone", "description": "at Stack()"}, "Gone"),
        ({"errorMessage": "Starting"}, "Starting"),
        ({"title": "Bad Request", "status": 400}, "Bad Request"),
        ({"title": "Invalid", "errors": {"$.a": ["no", None], "b": "odd"}}, "$.a: no"),
        ([{"propertyName": "TmdbId"}], "no reason given"),
    ],
)
def test_each_form_of_a_refusal_is_read(body: object, text: str) -> None:
    found = words(body)
    assert found
    assert found.text == text


@pytest.mark.parametrize("content", [b"", b"<html>", b"{}", b"[]", b"[1]", b"5", b'"x"', b"[" * 100_000])
def test_what_is_no_refusal_of_theirs_has_no_words(content: bytes) -> None:
    assert read_words(content) is None


@pytest.mark.parametrize(
    ("row", "exists", "unknown"),
    [
        ({"propertyName": "TmdbId", "errorCode": "MovieExistsValidator"}, True, False),
        ({"propertyName": "TvdbId", "errorCode": "SeriesExistsValidator"}, True, False),
        ({"propertyName": "TmdbId", "errorMessage": "not found"}, False, True),
        ({"propertyName": "TvdbId", "errorMessage": "not found"}, False, True),
        ({"propertyName": "TvdbId", "errorCode": "GreaterThanValidator"}, False, False),
        ({"propertyName": "Path", "errorMessage": "odd"}, False, False),
        ({"propertyName": "Path", "errorCode": "MoviePathValidator"}, False, False),
    ],
)
def test_what_exists_and_what_is_unknown_are_told_apart(row: dict[str, str], exists: bool, unknown: bool) -> None:
    found = words([row])
    assert found
    assert (found.says_exists, found.says_unknown) == (exists, unknown)


def test_words_are_held_short() -> None:
    assert plain("a" * 1000) == "a" * LONGEST_WORDS + "..."


def test_the_observed_refusals_are_read(contracts: Path) -> None:
    folder = contracts / "fixtures" / "radarr" / "errors-observed"
    exists, taken = (
        read_words((folder / f"post-movie-{name}.400.json").read_bytes()) for name in ("exists", "path-taken")
    )
    assert exists
    assert taken
    assert (exists.says_exists, taken.says_exists) == (True, False)
    assert taken.text == "Path '/movies/Presence (2025)' is already configured for an existing movie"
