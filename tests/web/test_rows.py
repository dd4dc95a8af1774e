"""GET /recommendations/rows."""

import pytest

from web.asked import got, refused_fields


def rows(client, **query):
    return got(client, "/recommendations/rows", **query)["rows"]


def name(told):
    return told["type"], told["tmdb_id"]


@pytest.mark.parametrize(("user", "watcher"), [("Anna", "you"), ("household", "the household")])
def test_a_row_names_what_was_watched_and_gives_picks(client, user, watcher):
    picked = {name(each): each for each in got(client, "/recommendations", user=user, limit=100)["recommendations"]}
    seen = {name(each) for each in got(client, "/history", user="Anna")["history"]}
    seen |= {name(each) for each in got(client, "/history", user="Ben")["history"]}
    found = rows(client, user=user)
    assert found
    for row in found:
        assert name(row["because"]) in seen
        assert row["words"] == f"Because {watcher} watched {row['because']['title']}"
        assert all(each == picked[name(each)] for each in row["recommendations"])


def test_picks_come_best_first_and_none_twice(client):
    found = rows(client, user="Anna", rows=10, limit=30)
    for row in found:
        scores = [each["scores"]["hybrid"] for each in row["recommendations"]]
        assert scores == sorted(scores, reverse=True)
        assert len(scores) >= 4
    every = [name(each) for row in found for each in row["recommendations"]]
    assert len(every) == len(set(every))


@pytest.mark.parametrize(("query", "most"), [({}, 4), ({"rows": 1}, 1), ({"rows": 10}, 10)])
def test_at_most_so_many_rows_come(client, query, most):
    assert 1 <= len(rows(client, user="Anna", **query)) <= most


@pytest.mark.parametrize(("query", "most"), [({}, 12), ({"limit": 2}, 2), ({"limit": 30}, 30)])
def test_at_most_so_many_picks_are_in_a_row(client, query, most):
    assert all(1 <= len(row["recommendations"]) <= most for row in rows(client, user="Anna", **query))


def test_who_watched_nothing_has_no_rows(client):
    assert got(client, "/recommendations/rows", user="Cem") == {"rows": [], "next": None}


@pytest.mark.parametrize(
    ("query", "field"), [("rows=0", "rows"), ("rows=11", "rows"), ("limit=0", "limit"), ("limit=31", "limit")]
)
def test_a_number_that_does_not_fit_is_named(client, query, field):
    assert refused_fields(client, "/recommendations/rows", query) == [f"query.{field}"]
