"""GET /evaluation: how well own likes would have been found, worked out once for an edition."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from doublebill.store import open_store
from doublebill.sync.engine import Engine
from doublebill.web.app import create_app
from doublebill.web.evaluation import Evaluations
from sync.house import HOUSEHOLD, House, films_and_series, sync
from web.asked import got, refused, said

FILMS = [title for title in films_and_series() if title.key.kind == "movie"]
SEEN = [film.title for film in FILMS][:30]
BOUNDED = {"mean", "low", "high"}


@dataclass(frozen=True)
class Watchers:
    """A house where Anna has seen thirty films, and Ben nothing."""

    engine: Engine
    client: TestClient


@pytest.fixture(scope="module")
def watchers_file(tmp_path_factory) -> Path:
    """Their database after a sync; copying it is quicker than syncing."""
    path = tmp_path_factory.mktemp("watchers") / "doublebill.db"
    store = open_store(path)
    sync(watching().engine(store))
    store.close()
    return path


def watching() -> House:
    people = [{"name": "Anna", "taste": "films", "seen": SEEN}, {"name": "Ben", "taste": "nothing yet"}]
    return House({**HOUSEHOLD, "people": people})


@pytest.fixture
def watchers(watchers_file, tmp_path) -> Iterator[Watchers]:
    store = open_store(Path(shutil.copy(watchers_file, tmp_path / "watchers.db")))
    engine = watching().engine(store)
    yield Watchers(engine, TestClient(create_app(engine, syncs_on_start=False)))
    store.close()


def test_who_has_liked_enough_is_told_what_the_rankings_are_worth(watchers):
    told = got(watchers.client, "/evaluation", user="Anna")
    assert (told["user"], told["people"], told["liked"], told["held_out"]) == ("Anna", 1, 30, 6)
    assert told["is_enough"] is True
    assert [each["name"] for each in told["rankings"]] == ["default", "classic", "popularity"]
    assert [each["words"] for each in told["rankings"]] == ["the default weights", "the plain formula", "popularity"]


def test_every_number_has_its_bounds(watchers):
    for ranking in got(watchers.client, "/evaluation", user="Anna")["rankings"]:
        assert 0 <= ranking["found"] <= 6
        for metric in ("ndcg_at_10", "recall_at_100", "hit_rate_at_10"):
            assert set(ranking[metric]) == BOUNDED
            assert 0 <= ranking[metric]["low"] <= ranking[metric]["high"] <= 1
        assert ranking["recall_at_100"]["mean"] == pytest.approx(ranking["found"] / 6, abs=1e-4)


def test_the_lead_is_the_difference_to_the_first_ranking(watchers):
    first, *others = got(watchers.client, "/evaluation", user="Anna")["rankings"]
    assert first["lead"] == {"mean": 0, "low": 0, "high": 0}
    for other in others:
        lead = first["recall_at_100"]["mean"] - other["recall_at_100"]["mean"]
        assert other["lead"]["mean"] == pytest.approx(lead, abs=2e-4)


def test_the_words_say_the_same(watchers):
    told = got(watchers.client, "/evaluation", user="Anna")
    assert told["words"][0].startswith("Of the 6 titles that Anna liked last, ")
    assert [line.split(":")[0] for line in told["words"][1:]] == ["By the plain formula", "By popularity"]


def test_who_has_liked_too_few_is_told_so(watchers):
    told = got(watchers.client, "/evaluation", user="Ben")
    assert (told["people"], told["held_out"], told["is_enough"], told["rankings"]) == (0, 0, False, [])
    assert told["words"] == ["Too few watches to say. It takes 20 liked titles of one person with a date; there are 0."]


def test_the_household_is_the_mean_of_those_who_have_enough(watchers):
    told, anna = got(watchers.client, "/evaluation"), got(watchers.client, "/evaluation", user="Anna")
    assert (told["user"], told["people"]) == ("household", 1)
    assert told["rankings"] == anna["rankings"]


def test_an_unknown_person_is_not_found(watchers):
    refused(watchers.client.get("/evaluation", params={"user": "nobody"}), 404, "not_found")


def test_a_report_is_worked_out_once_for_an_edition_however_many_ask_for_it(watchers):
    evaluations, reports = Evaluations(), []
    anna = watchers.engine.edition.person("Anna")
    askers = [threading.Thread(target=lambda: reports.append(evaluations.of(watchers.engine, anna))) for _ in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(reports) == 4
    assert all(report is reports[0] for report in reports)


def test_what_a_person_watches_next_makes_a_new_report(watchers):
    before = got(watchers.client, "/evaluation", user="Anna")
    unseen = next(film for film in FILMS if film.title not in SEEN)
    body = {"tmdb_id": unseen.key.tmdb_id, "title": unseen.title, "type": "movie"}
    said(watchers.client, "/history", body, user="Anna")
    assert got(watchers.client, "/evaluation", user="Anna")["liked"] == before["liked"] + 1


def test_a_new_edition_makes_a_new_report(watchers):
    evaluations, anna = Evaluations(), watchers.engine.edition.person("Anna")
    before = evaluations.of(watchers.engine, anna)
    watchers.engine.clock.pass_time(hours=1)
    watchers.engine.reload()
    assert evaluations.of(watchers.engine, anna) is not before


def test_confirmed_weights_are_asked_about_first(watchers):
    weights = {"content_weight": 1, "collaborative_weight": 0, "quality_weight": 0, "confidence_weight": 0}
    before = got(watchers.client, "/evaluation", user="Anna")
    said(watchers.client, "/settings/tuner", weights, user="Anna")
    names = [each["name"] for each in got(watchers.client, "/evaluation", user="Anna")["rankings"]]
    assert names == ["yours", *(each["name"] for each in before["rankings"])]
