"""What Prometheus is told: every answer by its route, the syncs, and nothing of anybody."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from starlette.testclient import TestClient

from doublebill.errors import StoreError
from doublebill.model import SyncKind
from doublebill.web.app import create_app
from doublebill.web.metrics import Counting, Metrics
from sync.faulty_store import FaultyStore
from sync.house import NOW, dead_line, sync


def told(client: TestClient, **kwargs) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Give every sample by its name and labels."""
    answer = client.get("/metrics", **kwargs)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(answer.text)
    return {(each.name, frozenset(each.labels.items())): each.value for family in families for each in family.samples}


def of(samples: Mapping[tuple[str, frozenset[tuple[str, str]]], float], name: str, **labels: str) -> float | None:
    return samples.get((f"doublebill_{name}", frozenset(labels.items())))


def test_answers_are_counted_by_method_template_and_status(home):
    for number in (1, 2, 3):
        home.client.get(f"/titles/movie/{990_000 + number}")
    home.client.get("/people")
    home.client.get("/people", headers={"Accept": "text/html"})
    home.client.post("/people")
    samples = told(home.client)
    assert of(samples, "http_requests_total", method="GET", route="/titles/{kind}/{tmdb_id}", status="404") == 3
    assert of(samples, "http_requests_total", method="GET", route="/people", status="200") == 2
    assert of(samples, "http_requests_total", method="POST", route="/people", status="405") == 1
    assert of(samples, "http_request_duration_seconds_count", route="/people") == 3


def test_guessed_addresses_and_files_are_one_route(home):
    for path in ("/wp-login.php", "/.env", "/ui/nothing.js", "/ui/favicon.svg"):
        home.client.get(path)
    samples = told(home.client)
    routes = {dict(labels).get("route") for _, labels in samples}
    assert of(samples, "http_request_duration_seconds_count", route="elsewhere") == 4
    assert not any(route and ("wp-login" in route or ".js" in route) for route in routes)


def test_sizes_are_those_of_the_edition_and_the_database(client, engine):
    samples = told(client)
    edition = engine.edition
    assert of(samples, "people") == len(edition.people)
    assert of(samples, "titles") == len(edition.catalogue)
    assert of(samples, "candidates") == edition.candidate_count
    assert of(samples, "embedded_titles") == edition.catalogue.has_vector.sum()
    assert of(samples, "database_bytes") == engine.store.database().size_bytes


def test_syncs_are_counted_by_kind_and_outcome_with_the_time_of_their_steps(home):
    before = told(home.client)
    assert of(before, "syncs_total", kind="full", outcome="success") == 1
    assert of(before, "sync_last_success_timestamp_seconds", kind="full") == NOW.timestamp()
    home.house.jellyfin.app = dead_line
    sync(home.engine, SyncKind.LIGHT)
    samples = told(home.client)
    assert of(samples, "syncs_total", kind="full", outcome="success") == 1
    assert of(samples, "syncs_total", kind="light", outcome="error") == 1
    assert of(samples, "sync_running") == 0
    assert of(samples, "sync_step_duration_seconds", step="history") is None
    home.house.jellyfin.app = home.house.upstreams.jellyfin
    sync(home.engine, SyncKind.LIGHT)
    assert of(told(home.client), "sync_step_duration_seconds", step="history") == 0


def test_nothing_of_a_person_is_told_and_the_password_is_asked_for(engine):
    app = create_app(engine, syncs_on_start=False, password=SecretStr("planted-password"))
    client = TestClient(app)
    assert client.get("/metrics").status_code == 401
    client.get("/recommendations", params={"user": engine.edition.people[0].name}, auth=("x", "planted-password"))
    text = client.get("/metrics", auth=("x", "planted-password")).text
    assert 'status="401"' in text
    assert "planted-password" not in text
    assert not any(person.name in text or person.person_id in text for person in engine.edition.people)


def test_a_store_that_cannot_be_read_is_a_problem(home):
    engine = home.house.engine(FaultyStore(home.store, {"sync_runs": StoreError("the disk is gone")}))
    answer = TestClient(create_app(engine, syncs_on_start=False)).get("/metrics")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.anyio
async def test_a_request_that_ends_without_an_answer_is_an_error_that_took_its_time(engine):
    async def broken(scope, receive, send):
        raise ValueError("nothing comes")

    metrics = Metrics(engine)
    moments = iter([10.0, 12.0])
    counting = replace(Counting(broken, metrics), timer=lambda: next(moments))
    with pytest.raises(ValueError, match="nothing comes"):
        await counting({"type": "http", "method": "GET"}, None, None)
    text = metrics.text().decode()
    assert 'doublebill_http_requests_total{method="GET",route="elsewhere",status="500"} 1.0' in text
    assert 'doublebill_http_request_duration_seconds_sum{route="elsewhere"} 2.0' in text
