"""Made-up values for the tests of stores, and strategies that make any."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from doublebill.model import (
    Collection,
    Credit,
    Kind,
    LibraryItem,
    Neighbour,
    NeighbourSource,
    Observation,
    Title,
    TitleDetails,
    TitleKey,
)

NOW = datetime(2026, 3, 1, 20, 15, 30, 123456, tzinfo=UTC)
DAY = timedelta(days=1)


def movie(number: int) -> TitleKey:
    return TitleKey(Kind.MOVIE, number)


def series(number: int) -> TitleKey:
    return TitleKey(Kind.TV, number)


def listed(key: TitleKey, **changes: Any) -> Title:
    return Title(key, changes.pop("title", f"Title {key}"), **changes)


def detailed(key: TitleKey, *neighbours: Neighbour, at: datetime = NOW, **changes: Any) -> TitleDetails:
    return TitleDetails(listed(key, detailed_at=at, **changes), neighbours)


def recommended(*keys: TitleKey) -> tuple[Neighbour, ...]:
    return tuple(Neighbour(key, NeighbourSource.RECOMMENDATIONS, position) for position, key in enumerate(keys))


def similar(*keys: TitleKey) -> tuple[Neighbour, ...]:
    return tuple(Neighbour(key, NeighbourSource.SIMILAR, position) for position, key in enumerate(keys))


def film(item_id: str, **changes: Any) -> LibraryItem:
    return LibraryItem(item_id, "movie", changes.pop("name", f"Film {item_id}"), **changes)


def seen(item_id: str, **changes: Any) -> Observation:
    return Observation(changes.pop("person_id", "ada"), item_id, **({"observed_at": NOW, "finished": True} | changes))


keys = st.builds(TitleKey, st.sampled_from(Kind), st.integers(1, 2**40))
moments = st.datetimes(timezones=st.just(UTC))
numbers = st.none() | st.integers(-(2**62), 2**62)
texts = st.none() | st.text(max_size=20)
shares = st.none() | st.floats(allow_nan=False)

credit_values = st.builds(
    Credit, st.text(), st.sampled_from(["cast", "director", "creator"]), st.integers(0, 99), numbers, texts
)
title_values = st.builds(
    Title,
    key=keys,
    title=st.text(),
    original_title=texts,
    released=st.none() | st.dates(),
    genres=st.lists(st.text(max_size=9), max_size=3).map(tuple),
    overview=texts,
    original_language=texts,
    vote_average=shares,
    vote_count=st.integers(0, 2**31 - 1),
    popularity=shares,
    poster_path=texts,
    backdrop_path=texts,
    is_adult=st.booleans(),
    keywords=st.lists(st.text(max_size=9), max_size=3).map(tuple),
    credits=st.lists(credit_values, max_size=3).map(tuple),
    collection=st.none() | st.builds(Collection, st.integers(1, 2**40), st.text()),
    runtime_min=numbers,
    episode_count=numbers,
    imdb_id=texts,
    tvdb_id=numbers,
    tagline=texts,
    trailer_id=texts,
    detailed_at=moments,
)
observation_values = st.builds(
    Observation,
    person_id=st.text(),
    item_id=st.text(),
    observed_at=moments,
    finished=st.just(True),  # a trace, so that the first one is kept
    play_count=st.integers(0, 2**40),
    position=shares,
    last_played_at=st.none() | moments,
    is_favorite=st.booleans(),
    likes=st.none() | st.booleans(),
    rating=shares,
    removed=st.booleans(),
)
item_values = st.builds(
    LibraryItem,
    item_id=st.text(),
    item_kind=st.sampled_from(["movie", "series", "episode"]),
    name=st.text(),
    year=numbers,
    tmdb_id=numbers,
    imdb_id=texts,
    tvdb_id=numbers,
    series_item_id=texts,
    series_name=texts,
    season=numbers,
    episode=numbers,
    runtime_min=shares,
    key=st.none() | keys,
    unresolved=texts,
)
