from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from doublebill.demo.servarr import ServarrSettings
from doublebill.errors import Conflict, NotFound
from doublebill.model import TitleKey
from doublebill.sources.servarr import AddOutcome, FilmOptions, LibraryEntry, Profile
from sources.fake_service import says
from sources.servarr_house import ADDED, ALPHA, BETA, FILM, demo_radarr, radarr_on

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    # Refusals of the played services pass through a thread, for which made-up time would not wait; nothing sleeps here.
    return "asyncio"


async def test_the_library_is_one_read_with_and_without_files(contracts: Path) -> None:
    app = demo_radarr()
    app.hold(12, has_file=False)
    radarr, line = radarr_on(app, contracts)
    alpha = LibraryEntry(1, ALPHA.key, None, "Alpha", 1, 1, True, ADDED)
    beta = LibraryEntry(2, BETA.key, None, "Beta", 0, 1, True, ADDED)
    assert await radarr.library() == [alpha, beta]
    assert (alpha.has_files, beta.has_files) == (True, False)
    assert [request.url.query for request in line.requests] == [b"excludeLocalCovers=true"]


async def test_an_empty_library_is_an_empty_list(contracts: Path) -> None:
    app = demo_radarr()
    app.movies.clear()
    assert await radarr_on(app, contracts)[0].library() == []


async def test_a_plan_says_what_would_be_sent_and_changes_nothing(contracts: Path) -> None:
    app = demo_radarr()
    radarr, line = radarr_on(app, contracts)
    plan = await radarr.plan_film(12, replace(FILM, tags=("Family", "evening")))
    assert plan.body == {
        "tmdbId": 12,
        "title": "Beta",
        "qualityProfileId": 1,
        "rootFolderPath": "/b",
        "monitored": True,
        "minimumAvailability": "released",
        "tags": [1],
        "addOptions": {"monitor": "movieOnly", "searchForMovie": True, "addMethod": "manual"},
    }
    assert (plan.exists, plan.is_excluded, plan.new_tags) == (False, False, ("evening",))
    assert plan.profile == Profile(1, "Any")
    assert (line.posts, list(app.movies)) == ([], [1])


async def test_a_planned_film_is_added_with_its_tags_and_searched_for(contracts: Path) -> None:
    app = demo_radarr()
    radarr, line = radarr_on(app, contracts)
    options = FilmOptions(profile="ultra-hd", root_folder="/a/", tags=("evening",), minimum_availability="inCinemas")
    outcome = await radarr.add(await radarr.plan_film(12, options))
    assert outcome == AddOutcome("added", 2, "Beta")
    movie = app.held(12)
    assert (movie.profile_id, movie.path, movie.tags) == (5, "/a/Beta (2000)", (2,))
    assert (movie.monitored, movie.minimum_availability) == (True, "inCinemas")
    assert list(app.downloads) == [2]
    assert line.posts == ["/api/v3/tag", "/api/v3/movie"]


async def test_a_film_can_be_added_unwatched_for_and_without_a_search(contracts: Path) -> None:
    app = demo_radarr()
    radarr, _ = radarr_on(app, contracts)
    await radarr.add(await radarr.plan_film(12, FilmOptions(monitored=False, search=False)))
    assert app.held(12).monitored is False
    assert app.downloads == {}


async def test_a_film_that_is_there_already_is_a_success_that_sends_nothing(contracts: Path) -> None:
    radarr, line = radarr_on(demo_radarr(), contracts)
    plan = await radarr.plan_film(11, FILM)
    assert (plan.exists, dict(plan.body)) == (True, {})
    assert await radarr.add(plan) == AddOutcome("exists", 1, "Alpha")
    assert line.posts == []


async def test_a_film_that_somebody_else_added_meanwhile_is_a_success(contracts: Path) -> None:
    app = demo_radarr()
    radarr, _ = radarr_on(app, contracts)
    plan = await radarr.plan_film(12, FILM)
    app.hold(12)
    assert await radarr.add(plan) == AddOutcome("exists", 2, "Beta")


async def test_a_film_that_came_and_went_meanwhile_has_no_id(contracts: Path) -> None:
    app = demo_radarr()
    radarr, line = radarr_on(app, contracts)
    plan = await radarr.plan_film(12, FILM)
    line.fault = lambda request: (
        says([{"propertyName": "TmdbId", "errorCode": "MovieExistsValidator"}], 400)
        if request.method == "POST"
        else None
    )
    assert await radarr.add(plan) == AddOutcome("exists", None, "Beta")


async def test_an_excluded_film_is_refused_with_that_reason_unless_forced(contracts: Path) -> None:
    app = demo_radarr()
    app.exclude(12, {"tmdbId": 12, "movieTitle": "Beta", "movieYear": 2000})
    radarr, _ = radarr_on(app, contracts)
    plan = await radarr.plan_film(12, FILM)
    assert plan.is_excluded
    with pytest.raises(Conflict, match="Beta is on the exclusion list of Radarr"):
        await radarr.add(plan)
    forced = await radarr.plan_film(12, FilmOptions(force=True))
    assert (await radarr.add(forced)).status == "added"


async def test_the_exclusion_list_counts_where_the_look_up_is_silent(contracts: Path) -> None:
    app = demo_radarr()
    radarr, line = radarr_on(app, contracts)
    listed = {"records": [{"tmdbId": 12, "id": 1}], "totalRecords": 1}
    line.fault = lambda request: says(listed) if request.url.path.endswith("/exclusions/paged") else None
    assert (await radarr.plan_film(12, FILM)).is_excluded


async def test_a_folder_of_another_film_is_a_conflict_in_radarr_s_words(contracts: Path) -> None:
    app = demo_radarr()
    app.hold(13, path="/b/Beta (2000)")
    radarr, _ = radarr_on(app, contracts)
    with pytest.raises(Conflict, match=r"Beta: Path '/b/Beta \(2000\)' is already configured for an existing movie"):
        await radarr.add(await radarr.plan_film(12, FILM))


async def test_the_observed_conflict_is_told_in_radarr_s_words(contracts: Path) -> None:
    body = (contracts / "fixtures" / "radarr" / "errors-observed" / "post-movie-path-taken.400.json").read_bytes()
    radarr, line = radarr_on(demo_radarr(), contracts)
    plan = await radarr.plan_film(12, FILM)
    line.fault = lambda request: httpx2.Response(400, content=body) if request.method == "POST" else None
    with pytest.raises(Conflict, match="is already configured for an existing movie"):
        await radarr.add(plan)


async def test_an_unknown_film_is_not_found(contracts: Path) -> None:
    radarr, _ = radarr_on(demo_radarr(), contracts)
    with pytest.raises(NotFound, match="999"):
        await radarr.plan_film(999, FILM)


async def test_a_film_that_the_metadata_lost_since_is_not_found(contracts: Path) -> None:
    app = demo_radarr()
    radarr, _ = radarr_on(app, contracts)
    plan = await radarr.plan_film(12, FILM)
    lost = replace(plan, added_by=999, body={**plan.body, "tmdbId": 999})
    with pytest.raises(NotFound, match="A movie with this ID was not found"):
        await radarr.add(lost)


async def test_a_look_up_that_answers_with_another_film_is_not_found(contracts: Path) -> None:
    radarr, line = radarr_on(demo_radarr(), contracts)
    line.fault = lambda _request: says([{"title": "Other", "tmdbId": 13}, {"tmdbId": 12}])
    with pytest.raises(NotFound):
        await radarr.plan_film(12, FILM)


@pytest.mark.parametrize(
    ("options", "problem", "choices"),
    [
        (FilmOptions(profile="4K"), "no quality profile 4K", "HD-1080p (4)"),
        (FilmOptions(profile=99), "no quality profile 99", "Any (1)"),
        (FilmOptions(root_folder="/c"), "no root folder /c", "/a, /b"),
        (FilmOptions(root_folder="/broken"), "cannot reach its root folder /broken", "/a, /b"),
    ],
)
async def test_what_does_not_exist_is_a_conflict_that_names_the_choices(
    contracts: Path, options: FilmOptions, problem: str, choices: str
) -> None:
    radarr, line = radarr_on(demo_radarr(), contracts)
    with pytest.raises(Conflict, match=problem) as caught:
        await radarr.plan_film(12, options)
    assert choices in (caught.value.hint or "")
    assert line.posts == []


async def test_a_profile_that_goes_between_plan_and_add_is_a_conflict(contracts: Path) -> None:
    app = demo_radarr()
    radarr, _ = radarr_on(app, contracts)
    plan = await radarr.plan_film(12, FILM)
    app.settings = ServarrSettings({"/other": 1}, profiles={7: "New"})
    with pytest.raises(Conflict, match="does not exist; Quality Profile does not exist"):
        await radarr.add(plan)


async def test_the_recorded_answers_are_read(contracts: Path) -> None:
    folder = contracts / "fixtures" / "radarr" / "ruddarr"
    radarr, line = radarr_on(demo_radarr(), contracts)
    recorded = {
        "system/status": "system-status",
        "qualityprofile": "quality-profiles",
        "rootfolder": "root-folders",
        "tag": "tags",
        "movie": "movies",
        "movie/lookup": "movie-lookup",
    }
    line.fault = lambda request: httpx2.Response(
        200, content=(folder / f"{recorded[request.url.path.removeprefix('/api/v3/')]}.json").read_bytes()
    )
    assert (await radarr.check()).version == "5.2.6.8376"
    assert [tag.label for tag in await radarr.tags()] == ["anime", "trash", "hevc"]
    assert len(await radarr.root_folders()) == 3
    assert all(profile.name for profile in await radarr.profiles())
    library = await radarr.library()
    assert (len(library), sum(entry.key is None for entry in library)) == (265, 0)
    assert all(entry.added_at for entry in library)
    found = await radarr.find("alien")
    assert (len(found), sum(row.service_id is not None for row in found)) == (20, 1)
    assert TitleKey(ALPHA.key.kind, 346698) in {entry.key for entry in library}


async def test_a_film_without_a_file_is_taken_out_and_may_be_asked_for_again(contracts: Path) -> None:
    app = demo_radarr()
    app.hold(12, has_file=False)
    radarr, line = radarr_on(app, contracts)
    entry = await radarr.held(12)
    assert entry == LibraryEntry(2, BETA.key, None, "Beta", 0, 1, True, ADDED)
    await radarr.remove(entry)
    assert (list(app.movies), app.exclusions) == ([1], {})
    sent = line.requests[-1]
    assert (sent.method, sent.url.path) == ("DELETE", "/api/v3/movie/2")
    assert dict(sent.url.params) == {"deleteFiles": "false", "addImportExclusion": "false"}


async def test_a_film_that_is_not_there_is_not_held(contracts: Path) -> None:
    assert await radarr_on(demo_radarr(), contracts)[0].held(12) is None


async def test_an_old_radarr_that_gives_its_whole_library_is_looked_through(contracts: Path) -> None:
    radarr, line = radarr_on(demo_radarr(), contracts)
    line.fault = lambda _request: says([{"id": 1, "title": "Alpha", "tmdbId": 11}, {"id": 2}])
    assert await radarr.held(12) is None
