"""What people say of titles, as a script or the page says it: it counts in the next request, and undo undoes it."""

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from doublebill.model import Kind, Title, TitleKey
from doublebill.web.app import create_app
from sync.house import NOW, dead_line, sync
from web.asked import got, refused, said

ALIEN, BRAZIL, DARK = 348, 68, 70523


def picks(home, user="Anna", limit=100, **query):
    return got(home.client, "/recommendations", user=user, limit=limit, **query)["recommendations"]


def best(home, user="Anna"):
    found = picks(home, user, 1)[0]
    return {"tmdb_id": found["tmdb_id"], "title": found["title"], "type": found["type"]}


def keys_of(found):
    return [(each["type"], each["tmdb_id"]) for each in found]


def key_of(body):
    return body["type"], body["tmdb_id"]


def history(home, user="Anna"):
    return got(home.client, "/history", user=user, limit=200)["history"]


def path_of(resource, body):
    return f"/{resource}/{body['type']}/{body['tmdb_id']}"


# Marking as watched


def test_what_is_marked_leaves_the_picks_in_the_next_request_and_feeds_the_taste(home):
    before, title = picks(home), best(home)
    answer = said(home.client, "/history", title, user="Anna")
    after = picks(home)
    assert answer == {"status": "success", "message": f"{title['title']} counts as watched"}
    assert key_of(title) not in keys_of(after)
    contents = [{key_of(each): each["scores"]["content"] for each in found} for found in (before, after)]
    assert any(contents[0][key] != content for key, content in contents[1].items())


def test_undoing_a_mark_gives_back_exactly_what_was(home):
    before, seen, title = picks(home), history(home), best(home)
    said(home.client, "/history", title, user="Anna")
    said(home.client, path_of("history", title), method="DELETE", user="Anna")
    assert picks(home) == before
    assert history(home) == seen


def test_a_mark_is_told_in_the_history(home):
    title = best(home)
    said(home.client, "/history", title, user="Anna")
    newest = history(home)[0]
    assert key_of(newest) == key_of(title)
    assert (newest["by_hand"], newest["counts"], newest["why_not"], newest["plays"]) == (True, True, None, 1)
    assert datetime.fromisoformat(newest["last_played_at"]) == NOW


def test_a_second_mark_says_so_and_adds_nothing(home):
    title, anna = best(home), home.engine.edition.person("Anna").person_id
    said(home.client, "/history", title, user="Anna")
    entries = len(home.store.observations(anna))
    assert said(home.client, "/history", title, user="Anna")["message"].endswith("counted as watched already")
    assert len(home.store.observations(anna)) == entries


def test_one_persons_mark_is_not_anothers(home):
    before = picks(home, "Ben")
    said(home.client, "/history", best(home), user="Anna")
    assert picks(home, "Ben") == before


def test_what_the_household_marks_counts_for_everybody(home):
    title = best(home, "Ben")
    said(home.client, "/history", title)
    for user in ("Anna", "Ben", "Cem", "household"):
        assert key_of(title) not in keys_of(picks(home, user))
        assert key_of(title) in keys_of(history(home, user))


def test_what_one_watched_the_household_can_still_mark_for_the_others(home):
    title = best(home, "Ben")
    said(home.client, "/history", title, user="Anna")
    assert "already" not in said(home.client, "/history", title)["message"]
    assert key_of(title) not in keys_of(picks(home, "Ben"))
    assert "already" in said(home.client, "/history", title)["message"]


def test_undoing_the_households_mark_leaves_what_members_watched(home):
    before = {user: history(home, user) for user in ("Anna", "Ben", "household")}
    said(home.client, "/history", {"tmdb_id": ALIEN})
    said(home.client, f"/history/movie/{ALIEN}", method="DELETE")
    assert {user: history(home, user) for user in before} == before


def test_the_households_mark_does_not_hide_what_a_member_did_and_thinks(home):
    def brazil(user):
        return next(each for each in history(home, user) if each["tmdb_id"] == BRAZIL)

    before = brazil("Anna")
    said(home.client, "/history", {"tmdb_id": BRAZIL})
    assert before["why_not"] == "disliked"
    assert brazil("Anna") | {"watched_by": before["watched_by"]} == before
    assert brazil("Ben")["counts"]


def test_what_the_household_marked_a_member_cannot_take_out_alone(home):
    title = best(home)
    said(home.client, "/history", title)
    body = refused(home.client.delete(path_of("history", title), params={"user": "Anna"}), 409, "conflict")
    assert "household" in body["detail"]


def test_what_a_member_watched_the_household_cannot_take_out(home):
    body = refused(home.client.delete(f"/history/movie/{ALIEN}"), 409, "conflict")
    assert "Anna" in body["detail"]
    assert "Ben" not in body["detail"]


def test_the_history_says_who_can_take_a_title_out(home):
    said(home.client, "/history", unseen := best(home))
    said(home.client, "/history", {"tmdb_id": ALIEN})
    told = [(user, each) for user in ("Anna", "Ben", "household") for each in history(home, user)]
    owners = {(user, *key_of(each)): [one["name"] for one in each["watched_by"]] for user, each in told}
    assert owners["household", "movie", ALIEN] == ["Anna", "household"]
    assert owners["Ben", *key_of(unseen)] == owners["household", *key_of(unseen)] == ["household"]
    for user, each in sorted(told, key=lambda one: one[0] in owners[one[0], *key_of(one[1])]):
        answer = home.client.delete(path_of("history", each), params={"user": user})
        assert answer.status_code == (200 if user in owners[user, *key_of(each)] else 409), each
        if (user, each["tmdb_id"]) == ("Anna", ALIEN):
            assert answer.json()["message"] == f"movie:{ALIEN} still counts as watched by household"


def test_an_abandoned_title_that_is_marked_counts(home):
    chernobyl = next(each for each in history(home, "Ben") if each["tmdb_id"] == 87108)
    home.house.clock.pass_time(days=400)
    home.engine.renew()
    abandoned = [each for each in history(home, "Ben") if each["why_not"] == "abandoned"]
    for each in abandoned:
        said(home.client, "/history", {"tmdb_id": each["tmdb_id"], "type": each["type"]}, user="Ben")
    assert chernobyl["type"] == "tv"
    assert [each for each in history(home, "Ben") if each["why_not"] == "abandoned"] == []


def test_before_anybody_is_known_the_household_can_mark(new_engine):
    client = TestClient(create_app(new_engine, syncs_on_start=False))
    said(client, "/history", {"tmdb_id": ALIEN, "title": "Alien"})
    assert "already" in said(client, "/history", {"tmdb_id": ALIEN})["message"]
    assert [each["title"] for each in got(client, "/history")["history"]] == ["Alien"]


# Taking out


def test_what_was_taken_out_stays_out_over_the_next_sync_and_a_real_play_brings_it_back(home):
    said(home.client, f"/history/movie/{ALIEN}", method="DELETE", user="Anna")
    assert ALIEN not in [each["tmdb_id"] for each in history(home)]
    home.house.clock.pass_time(hours=1)
    sync(home.engine)
    assert ALIEN not in [each["tmdb_id"] for each in history(home)]
    home.house.world.finish_playing(*in_jellyfin(home, "Anna", "Alien"), home.house.clock.now)
    sync(home.engine)
    assert ALIEN in [each["tmdb_id"] for each in history(home)]


def in_jellyfin(home, person, name):
    """Give the ids of a person and a film there."""
    world = home.house.world
    item_id = next(item.item_id for item in world.items.values() if (item.name, item.item_type) == (name, "Movie"))
    return world.person_id(person), item_id


def test_what_was_unmarked_in_jellyfin_can_be_taken_out_and_comes_back_as_it_was(home):
    home.house.world.mark_unplayed(*in_jellyfin(home, "Anna", "Alien"))
    sync(home.engine)
    before = history(home)
    assert ALIEN in [each["tmdb_id"] for each in before]
    said(home.client, f"/history/movie/{ALIEN}", method="DELETE", user="Anna")
    sync(home.engine)
    assert ALIEN not in [each["tmdb_id"] for each in history(home)]
    said(home.client, "/history", {"tmdb_id": ALIEN}, user="Anna")
    assert history(home) == before


@pytest.mark.parametrize(("user", "kind", "tmdb_id"), [("Anna", "tv", DARK), ("Anna", "movie", 329865)])
def test_taking_out_and_marking_again_restores_exactly_what_was(home, user, kind, tmdb_id):
    before, seen = picks(home, user), history(home, user)
    said(home.client, f"/history/{kind}/{tmdb_id}", method="DELETE", user=user)
    assert (kind, tmdb_id) not in keys_of(history(home, user))
    home.house.clock.pass_time(minutes=1)
    said(home.client, "/history", {"tmdb_id": tmdb_id, "type": kind}, user=user)
    assert history(home, user) == seen
    assert picks(home, user) == before
    sync(home.engine)
    assert history(home, user) == seen


@pytest.mark.parametrize("path", ["/history/movie/999", f"/history/tv/{ALIEN}", "/hidden/movie/348"])
def test_what_is_not_there_cannot_be_taken_back(home, path):
    refused(home.client.delete(path, params={"user": "Anna"}), 404, "not_found")


# Hiding


def test_what_is_hidden_is_gone_at_once_and_undo_brings_all_back(home):
    before, title = picks(home), best(home)
    answer = said(home.client, "/dislike", title, user="Anna")
    assert answer["status"] == "success"
    assert key_of(title) not in keys_of(picks(home))
    said(home.client, path_of("hidden", title), method="DELETE", user="Anna")
    assert picks(home) == before
    assert got(home.client, "/hidden", user="Anna") == {"hidden": [], "next": None}


def test_a_second_hide_says_so_and_keeps_the_first_end(home):
    title = best(home)
    first = said(home.client, "/dislike", title, user="Anna")
    home.house.clock.pass_time(days=30)
    second = said(home.client, "/dislike", title, user="Anna")
    assert (second["status"], second["until"]) == ("already_disliked", first["until"])


@pytest.mark.parametrize(
    ("hidden_at", "until"),
    [
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "2026-07-01T12:00:00Z"),
        (datetime(2027, 2, 27, 8, tzinfo=UTC), "2027-06-27T08:00:00Z"),
        (datetime(2026, 10, 31, 23, 59, tzinfo=UTC), "2027-02-28T23:59:00Z"),
        (datetime(2027, 10, 31, tzinfo=UTC), "2028-02-29T00:00:00Z"),
    ],
)
def test_a_hide_lasts_four_calendar_months(home, hidden_at, until):
    home.house.clock.now = hidden_at
    assert said(home.client, "/dislike", {"tmdb_id": 11, "type": "movie"})["until"] == until


def test_a_hide_that_runs_out_comes_back_by_itself(home):
    title = best(home)
    until = datetime.fromisoformat(said(home.client, "/dislike", title, user="Anna")["until"])
    home.house.clock.now = until - timedelta(seconds=1)
    assert key_of(title) not in keys_of(picks(home))
    home.house.clock.now = until
    assert key_of(title) in keys_of(picks(home))
    assert got(home.client, "/hidden", user="Anna")["hidden"] == []


def test_a_hide_is_ones_own(home):
    title = best(home, "household")
    said(home.client, "/dislike", title, user="Anna")
    assert key_of(title) in keys_of(picks(home, "Ben"))
    assert key_of(title) in keys_of(picks(home, "household"))
    assert got(home.client, "/hidden", user="Ben")["hidden"] == []


def test_titles_like_a_hidden_one_lose_while_it_is_hidden(home):
    def penalties():
        details = got(home.client, f"/titles/{twin[0]}/{twin[1]}", user="Anna")
        return details["scores"]["penalty"]

    vectors, catalogue = home.engine.edition.catalogue.vectors, home.engine.edition.catalogue
    alike = vectors @ vectors.T
    for row in range(len(catalogue)):
        alike[row, row] = -1
    first, second = divmod(int(alike.argmax()), len(catalogue))
    hidden, twin = catalogue.key(first), (catalogue.key(second).kind, catalogue.key(second).tmdb_id)
    assert alike.max() > 0.6
    assert penalties() == 0
    said(home.client, "/dislike", {"tmdb_id": hidden.tmdb_id, "type": hidden.kind}, user="Anna")
    assert 0 < penalties() <= 0.3
    said(home.client, f"/hidden/{hidden.kind}/{hidden.tmdb_id}", method="DELETE", user="Anna")
    assert penalties() == 0


# Titles that no sync has met


@pytest.mark.parametrize("path", ["/history", "/dislike"])
def test_a_title_that_no_sync_has_met_is_learned_behind_the_answer(new_engine, path):
    client, key = TestClient(create_app(new_engine, syncs_on_start=False)), TitleKey(Kind.MOVIE, ALIEN)
    said(client, path, {"tmdb_id": ALIEN, "title": "Alien"})
    row = new_engine.edition.catalogue.row(key)
    assert row is not None
    assert new_engine.edition.catalogue.has_vector[row]
    assert got(client, f"/titles/movie/{ALIEN}")["keywords"]
    grew = len(new_engine.edition.catalogue) > 1
    assert grew == (path == "/history")  # what is near to a watched title is a candidate


def test_a_mark_counts_also_while_tmdb_is_down(home, caplog):
    home.house.tmdb.fault = lambda _: dead_line
    said(home.client, "/history", {"tmdb_id": 999_999, "title": "Nowhere", "type": "movie"}, user="Anna")
    assert history(home)[0]["tmdb_id"] == 999_999
    assert "not known yet" in caplog.text
    assert got(home.client, "/check/status", tmdb_id=999_999, user="Anna")["is_watched"]


# Ids that are a film and a series


def test_an_id_of_both_kinds_is_the_film_unless_the_type_says_otherwise(home):
    home.store.save_listed([Title(TitleKey(Kind.TV, 11), "Not Star Wars")], NOW)
    home.engine.reload()
    said(home.client, "/dislike", {"tmdb_id": 11})
    assert keys_of(got(home.client, "/hidden")["hidden"]) == [("movie", 11)]
    said(home.client, "/dislike", {"tmdb_id": 11, "type": "tv"})
    assert set(keys_of(got(home.client, "/hidden")["hidden"])) == {("movie", 11), ("tv", 11)}
    said(home.client, "/hidden/movie/11", method="DELETE")
    assert keys_of(got(home.client, "/hidden")["hidden"]) == [("tv", 11)]


def test_an_id_of_a_series_alone_needs_no_type(home):
    said(home.client, "/dislike", {"tmdb_id": 60622, "title": "Fargo"})
    assert keys_of(got(home.client, "/hidden")["hidden"]) == [("tv", 60622)]


# Pages


@pytest.mark.parametrize("resource", ["history", "hidden"])
@pytest.mark.parametrize("limit", [1, 2, 3, 200])
def test_paging_to_the_end_loses_nothing(home, resource, limit):
    for title in picks(home, limit=7):
        said(home.client, "/dislike", {"tmdb_id": title["tmdb_id"], "type": title["type"]}, user="Anna")
        home.house.clock.pass_time(seconds=1)
    whole = got(home.client, f"/{resource}", user="Anna", limit=200)[resource]
    rows, offset = [], 0
    while offset is not None:
        page = got(home.client, f"/{resource}", user="Anna", limit=limit, offset=offset)
        rows, offset = rows + page[resource], page["next"]
    assert len(rows) >= 7
    assert rows == whole


def test_the_last_said_comes_first(home):
    seen = [each["last_played_at"] for each in history(home)]
    told = [each for each in seen if each]
    assert told == sorted(told, reverse=True)
    assert None not in seen[: len(told)]


# What does not fit


@pytest.mark.parametrize("path", ["/history", "/dislike"])
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.tmdb_id"),
        ({"tmdb_id": 0}, "body.tmdb_id"),
        ({"tmdb_id": -1}, "body.tmdb_id"),
        ({"tmdb_id": 2**31}, "body.tmdb_id"),
        ({"tmdb_id": 10**400}, "body.tmdb_id"),
        ({"tmdb_id": None}, "body.tmdb_id"),
        ({"tmdb_id": True}, "body.tmdb_id"),
        ({"tmdb_id": "Alien"}, "body.tmdb_id"),
        ({"tmdb_id": [348]}, "body.tmdb_id"),
        ({"tmdb_id": 348, "type": "film"}, "body.type"),
        ({"tmdb_id": 348, "title": 5}, "body.title"),
        ({"tmdb_id": 348, "title": "x" * 501}, "body.title"),
        ([], "body"),
        ("348", "body"),
        (None, "body"),
    ],
)
def test_a_body_that_does_not_fit_names_the_field(client, path, body, field):
    errors = refused(client.post(path, json=body), 422, "invalid_request")["errors"]
    assert [error["field"] for error in errors] == [field]


@pytest.mark.parametrize("content", [b"{", b"\xff", b'{"tmdb_id": NaN}', b'{"tmdb_id": 348, "title": "\\ud800"}'])
def test_a_body_that_is_no_json_is_refused(client, content):
    answer = client.post("/history", content=content, headers={"Content-Type": "application/json"})
    refused(answer, 422, "invalid_request")


@pytest.mark.parametrize("extra", [{}, {"title": ""}, {"title": None, "type": None}, {"poster": "x", "year": 1979}])
@pytest.mark.parametrize("tmdb_id", [11, "11", 11.0])
def test_an_id_may_be_a_text_the_name_is_optional_and_more_is_passed_over(home, tmdb_id, extra):
    answer = said(home.client, "/dislike", {"tmdb_id": tmdb_id, **extra})
    assert answer["message"].startswith("movie:11 is hidden until 01 July 2026")


@pytest.mark.parametrize("path", ["/history", "/dislike"])
def test_another_website_cannot_speak_for_people(home, path):
    answer = home.client.post(path, json={"tmdb_id": 11}, headers={"Sec-Fetch-Site": "cross-site"})
    refused(answer, 403, "forbidden")
    assert home.store.hides("household", NOW) == []
