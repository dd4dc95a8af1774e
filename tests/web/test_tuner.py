"""The four dials: what a person confirmed, what others would change, and weights with a name."""

import pytest

from doublebill.core.presets import PRESETS
from doublebill.model import Formula, Weights
from web.asked import got, refused, refused_fields, said

NAMES = ("content_weight", "collaborative_weight", "quality_weight", "confidence_weight")


def settings(home, user="Anna"):
    return [got(home.client, "/settings/tuner", user=user)[name] for name in NAMES]


def first_twenty(home, user="Anna", sort="hybrid"):
    found = got(home.client, "/recommendations", user=user, sort=sort)["recommendations"]
    return [(each["type"], each["tmdb_id"]) for each in found]


def test_who_confirmed_nothing_has_the_default_weights(home):
    assert settings(home) == [0.4, 0.3, 0.2, 0.1]


def test_confirmed_weights_count_in_the_next_request_and_for_this_person_alone(home):
    before, others = first_twenty(home), first_twenty(home, "Ben")
    answer = said(home.client, "/settings/tuner", dict(zip(NAMES, (0, 0, 1, 0), strict=True)), user="Anna")
    assert answer == {"status": "success", "message": "The weights of Anna are saved"}
    assert settings(home) == [0, 0, 1, 0]
    assert settings(home, "Ben") == [0.4, 0.3, 0.2, 0.1]
    assert first_twenty(home) != before
    assert first_twenty(home, "Ben") == others


def test_weights_are_scaled_to_sum_to_1(home):
    said(home.client, "/settings/tuner", dict.fromkeys(NAMES, 1), user="Anna")
    assert settings(home) == [0.25] * 4


def test_what_is_not_given_stays(home):
    said(home.client, "/settings/tuner", {"content_weight": 0}, user="Anna")
    assert settings(home) == [0, 0.5, 0.3333, 0.1667]
    before = settings(home)
    said(home.client, "/settings/tuner", {"quality_weight": None, "more": "of it"}, user="Anna")
    said(home.client, "/settings/tuner", {}, user="Anna")
    assert settings(home) == before


def test_weights_that_are_all_zero_are_refused_and_the_old_ones_stay(home):
    answer = home.client.post("/settings/tuner", json=dict.fromkeys(NAMES, 0), params={"user": "Anna"})
    assert refused(answer, 422, "invalid_request")["errors"][0]["field"] == "body.content_weight"
    assert settings(home) == [0.4, 0.3, 0.2, 0.1]


@pytest.mark.parametrize("value", [-0.1, 1.1, "much", [], True, 10**400])
@pytest.mark.parametrize("name", NAMES)
def test_a_weight_that_does_not_fit_is_named(client, name, value):
    answer = client.post("/settings/tuner", json={name: value})
    assert refused(answer, 422, "invalid_request")["errors"][0]["field"] == f"body.{name}"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999"])
def test_a_weight_is_finite(client, value):
    content = f'{{"content_weight": {value}}}'
    refused(client.post("/settings/tuner", content=content), 422, "invalid_request")


@pytest.mark.parametrize("weights", [(0, 0, 1, 0), (0.7, 0.2, 0.05, 0.05), (0, 1, 0, 0.3), (0.4, 0.3, 0.2, 0.1)])
@pytest.mark.parametrize("user", ["Anna", "household"])
@pytest.mark.parametrize("sort", ["hybrid", "varied"])
def test_the_preview_is_what_confirming_then_does(home, sort, user, weights):
    before, given = first_twenty(home, user, sort), dict(zip(NAMES, weights, strict=True))
    told = got(home.client, "/tuner/preview", user=user, sort=sort, **given)
    assert first_twenty(home, user, sort) == before
    said(home.client, "/settings/tuner", given, user=user)
    after = first_twenty(home, user, sort)
    entering, leaving = ([(each["type"], each["tmdb_id"]) for each in told[way]] for way in ("entering", "leaving"))
    assert entering == [key for key in after if key not in before]
    assert leaving == [key for key in before if key not in after]
    assert told["changed"] == len(entering)


def test_a_preview_of_ones_own_weights_changes_nothing(client):
    told = got(client, "/tuner/preview")
    assert (told["changed"], told["entering"], told["leaving"]) == (0, [], [])
    assert sum(told["weights_used"].values()) == pytest.approx(1)


def test_a_preview_of_weights_that_are_all_zero_is_refused(client):
    assert refused_fields(client, "/tuner/preview", "&".join(f"{name}=0" for name in NAMES)) == ["query.content_w"]


def test_an_order_of_the_preview_that_nobody_knows_is_named(client):
    assert refused_fields(client, "/tuner/preview", "sort=best") == ["query.sort"]


def test_every_preset_has_a_name_and_words_and_can_be_confirmed(home):
    presets = got(home.client, "/tuner/presets")
    assert [preset["name"] for preset in presets["presets"]] == [preset.name for preset in PRESETS]
    assert presets["next"] is None
    for preset in presets["presets"]:
        said(home.client, "/settings/tuner", preset["weights"])
        assert preset["words"]
        assert got(home.client, "/settings/tuner") == preset["weights"]


def test_the_classic_preset_is_the_plain_formula():
    classic = Weights(0.40, 0.30, 0.20, 0.10, formula=Formula.CLASSIC)
    assert {preset.name: preset.weights for preset in PRESETS}["classic"] == classic


def test_a_confirmed_formula_counts_in_the_next_request_and_stays_when_weights_change(home):
    shown = got(home.client, "/recommendations", user="Anna")["recommendations"]
    previewed = got(home.client, "/tuner/preview", user="Anna", formula="classic")
    given = got(home.client, "/recommendations/weighted", user="Anna", formula="classic")["recommendations"]
    said(home.client, "/settings/tuner", {"formula": "classic"}, user="Anna")
    assert got(home.client, "/settings/tuner", user="Anna")["formula"] == "classic"
    plain = got(home.client, "/recommendations", user="Anna")["recommendations"]
    assert plain == given != shown
    assert previewed["changed"] == len({*map(key_of, plain)} - {*map(key_of, shown)})
    said(home.client, "/settings/tuner", {"content_weight": 0.4}, user="Anna")
    assert got(home.client, "/settings/tuner", user="Anna")["formula"] == "classic"


def key_of(found):
    return (found["type"], found["tmdb_id"])


def test_a_formula_that_nobody_knows_is_named(client):
    assert refused_fields(client, "/tuner/preview", "formula=magic") == ["query.formula"]
    answer = client.post("/settings/tuner", json={"formula": "magic"})
    assert refused(answer, 422, "invalid_request")["errors"][0]["field"] == "body.formula"
