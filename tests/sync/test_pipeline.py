from dataclasses import replace

import pytest

from contract.checked import CheckedTransport
from doublebill.core.wish import Wish
from doublebill.errors import EmbeddingError
from doublebill.model import HOUSEHOLD as TOGETHER
from doublebill.model import Kind, SyncKind, SyncStatus
from doublebill.sync.engine import people_of
from hashing_embedder import HashingEmbedder
from sync.house import GENRES_CALLS, HOUSEHOLD, NOW, RELEASE_CALLS, House, answer, dead_line, films_and_series, sync

TITLES = {
    title.title: title.key
    for title in reversed(films_and_series())
    if title.title != "Fargo" or title.key.kind is Kind.MOVIE
}


def titles_of(engine, name, limit=20):
    return [pick.title.title for pick in engine.recommend(engine.edition.person(name), Wish(limit))]


def test_a_full_sync_recommends_to_everybody_what_nobody_has(engine, store):
    assert sync(engine).status is SyncStatus.SUCCESS
    for person in people_of(engine.edition):
        picks = engine.recommend(person, Wish(20))
        assert len(picks) == 20
        assert not store.held() & {pick.title.key for pick in picks}
        assert all(pick.scores.quality is not None and pick.reasons for pick in picks)


def test_two_people_with_different_tastes_get_different_picks(engine):
    sync(engine)
    assert len(set(titles_of(engine, "Anna")) & set(titles_of(engine, "Ben"))) < 10


def test_who_watched_nothing_gets_picks_without_a_taste(engine):
    sync(engine)
    picks = engine.recommend(engine.edition.person("Cem"), Wish(20))
    assert {(pick.scores.content, pick.scores.collaborative) for pick in picks} == {(None, None)}


@pytest.mark.parametrize("specification", ["jellyfin", "jellyfin-10.11"])
def test_every_request_is_allowed_by_the_official_specifications(house, engine, contracts, specification):
    lines = {}

    def checked(transport, service):
        name = specification if service == "jellyfin" else service
        return lines.setdefault(service, CheckedTransport(transport, name, contracts))

    house.wrap = checked
    assert sync(engine).status is SyncStatus.SUCCESS
    assert len(lines["tmdb"].seen) > 50
    assert len(lines["jellyfin"].seen) > 4


def test_each_watched_title_costs_one_call_before_the_first_edition(house, engine):
    calls = []
    publish = engine.publish

    def noted(edition):
        calls.append(len(house.tmdb.calls))
        publish(edition)

    engine.publish = noted
    sync(engine)
    watched = {watch for reader in engine.edition.readers.values() for watch in reader.profile.watched}
    resolving = sum("find" in call or "search" in call for call in house.tmdb.calls)
    assert calls[0] == len(watched) + resolving + GENRES_CALLS


def test_nothing_is_asked_twice(house, engine):
    sync(engine)
    details = [call for call in house.tmdb.calls if call.removeprefix("/3/").split("/")[0] in {"movie", "tv"}]
    assert len(details) == len(set(details))


def test_an_unchanged_second_sync_asks_tmdb_next_to_nothing_and_adds_nothing(house, engine, store):
    sync(engine)
    first, ledger = len(house.tmdb.calls), [store.observations(person.person_id) for person in store.people()]
    before = engine.edition
    house.clock.pass_time(minutes=5)
    assert sync(engine).status is SyncStatus.SUCCESS
    assert len(house.tmdb.calls) - first <= 0.02 * first
    assert [store.observations(person.person_id) for person in store.people()] == ledger
    assert len(engine.edition.catalogue) == len(before.catalogue)


def test_a_light_sync_asks_tmdb_nothing_and_takes_over_what_was_watched(house, engine, store):
    sync(engine)
    asked = len(house.tmdb.calls)
    fargo = next(item for item in house.world.items.values() if item.name == "Fargo")
    house.world.finish_playing(house.world.person_id("Cem"), fargo.item_id, NOW)
    assert sync(engine, SyncKind.LIGHT).status is SyncStatus.SUCCESS
    assert len(house.tmdb.calls) == asked
    assert TITLES["Fargo"] in engine.edition.profile(engine.edition.person("Cem")).watched


def test_what_was_watched_stays_watched_when_jellyfin_forgets_it(house, engine):
    sync(engine)
    anna = house.world.person_id("Anna")
    items = {item.name: item.item_id for item in house.world.items.values() if item.item_type == "Movie"}
    house.world.mark_unplayed(anna, items["Alien"])
    house.world.delete_item(items["Metropolis"])
    sync(engine, SyncKind.LIGHT)
    profile = engine.edition.profile(engine.edition.person("Anna"))
    assert {TITLES["Alien"], TITLES["Metropolis"]} <= set(profile.watched)
    assert "Metropolis" not in titles_of(engine, "Anna", 100)


def test_a_deleted_unwatched_film_can_be_recommended_again(house, engine, store):
    sync(engine)
    memento = next(item for item in house.world.items.values() if item.name == "Memento")
    house.world.delete_item(memento.item_id)
    house.clock.pass_time(hours=1)
    sync(engine, SyncKind.LIGHT)
    assert TITLES["Memento"] not in store.held()


def test_a_favourite_series_that_nobody_has_begun_is_known(house, engine):
    chernobyl = next(
        item for item in house.world.items.values() if item.item_type == "Series" and item.name == "Chernobyl"
    )
    house.world.set_favorite(house.world.person_id("Cem"), chernobyl.item_id)
    sync(engine)
    (watch,) = engine.edition.profile(engine.edition.person("Cem")).watched.values()
    assert (watch.key, watch.is_favorite, watch.completion) == (TITLES["Chernobyl"], True, 0.0)


def test_a_library_that_ends_early_releases_nothing(house, engine, store):
    sync(engine)
    held = store.held()
    house.clock.pass_time(hours=1)
    cut = answer(200, {"Items": [], "TotalRecordCount": 300, "StartIndex": 0})
    one = answer(
        200, {"Items": [{"Id": "a1", "Type": "Movie", "Name": "One"}], "TotalRecordCount": 300, "StartIndex": 0}
    )
    pages = iter([one, cut])
    house.jellyfin.fault = lambda path: next(pages, cut) if path == "/Items" else None
    run = sync(engine, SyncKind.LIGHT)
    assert store.held() == held
    assert any("ended early" in reason for reason in run.skipped)


def test_items_are_resolved_by_foreign_id_or_exact_name_and_the_rest_says_why(engine, store):
    run = sync(engine)
    items = {item.name: item for item in store.items() if item.item_kind != "episode"}
    assert items["Solaris"].key == TITLES["Solaris"]
    assert items["Persepolis"].key == TITLES["Persepolis"]
    assert items["Dark"].key == TITLES["Dark"]
    assert items["Summer by the lake"].key is None
    assert "TMDB knows not exactly one title" in items["Summer by the lake"].unresolved
    assert run.skipped == {"library items that no TMDB title was found for": 1}


def test_episodes_are_their_series(engine, store):
    sync(engine)
    keys = {item.key for item in store.items() if item.item_kind == "episode"}
    assert keys == {TITLES["Dark"], TITLES["Chernobyl"]}


def test_what_cannot_be_resolved_is_asked_about_again_after_a_week(house, engine):
    sync(engine)
    house.clock.pass_time(days=8)
    asked = len(house.tmdb.calls)
    sync(engine)
    assert "/3/search/movie" in house.tmdb.calls[asked:]


def test_new_releases_are_asked_for_once_a_day(house, engine):
    sync(engine)
    house.clock.pass_time(hours=5)
    sync(engine)
    assert sum("trending" in call or "discover" in call for call in house.tmdb.calls) == 4
    house.clock.pass_time(days=1)
    asked = len(house.tmdb.calls)
    sync(engine)
    assert len(house.tmdb.calls) - asked == RELEASE_CALLS + GENRES_CALLS


def test_watched_titles_are_asked_about_again_after_a_week_and_candidates_after_a_month(house, engine):
    sync(engine)
    first = len(house.tmdb.calls)
    house.clock.pass_time(days=8)
    sync(engine)
    second = len(house.tmdb.calls) - first
    assert second < 40
    house.clock.pass_time(days=31)
    sync(engine)
    assert len(house.tmdb.calls) - first - second > 60


def test_every_candidate_and_watched_title_gets_a_vector(engine):
    sync(engine)
    edition = engine.edition
    wanted = [reader.profile.is_candidate for reader in edition.readers.values()]
    assert all(edition.catalogue.has_vector[mask].all() for mask in wanted)
    assert len(edition.profile(edition.person("Anna")).near.rows) == 7


def test_without_a_text_model_the_other_components_rank_and_the_sync_says_so(house, store):
    engine = house.engine(store)

    def no_model():
        raise EmbeddingError("the model file is damaged")

    engine.model = replace(engine.model, open=no_model)
    run = sync(engine)
    assert run.status is SyncStatus.SUCCESS
    assert any("the model file is damaged" in reason for reason in run.skipped)
    assert not engine.edition.catalogue.has_vector.any()
    assert engine.recommend(engine.edition.person("Anna"), Wish(20))


def test_a_title_without_a_usable_vector_is_counted_and_ranked_by_the_rest(house, store):
    house.embedder = HashingEmbedder(refused="western")
    run = sync(house.engine(store))
    assert run.status is SyncStatus.SUCCESS
    assert run.skipped["titles whose words gave no usable vector"] > 0


def test_another_model_never_meets_the_vectors_of_the_first(house, store):
    sync(house.engine(store))
    house.embedder = HashingEmbedder(revision="2")
    engine = house.engine(store)
    assert not engine.edition.catalogue.has_vector.any()
    sync(engine)
    assert engine.edition.catalogue.has_vector.any()


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (answer(404, {"success": False, "status_code": 34, "status_message": "none"}), "TMDB does not know any more"),
        (answer(200, text="<html>proxy</html>"), "a broken answer from TMDB"),
        (answer(200, {"id": "x", "title": None}), "a broken answer from TMDB"),
    ],
)
def test_one_bad_title_is_counted_and_skipped(house, engine, fault, reason):
    path = f"/3/movie/{TITLES['Alien'].tmdb_id}"
    house.tmdb.fault = lambda asked: fault if asked == path else None
    run = sync(engine)
    assert run.status is SyncStatus.SUCCESS
    assert [count for skipped, count in run.skipped.items() if reason in skipped] == [1]


@pytest.mark.parametrize(
    ("line", "fault", "words"),
    [
        ("jellyfin", answer(401, text=""), "JELLYFIN_API_KEY"),
        ("jellyfin", dead_line, "Jellyfin"),
        ("jellyfin", answer(200, text="<html>log in</html>"), "Jellyfin"),
        ("tmdb", answer(401, {"status_code": 7, "success": False}), "TMDB"),
        ("tmdb", dead_line, "TMDB"),
        ("tmdb", answer(200, text="<html>blocked</html>"), "TMDB"),
        ("tmdb", answer(503, {}), "TMDB"),
    ],
)
def test_a_dead_upstream_ends_the_sync_and_the_last_edition_goes_on(house, engine, line, fault, words):
    sync(engine)
    before = titles_of(engine, TOGETHER)
    house.clock.pass_time(days=40)
    getattr(house, line).fault = lambda _: fault
    run = sync(engine)
    assert run.status is SyncStatus.ERROR
    assert words in run.message
    assert titles_of(engine, TOGETHER) == before
    assert house.upstreams.tmdb_key not in run.message


def test_what_a_failed_sync_fetched_is_kept_and_the_next_goes_on_from_there(house, engine, store):
    house.tmdb.fault = lambda _: dead_line if len(house.tmdb.calls) > 60 else None
    assert sync(engine).status is SyncStatus.ERROR
    kept = sum(fetched is not None for fetched in store.detail_ages().values())
    assert kept > 30
    house.tmdb.fault = lambda _: None
    asked = len(house.tmdb.calls)
    assert sync(engine).status is SyncStatus.SUCCESS
    details = [
        call
        for call in house.tmdb.calls[asked:]
        if call.split("/")[2] in {"movie", "tv"} and call.split("/")[3].isdigit()
    ]
    assert len(details) == len(store.detail_ages()) - kept - len(
        [k for k, v in store.detail_ages().items() if v is None]
    )


def test_an_empty_house_is_a_normal_case(tmp_path, store):
    house = House({"people": [{"name": "Anna", "taste": "none yet"}]})
    engine = house.engine(store)
    assert sync(engine).status is SyncStatus.SUCCESS
    assert len(titles_of(engine, "Anna")) > 5


def test_old_answers_are_purged_unless_watched_or_held(house, engine, store):
    sync(engine)
    house.clock.pass_time(days=200)
    house.tmdb.fault = lambda path: answer(404, {}) if path.split("/")[3].isdigit() else None
    assert sync(engine).status is SyncStatus.SUCCESS
    known = set(store.detail_ages())
    assert TITLES["Alien"] in known
    assert len(known) < 70


def test_a_film_and_a_series_of_one_number_stay_apart(house, engine):
    sync(engine)
    kinds = {pick.title.key.kind for pick in engine.recommend(engine.edition.person("Anna"), Wish(100))}
    assert kinds == set(Kind)


def test_the_household_of_the_tests_is_what_they_say():
    assert len(HOUSEHOLD["people"]) == 3
