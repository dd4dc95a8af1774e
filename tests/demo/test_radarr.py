from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from doublebill.demo.catalogue import CatalogueTitle
from doublebill.demo.radarr import RADARR_KEY, DemoRadarr
from doublebill.demo.servarr import ServarrSettings

GOOD = {"tmdbId": 12, "qualityProfileId": 4, "rootFolderPath": "/media/a"}


def _codes(client: TestClient, **fields: object) -> list[tuple[str, str | None]]:
    answer = client.post("/api/v3/movie", json=GOOD | fields)
    assert answer.status_code == 400
    return [(failure["propertyName"], failure.get("errorCode")) for failure in answer.json()]


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ({"X-Api-Key": RADARR_KEY}, "", 200),
        ({"Authorization": f"Bearer {RADARR_KEY}"}, "", 200),
        ({}, f"?apikey={RADARR_KEY}", 200),
        ({"X-Api-Key": RADARR_KEY}, "?apikey=wrong", 401),
        ({"Authorization": f"Basic {RADARR_KEY}"}, "", 401),
        ({}, "", 401),
    ],
)
def test_the_key_is_read_from_query_then_header_then_bearer(
    radarr_app: DemoRadarr, headers: dict[str, str], query: str, status: int
) -> None:
    answer = TestClient(radarr_app).get(f"/api/v3/system/status{query}", headers=headers)
    assert answer.status_code == status
    assert (answer.content == b"") == (status == 401)
    assert answer.headers["X-Application-Version"] == radarr_app.version


def test_the_set_up_is_told(radarr: TestClient) -> None:
    assert radarr.get("/api/v3/system/status").json()["appName"] == "Radarr"
    assert [profile["id"] for profile in radarr.get("/api/v3/qualityprofile").json()] == [1, 4, 5]
    folders = radarr.get("/api/v3/rootfolder").json()
    assert [(folder["path"], folder["accessible"]) for folder in folders][-1] == ("/media/broken", False)
    assert "freeSpace" not in folders[-1]


def test_tags_are_listed_and_added_once(radarr: TestClient) -> None:
    first = radarr.post("/api/v3/tag", json={"label": "Evening-Film"})
    again = radarr.post("/api/v3/tag", json={"label": "evening-film"})
    assert (first.status_code, first.json()) == (201, again.json())
    assert [tag["label"] for tag in radarr.get("/api/v3/tag").json()] == ["family", "evening-film"]


def test_a_tag_with_spaces_is_refused(radarr: TestClient) -> None:
    answer = radarr.post("/api/v3/tag", json={"label": "late night"})
    assert (answer.status_code, answer.json()[0]["propertyName"]) == (400, "Label")


def test_the_library_is_told_whole_or_for_one_title(radarr: TestClient) -> None:
    assert [movie["tmdbId"] for movie in radarr.get("/api/v3/movie").json()] == [11]
    assert radarr.get("/api/v3/movie?tmdbId=12").json() == []
    assert radarr.get("/api/v3/movie?tmdbId=11").json()[0]["hasFile"] is True
    assert radarr.get("/api/v3/movie/1").json()["title"] == "Först"


def test_an_unknown_movie_or_path_is_a_404(radarr: TestClient) -> None:
    assert radarr.get("/api/v3/movie/99").json()["status"] == 404
    assert radarr.delete("/api/v3/movie/99").json()["message"] == "Movie with ID 99 does not exist"
    assert radarr.get("/api/v3/nowhere").json()["message"] == "NotFound"


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("tmdb:12", [12]),
        ("tmdbid:12", [12]),
        ("imdb:tt0000012", [12]),
        ("tmdb:999", []),
        ("tmdb:abc", []),
        ("imdb:tt9", []),
        ("first again", [12]),
        ("fjord", []),
        ("", []),
    ],
)
def test_lookup_takes_ids_and_words_for_films_only(radarr: TestClient, term: str, found: list[int]) -> None:
    movies = radarr.get("/api/v3/movie/lookup", params={"term": term}).json()
    assert [movie["tmdbId"] for movie in movies] == found


def test_lookup_shows_the_library_id_of_a_held_film_only(radarr: TestClient) -> None:
    held = radarr.get("/api/v3/movie/lookup?term=tmdb:11").json()[0]
    other = radarr.get("/api/v3/movie/lookup?term=tmdb:12").json()[0]
    assert held["id"] == 1
    assert "id" not in other
    assert (other["folder"], other["monitored"]) == ("First Again (2003)", False)
    assert "isExcluded" not in other


def test_lookup_by_one_tmdb_id_breaks_on_an_unknown_one(radarr: TestClient) -> None:
    assert radarr.get("/api/v3/movie/lookup/tmdb?tmdbId=12").json()["title"] == "First Again"
    assert radarr.get("/api/v3/movie/lookup/tmdb?tmdbId=999").status_code == 500
    assert "errors" in radarr.get("/api/v3/movie/lookup/tmdb?tmdbId=x").json()


def test_a_good_wish_is_created_with_the_real_defaults(radarr: TestClient) -> None:
    answer = radarr.post("/api/v3/movie", json=GOOD | {"title": "ignored", "tags": [1], "rootFolderPath": "/media/a/"})
    movie = answer.json()
    assert (answer.status_code, answer.headers["Location"]) == (201, "/api/v3/movie/2")
    assert (movie["title"], movie["path"]) == ("First Again", "/media/a/First Again (2003)")
    assert (movie["monitored"], movie["minimumAvailability"], movie["hasFile"]) == (True, "released", False)
    assert movie["tags"] == [1]
    assert radarr.get("/api/v3/movie?tmdbId=12").json()[0]["id"] == 2


def test_what_is_sent_is_kept(radarr: TestClient) -> None:
    wish = {"minimumAvailability": "INCINEMAS", "addOptions": {"monitor": "none"}, "path": "/media/b/Here"}
    movie = radarr.post("/api/v3/movie", json=GOOD | wish).json()
    assert (movie["minimumAvailability"], movie["monitored"], movie["path"]) == ("inCinemas", False, "/media/b/Here")


def test_names_in_any_case_and_trailing_commas_are_read(radarr: TestClient) -> None:
    body = b'{"TmdbId": 12, "QUALITYPROFILEID": 4, "rootfolderpath": "/media/a", "tags": [],}'
    assert radarr.post("/api/v3/movie", content=body).status_code == 201


def test_a_second_wish_for_the_same_film_is_refused(radarr: TestClient) -> None:
    answer = radarr.post("/api/v3/movie", json=GOOD | {"tmdbId": 11})
    assert answer.json() == [
        {
            "propertyName": "TmdbId",
            "errorMessage": "This movie has already been added",
            "attemptedValue": 11,
            "severity": "error",
            "errorCode": "MovieExistsValidator",
            "formattedMessageArguments": [],
            "formattedMessagePlaceholderValues": {"propertyName": "Tmdb Id", "propertyValue": 11},
        }
    ]


def test_each_broken_rule_has_its_code(radarr: TestClient) -> None:
    assert _codes(radarr, qualityProfileId=0) == [("QualityProfileId", "GreaterThanValidator")]
    assert _codes(radarr, qualityProfileId=99) == [("QualityProfileId", "QualityProfileExistsValidator")]
    assert _codes(radarr, rootFolderPath="") == [("RootFolderPath", "NotEmptyValidator")]
    assert _codes(radarr, rootFolderPath="/elsewhere") == [("RootFolderPath", "RootFolderExistsValidator")]
    assert _codes(radarr, tmdbId=0, title="X") == [("TmdbId", "NotEmptyValidator")]
    assert _codes(radarr, tmdbId=0) == [("Title", "NotEmptyValidator"), ("TmdbId", "NotEmptyValidator")]
    assert _codes(radarr, tmdbId=999) == [("TmdbId", None)]


def test_all_broken_rules_come_together(radarr: TestClient) -> None:
    assert len(_codes(radarr, qualityProfileId=0, rootFolderPath="", tmdbId=11)) == 3


def test_a_folder_of_another_film_is_a_conflict(radarr_app: DemoRadarr, radarr: TestClient) -> None:
    radarr_app.hold(13, path="/media/a/First Again (2003)")
    answer = radarr.post("/api/v3/movie", json=GOOD)
    assert answer.json()[0]["errorCode"] == "MoviePathValidator"


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b'{"tmdbId": "12"}',
        b'{"tmdbId": true}',
        b'{"rootFolderPath": 5}',
        b'{"monitored": "yes"}',
        b'{"tags": "family"}',
        b'{"tags": ["family"]}',
        b'{"addOptions": []}',
        b'{"minimumAvailability": "someday"}',
    ],
)
def test_a_body_that_cannot_be_read_is_one_problem_object(radarr: TestClient, content: bytes) -> None:
    answer = radarr.post("/api/v3/movie", content=content)
    assert answer.status_code == 400
    assert answer.json()["title"] == "One or more validation errors occurred."


def test_a_search_puts_the_film_into_the_queue_until_it_arrives(radarr_app: DemoRadarr, radarr: TestClient) -> None:
    radarr.post("/api/v3/movie", json=GOOD | {"addOptions": {"searchForMovie": True}})
    queue = radarr.get("/api/v3/queue").json()
    assert [(entry["movieId"], entry["status"]) for entry in queue["records"]] == [(2, "downloading")]
    radarr_app.finish_download(12)
    assert radarr.get("/api/v3/queue").json()["totalRecords"] == 0
    assert radarr.get("/api/v3/movie/2").json()["hasFile"] is True


def test_the_queue_says_how_much_is_left(radarr_app: DemoRadarr, radarr: TestClient) -> None:
    radarr_app.start_download(11, done=0.75)
    entry = radarr.get("/api/v3/queue").json()["records"][0]
    assert entry["sizeleft"] == entry["size"] / 4


def test_a_deleted_film_can_be_barred_and_still_be_added(radarr: TestClient) -> None:
    answer = radarr.delete("/api/v3/movie/1?deleteFiles=true&addImportExclusion=true")
    assert (answer.status_code, answer.content) == (200, b"")
    assert radarr.get("/api/v3/movie/lookup?term=tmdb:11").json()[0]["isExcluded"] is True
    assert radarr.post("/api/v3/movie", json=GOOD | {"tmdbId": 11}).status_code == 201


def test_a_deleted_film_is_not_barred_unless_asked(radarr: TestClient) -> None:
    radarr.delete("/api/v3/movie/1")
    assert radarr.get("/api/v3/exclusions").json() == []


def test_exclusions_are_added_listed_and_paged(radarr: TestClient) -> None:
    for tmdb_id in (12, 13, 12):
        body = {"tmdbId": tmdb_id, "movieTitle": "Some Film", "movieYear": 2003}
        assert radarr.post("/api/v3/exclusions", json=body).status_code == 201
    listed = radarr.get("/api/v3/exclusions")
    page = radarr.get("/api/v3/exclusions/paged?page=2&pageSize=1").json()
    assert (len(listed.json()), listed.headers["Deprecation"]) == (2, "true")
    assert ([entry["tmdbId"] for entry in page["records"]], page["totalRecords"]) == ([13], 2)


def test_an_empty_exclusion_or_page_is_refused(radarr: TestClient) -> None:
    assert radarr.post("/api/v3/exclusions", json={"tmdbId": 12}).status_code == 400
    assert radarr.get("/api/v3/exclusions/paged?page=0").status_code == 400


def test_folders_leave_out_what_file_systems_refuse(
    film: Callable[..., CatalogueTitle], settings: ServarrSettings, radarr_app: DemoRadarr
) -> None:
    app = DemoRadarr([film(1, "Who? Me: A/B", released=None, runtime_min=None)], settings, radarr_app.clock)
    assert app.hold(1, has_file=False).path == "/media/a/Who Me AB"
