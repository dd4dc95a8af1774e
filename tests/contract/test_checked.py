from pathlib import Path

import httpx2
import pytest

from contract.checked import CheckedTransport, ContractViolation, check

MOVIE = {
    "tmdbId": 603,
    "title": "Any",
    "qualityProfileId": 1,
    "rootFolderPath": "/films",
    "monitored": True,
    "addOptions": {"searchForMovie": True},
}
KEYED = {"Authorization": 'MediaBrowser Token="made-up"'}


def test_a_tmdb_request_with_a_header_key_passes(contracts: Path) -> None:
    url = "http://any/3/movie/603?append_to_response=videos&language=de-DE&include_video_language=de,en"
    check(httpx2.Request("GET", url, headers={"Authorization": "Bearer x"}), "tmdb", contracts)


def test_a_tmdb_request_with_a_query_key_passes(contracts: Path) -> None:
    check(httpx2.Request("GET", "http://any/3/movie/603?api_key=x"), "tmdb", contracts)


@pytest.mark.parametrize(
    "url",
    [
        "http://any/3/movie/603",
        "http://any/3/movie/abc?api_key=x",
        "http://any/3/film/603?api_key=x",
        "http://any/3/find/tt1?api_key=x&external_source=imdb",
        "http://any/3/find/tt1?api_key=x",
        "http://any/3/search/movie?api_key=x&query=a&yeer=1999",
    ],
    ids=["no key", "wrong type", "no such path", "wrong enum", "missing parameter", "misspelt parameter"],
)
def test_a_wrong_tmdb_request_is_a_violation(url: str, contracts: Path) -> None:
    with pytest.raises(ContractViolation):
        check(httpx2.Request("GET", url), "tmdb", contracts)


@pytest.mark.parametrize("service", ["jellyfin", "jellyfin-10.11"])
@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("http://any/Items?sortBy=Date", KEYED),
        ("http://any/Items?userId=nobody", KEYED),
        ("http://any/Items?limit=ten", KEYED),
        ("http://any/Items?userld=x", KEYED),
        ("http://any/Items", {}),
        ("http://any/Items", {"Authorization": "Bearer x"}),
        ("http://any/Items", {**KEYED, "X-Emby-Token": "x"}),
        ("http://any/Items?ApiKey=x", KEYED),
    ],
    ids=["enum", "uuid", "number", "misspelt", "no key", "bearer", "legacy header", "key in query"],
)
def test_a_wrong_jellyfin_request_is_a_violation(
    url: str, headers: dict[str, str], service: str, contracts: Path
) -> None:
    with pytest.raises(ContractViolation):
        check(httpx2.Request("GET", url, headers=headers), service, contracts)  # type: ignore[arg-type]


@pytest.mark.parametrize("service", ["radarr", "sonarr"])
def test_a_servarr_request_with_a_header_key_passes_and_one_without_does_not(service: str, contracts: Path) -> None:
    url = "http://any/api/v3/system/status"
    check(httpx2.Request("GET", url, headers={"X-Api-Key": "x"}), service, contracts)  # type: ignore[arg-type]
    with pytest.raises(ContractViolation):
        check(httpx2.Request("GET", url), service, contracts)  # type: ignore[arg-type]


@pytest.mark.parametrize(("change", "is_good"), [({}, True), ({"tmdbID": 603}, False), ({"monitored": "yes"}, False)])
def test_a_body_is_checked_field_by_field(change: dict[str, object], is_good: bool, contracts: Path) -> None:
    request = httpx2.Request("POST", "http://any/api/v3/movie", json={**MOVIE, **change}, headers={"X-Api-Key": "x"})
    if is_good:
        check(request, "radarr", contracts)
    else:
        with pytest.raises(ContractViolation):
            check(request, "radarr", contracts)


@pytest.mark.anyio
async def test_the_transport_checks_under_a_sub_path_and_hands_on(contracts: Path) -> None:
    inner = httpx2.MockTransport(lambda _: httpx2.Response(200, json={}))
    checked = CheckedTransport(inner, "jellyfin", contracts, base_path="/jellyfin")
    async with httpx2.AsyncClient(transport=checked, headers=KEYED) as client:
        await client.get("http://any/jellyfin/System/Info")
    assert checked.seen == ["GET /jellyfin/System/Info"]
