from datetime import UTC, datetime
from typing import Any

import pytest

from doublebill.model import LibraryItem, Observation, Person
from doublebill.sources.jellyfin_wire import library_item, observation, person
from doublebill.sources.wire import BadRow

ID = "0A1B2C3D-0000-4000-8000-00000000AAAA"
PLAIN_ID = "0a1b2c3d00004000800000000000aaaa"
NOW = datetime(2026, 10, 1, tzinfo=UTC)
MINUTE = 600_000_000


def film(**changes: Any) -> dict[str, Any]:
    return {"Id": ID, "Type": "Movie", "Name": "Made Up", "RunTimeTicks": 100 * MINUTE, **changes}


def seen(**data: Any) -> Observation:
    return observation(film(UserData=data), "p", NOW)


def test_a_film_is_read_with_its_ids() -> None:
    ids = {"Tmdb": "603", "IMDB": "tt0133093", "tvdb": "169", "TmdbCollection": "2344"}
    assert library_item(film(ProductionYear=1999, ProviderIds=ids)) == LibraryItem(
        PLAIN_ID, "movie", "Made Up", 1999, 603, "tt0133093", 169, runtime_min=100.0
    )


def test_an_episode_names_its_series_and_never_its_own_ids() -> None:
    row = film(
        Type="Episode", SeriesId=ID, SeriesName="Long", ParentIndexNumber=0, IndexNumber=3, ProviderIds={"Tmdb": "9"}
    )
    item = library_item(row)
    assert (item.item_kind, item.tmdb_id, item.series_item_id, item.series_name) == ("episode", None, PLAIN_ID, "Long")
    assert (item.season, item.episode) == (0, 3)


def test_an_episode_without_a_name_or_series_id_is_kept() -> None:
    item = library_item({"Id": ID, "Type": "Episode", "SeriesName": "Long"})
    assert (item.name, item.series_item_id) == ("Long", None)


@pytest.mark.parametrize(
    ("came", "meant"),
    [
        ("603", 603),
        (603, 603),
        (" 603 ", 603),
        ("603-the-film", 603),
        ("0", None),
        ("-603", None),
        ("603,604", None),
        ("tt0133093", None),
        ("99999999999", None),
        ("4294967296", None),
        ("٦٠٣", None),
        ("", None),
        (None, None),
        (True, None),
        ([603], None),
    ],
)
def test_a_tmdb_id_is_a_positive_number_or_nothing(came: Any, meant: int | None) -> None:
    assert library_item(film(ProviderIds={"tmdb": came})).tmdb_id == meant


@pytest.mark.parametrize(
    ("came", "meant"),
    [("TT0133093 ", "tt0133093"), ("https://imdb.example/title/tt0133093/", "tt0133093"), ("0133093", None), (5, None)],
)
def test_an_imdb_id_is_found_in_what_stands_there(came: Any, meant: str | None) -> None:
    assert library_item(film(ProviderIds={"Imdb": came})).imdb_id == meant


@pytest.mark.parametrize("ids", [None, [], "junk", {}])
def test_missing_provider_ids_are_unknown(ids: Any) -> None:
    assert library_item(film(ProviderIds=ids)).tmdb_id is None


def test_no_runtime_and_no_year_are_unknown_and_not_zero() -> None:
    item = library_item(film(RunTimeTicks=0, ProductionYear=0))
    assert (item.runtime_min, item.year) == (None, None)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (None, "not an object"),
        (film(Id=None), "item without id"),
        (film(Name=""), "item without name"),
        (film(Type="BoxSet"), "not a film, series or episode"),
        (film(LocationType="Virtual"), "not on disk"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(row: Any, reason: str) -> None:
    with pytest.raises(BadRow, match=reason):
        library_item(row)


def test_a_finished_film_has_no_position() -> None:
    when = datetime(2026, 9, 22, 18, 17, 3, tzinfo=UTC)
    data = seen(Played=True, PlayCount=2, LastPlayedDate="2026-09-22T18:17:03.0000000Z", PlaybackPositionTicks=MINUTE)
    assert data == Observation("p", PLAIN_ID, NOW, finished=True, play_count=2, last_played_at=when)


@pytest.mark.parametrize(
    ("data", "position"),
    [
        ({"PlaybackPositionTicks": 25 * MINUTE}, 0.25),
        ({"PlaybackPositionTicks": 25 * MINUTE, "PlayedPercentage": 99}, 0.25),
        ({"PlayedPercentage": 12.345678}, 0.1235),
        ({"PlaybackPositionTicks": 200 * MINUTE}, 1.0),
        ({"PlaybackPositionTicks": -5}, None),
        ({"PlaybackPositionTicks": 0}, None),
        ({}, None),
    ],
)
def test_the_position_is_a_share_of_the_runtime(data: dict[str, Any], position: float | None) -> None:
    assert seen(**data).position == position


def test_a_position_without_a_runtime_needs_the_percentage() -> None:
    data = {"PlaybackPositionTicks": MINUTE, "PlayedPercentage": 50}
    assert observation(film(RunTimeTicks=None, UserData=data), "p", NOW).position == 0.5


def test_favourites_likes_and_ratings_are_read() -> None:
    data = seen(IsFavorite=True, Likes=False, Rating=3.5)
    assert (data.is_favorite, data.likes, data.rating) == (True, False, 3.5)


@pytest.mark.parametrize("rating", [-1, 11, "junk", None])
def test_a_rating_outside_its_scale_is_unknown(rating: Any) -> None:
    assert seen(Rating=rating).rating is None


def test_of_a_series_only_the_opinion_is_read() -> None:
    data = {"Played": True, "PlayCount": 9, "LastPlayedDate": "2024-01-02T03:04:05.0000000Z", "IsFavorite": True}
    told = observation({**film(), "Type": "Series", "UserData": data}, "p", NOW)
    assert (told.is_favorite, told.finished, told.play_count, told.last_played_at) == (True, False, 0, None)


def test_an_untouched_film_is_no_trace() -> None:
    assert not seen(PlayCount=-1, IsFavorite=False, Played=False).is_trace


def test_an_item_without_user_data_is_a_bad_row() -> None:
    with pytest.raises(BadRow, match="without user data"):
        observation(film(), "p", NOW)


def test_a_user_is_a_person_unless_disabled() -> None:
    assert person({"Id": ID, "Name": "Ada"}) == Person(PLAIN_ID, "Ada")
    assert person({"Id": ID, "Name": "Ada", "Policy": {"IsHidden": True}}) == Person(PLAIN_ID, "Ada")
    assert person({"Id": ID, "Name": "Ada", "Policy": {"IsDisabled": True}}) is None


def test_a_user_without_a_name_is_a_bad_row() -> None:
    with pytest.raises(BadRow):
        person({"Id": ID})
