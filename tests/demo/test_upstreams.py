from starlette.testclient import TestClient

from doublebill.demo.upstreams import DemoUpstreams


def test_one_app_plays_all_four_by_host(upstreams: DemoUpstreams) -> None:
    client = TestClient(upstreams.by_host())
    jellyfin = client.get(f"{upstreams.jellyfin_url}/System/Info/Public")
    tmdb = client.get(f"{upstreams.tmdb_url}/3/authentication", params={"api_key": upstreams.tmdb_key})
    radarr = client.get(f"{upstreams.radarr_url}/api/v3/system/status", headers={"X-Api-Key": upstreams.radarr_key})
    sonarr = client.get(f"{upstreams.sonarr_url}/api/v3/system/status", headers={"X-Api-Key": upstreams.sonarr_key})
    assert jellyfin.json()["ProductName"] == "Jellyfin Server"
    assert tmdb.json() == {"success": True}
    assert [radarr.json()["appName"], sonarr.json()["appName"]] == ["Radarr", "Sonarr"]
    assert client.get("http://elsewhere.invalid/").status_code == 404


def test_radarr_and_sonarr_hold_what_the_household_owns(upstreams: DemoUpstreams) -> None:
    radarr = TestClient(upstreams.radarr, headers={"X-Api-Key": upstreams.radarr_key})
    sonarr = TestClient(upstreams.sonarr, headers={"X-Api-Key": upstreams.sonarr_key})
    movies = {movie["title"]: movie["hasFile"] for movie in radarr.get("/api/v3/movie").json()}
    series = {each["title"]: each["statistics"]["episodeFileCount"] for each in sonarr.get("/api/v3/series").json()}
    assert (movies["Alien"], movies["Gattaca"]) == (True, False)
    assert (series["Breaking Bad"], series["Andor"]) == (62, 0)


def test_something_is_on_its_way_and_something_is_barred(upstreams: DemoUpstreams) -> None:
    radarr = TestClient(upstreams.radarr, headers={"X-Api-Key": upstreams.radarr_key})
    sonarr = TestClient(upstreams.sonarr, headers={"X-Api-Key": upstreams.sonarr_key})
    assert [entry["title"] for entry in radarr.get("/api/v3/queue").json()["records"]] == ["Coherence"]
    assert [entry["title"] for entry in sonarr.get("/api/v3/queue").json()["records"]] == ["Andor"]
    assert [entry["movieTitle"] for entry in radarr.get("/api/v3/exclusions").json()] == ["3 Dev Adam"]
