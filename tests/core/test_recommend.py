from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.toys import NOW, catalogue, film, series, title, watch
from doublebill.core.profile import Bar, Circumstances, build_profile
from doublebill.core.recommend import Reader, hybrid_scores, rank, recommend, why
from doublebill.core.scoring import COMPONENTS
from doublebill.core.wish import Wish
from doublebill.model import Credit, Formula, Kind, Weights

DIRECTOR = (Credit("Agnès Varda", "director", 0),)
TITLES = {
    one.key: one
    for one in [
        title(film(1), title="Cléo", vote_average=7.9, vote_count=900, credits=DIRECTOR, genres=("Drama",)),
        title(film(2), title="Alien", vote_average=8.2, vote_count=15_000, keywords=("space",), genres=("Horror",)),
        title(film(3), title="Vagabond", vote_average=7.6, vote_count=400, credits=DIRECTOR, genres=("Drama",)),
        title(
            film(4), title="Moon", vote_average=7.6, vote_count=5_000, keywords=("space", "clone"), genres=("Drama",)
        ),
        title(film(5), title="Nobody's", genres=("Comedy",)),
        title(series(4), title="Dark", vote_average=8.4, vote_count=7_000, genres=("Drama", "Mystery")),
        title(film(6), title="Adults", is_adult=True),
        title(film(7), title="Tomorrow", released=(NOW + timedelta(days=1)).date()),
    ]
}
SHELF = catalogue(
    list(TITLES.values()),
    lists={film(1): [film(3), film(4)], film(2): [film(4), series(4)]},
    vectors={
        film(1): [1, 0, 0],
        film(2): [0, 1, 0],
        film(3): [1, 0.1, 0],
        film(4): [0.1, 1, 0],
        series(4): [0, 0.2, 1],
    },
)
ANNA = (watch(film(1)), watch(film(2)))
parts = st.floats(0.03125, 1, width=32)
weightings = st.builds(Weights, parts, parts, parts, parts)


def profile(histories=(ANNA,), held=(), hidden=()):
    return build_profile(SHELF, Circumstances(histories, held, hidden, NOW, Formula.CLASSIC))


def picks(mine=None, wish=None, **facts):
    return recommend(Reader(SHELF, mine or profile(), lookup), wish or Wish(**facts))


def lookup(keys):
    return {key: TITLES[key] for key in keys if key in TITLES}


def keys(found):
    return [pick.title.key for pick in found]


def test_nothing_watched_owned_hidden_adult_or_unreleased_is_picked():
    found = keys(picks(profile(held=[film(3)], hidden=[series(4)])))
    assert set(found) == {film(4), film(5)}


@pytest.mark.parametrize(
    ("key", "bar"),
    [
        (film(1), Bar.WATCHED),
        (film(3), Bar.HELD),
        (series(4), Bar.HIDDEN),
        (film(6), Bar.ADULT),
        (film(7), Bar.UNRELEASED),
    ],
)
def test_why_not_names_the_bar(key, bar):
    verdict = why(Reader(SHELF, profile(held=[film(3)], hidden=[series(4)]), lookup), Weights(), key)
    assert (verdict.bars, verdict.rank) == ((bar,), None)


@given(weightings)
def test_the_parts_add_up_to_the_last_shown_digit(weights):
    for pick in picks(profile(hidden=[film(2)]), Wish(weights=weights)):
        known = {name: part for name, part in pick.scores.components.items() if part is not None}
        scale = sum(getattr(weights, name) for name in known)
        total = sum(part * getattr(weights, name) / scale for name, part in known.items())
        assert pick.scores.hybrid == pytest.approx(total - pick.scores.penalty, abs=0.5001e-4)


@given(weightings)
def test_picks_come_best_first(weights):
    scores = [pick.scores.hybrid for pick in picks(weights=weights)]
    assert scores == sorted(scores, reverse=True)


@given(weightings, st.floats(0.25, 4))
def test_the_scale_of_the_weights_does_not_matter(weights, scale):
    scaled = Weights(*(part * scale for part in weights.parts))
    assert keys(picks(weights=weights)) == keys(picks(weights=scaled))


def test_a_hand_computed_score_with_the_default_weights():
    (moon,) = [pick for pick in picks() if pick.title.key == film(4)]
    content = round(float(np.dot([0.1, 1], [1, 1]) / np.linalg.norm([0.1, 1]) / np.sqrt(2)), 4)
    quality = round((7.6 * 5_000 + 6.818 * 500) / 5_500 / 10, 4)
    expected = 0.40 * content + 0.30 * 1.0 + 0.20 * quality + 0.10 * moon.scores.confidence
    assert moon.scores.components == pytest.approx(
        {"content": content, "collaborative": 1.0, "quality": quality, "confidence": moon.scores.confidence}, abs=1e-4
    )
    assert moon.scores.hybrid == pytest.approx(expected, abs=1e-4)


def test_the_components_have_one_order_everywhere():
    assert tuple(picks()[0].scores.components) == COMPONENTS


def test_likeness_to_a_hidden_title_is_taken_off_and_never_more_than_there_is():
    plain, hiding = profile(), profile(hidden=[film(2)])
    before, after = (why(Reader(SHELF, mine, lookup), Weights(), film(4)).pick.scores for mine in (plain, hiding))
    assert after.penalty == pytest.approx(0.30, abs=0.01)
    assert after.hybrid == pytest.approx(before.hybrid - after.penalty, abs=1.1e-4)
    only_content = Weights(0, 1, 0, 0)
    (dark,) = [
        pick
        for pick in picks(profile([[watch(film(1))]], hidden=[film(2)]), Wish(weights=only_content))
        if pick.title.key == film(5)
    ]
    assert (dark.scores.hybrid, dark.scores.penalty) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"kind": Kind.TV}, {series(4)}),
        ({"kind": Kind.MOVIE, "genre": "drama"}, {film(3), film(4)}),
        ({"genre": "MYST"}, {series(4)}),
        ({"genre": "western"}, set()),
        ({"min_score": 2.0}, set()),
    ],
)
def test_a_wish_narrows_the_picks(facts, expected):
    assert set(keys(picks(**facts))) == expected


def test_a_shorter_list_begins_a_longer_one():
    assert keys(picks(limit=2)) == keys(picks(limit=20))[:2]


def test_who_watched_nothing_gets_what_is_well_rated():
    newcomer = picks(profile([[]]))
    assert [pick.scores.content for pick in newcomer] == [None] * len(newcomer)
    assert keys(newcomer)[-1] == film(5)
    assert newcomer[0].reasons[0].text.startswith("Rated ")


def test_reasons_name_the_watched_titles_that_point_to_a_pick():
    (moon,) = [pick for pick in picks() if pick.title.key == film(4)]
    texts = [reason.text for reason in moon.reasons]
    assert "Because you watched Alien and Cléo" in texts
    assert "Like Alien and Cléo: space" in texts
    assert len(texts) <= 2


def test_reasons_name_a_shared_maker():
    (vagabond,) = [pick for pick in picks() if pick.title.key == film(3)]
    assert "By Agnès Varda, like Cléo" in [reason.text for reason in vagabond.reasons]


def test_the_shares_of_all_reasons_are_what_their_components_add():
    for pick in picks():
        weights = dict(zip(COMPONENTS, Weights().parts, strict=True))
        for reason in pick.reasons:
            part = pick.scores.components[reason.component]
            known = sum(weights[name] for name, value in pick.scores.components.items() if value is not None)
            assert reason.share == pytest.approx((part or 0) * weights[reason.component] / known)


def test_the_household_is_spoken_of_as_such():
    found = recommend(Reader(SHELF, profile([ANNA, ANNA]), lookup, "the household"), Wish())
    assert any("Because the household watched Cléo" in reason.text for pick in found for reason in pick.reasons)


def test_a_candidate_that_the_lookup_does_not_know_is_left_out():
    assert recommend(Reader(SHELF, profile(), lambda _: {}), Wish()) == []


def test_why_gives_the_rank_that_the_list_has():
    mine = profile()
    ranked = keys(picks(mine))
    verdicts = [why(Reader(SHELF, mine, lookup), Weights(), key) for key in ranked]
    assert [verdict.rank for verdict in verdicts] == list(range(1, len(ranked) + 1))
    assert {verdict.total for verdict in verdicts} == {len(ranked)}


def test_why_says_what_holds_a_title_back():
    verdict = why(Reader(SHELF, profile(hidden=[film(2)]), lookup), Weights(), film(4))
    assert verdict.held_back_by[0] == "penalty"
    assert why(Reader(SHELF, profile(), lookup), Weights(), film(5)).held_back_by == ("collaborative", "confidence")


def test_of_an_unknown_title_there_is_nothing_to_say():
    assert why(Reader(SHELF, profile(), lookup), Weights(), film(99)) is None
    assert why(Reader(SHELF, profile(), lambda _: {}), Weights(), film(4)) is None


def test_a_series_and_a_film_of_one_id_are_ranked_apart():
    mine = profile(held=[film(4)])
    assert film(4) not in keys(picks(mine))
    assert series(4) in keys(picks(mine))


def test_scores_are_between_zero_and_one():
    scores = hybrid_scores(profile(hidden=[film(2)]), Weights())
    assert ((scores >= 0) & (scores <= 1)).all()


def test_an_empty_catalogue_gives_no_picks():
    empty = catalogue([])
    assert rank(empty, build_profile(empty, Circumstances([ANNA], [], [], NOW)), Wish()) == []


@pytest.mark.parametrize("bad", [(0, 0, 0, 0), (-1, 1, 1, 1), (float("nan"), 1, 1, 1)])
def test_weights_that_cannot_be_are_refused(bad):
    with pytest.raises(ValueError, match="weights are finite"):
        Weights(*bad)


def test_one_vote_is_one_person():
    alone = replace(TITLES[film(5)], vote_average=6.0, vote_count=1)
    (pick,) = recommend(Reader(SHELF, profile([[]]), lambda _: {film(5): alone}), Wish(genre="comedy"))
    assert pick.reasons[0].text == "Rated 6.0 by 1 person"
