from datetime import datetime, timedelta

import pytest

from doublebill.demo.catalogue import CatalogueTitle, load_catalogue
from doublebill.demo.household import Household, Mark, TitleNames, load_household, parse_mark, read_household
from doublebill.demo.jellyfin_world import JellyfinItem, JellyfinWorld, UserData
from doublebill.demo.moving_in import MEMORY_DAYS, move_in
from doublebill.demo.upstreams import DemoUpstreams
from doublebill.model import Kind, TitleKey


@pytest.fixture(scope="module")
def household() -> Household:
    return load_household()


@pytest.fixture
def world(upstreams: DemoUpstreams) -> JellyfinWorld:
    return upstreams.jellyfin.world


def _owned(household: Household) -> set[TitleKey]:
    names = TitleNames(load_catalogue())
    films = {names.film(name).key for name in household.owned(Kind.MOVIE)}
    return films | {names.series(name).key for name in household.owned(Kind.TV)}


def _rows(world: JellyfinWorld, name: str) -> list[tuple[JellyfinItem, UserData]]:
    person_id = world.person_id(name)
    return [(item, world.user_data(person_id, item.item_id)) for item in world.items.values()]


def test_each_person_has_watched_30_to_150_titles_of_both_kinds(household: Household) -> None:
    assert len(household.members) >= 5
    for member in household.members:
        assert 30 <= len(member.films) + len(member.series) <= 150, member.name
        assert member.films, member.name
        assert member.series, member.name


def test_tastes_are_distinct(household: Household) -> None:
    for member in household.members:
        for other in household.members:
            common = member.films.keys() & other.films.keys()
            assert member is other or len(common) < 0.15 * len(member.films), (member.name, other.name)


def test_no_title_is_owned_under_two_names(household: Household) -> None:
    assert len(_owned(household)) == len(household.owned(Kind.MOVIE)) + len(household.owned(Kind.TV))


def test_enough_is_left_to_recommend(household: Household) -> None:
    owned = _owned(household)
    left = [title for title in load_catalogue() if title.key not in owned]
    assert len(left) >= 190
    for kind in Kind:
        every = {genre for title in load_catalogue() if title.key.kind is kind for genre in title.genres}
        assert {genre for title in left if title.key.kind is kind for genre in title.genres} == every


@pytest.mark.parametrize(
    "title",
    ["Gattaca", "Coherence", "Vertigo", "The Wailing", "Perfect Blue", "Coco", "Inside Out 2", "For Sama"],
)
def test_plain_matches_are_left_for_each_taste(household: Household, title: str) -> None:
    assert title not in household.owned(Kind.MOVIE)


def test_the_library_stays_below_3000_episodes(world: JellyfinWorld) -> None:
    kinds = [item.item_type for item in world.items.values()]
    assert 1000 < kinds.count("Episode") < 3000


def test_histories_reach_back_three_years_and_never_into_the_future(world: JellyfinWorld, now: datetime) -> None:
    dates = [
        data.last_played_at for name in ("Daniel", "Ruth") for _, data in _rows(world, name) if data.last_played_at
    ]
    assert now - timedelta(days=MEMORY_DAYS) <= min(dates) < now - timedelta(days=700)
    assert now - timedelta(days=30) < max(dates) <= now


def test_every_kind_of_mark_occurs(world: JellyfinWorld) -> None:
    rows = [(item, data) for name in world.people.values() for item, data in _rows(world, name)]
    leaves = [data for item, data in rows if item.item_type != "Series"]
    assert any(data.play_count == 3 and data.played for data in leaves)
    assert any(data.play_count and not data.played and not data.position_min for data in leaves)
    assert any(data.position_min and not data.played for data in leaves)
    assert any(data.is_favorite for data in leaves)
    assert {data.likes for data in leaves} == {True, False, None}
    assert any(data.played for item, data in rows if item.item_type == "Series")


def test_an_abandoned_series_has_one_episode_from_60_days_ago(world: JellyfinWorld, now: datetime) -> None:
    lost = [data for item, data in _rows(world, "Daniel") if item.series_name == "Lost" and data.play_count]
    assert [(data.played, data.last_played_at) for data in lost] == [(True, now - timedelta(days=60))]


def test_some_items_are_not_named_in_full(world: JellyfinWorld) -> None:
    found = {item.name: set(item.provider_ids) for item in world.items.values() if item.item_type != "Episode"}
    assert found["Touki Bouki"] == {"Imdb"}
    assert found["Sherlock"] == {"Tvdb"}
    assert found["Local Hero"] == found["Mila's first steps"] == found["Summer on the island"] == set()
    assert found["Alien"] == {"Tmdb", "Imdb"}


def test_an_episode_never_carries_its_series_ids(world: JellyfinWorld) -> None:
    for item in world.items.values():
        if item.series_id is not None and item.series_id in world.items:
            series = world.items[item.series_id]
            assert not set(item.provider_ids.values()) & set(series.provider_ids.values())


def test_what_lies_beyond_the_owned_seasons_is_listed_as_missing(world: JellyfinWorld) -> None:
    lost = [item for item in world.items.values() if item.series_name == "Lost"]
    assert {item.season for item in lost if not item.is_missing} == {1, 2}
    assert [(item.season, item.episode) for item in lost if item.is_missing] == [(3, 1), (3, 2)]


def test_the_same_moment_makes_the_same_world(household: Household, now: datetime) -> None:
    first, second = (move_in(household, load_catalogue(), now).world for _ in range(2))
    assert first.items == second.items
    assert _rows(first, "Mila") == _rows(second, "Mila")


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("", Mark()),
        ("all", Mark()),
        ("half, liked", Mark(share=0.5, rating=10.0)),
        ("3 times, favourite, 9/10", Mark(plays=3, is_favorite=True, rating=9.0)),
        ("45%, 20 days ago", Mark(share=0.45, days_ago=20)),
        ("7 episodes, disliked", Mark(episodes=7, rating=1.0)),
        ("started", Mark(share=0.0)),
        ("abandoned", Mark(episodes=1, days_ago=60)),
    ],
)
def test_marks_are_read(text: str, mark: Mark) -> None:
    assert parse_mark(text) == mark


def test_a_mark_that_says_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="sort of nice"):
        parse_mark("favourite, sort of nice")


def test_a_household_may_own_nothing(catalogue: list[CatalogueTitle], now: datetime) -> None:
    empty = read_household({"people": [{"name": "Ada", "taste": "none yet"}]})
    assert move_in(empty, catalogue, now).world.items == {}


def test_a_title_that_the_catalogue_lacks_is_named(catalogue: list[CatalogueTitle], now: datetime) -> None:
    household = read_household({"people": [{"name": "Ada", "taste": "?", "seen": ["No Such Film"]}]})
    with pytest.raises(KeyError, match="No Such Film"):
        move_in(household, catalogue, now)


def test_namesakes_are_told_apart_by_year() -> None:
    names = TitleNames(load_catalogue())
    assert names.film("Unforgiven (1992)").key != names.film("Unforgiven (2013)").key
