"""What the interface says of itself, and that its answers are what it says."""

import json

import jsonschema_rs
import pytest

from doublebill.model import Kind, Title, TitleKey, Weights
from doublebill.web.schemas import facts, weights_used
from web.asked import got
from web.test_titles import ALIEN

ANSWERED = [
    ("/api/health", "/api/health"),
    ("/people", "/people"),
    ("/system/status", "/system/status"),
    ("/recommendations", "/recommendations?limit=100"),
    ("/recommendations", "/recommendations?user=Cem"),
    ("/recommendations/weighted", "/recommendations/weighted?content_w=1"),
    ("/recommendations/rows", "/recommendations/rows?user=Anna"),
    ("/filters", "/filters"),
    ("/titles/{kind}/{tmdb_id}", f"/titles/movie/{ALIEN}"),
    ("/similar/{tmdb_id}", f"/similar/{ALIEN}"),
    ("/genres", "/genres"),
]


@pytest.fixture(scope="module")
def document(client):
    return got(client, "/openapi.json")


def validator(document, schema):
    whole = {**schema, "components": document["components"]}
    return jsonschema_rs.validator_for(json.dumps(whole))


@pytest.mark.parametrize(("path", "asked"), ANSWERED)
def test_every_answer_is_as_the_document_says(client, document, path, asked):
    schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert list(validator(document, schema).iter_errors(got(client, asked))) == []


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/recommendations", "/recommendations?limit=0", "422"),
        ("/recommendations", "/recommendations?user=nobody", "404"),
        ("/recommendations/weighted", "/recommendations/weighted?content_w=2", "422"),
        ("/similar/{tmdb_id}", "/similar/1", "404"),
        ("/similar/{tmdb_id}", "/similar/0", "422"),
    ],
)
def test_every_refusal_is_as_the_document_says(client, document, path, asked, status):
    response = document["paths"][path]["get"]["responses"][status]
    answer = client.get(asked)
    assert str(answer.status_code) == status
    assert list(response["content"]) == ["application/problem+json"] == [answer.headers["content-type"]]
    schema = response["content"]["application/problem+json"]["schema"]
    assert list(validator(document, schema).iter_errors(answer.json())) == []


def test_no_schema_is_promised_that_nothing_answers(document):
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_operation_says_what_it_does(document):
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert all(operation["description"] and operation["tags"] for operation in operations)


def test_unknown_facts_are_null_and_a_year_is_a_string():
    told = facts(Title(TitleKey(Kind.MOVIE, 603), "The Matrix"))
    assert told == {
        "tmdb_id": 603,
        "title": "The Matrix",
        "type": "movie",
        "year": None,
        "genres": [],
        "vote_average": None,
        "vote_count": 0,
        "overview": None,
        "poster_path": None,
        "backdrop_path": None,
        "language": None,
        "runtime_min": None,
    }


def test_thirds_still_sum_to_1():
    used = weights_used(Weights(1, 1, 1, 0))
    assert used.content + used.collab + used.quality + used.confidence == pytest.approx(1, abs=1e-8)
