from datetime import UTC, date, datetime
from typing import Any

import pytest

from doublebill.errors import SourceBroken
from doublebill.model import Collection, Credit, Kind, Neighbour, NeighbourSource, Title, TitleDetails, TitleKey
from doublebill.sources import tmdb_titles as titles
from doublebill.sources import tmdb_wire as wire
from doublebill.sources.wire import read

NOW = datetime(2026, 10, 1, tzinfo=UTC)
FILM, SERIES = TitleKey(Kind.MOVIE, 605), TitleKey(Kind.TV, 605)
GENRES = {Kind.MOVIE: {28: "Action", 18: "Drama"}, Kind.TV: {18: "Drama", 10759: "Action & Adventure"}}
RECOMMENDED, SIMILAR = NeighbourSource.RECOMMENDATIONS, NeighbourSource.SIMILAR


def entry(number: Any = 605, **changes: Any) -> dict[str, Any]:
    return {"id": number, "title": f"Film {number}", **changes}


def listed(*rows: Any, kind: Kind = Kind.MOVIE) -> list[Title]:
    return titles.listed(read("TMDB", wire.Listing, {"results": list(rows)}).entries, kind, GENRES)


def details(key: TitleKey = FILM, **changes: Any) -> TitleDetails:
    return titles.details(key, read("TMDB", wire.Details, {**entry(), **changes}), GENRES, NOW)


def neighbours(**lists: list[Any]) -> list[Neighbour]:
    return list(details(**{name: {"results": rows} for name, rows in lists.items()}).neighbours)


# Lists


def test_a_film_of_a_list_is_read_with_the_names_of_its_genres() -> None:
    row = entry(
        original_title="Le film",
        release_date="2001-02-03",
        genre_ids=[28, "18", 99, None],
        overview=" What happens. ",
        original_language="fr",
        vote_average=7.25,
        vote_count=12.0,
        popularity=3,
        poster_path="/p.jpg",
        backdrop_path=None,
    )
    assert listed(row) == [
        Title(
            FILM,
            "Film 605",
            "Le film",
            date(2001, 2, 3),
            ("Action", "Drama"),
            "What happens.",
            "fr",
            7.25,
            12,
            3.0,
            "/p.jpg",
        )
    ]


def test_a_series_of_a_list_has_other_names_for_the_same_things() -> None:
    row = {"id": "605", "name": "Long", "original_name": "Lang", "first_air_date": "2001-02-03", "genre_ids": [10759]}
    assert listed(row, kind=Kind.TV) == [Title(SERIES, "Long", "Lang", date(2001, 2, 3), ("Action & Adventure",))]


def test_what_is_empty_is_unknown() -> None:
    row = entry(
        overview="", release_date="", poster_path="", vote_average=0, vote_count=0, genre_ids=None, popularity=""
    )
    assert listed(row) == [Title(FILM, "Film 605")]


@pytest.mark.parametrize(
    ("votes", "average", "meant"),
    [(0, 9.0, None), (3, 0, 0.0), (3, 11, None), (3, None, None), (-1, 5, None), (3, "6.5", 6.5)],
)
def test_an_average_needs_votes_and_stays_on_its_scale(votes: int, average: Any, meant: float | None) -> None:
    (title,) = listed(entry(vote_count=votes, vote_average=average))
    assert title.vote_average == meant
    assert title.vote_count >= 0


@pytest.mark.parametrize(
    "row",
    [None, [], entry(None), entry(0), entry(-5), entry(title=""), entry(media_type="person"), {"name": "Nobody"}],
)
def test_an_entry_that_is_no_title_is_left_out(row: Any) -> None:
    assert [title.key.tmdb_id for title in listed(row, entry(7))] == [7]


def test_an_entry_that_says_its_kind_is_of_that_kind() -> None:
    both = listed(entry(media_type="movie"), entry(media_type="tv", genre_ids=[10759]))
    assert [title.key for title in both] == [FILM, SERIES]
    assert both[1].genres == ("Action & Adventure",)


def test_a_title_stands_once_in_a_list() -> None:
    assert len(listed(entry(), entry(), entry(7))) == 2


@pytest.mark.parametrize("flag", ["adult", "softcore"])
def test_adult_and_softcore_are_both_marked(flag: str) -> None:
    assert listed(entry(**{flag: True}))[0].is_adult


# Details


def test_a_film_in_detail() -> None:
    title = details(
        genres=[{"id": 28, "name": "Action"}, {"id": 1, "name": None}, None],
        keywords={"keywords": [{"id": 1, "name": "heist"}, {"id": 2, "name": "heist"}]},
        belongs_to_collection={"id": 9, "name": "Made Up Collection"},
        runtime=101,
        imdb_id="tt7654321",
        external_ids={"imdb_id": "", "tvdb_id": None},
        tagline=" One line. ",
        videos={"results": [{"site": "YouTube", "type": "Trailer", "iso_639_1": "en", "key": "abcdefghijk"}]},
    ).title
    assert (title.tagline, title.trailer_id) == ("One line.", "abcdefghijk")
    assert (title.genres, title.keywords, title.runtime_min) == (("Action",), ("heist",), 101)
    assert (title.collection, title.imdb_id, title.tvdb_id) == (Collection(9, "Made Up Collection"), "tt7654321", None)
    assert title.detailed_at == NOW


def test_a_series_in_detail() -> None:
    title = details(
        SERIES,
        keywords={"results": [{"id": 1, "name": "slow"}]},
        episode_run_time=[],
        last_episode_to_air={"runtime": 47},
        number_of_episodes=62,
        external_ids={"imdb_id": "tt7654321", "tvdb_id": 81},
        created_by=[{"id": 5, "name": "Cleo"}],
    ).title
    assert (title.key, title.keywords, title.runtime_min, title.episode_count) == (SERIES, ("slow",), 47, 62)
    assert (title.imdb_id, title.tvdb_id) == ("tt7654321", 81)
    assert title.credits == (Credit("Cleo", "creator", 0, 5),)


def test_credits_are_billed_in_order_each_person_once_for_a_role() -> None:
    cast = [
        {"id": 3, "name": "Cy", "order": None},
        {"id": 2, "name": "Bo", "order": 1, "character": "A guard"},
        {"id": 1, "name": "Al", "order": 0, "character": "Himself"},
        {"id": 2, "name": "Bo", "order": 2, "character": "A thief"},
        {"id": 4, "name": None},
    ]
    crew = [{"id": 1, "name": "Al", "job": "Director"}, {"id": 9, "name": "Di", "job": "Producer"}]
    assert details(credits={"cast": cast, "crew": crew}).title.credits == (
        Credit("Al", "cast", 0, 1, "Himself"),
        Credit("Bo", "cast", 1, 2, "A guard"),
        Credit("Cy", "cast", 2, 3),
        Credit("Al", "director", 0, 1),
    )


def test_only_the_first_twenty_of_the_cast_are_taken() -> None:
    cast = [{"id": number, "name": f"N{number}", "order": number} for number in range(1, 40)]
    assert len(details(credits={"cast": cast}).title.credits) == 20


@pytest.mark.parametrize("broken", [None, [], "x", {"success": False}])
def test_an_appended_part_that_is_missing_is_only_unknown(broken: Any) -> None:
    parts = ("keywords", "credits", "external_ids", "recommendations", "similar", "belongs_to_collection", "videos")
    found = details(**dict.fromkeys(parts, broken))
    assert (found.neighbours, found.listed, found.title.credits, found.title.trailer_id) == ((), (), (), None)


@pytest.mark.parametrize("broken", [{"id": None}, {"id": 0}, {"title": ""}])
def test_a_title_whose_own_details_are_broken_is_an_error(broken: dict[str, Any]) -> None:
    with pytest.raises(SourceBroken, match="movie:605"):
        details(**broken)


# Neighbours


def test_neighbours_keep_their_order_and_source() -> None:
    assert neighbours(recommendations=[entry(1), entry(2)], similar=[entry(2), entry(3)]) == [
        Neighbour(TitleKey(Kind.MOVIE, 1), RECOMMENDED, 0),
        Neighbour(TitleKey(Kind.MOVIE, 2), RECOMMENDED, 1),
        Neighbour(TitleKey(Kind.MOVIE, 2), SIMILAR, 0),
        Neighbour(TitleKey(Kind.MOVIE, 3), SIMILAR, 1),
    ]


def test_the_title_itself_and_second_mentions_are_left_out_and_positions_stay() -> None:
    rows = [entry(605), entry(1), entry(1), entry(0), entry(2)]
    assert [(one.key.tmdb_id, one.position) for one in neighbours(similar=rows)] == [(1, 1), (2, 4)]


def test_a_neighbour_of_the_other_kind_with_the_same_id_is_not_the_title_itself() -> None:
    assert [one.key for one in neighbours(recommendations=[entry(605, media_type="tv")])] == [SERIES]


def test_all_neighbours_are_listed_once_each() -> None:
    found = details(recommendations={"results": [entry(605), entry(1)]}, similar={"results": [entry(1), entry(2)]})
    assert [title.key.tmdb_id for title in found.listed] == [1, 2]
    assert all(title.detailed_at is None for title in found.listed)


# The rest


def test_a_find_gives_the_first_title_of_the_kind() -> None:
    answer = read("TMDB", wire.Found, {"movie_results": [{"id": None}, {"id": 605}], "tv_results": None})
    assert titles.found(answer, Kind.MOVIE) == FILM
    assert titles.found(answer, Kind.TV) is None


def test_pictures_without_an_address_are_broken() -> None:
    with pytest.raises(SourceBroken, match="pictures"):
        titles.images(read("TMDB", wire.ConfigurationAnswer, {"images": {}}))
