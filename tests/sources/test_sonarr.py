from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from doublebill.errors import Conflict, NotFound
from doublebill.sources.servarr import AddOutcome, LibraryEntry, Monitor, SeriesOptions
from sources.fake_service import says
from sources.servarr_house import ADDED, FJORD, QUAY, SERIES, Line, demo_sonarr, sonarr_on

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    # Refusals of the played services pass through a thread, for which made-up time would not wait; nothing sleeps here.
    return "asyncio"


def terms(line: Line) -> list[str]:
    return [request.url.params["term"] for request in line.requests if request.url.path.endswith("/lookup")]


def finds(line: Line, **rows: Any) -> None:
    """Let look-ups by tvdb or tmdb id answer with these rows."""
    line.fault = lambda request: (
        says(rows[request.url.params["term"].partition(":")[0]]) if request.url.path.endswith("/lookup") else None
    )


async def test_the_library_counts_files_and_what_there_should_be(contracts: Path) -> None:
    app = demo_sonarr()
    app.hold(9012, with_files=2)
    library = await sonarr_on(app, contracts)[0].library()
    assert library == [
        LibraryEntry(1, FJORD.key, 9011, "Fjord", 6, 6, True, ADDED),
        LibraryEntry(2, QUAY.key, 9012, "Quay", 2, 6, True, ADDED),
    ]


async def test_a_plan_says_all_that_sonarr_would_take_for_false(contracts: Path) -> None:
    sonarr, line = sonarr_on(demo_sonarr(), contracts)
    plan = await sonarr.plan_series(12, 9012, SERIES)
    assert plan.body == {
        "tvdbId": 9012,
        "title": "Quay",
        "qualityProfileId": 1,
        "rootFolderPath": "/b",
        "monitored": True,
        "seasonFolder": True,
        "seriesType": "standard",
        "monitorNewItems": "all",
        "tags": [],
        "addOptions": {"monitor": "all", "searchForMissingEpisodes": True, "searchForCutoffUnmetEpisodes": False},
    }
    assert (terms(line), line.posts) == (["tvdb:9012"], [])


async def test_a_planned_series_is_added_as_chosen(contracts: Path) -> None:
    app = demo_sonarr()
    sonarr, _ = sonarr_on(app, contracts)
    options = SeriesOptions(
        profile=5, root_folder="/a", series_type="anime", season_folder=False, monitor="pilot", tags=("family",)
    )
    assert await sonarr.add(await sonarr.plan_series(12, 9012, options)) == AddOutcome("added", 2, "Quay")
    series = app.held(9012)
    assert (series.profile_id, series.path, series.tags) == (5, "/a/Quay", (1,))
    assert (series.series_type, series.season_folder, series.monitored_seasons) == ("anime", False, frozenset({1}))
    assert list(app.downloads) == [2]


@pytest.mark.parametrize(
    ("monitor", "monitored", "new_items"),
    [
        ("all", True, "all"),
        ("future", True, "all"),
        ("firstSeason", True, "none"),
        ("pilot", True, "none"),
        ("none", False, "none"),
    ],
)
async def test_the_monitor_mode_decides_what_is_looked_for(
    contracts: Path, monitor: Monitor, monitored: bool, new_items: str
) -> None:
    app = demo_sonarr()
    sonarr, _ = sonarr_on(app, contracts)
    await sonarr.add(await sonarr.plan_series(12, 9012, SeriesOptions(monitor=monitor, search=False)))
    assert (app.held(9012).monitored, app.held(9012).monitor_new_items) == (monitored, new_items)
    assert app.downloads == {}


async def test_without_a_tvdb_id_the_series_is_found_by_its_tmdb_id(contracts: Path) -> None:
    sonarr, line = sonarr_on(demo_sonarr(), contracts)
    plan = await sonarr.plan_series(12, None, SERIES)
    assert (plan.added_by, plan.body["tvdbId"], terms(line)) == (9012, 9012, ["tmdb:12"])


async def test_a_tvdb_id_that_sonarr_does_not_know_falls_back_to_the_tmdb_id(contracts: Path) -> None:
    sonarr, line = sonarr_on(demo_sonarr(), contracts)
    assert (await sonarr.plan_series(12, 777, SERIES)).added_by == 9012
    assert terms(line) == ["tvdb:777", "tmdb:12"]


async def test_a_tvdb_id_of_another_series_is_not_believed(contracts: Path) -> None:
    sonarr, _ = sonarr_on(demo_sonarr(), contracts)
    assert (await sonarr.plan_series(12, 9013, SERIES)).title == "Quay"
    with pytest.raises(NotFound, match="TVDB id 9013 is Harbour, TMDB id 13"):
        await sonarr.plan_series(999, 9013, SERIES)


async def test_an_old_sonarr_without_tmdb_ids_is_trusted_with_a_tvdb_id_only(contracts: Path) -> None:
    sonarr, line = sonarr_on(demo_sonarr(), contracts)
    row = {"title": "Quay", "tvdbId": 9012, "tmdbId": 0}
    finds(line, tvdb=[row], tmdb=[row])
    assert (await sonarr.plan_series(12, 9012, SERIES)).added_by == 9012
    with pytest.raises(NotFound, match="TMDB id 12"):
        await sonarr.plan_series(12, None, SERIES)


async def test_a_result_for_another_tmdb_id_or_without_a_tvdb_id_is_not_found(contracts: Path) -> None:
    sonarr, line = sonarr_on(demo_sonarr(), contracts)
    finds(line, tmdb=[{"title": "Other", "tvdbId": 1, "tmdbId": 13}, {"title": "Quay", "tmdbId": 12}])
    with pytest.raises(NotFound) as caught:
        await sonarr.plan_series(12, None, SERIES)
    assert "by its name" in (caught.value.hint or "")


async def test_a_series_that_is_there_already_is_a_success(contracts: Path) -> None:
    app = demo_sonarr()
    sonarr, line = sonarr_on(app, contracts)
    assert await sonarr.add(await sonarr.plan_series(11, 9011, SERIES)) == AddOutcome("exists", 1, "Fjord")
    plan = await sonarr.plan_series(12, 9012, SERIES)
    app.hold(9012)
    assert await sonarr.add(plan) == AddOutcome("exists", 2, "Quay")
    assert line.posts == ["/api/v3/series"]


async def test_an_excluded_series_is_refused_unless_forced(contracts: Path) -> None:
    app = demo_sonarr()
    app.exclude(9012, {"tvdbId": 9012, "title": "Quay"})
    sonarr, _ = sonarr_on(app, contracts)
    assert await sonarr.exclusions() == {9012}
    with pytest.raises(Conflict, match="exclusion list of Sonarr"):
        await sonarr.add(await sonarr.plan_series(12, 9012, SERIES))
    forced = await sonarr.plan_series(12, 9012, replace(SERIES, force=True))
    assert (await sonarr.add(forced)).status == "added"


async def test_a_slug_of_another_series_is_a_conflict_in_sonarr_s_words(contracts: Path) -> None:
    app = demo_sonarr()
    sonarr, line = sonarr_on(app, contracts)
    plan = await sonarr.plan_series(12, 9012, SERIES)
    words = "Title slug 'quay' is in use by series 'Quay (2001)'"
    body = [{"propertyName": "TitleSlug", "errorMessage": words, "errorCode": "SeriesTitleSlugValidator"}]
    line.fault = lambda request: says(body, 400) if request.method == "POST" else None
    with pytest.raises(Conflict, match=r"Sonarr does not take Quay: Title slug 'quay' is in use"):
        await sonarr.add(plan)


async def test_the_recorded_answers_are_read(contracts: Path) -> None:
    folder = contracts / "fixtures" / "sonarr" / "ruddarr"
    sonarr, line = sonarr_on(demo_sonarr(), contracts)
    line.fault = lambda request: httpx2.Response(
        200, content=(folder / ("series-lookup.json" if "lookup" in request.url.path else "series.json")).read_bytes()
    )
    library = await sonarr.library()
    assert (len(library), sum(entry.tvdb_id is None for entry in library)) == (300, 0)
    assert any(0 < entry.files < entry.expected for entry in library)
    found = await sonarr.find("alien")
    assert (len(found), sum(row.service_id is not None for row in found)) == (96, 1)


async def test_a_series_without_files_is_taken_out_and_may_be_asked_for_again(contracts: Path) -> None:
    app = demo_sonarr()
    app.hold(9012, with_files=0)
    sonarr, line = sonarr_on(app, contracts)
    entry = await sonarr.held(12, None)
    assert entry == LibraryEntry(2, QUAY.key, 9012, "Quay", 0, 6, True, ADDED)
    await sonarr.remove(entry)
    assert (list(app.series), app.exclusions) == ([1], {})
    sent = line.requests[-1]
    assert (sent.method, sent.url.path) == ("DELETE", "/api/v3/series/2")
    assert dict(sent.url.params) == {"deleteFiles": "false", "addImportListExclusion": "false"}


@pytest.mark.parametrize(
    ("row", "is_held"),
    [
        ({"tmdbId": 12, "tvdbId": 1}, True),
        ({"tvdbId": 9012}, True),
        ({"tmdbId": 99, "tvdbId": 9012}, False),
        ({"tvdbId": 1}, False),
        ({}, False),
    ],
)
async def test_a_series_is_held_by_its_tmdb_id_or_where_that_is_unknown_by_its_tvdb_id(
    contracts: Path, row: dict[str, int], is_held: bool
) -> None:
    sonarr, line = sonarr_on(demo_sonarr(), contracts)
    line.fault = lambda _request: says([{"id": 5, "title": "Quay", **row}])
    assert (await sonarr.held(12, 9012) is not None) is is_held
