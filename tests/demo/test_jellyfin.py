from datetime import datetime, timedelta

import pytest
from starlette.testclient import TestClient

from doublebill.demo.jellyfin import JELLYFIN_KEY, DemoJellyfin
from doublebill.demo.jellyfin_world import JellyfinWorld

ADA, BO = f"{ord('A'):032x}", f"{ord('B'):032x}"
ALPHA, BETA, GAMMA = ("1".zfill(32), "2".zfill(32), "3".zfill(32))
FIRST, SECOND, THIRD = ("31".zfill(32), "32".zfill(32), "33".zfill(32))
ALL = {"recursive": "true", "sortBy": "SortName"}


def _names(client: TestClient, **params: object) -> list[str]:
    return [item["Name"] for item in client.get("/Items", params=ALL | params).json()["Items"]]


def _item(client: TestClient, item_id: str, **params: object) -> dict[str, object]:
    return client.get("/Items", params=ALL | {"ids": item_id} | params).json()["Items"][0]


@pytest.mark.parametrize(
    "authorization",
    [
        f'MediaBrowser Token="{JELLYFIN_KEY}"',
        f"mediabrowser Client=x, Token={JELLYFIN_KEY}",
        f'MediaBrowser Client="a%2Cb", Device="d", Token="%64{JELLYFIN_KEY[1:]}"',
    ],
)
def test_the_one_scheme_lets_in(world: JellyfinWorld, authorization: str) -> None:
    answer = TestClient(DemoJellyfin(world)).get("/Users", headers={"Authorization": authorization})
    assert answer.status_code == 200


def test_the_query_key_lets_in_whatever_its_case(world: JellyfinWorld) -> None:
    assert TestClient(DemoJellyfin(world)).get("/Users", params={"apikey": JELLYFIN_KEY}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "params"),
    [
        ({}, {}),
        ({"X-Emby-Token": JELLYFIN_KEY}, {}),
        ({"X-MediaBrowser-Token": JELLYFIN_KEY}, {}),
        ({"X-Emby-Authorization": f'MediaBrowser Token="{JELLYFIN_KEY}"'}, {}),
        ({"Authorization": f"Bearer {JELLYFIN_KEY}"}, {}),
        ({"Authorization": f'Emby Token="{JELLYFIN_KEY}"'}, {}),
        ({"Authorization": 'MediaBrowser Token="wrong"'}, {}),
        ({}, {"api_key": JELLYFIN_KEY}),
    ],
)
def test_every_older_way_in_is_a_401_without_a_body(
    world: JellyfinWorld, headers: dict[str, str], params: dict[str, str]
) -> None:
    answer = TestClient(DemoJellyfin(world)).get("/Users", headers=headers, params=params)
    assert (answer.status_code, answer.content) == (401, b"")


def test_public_info_needs_no_key(world: JellyfinWorld) -> None:
    assert TestClient(DemoJellyfin(world)).get("/System/Info/Public").json()["Version"].startswith("12.")


def test_a_key_has_no_user_of_its_own(jellyfin: TestClient) -> None:
    answer = jellyfin.get("/Users/Me")
    assert (answer.status_code, answer.text) == (400, "Error processing request.")


def test_users_and_libraries_are_listed(jellyfin: TestClient) -> None:
    assert [user["Name"] for user in jellyfin.get("/Users").json()] == ["Ada", "Bo"]
    folders = jellyfin.get("/Library/VirtualFolders").json()
    assert [folder["CollectionType"] for folder in folders] == ["movies", "tvshows"]


def test_a_path_that_jellyfin_does_not_have_is_a_404(jellyfin: TestClient) -> None:
    assert jellyfin.get("/Nowhere").status_code == 404


def test_types_come_repeated_or_joined(jellyfin: TestClient) -> None:
    repeated = _names(jellyfin, includeItemTypes=["Movie", "Series"])
    assert repeated == _names(jellyfin, includeItemTypes="Movie,Series,Nonsense") == ["Alpha", "beta", "Gamma"]


def test_without_recursive_only_the_libraries_are_there(jellyfin: TestClient) -> None:
    body = jellyfin.get("/Items").json()
    assert [item["Type"] for item in body["Items"]] == ["CollectionFolder", "CollectionFolder"]
    assert jellyfin.get("/Items?includeItemTypes=Movie").json()["Items"] == []


def test_a_parent_narrows_to_a_library_or_a_series(jellyfin: TestClient) -> None:
    films, series = (folder["ItemId"] for folder in jellyfin.get("/Library/VirtualFolders").json())
    assert _names(jellyfin, parentId=films) == ["Alpha", "beta"]
    assert len(_names(jellyfin, parentId=series)) == 4
    assert len(_names(jellyfin, parentId=GAMMA)) == 3


def test_provider_ids_and_dates_come_only_when_asked_for(jellyfin: TestClient) -> None:
    plain = _item(jellyfin, ALPHA)
    asked = _item(jellyfin, ALPHA, fields="ProviderIds,DateCreated,SortName")
    assert not {"ProviderIds", "DateCreated", "SortName"} & plain.keys()
    assert asked["ProviderIds"] == {"Tmdb": "11", "Imdb": "tt11"}
    assert asked["DateCreated"] == "2025-11-22T18:30:00.0000000Z"


def test_user_data_comes_only_with_a_user(jellyfin: TestClient) -> None:
    assert "UserData" not in _item(jellyfin, ALPHA)
    assert _item(jellyfin, ALPHA, userId=ADA)["UserData"] == {
        "PlaybackPositionTicks": 0,
        "PlayCount": 0,
        "IsFavorite": False,
        "Played": False,
        "Key": "00000000-0000-0000-0000-000000000001",
        "ItemId": ALPHA,
    }
    assert "UserData" not in _item(jellyfin, ALPHA, userId=ADA, enableUserData="false")


def test_a_user_id_may_carry_dashes(jellyfin: TestClient) -> None:
    assert "UserData" in _item(jellyfin, ALPHA, userId="00000000-0000-0000-0000-000000000041")


@pytest.mark.parametrize("params", [{"isPlayed": "true"}, {"isFavorite": "false"}, {"filters": "Likes"}])
def test_a_filter_on_a_user_without_a_user_breaks_the_server(jellyfin: TestClient, params: dict[str, str]) -> None:
    answer = jellyfin.get("/Items", params=ALL | params)
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "text/plain; charset=utf-8")


def test_an_unknown_user_is_a_404_in_plain_text(jellyfin: TestClient) -> None:
    answer = jellyfin.get("/Items", params=ALL | {"userId": "f" * 32})
    assert (answer.status_code, answer.text) == (404, "Error processing request.")


@pytest.mark.parametrize(
    "params", [{"userId": "Ada"}, {"recursive": "yes"}, {"limit": "all"}, {"minDateLastSaved": "yesterday"}]
)
def test_an_unreadable_parameter_is_a_400_that_names_it(jellyfin: TestClient, params: dict[str, str]) -> None:
    answer = jellyfin.get("/Items", params=params)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(params))


def test_pages_cut_and_count(jellyfin: TestClient) -> None:
    body = jellyfin.get("/Items", params=ALL | {"startIndex": 1, "limit": 2}).json()
    assert [item["Name"] for item in body["Items"]] == ["beta", "Episode 1"]
    assert (body["TotalRecordCount"], body["StartIndex"]) == (6, 1)
    uncounted = jellyfin.get("/Items", params=ALL | {"enableTotalRecordCount": "false"}).json()
    assert uncounted["TotalRecordCount"] == 0


def test_sorting_takes_several_keys_each_with_its_direction(jellyfin: TestClient) -> None:
    by_year = {"includeItemTypes": "Movie,Series", "sortBy": "ProductionYear", "sortOrder": "Descending"}
    assert _names(jellyfin, **by_year) == ["Alpha", "Gamma", "beta"]
    deep = {"sortBy": "SeriesSortName,IndexNumber,Nonsense", "sortOrder": "Ascending,Descending"}
    assert _names(jellyfin, **deep) == ["Alpha", "beta", "Episode 3", "Episode 2", "Episode 1", "Gamma"]


def test_missing_episodes_are_listed_unless_told_not_to(jellyfin: TestClient) -> None:
    episodes = {"includeItemTypes": "Episode"}
    assert len(_names(jellyfin, **episodes)) == 3
    assert _names(jellyfin, **episodes, isMissing="false") == ["Episode 1", "Episode 2"]
    assert _names(jellyfin, **episodes, excludeLocationTypes="Virtual") == ["Episode 1", "Episode 2"]
    assert _item(jellyfin, THIRD)["LocationType"] == "Virtual"


def test_an_episode_names_its_series_and_place(jellyfin: TestClient) -> None:
    episode = _item(jellyfin, SECOND)
    assert (episode["SeriesId"], episode["SeriesName"]) == (GAMMA, "Gamma")
    assert (episode["ParentIndexNumber"], episode["IndexNumber"]) == (1, 2)


def test_a_date_of_saving_tells_library_changes_only(jellyfin: TestClient, world: JellyfinWorld, now: datetime) -> None:
    world.finish_playing(ADA, ALPHA, now + timedelta(days=1))
    later = (now + timedelta(hours=1)).isoformat()
    assert _names(jellyfin, userId=ADA, minDateLastSavedForUser=later) == []
    assert len(_names(jellyfin, minDateLastSaved="2020-01-01T00:00:00")) == 6


def test_a_begun_film_counts_a_play_and_shows_how_far(
    jellyfin: TestClient, world: JellyfinWorld, now: datetime
) -> None:
    world.start_playing(ADA, ALPHA, now, position_min=25.0)
    data = _item(jellyfin, ALPHA, userId=ADA)["UserData"]
    assert (data["PlayCount"], data["Played"], data["PlayedPercentage"]) == (1, False, 25.0)
    assert data["PlaybackPositionTicks"] == 25 * 600_000_000
    assert _names(jellyfin, userId=ADA, filters="IsResumable") == ["Alpha"]
    assert _names(jellyfin, userId=BO, filters="IsResumable") == []


def test_a_finished_film_has_no_percentage_and_a_date_of_seven_digits(
    jellyfin: TestClient, world: JellyfinWorld, now: datetime
) -> None:
    world.finish_playing(ADA, ALPHA, now)
    data = _item(jellyfin, ALPHA, userId=ADA)["UserData"]
    assert (data["Played"], data["LastPlayedDate"]) == (True, "2025-11-22T18:30:00.0000000Z")
    assert "PlayedPercentage" not in data


def test_played_films_come_newest_first(jellyfin: TestClient, world: JellyfinWorld, now: datetime) -> None:
    world.finish_playing(ADA, BETA, now)
    world.finish_playing(ADA, ALPHA, now - timedelta(days=1))
    played = {"userId": ADA, "isPlayed": "true", "sortBy": "DatePlayed", "sortOrder": "Descending"}
    assert _names(jellyfin, **played) == ["beta", "Alpha"]
    assert "Alpha" not in _names(jellyfin, userId=ADA, isPlayed="false")
    assert _names(jellyfin, userId=ADA, includeItemTypes="Movie", sortBy="DatePlayed,PlayCount") == ["Alpha", "beta"]


def test_a_series_is_played_when_every_episode_with_a_file_is(
    jellyfin: TestClient, world: JellyfinWorld, now: datetime
) -> None:
    world.finish_playing(ADA, FIRST, now)
    half = _item(jellyfin, GAMMA, userId=ADA)["UserData"]
    world.mark_played(ADA, SECOND, now)
    whole = _item(jellyfin, GAMMA, userId=ADA)["UserData"]
    assert (half["Played"], half["UnplayedItemCount"]) == (False, 1)
    assert (whole["Played"], whole["UnplayedItemCount"]) == (True, 0)


def test_unmarking_erases_count_and_date_but_not_the_heart(
    jellyfin: TestClient, world: JellyfinWorld, now: datetime
) -> None:
    world.finish_playing(ADA, ALPHA, now)
    world.set_favorite(ADA, ALPHA)
    world.mark_unplayed(ADA, ALPHA)
    data = _item(jellyfin, ALPHA, userId=ADA)["UserData"]
    assert (data["Played"], data["PlayCount"], data["IsFavorite"]) == (False, 0, True)
    assert "LastPlayedDate" not in data
    assert _names(jellyfin, userId=ADA, filters="IsFavoriteOrLikes") == ["Alpha"]


def test_a_tick_by_hand_keeps_an_earlier_date(world: JellyfinWorld, now: datetime) -> None:
    world.start_playing(ADA, ALPHA, now - timedelta(days=5), position_min=3)
    world.mark_played(ADA, ALPHA, now)
    data = world.user_data(ADA, ALPHA)
    assert (data.last_played_at, data.play_count, data.position_min) == (now - timedelta(days=5), 1, 0.0)


def test_likes_follow_the_rating(jellyfin: TestClient, world: JellyfinWorld) -> None:
    world.like(ADA, ALPHA)
    world.dislike(ADA, BETA)
    assert _item(jellyfin, ALPHA, userId=ADA)["UserData"]["Likes"] is True
    assert _item(jellyfin, BETA, userId=ADA)["UserData"]["Likes"] is False
    assert _names(jellyfin, userId=ADA, filters="Likes") == ["Alpha"]
    assert "Alpha" not in _names(jellyfin, userId=ADA, filters="Dislikes")
    world.rate(ADA, ALPHA, None)
    assert "Likes" not in _item(jellyfin, ALPHA, userId=ADA)["UserData"]


def test_a_deleted_item_is_gone_and_comes_back_with_its_user_data(
    jellyfin: TestClient, world: JellyfinWorld, now: datetime
) -> None:
    film = world.items[ALPHA]
    world.finish_playing(ADA, ALPHA, now)
    world.delete_item(ALPHA)
    assert "Alpha" not in _names(jellyfin, userId=ADA)
    world.add_item(film)
    assert world.user_data(ADA, ALPHA).played


def test_a_deleted_series_takes_its_episodes_along_but_not_the_other_way(world: JellyfinWorld) -> None:
    world.delete_item(FIRST)
    assert [episode.item_id for episode in world.episodes(GAMMA)] == [SECOND]
    world.delete_item(GAMMA)
    assert set(world.items) == {ALPHA, BETA}


def test_people_are_found_by_name_and_strangers_cannot_watch(world: JellyfinWorld, now: datetime) -> None:
    assert world.person_id("Bo") == BO
    with pytest.raises(KeyError):
        world.finish_playing("stranger", ALPHA, now)
