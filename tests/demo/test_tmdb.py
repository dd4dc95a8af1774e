from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from doublebill.demo.catalogue import CatalogueTitle
from doublebill.demo.genres import GENRES
from doublebill.demo.ids import keyword_id, person_id
from doublebill.demo.neighbours import NeighbourLists
from doublebill.demo.rate_limit import RateLimit
from doublebill.demo.tmdb import TMDB_KEY, DemoTmdb
from doublebill.model import Kind, TitleKey

MakeTitle = Callable[..., CatalogueTitle]
LONG_APPEND = ",".join(["keywords"] * 21)


def _client(app: DemoTmdb) -> TestClient:
    return TestClient(app, headers={"Authorization": f"Bearer {TMDB_KEY}"})


def _ids(client: TestClient, path: str) -> list[int]:
    return [entry["id"] for entry in client.get(path).json()["results"]]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TMDB_KEY}"}])
def test_a_missing_or_wrong_key_is_refused(catalogue: list[CatalogueTitle], headers: dict[str, str]) -> None:
    answer = TestClient(DemoTmdb(catalogue)).get("/3/authentication", headers=headers)
    assert (answer.status_code, answer.json()["status_code"]) == (401, 7)


def test_the_key_counts_in_the_query_too(catalogue: list[CatalogueTitle]) -> None:
    answer = TestClient(DemoTmdb(catalogue)).get("/3/authentication", params={"api_key": TMDB_KEY})
    assert answer.json()["success"] is True


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/3/movie/999999999", 404, 34),
        ("/3/movie/tt9999999", 404, 34),
        ("/3/movie/abc", 404, 6),
        ("/3/book/11", 404, 34),
        ("/3/movie/11/nonsense", 404, 34),
        ("/3/nowhere", 404, 34),
        ("/3/person/1/combined_credits", 404, 34),
        ("/3/trending/movie/month", 404, 34),
        ("/3/movie/11/similar?page=0", 400, 22),
        ("/3/movie/11/similar?page=501", 400, 22),
        ("/3/movie/11/similar?page=two", 400, 22),
        (f"/3/movie/11?append_to_response={LONG_APPEND}", 400, 27),
        ("/3/search/movie", 422, 5),
        ("/3/find/tt0000011", 422, 5),
        ("/3/discover/movie?vote_count.gte=many", 422, 5),
        ("/3/discover/movie?primary_release_date.gte=yesterday", 422, 5),
        ("/3/discover/movie?sort_by=popularity.sideways", 422, 5),
    ],
)
def test_refusals_carry_tmdb_s_status_and_code(tmdb: TestClient, path: str, status: int, code: int) -> None:
    answer = tmdb.get(path)
    body = answer.json()
    assert (answer.status_code, body["status_code"], body["success"]) == (status, code, False)


def test_a_method_that_a_path_does_not_have_is_refused(tmdb: TestClient) -> None:
    assert tmdb.post("/3/configuration").status_code == 405


def test_the_rate_limit_refuses_without_saying_when_to_come_back(catalogue: list[CatalogueTitle]) -> None:
    seconds = [0.0]
    limited = _client(DemoTmdb(catalogue, rate_limit=RateLimit(2, clock=lambda: seconds[0])))
    statuses = [limited.get("/3/configuration").status_code for _ in range(3)]
    refused = limited.get("/3/configuration")
    seconds[0] = 1.0
    assert statuses == [200, 200, 429]
    assert refused.json()["status_code"] == 25
    assert "Retry-After" not in refused.headers
    assert limited.get("/3/configuration").status_code == 200


def test_configuration_says_where_pictures_lie(tmdb: TestClient) -> None:
    assert "w500" in tmdb.get("/3/configuration").json()["images"]["poster_sizes"]


def test_genre_lists_differ_by_kind(tmdb: TestClient) -> None:
    films = {genre["name"]: genre["id"] for genre in tmdb.get("/3/genre/movie/list").json()["genres"]}
    series = {genre["name"]: genre["id"] for genre in tmdb.get("/3/genre/tv/list").json()["genres"]}
    assert films == GENRES[Kind.MOVIE]
    assert series["Sci-Fi & Fantasy"] == 10765


def test_one_number_names_a_film_and_a_series(tmdb: TestClient) -> None:
    assert tmdb.get("/3/movie/11").json()["title"] == "Först"
    assert tmdb.get("/3/tv/11").json()["name"] == "Fjord"


def test_a_film_is_found_by_its_imdb_id(tmdb: TestClient) -> None:
    assert tmdb.get("/3/movie/tt0000012").json()["id"] == 12


def test_appended_parts_are_those_asked_for(tmdb: TestClient) -> None:
    parts = "keywords,credits,external_ids,recommendations,similar,videos,unheard_of"
    body = tmdb.get("/3/movie/11", params={"append_to_response": parts}).json()
    assert body["keywords"]["keywords"][0] == {"id": keyword_id("space"), "name": "space"}
    assert [person["job"] for person in body["credits"]["crew"]] == ["Director"]
    assert body["external_ids"]["imdb_id"] == "tt0000011"
    assert body["recommendations"]["results"][0]["id"] == 12
    assert body["videos"] == {"results": []}
    assert "unheard_of" not in body
    assert "keywords" not in tmdb.get("/3/movie/11").json()


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 1), ("language=de-DE", 0), ("language=de-DE&include_video_language=de,en", 1), ("language=en-GB", 1)],
)
def test_a_trailer_comes_in_the_languages_asked_for(film: MakeTitle, query: str, count: int) -> None:
    client = _client(DemoTmdb([film(5, "Any", trailer_id="abcdefghijk")]))
    found = client.get(f"/3/movie/5/videos?{query}").json()["results"]
    assert [(video["key"], video["type"], video["site"]) for video in found] == [
        ("abcdefghijk", "Trailer", "YouTube")
    ] * count


def test_a_part_alone_names_its_title(tmdb: TestClient) -> None:
    body = tmdb.get("/3/tv/11/keywords").json()
    assert body == {"id": 11, "results": [{"id": keyword_id("murder"), "name": "murder"}]}


def test_a_series_tells_its_tvdb_id_and_its_length(tmdb: TestClient) -> None:
    body = tmdb.get("/3/tv/11?append_to_response=external_ids").json()
    assert body["external_ids"]["tvdb_id"] == 9011
    assert (body["number_of_seasons"], body["number_of_episodes"], body["in_production"]) == (2, 5, False)
    assert body["created_by"][0]["id"] == person_id("Kim Berg")


def test_only_recommendations_name_the_kind_of_their_entries(tmdb: TestClient) -> None:
    recommended = tmdb.get("/3/movie/11/recommendations").json()["results"][0]
    similar = tmdb.get("/3/movie/11/similar").json()["results"][0]
    assert recommended["media_type"] == "movie"
    assert "media_type" not in similar


def test_given_lists_are_served_in_their_order_without_unknown_titles(catalogue: list[CatalogueTitle]) -> None:
    keys = tuple(TitleKey(Kind.MOVIE, number) for number in (14, 99, 12))
    lists = {TitleKey(Kind.MOVIE, 11): NeighbourLists(recommendations=keys, similar=keys[:1])}
    client = _client(DemoTmdb(catalogue, lists.__getitem__))
    assert _ids(client, "/3/movie/11/recommendations") == [14, 12]
    assert _ids(client, "/3/movie/11/similar") == [14]


def test_pages_hold_twenty_and_then_nothing(film: MakeTitle) -> None:
    films = [film(number, f"Film {number}") for number in range(1, 46)]
    client = _client(DemoTmdb(films))
    pages = [client.get("/3/discover/movie", params={"page": page}).json() for page in (1, 3, 4)]
    assert [len(page["results"]) for page in pages] == [20, 5, 0]
    assert (pages[0]["total_pages"], pages[0]["total_results"]) == (3, 45)


@pytest.mark.parametrize(
    ("source", "external_id", "group"), [("imdb_id", "tt0000012", "movie_results"), ("tvdb_id", "9011", "tv_results")]
)
def test_find_knows_other_services_ids(tmdb: TestClient, source: str, external_id: str, group: str) -> None:
    body = tmdb.get(f"/3/find/{external_id}", params={"external_source": source}).json()
    assert [name for name, entries in body.items() if entries] == [group]


def test_find_answers_an_unknown_id_with_empty_lists(tmdb: TestClient) -> None:
    body = tmdb.get("/3/find/tt7777777?external_source=imdb_id").json()
    assert not any(body.values())


def test_search_ignores_case_accents_and_word_ends(tmdb: TestClient) -> None:
    assert _ids(tmdb, "/3/search/movie?query=FORST") == [11]
    assert _ids(tmdb, "/3/search/movie?query=kok") == [14]
    assert _ids(tmdb, "/3/search/movie?query=!!!") == []


def test_search_puts_the_exact_name_first(catalogue: list[CatalogueTitle], film: MakeTitle) -> None:
    titles = [*catalogue, film(16, "Ada and the Rest", popularity=99.0)]
    client = _client(DemoTmdb(titles))
    assert _ids(client, "/3/search/movie?query=ada") == [15, 16]


def test_search_can_ask_for_a_year(tmdb: TestClient) -> None:
    assert _ids(tmdb, "/3/search/movie?query=first&year=2003") == [12]
    assert _ids(tmdb, "/3/search/tv?query=fjord&first_air_date_year=2011") == []


def test_search_for_people_tells_what_they_are_known_for(tmdb: TestClient) -> None:
    found = tmdb.get("/3/search/person?query=lund").json()["results"]
    assert [person["id"] for person in found] == [person_id("Ada Lund")]
    assert found[0]["known_for_department"] == "Acting"
    assert {title["id"] for title in found[0]["known_for"]} == {11, 12, 15}


def test_search_for_everything_mixes_titles_and_people(tmdb: TestClient) -> None:
    found = tmdb.get("/3/search/multi?query=ada").json()["results"]
    assert [entry["media_type"] for entry in found] == ["movie", "person"]


def test_combined_credits_tell_roles_and_jobs(tmdb: TestClient) -> None:
    body = tmdb.get(f"/3/person/{person_id('Ada Lund')}/combined_credits").json()
    assert [(part["id"], part["character"]) for part in body["cast"]] == [(15, "Herself")]
    assert [(part["id"], part["job"]) for part in body["crew"]] == [(11, "Director"), (12, "Director")]


def test_a_creator_has_credits_of_their_series(tmdb: TestClient) -> None:
    body = tmdb.get(f"/3/person/{person_id('Kim Berg')}/combined_credits").json()
    assert {(part["media_type"], part["job"]) for part in body["crew"]} == {("tv", "Creator")}
    assert tmdb.get("/3/search/person?query=berg").json()["results"][0]["known_for_department"] == "Directing"


def test_trending_tells_kinds_and_keeps_to_one_if_asked(tmdb: TestClient) -> None:
    everything = tmdb.get("/3/trending/all/week").json()["results"]
    assert {entry["media_type"] for entry in everything} == {"movie", "tv"}
    assert set(_ids(tmdb, "/3/trending/tv/day")) == {11, 21, 22}


def test_now_playing_gives_the_newest_films_and_their_dates(tmdb: TestClient) -> None:
    body = tmdb.get("/3/movie/now_playing").json()
    assert [entry["id"] for entry in body["results"]][:2] == [13, 12]
    assert body["dates"] == {"maximum": "2024-01-05", "minimum": "2000-01-01"}


def test_on_the_air_is_only_what_still_runs(tmdb: TestClient) -> None:
    assert _ids(tmdb, "/3/tv/on_the_air") == [21]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("with_genres=878,18", {13}),
        ("with_genres=878|18", {11, 12, 13, 14, 15}),
        ("without_genres=878", {14, 15}),
        (f"with_keywords={keyword_id('space')},{keyword_id('alien')}", {11, 12}),
        (f"without_keywords={keyword_id('space')}", {14, 15}),
        (f"with_cast={person_id('Ada Lund')}", {15}),
        (f"with_crew={person_id('Ada Lund')}", {11, 12}),
        (f"with_people={person_id('Ada Lund')}", {11, 12, 15}),
        ("with_original_language=sv", {14}),
        ("with_origin_country=SE|NO&vote_average.lte=6", {15}),
        ("vote_count.gte=501", {11}),
        ("primary_release_date.gte=2003-01-01&primary_release_date.lte=2003-12-31", {12}),
        ("primary_release_year=2024", {13}),
        ("with_runtime.gte=200", set()),
        ("unknown_parameter=1&vote_count.lte=", {11, 12, 13, 14, 15}),
    ],
)
def test_discover_filters(tmdb: TestClient, query: str, expected: set[int]) -> None:
    assert set(_ids(tmdb, f"/3/discover/movie?{query}")) == expected


@pytest.mark.parametrize(
    ("sort_by", "first"),
    [
        ("popularity.asc", 11),
        ("popularity.desc", 15),
        ("vote_count.desc", 11),
        ("vote_average.asc", 15),
        ("primary_release_date.desc", 13),
    ],
)
def test_discover_sorts(tmdb: TestClient, sort_by: str, first: int) -> None:
    assert _ids(tmdb, f"/3/discover/movie?sort_by={sort_by}")[0] == first


def test_a_language_without_translation_gives_the_original_title_and_no_overview(tmdb: TestClient) -> None:
    body = tmdb.get("/3/movie/14?language=de-DE").json()
    assert (body["title"], body["overview"]) == ("Köket", "")


def test_a_film_that_is_not_dated_or_genred_is_still_answered(film: MakeTitle) -> None:
    bare = film(5, "Bare", released=None, genres=("Unheard Of",), runtime_min=None, imdb_id=None)
    body = _client(DemoTmdb([bare])).get("/3/movie/5?append_to_response=similar").json()
    assert (body["release_date"], body["genres"], body["runtime"], body["similar"]["results"]) == ("", [], 0, [])


def test_a_series_that_never_aired_has_no_last_episode(series: MakeTitle) -> None:
    client = _client(DemoTmdb([series(5, "Unaired", released=None, last_aired=None)]))
    assert client.get("/3/tv/5").json()["last_episode_to_air"] is None
