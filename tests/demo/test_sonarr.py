from collections.abc import Callable
from datetime import datetime

import pytest
from starlette.testclient import TestClient

from doublebill.demo.catalogue import CatalogueTitle
from doublebill.demo.servarr import ServarrSettings
from doublebill.demo.sonarr import SONARR_KEY, DemoSonarr

GOOD = {"title": "Harbour", "tvdbId": 9021, "qualityProfileId": 4, "rootFolderPath": "/media/a"}


def _codes(client: TestClient, **fields: object) -> list[tuple[str, str | None]]:
    answer = client.post("/api/v3/series", json=GOOD | fields)
    assert answer.status_code == 400
    return [(failure["propertyName"], failure.get("errorCode")) for failure in answer.json()]


def _monitored(client: TestClient, monitor: str) -> tuple[bool, list[int]]:
    wish = {"monitored": True, "addOptions": {"monitor": monitor}}
    series = client.post("/api/v3/series", json=GOOD | wish).json()
    return series["monitored"], [season["seasonNumber"] for season in series["seasons"] if season["monitored"]]


def test_it_names_itself(sonarr: TestClient, sonarr_app: DemoSonarr) -> None:
    assert sonarr.get("/api/v3/system/status").json()["appName"] == "Sonarr"
    assert sonarr_app.version.startswith("4.")


def test_the_library_is_told_whole_or_for_one_title(sonarr: TestClient) -> None:
    assert [series["tvdbId"] for series in sonarr.get("/api/v3/series").json()] == [9011]
    assert sonarr.get("/api/v3/series?tvdbId=9021").json() == []
    assert sonarr.get("/api/v3/series/1").json()["statistics"]["percentOfEpisodes"] == 100


def test_an_unknown_series_is_a_404(sonarr: TestClient) -> None:
    assert sonarr.get("/api/v3/series/99").json()["status"] == 404
    assert sonarr.delete("/api/v3/series/99").json()["message"] == "Series with ID 99 does not exist"


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("tvdb:9021", [9021]),
        ("tvdbid:9021", [9021]),
        ("tmdb:21", [9021]),
        ("imdb:tt0900011", [9011]),
        ("tvdb:1", []),
        ("tvdb:x", []),
        ("tmdb:22", []),
        ("harb", [9021]),
        ("quay", []),
        ("kitchen", []),
    ],
)
def test_lookup_takes_ids_and_words_for_what_thetvdb_has(sonarr: TestClient, term: str, found: list[int]) -> None:
    series = sonarr.get("/api/v3/series/lookup", params={"term": term}).json()
    assert [each["tvdbId"] for each in series] == found


def test_lookup_tells_the_tmdb_id_and_the_library_id_of_a_held_series(sonarr: TestClient) -> None:
    held = sonarr.get("/api/v3/series/lookup?term=tvdb:9011").json()[0]
    other = sonarr.get("/api/v3/series/lookup?term=tvdb:9021").json()[0]
    assert (held["id"], held["tmdbId"], held["ended"]) == (1, 11, True)
    assert "id" not in other
    assert (other["tmdbId"], other["status"]) == (21, "continuing")


def test_what_is_not_sent_is_false(sonarr: TestClient) -> None:
    answer = sonarr.post("/api/v3/series", json=GOOD)
    series = answer.json()
    assert (answer.status_code, answer.headers["Location"]) == (201, "/api/v3/series/2")
    assert (series["monitored"], series["seasonFolder"]) == (False, False)
    assert (series["seriesType"], series["monitorNewItems"]) == ("standard", "all")
    assert series["path"] == "/media/a/Harbour"


def test_what_is_sent_is_kept(sonarr: TestClient) -> None:
    wish = {"monitored": True, "seasonFolder": True, "seriesType": "anime", "monitorNewItems": "none", "tags": [1]}
    series = sonarr.post("/api/v3/series", json=GOOD | wish).json()
    assert {name: series[name] for name in wish} == wish


@pytest.mark.parametrize(
    ("monitor", "monitored", "seasons"),
    [
        ("all", True, [1, 2]),
        ("firstSeason", True, [1]),
        ("pilot", True, [1]),
        ("future", True, [2]),
        ("lastSeason", True, [2]),
        ("existing", True, []),
        ("none", False, []),
    ],
)
def test_a_monitor_mode_picks_the_seasons(
    sonarr: TestClient, monitor: str, monitored: bool, seasons: list[int]
) -> None:
    assert _monitored(sonarr, monitor) == (monitored, seasons)


def test_each_broken_rule_has_its_code(sonarr: TestClient) -> None:
    assert _codes(sonarr, tvdbId=9011) == [("TvdbId", "SeriesExistsValidator")]
    assert _codes(sonarr, tvdbId=0) == [("TvdbId", "GreaterThanValidator")]
    assert _codes(sonarr, title="") == [("Title", "NotEmptyValidator")]
    assert _codes(sonarr, tvdbId=5) == [("TvdbId", None)]
    assert _codes(sonarr, qualityProfileId=9, rootFolderPath="/x") == [
        ("RootFolderPath", "RootFolderExistsValidator"),
        ("QualityProfileId", "QualityProfileExistsValidator"),
    ]


def test_an_unknown_monitor_mode_is_one_problem_object(sonarr: TestClient) -> None:
    answer = sonarr.post("/api/v3/series", json=GOOD | {"addOptions": {"monitor": "some"}})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["$.monitor"])


def test_a_namesake_is_in_the_way_twice(
    series: Callable[..., CatalogueTitle], settings: ServarrSettings, now: datetime
) -> None:
    app = DemoSonarr([series(1, "Twin", tvdb_id=1), series(2, "Twin", tvdb_id=2)], settings, lambda: now)
    app.hold(1)
    client = TestClient(app, headers={"X-Api-Key": SONARR_KEY})
    assert _codes(client, tvdbId=2) == [("Path", "SeriesPathValidator"), ("TitleSlug", "SeriesTitleSlugValidator")]
    assert _codes(client, tvdbId=2, path="/media/b/Twin 2") == [("TitleSlug", "SeriesTitleSlugValidator")]


def test_a_search_puts_the_series_into_the_queue_until_it_arrives(sonarr_app: DemoSonarr, sonarr: TestClient) -> None:
    sonarr.post("/api/v3/series", json=GOOD | {"addOptions": {"searchForMissingEpisodes": True}})
    assert [entry["seriesId"] for entry in sonarr.get("/api/v3/queue").json()["records"]] == [2]
    sonarr_app.finish_download(9021)
    assert sonarr.get("/api/v3/queue").json()["records"] == []
    assert sonarr.get("/api/v3/series/2").json()["statistics"]["episodeFileCount"] == 5


def test_a_deleted_series_is_barred_if_asked(sonarr: TestClient) -> None:
    sonarr.delete("/api/v3/series/1?addImportListExclusion=true")
    assert sonarr.get("/api/v3/series").json() == []
    assert sonarr.get("/api/v3/importlistexclusion").json() == [{"tvdbId": 9011, "title": "Fjord", "id": 1}]


def test_a_deleted_series_is_not_barred_unless_asked(sonarr: TestClient) -> None:
    sonarr.delete("/api/v3/series/1")
    assert sonarr.get("/api/v3/importlistexclusion/paged").json()["records"] == []


def test_exclusions_are_added_by_tvdb_id_and_title(sonarr: TestClient) -> None:
    assert sonarr.post("/api/v3/importlistexclusion", json={"tvdbId": 9021, "title": "Harbour"}).status_code == 201
    assert sonarr.post("/api/v3/importlistexclusion", json={"tvdbId": 9021}).status_code == 400
    assert sonarr.get("/api/v3/importlistexclusion/paged").json()["totalRecords"] == 1
