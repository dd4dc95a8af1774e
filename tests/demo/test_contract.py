"""The played services against the official specifications and against recorded answers, so that they cannot drift.

TMDB's own specification is wrong about nulls and numbers, so its answers are compared with the shapes of recorded ones:
every key that we give must have been seen at its place, with a value of that type.
"""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from starlette.testclient import TestClient

from doublebill.demo.ids import person_id
from doublebill.demo.upstreams import DemoUpstreams

PICTURES = {"poster_path", "backdrop_path", "profile_path", "logo_path", "still_path"}
"""TMDB's documentation says that these may be null; the recorded titles are too famous to lack a picture."""

PARTS = "keywords,credits,external_ids,recommendations,similar,videos"


class Specification:
    """One OpenAPI file, by whose schemas answers are checked; formats are off: Jellyfin's own GUIDs break them."""

    def __init__(self, file: Path) -> None:
        read = json.loads(file.read_text(encoding="utf-8"))
        self._components = _with_nulls({"schemas": read["components"]["schemas"]})

    def check(self, name: str, body: object, *, extra: frozenset[str] = frozenset()) -> None:
        """Assert that a body, without the `extra` keys that the file forgets, is what the schema of that name says."""
        schema = {"$ref": f"#/components/schemas/{name}", "components": self._components}
        kept = {key: value for key, value in body.items() if key not in extra} if isinstance(body, dict) else body
        errors = jsonschema_rs.Draft7Validator(schema, validate_formats=False).iter_errors(kept)
        assert [(error.message, list(error.instance_path)) for error in errors] == []


def _with_nulls(node: Any) -> Any:
    """Turn OpenAPI 3.0's `nullable` into what JSON Schema understands."""
    if isinstance(node, list):
        return [_with_nulls(each) for each in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _with_nulls(value) for key, value in node.items() if key != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if node.get("nullable") is True else plain


@pytest.fixture(scope="session")
def jellyfin_spec(contracts: Path) -> Specification:
    return Specification(contracts / "openapi" / "jellyfin-openapi-12.0.0.json")


@pytest.fixture(scope="session")
def radarr_spec(contracts: Path) -> Specification:
    return Specification(contracts / "openapi" / "radarr-openapi-v3-develop-6.0.3.json")


@pytest.fixture(scope="session")
def sonarr_spec(contracts: Path) -> Specification:
    return Specification(contracts / "openapi" / "sonarr-openapi-v3-4.0.19.json")


@pytest.fixture
def ours(upstreams: DemoUpstreams) -> TestClient:
    headers = {
        "Authorization": f'MediaBrowser Token="{upstreams.jellyfin_key}"',
        "X-Api-Key": upstreams.radarr_key,
    }
    return TestClient(upstreams.jellyfin, headers=headers)


@pytest.mark.parametrize(
    ("path", "schema"),
    [("/System/Info/Public", "PublicSystemInfo"), ("/System/Info", "SystemInfo")],
)
def test_jellyfin_s_objects_fit_its_specification(
    ours: TestClient, jellyfin_spec: Specification, path: str, schema: str
) -> None:
    jellyfin_spec.check(schema, ours.get(path).json())


@pytest.mark.parametrize(("path", "schema"), [("/Users", "UserDto"), ("/Library/VirtualFolders", "VirtualFolderInfo")])
def test_jellyfin_s_lists_fit_its_specification(
    ours: TestClient, jellyfin_spec: Specification, path: str, schema: str
) -> None:
    for entry in ours.get(path).json():
        jellyfin_spec.check(schema, entry)


@pytest.mark.parametrize("item_type", ["Movie", "Series", "Episode"])
def test_jellyfin_s_items_fit_its_specification(ours: TestClient, jellyfin_spec: Specification, item_type: str) -> None:
    user_id = ours.get("/Users").json()[0]["Id"]
    params = {
        "userId": user_id,
        "recursive": "true",
        "includeItemTypes": item_type,
        "fields": "ProviderIds,DateCreated",
    }
    jellyfin_spec.check("BaseItemDtoQueryResult", ours.get("/Items", params=params).json())


def test_jellyfin_s_libraries_as_items_fit_its_specification(ours: TestClient, jellyfin_spec: Specification) -> None:
    jellyfin_spec.check("BaseItemDtoQueryResult", ours.get("/Items").json())


def test_jellyfin_s_items_have_the_recorded_shape(ours: TestClient, contracts: Path) -> None:
    recorded = contracts / "fixtures" / "jellyfin" / "jellytrim-12.1.0" / "items_userdata.json"
    user_id = ours.get("/Users").json()[0]["Id"]
    params = {"userId": user_id, "recursive": "true", "includeItemTypes": "Movie", "isPlayed": "true", "limit": 5}
    item = ours.get("/Items", params=params).json()["Items"][0]
    seen = json.loads(recorded.read_text(encoding="utf-8"))["Items"][0]
    # A file's container and video type: nothing here asks for them.
    assert seen.keys() - item.keys() == {"Container", "VideoType"}
    assert seen["UserData"].keys() - item["UserData"].keys() == set()


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("movie", "MovieResource"),
        ("movie/lookup?term=the", "MovieResource"),
        ("qualityprofile", "QualityProfileResource"),
        ("rootfolder", "RootFolderResource"),
        ("tag", "TagResource"),
        ("exclusions", "ImportListExclusionResource"),
    ],
)
def test_radarr_s_lists_fit_its_specification(
    radarr_of_demo: TestClient, radarr_spec: Specification, path: str, schema: str
) -> None:
    entries = radarr_of_demo.get(f"/api/v3/{path}").json()
    assert entries
    for entry in entries[:40]:
        # `isExcluded` is newer than the file.
        radarr_spec.check(schema, entry, extra=frozenset({"isExcluded"}))


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("system/status", "SystemResource"),
        ("queue", "QueueResourcePagingResource"),
        ("exclusions/paged", "ImportListExclusionResourcePagingResource"),
        ("movie/lookup/tmdb?tmdbId=348", "MovieResource"),
        ("movie/1", "MovieResource"),
    ],
)
def test_radarr_s_objects_fit_its_specification(
    radarr_of_demo: TestClient, radarr_spec: Specification, path: str, schema: str
) -> None:
    radarr_spec.check(schema, radarr_of_demo.get(f"/api/v3/{path}").json())


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("series", "SeriesResource"),
        ("series/lookup?term=the", "SeriesResource"),
        ("qualityprofile", "QualityProfileResource"),
        ("rootfolder", "RootFolderResource"),
        ("tag", "TagResource"),
    ],
)
def test_sonarr_s_lists_fit_its_specification(
    sonarr_of_demo: TestClient, sonarr_spec: Specification, path: str, schema: str
) -> None:
    entries = sonarr_of_demo.get(f"/api/v3/{path}").json()
    assert entries
    for entry in entries[:40]:
        sonarr_spec.check(schema, entry)


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("system/status", "SystemResource"),
        ("queue", "QueueResourcePagingResource"),
        ("importlistexclusion/paged", "ImportListExclusionResourcePagingResource"),
        ("series/1", "SeriesResource"),
    ],
)
def test_sonarr_s_objects_fit_its_specification(
    sonarr_of_demo: TestClient, sonarr_spec: Specification, path: str, schema: str
) -> None:
    sonarr_spec.check(schema, sonarr_of_demo.get(f"/api/v3/{path}").json())


def test_what_is_created_fits_too(
    radarr: TestClient, sonarr: TestClient, radarr_spec: Specification, sonarr_spec: Specification
) -> None:
    wish = {"qualityProfileId": 4, "rootFolderPath": "/media/a"}
    radarr_spec.check("MovieResource", radarr.post("/api/v3/movie", json=wish | {"tmdbId": 12}).json())
    series = wish | {"title": "Harbour", "tvdbId": 9021}
    sonarr_spec.check("SeriesResource", sonarr.post("/api/v3/series", json=series).json())


def test_radarr_s_refusal_has_the_observed_shape(radarr: TestClient, contracts: Path) -> None:
    observed = contracts / "fixtures" / "radarr" / "errors-observed" / "post-movie-exists.400.json"
    body = {"tmdbId": 11, "qualityProfileId": 4, "rootFolderPath": "/media/a"}
    ours = radarr.post("/api/v3/movie", json=body).json()
    assert set(_places(ours)) == set(_places(json.loads(observed.read_text(encoding="utf-8"))))


@pytest.fixture
def radarr_of_demo(upstreams: DemoUpstreams) -> TestClient:
    return TestClient(upstreams.radarr, headers={"X-Api-Key": upstreams.radarr_key})


@pytest.fixture
def sonarr_of_demo(upstreams: DemoUpstreams) -> TestClient:
    return TestClient(upstreams.sonarr, headers={"X-Api-Key": upstreams.sonarr_key})


@pytest.fixture
def tmdb_of_demo(upstreams: DemoUpstreams) -> TestClient:
    return TestClient(upstreams.tmdb, headers={"Authorization": f"Bearer {upstreams.tmdb_key}"})


@pytest.fixture(scope="session")
def recordings(contracts: Path) -> list[tuple[str, int, Any]]:
    """Path, status and body of each recorded answer of TMDB."""
    folder = contracts / "fixtures" / "tmdb"
    with (folder / "INDEX.tsv").open(encoding="utf-8") as index:
        rows = list(csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = [(row["path"], int(row["status"]), _recorded(folder, row)) for row in rows if row["file"].endswith(".json")]
    # Genre lists are only among the documentation's examples, whose file names are paths with underscores.
    examples = (folder / "official-examples").glob("3_genre_*.200.json")
    return found + [(_example_path(file), 200, json.loads(file.read_text(encoding="utf-8"))) for file in examples]


def _example_path(file: Path) -> str:
    return "/" + file.name.removesuffix(".200.json").replace("_", "/")


def _recorded(folder: Path, row: dict[str, str]) -> Any:
    read = json.loads((folder / row["set"] / row["file"]).read_text(encoding="utf-8"))
    return read.get("Response", {}).get("BodyAsJson") if "Response" in read else read


def _places(body: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Give each place of a body, keys joined by dots and entries of a list as one, with the type that stands there."""
    match body:
        case dict():
            for key, value in body.items():
                yield from _places(value, f"{place}.{key}")
        case list():
            for value in body:
                yield from _places(value, f"{place}[]")
        case None:
            yield place, "null"
        case bool():
            yield place, "boolean"
        case int() | float():
            yield place, "number"
        case _:
            yield place, "text"


def _unseen(body: Any, recorded: list[Any]) -> set[tuple[str, str]]:
    seen = {place for each in recorded for place in _places(each)}
    return {
        (place, kind) for place, kind in _places(body) if (place, kind) not in seen and not _is_no_picture(place, kind)
    }


def _is_no_picture(place: str, kind: str) -> bool:
    return kind == "null" and place.rpartition(".")[2] in PICTURES


@pytest.mark.parametrize(
    ("path", "recorded_path"),
    [
        ("/3/authentication", "/3/authentication"),
        ("/3/configuration", "/3/configuration"),
        ("/3/genre/movie/list", "/3/genre/(movie|tv)/list"),
        ("/3/movie/348", r"/3/movie/(\d+|tt\d+)"),
        ("/3/tv/1396", r"/3/tv/\d+"),
        ("/3/movie/348/credits", r"/3/movie/\d+/credits"),
        ("/3/tv/1396/credits", r"/3/tv/\d+/credits"),
        ("/3/movie/348/keywords", r"/3/movie/\d+/keywords"),
        ("/3/tv/1396/keywords", r"/3/tv/\d+/keywords"),
        ("/3/movie/348/external_ids", r"/3/movie/\d+/external_ids"),
        ("/3/tv/1396/external_ids", r"/3/tv/\d+/external_ids"),
        ("/3/movie/27205/videos", r"/3/movie/\d+/videos"),
        ("/3/tv/1396/videos", r"/3/tv/\d+/videos"),
        ("/3/movie/348/recommendations", r"/3/movie/\d+/recommendations"),
        ("/3/movie/348/similar", r"/3/movie/\d+/similar"),
        ("/3/tv/1396/recommendations", r"/3/tv/\d+/recommendations"),
        ("/3/tv/1396/similar", r"/3/tv/\d+/similar"),
        ("/3/find/tt0078748?external_source=imdb_id", r"/3/find/\w+"),
        ("/3/find/81189?external_source=tvdb_id", r"/3/find/\w+"),
        ("/3/search/movie?query=alien", "/3/search/movie"),
        ("/3/search/tv?query=the", "/3/search/tv"),
        ("/3/search/multi?query=ridley", "/3/search/(multi|person)"),
        ("/3/search/person?query=ridley", "/3/search/(multi|person)"),
        ("/3/trending/all/week", "/3/trending/all/week"),
        ("/3/trending/tv/day", "/3/trending/tv/week"),
        ("/3/movie/now_playing", "/3/movie/now_playing"),
        ("/3/tv/on_the_air", "/3/tv/on_the_air"),
        ("/3/discover/movie", "/3/discover/movie"),
        ("/3/discover/tv", "/3/discover/tv"),
        (f"/3/person/{person_id('Ridley Scott')}/combined_credits", r"/3/person/\d+/combined_credits"),
    ],
)
def test_tmdb_s_answers_have_keys_and_types_of_recorded_ones(
    tmdb_of_demo: TestClient, recordings: list[tuple[str, int, Any]], path: str, recorded_path: str
) -> None:
    answer = tmdb_of_demo.get(path)
    seen = [body for known, status, body in recordings if status == 200 and re.fullmatch(recorded_path, known)]
    assert answer.status_code == 200
    assert seen
    assert _unseen(answer.json(), seen) == set()


def test_tmdb_s_refusals_have_the_recorded_shape(
    tmdb_of_demo: TestClient, recordings: list[tuple[str, int, Any]]
) -> None:
    seen = [body for _, status, body in recordings if status == 404]
    assert _unseen(tmdb_of_demo.get("/3/movie/999999999").json(), seen) == set()


def test_what_tmdb_appends_is_what_it_answers_alone(tmdb_of_demo: TestClient) -> None:
    body = tmdb_of_demo.get(f"/3/movie/27205?append_to_response={PARTS}").json()
    for part in PARTS.split(","):
        alone = tmdb_of_demo.get(f"/3/movie/27205/{part}").json()
        alone.pop("id", None)
        assert body[part] == alone, part
