"""What a person of the demo's household should be shown of its series, by what they watched of both kinds."""

import numpy as np
import pytest

from core.toys import NOW, catalogue
from doublebill.core.catalogue import Catalogue
from doublebill.core.profile import Circumstances, Profile, build_profile
from doublebill.core.recommend import hybrid_scores
from doublebill.core.text import document_of
from doublebill.demo.catalogue import CatalogueTitle, load_catalogue
from doublebill.demo.household import Mark, TitleNames, load_household
from doublebill.demo.neighbours import CatalogueNeighbours
from doublebill.model import Kind, Title, TitleKey, Watch, Weights
from hashing_embedder import HashingEmbedder

LISTED = 20
"""TMDB gives so many entries at once."""


@pytest.fixture(scope="module")
def shelf() -> Catalogue:
    everything, names = load_catalogue(), TitleNames(load_catalogue())
    watched = {names.film(title).key for member in load_household().members for title in member.films}
    known = [each for each in everything if each.key.kind is Kind.TV or each.key in watched]
    lists = CatalogueNeighbours(known)
    titles = [title_of(each) for each in known]
    vectors = HashingEmbedder(256).embed_documents([document_of(title) for title in titles])
    return catalogue(
        titles,
        {each.key: lists(each.key).recommendations[:LISTED] for each in known},
        {title.key: vector.tolist() for title, vector in zip(titles, vectors, strict=True)},
    )


def title_of(told: CatalogueTitle) -> Title:
    return Title(
        told.key,
        told.title,
        released=told.released,
        genres=told.genres,
        overview=told.overview,
        original_language=told.language,
        vote_average=told.vote_average,
        vote_count=told.vote_count,
        keywords=told.keywords,
    )


def watch_of(key: TitleKey, mark: Mark) -> Watch:
    return Watch("somebody", key, mark.share, mark.plays, mark.episodes or 1, NOW, mark.is_favorite, None, mark.rating)


def places_of(shelf: Catalogue, name: str) -> dict[str, float]:
    """Give the place of each series that the person has not seen, from 0 for the best to 1 for the last."""
    names = TitleNames(load_catalogue())
    (member,) = (each for each in load_household().members if each.name == name)
    films = [watch_of(names.film(title).key, mark) for title, mark in member.films.items()]
    series = [watch_of(names.series(title).key, mark) for title, mark in member.series.items()]
    profile: Profile = build_profile(shelf, Circumstances([[*films, *series]], [], [], NOW))
    scores = hybrid_scores(profile, Weights())
    rows = [row for row in np.argsort(-scores) if profile.is_candidate[row] and shelf.key(int(row)).kind is Kind.TV]
    return {shelf.titles.names[row]: place / (len(rows) - 1) for place, row in enumerate(rows)}


@pytest.mark.parametrize(
    ("name", "wanted", "unwanted"),
    [
        ("Daniel", "Stranger Things", "Bluey"),
        ("Daniel", "Better Call Saul", "Schitt's Creek"),
        ("Helena", "Planet Earth II", "Dragon Ball Z"),
        ("Helena", "Crash Landing on You", "One Piece"),
        ("Theo", "Death Note", "The Sopranos"),
        ("Theo", "Frieren: Beyond Journey's End", "Planet Earth"),
        ("Mila", "Gravity Falls", "Gomorrah"),
        ("Mila", "The Simpsons", "The Bridge"),
        ("Ruth", "And Then There Were None", "Attack on Titan"),
        ("Ruth", "The Wire", "The Last of Us"),
    ],
)
def test_a_series_to_ones_taste_is_among_the_first_third_and_one_against_it_in_the_last(shelf, name, wanted, unwanted):
    places = places_of(shelf, name)
    assert places[wanted] < 1 / 3
    assert places[unwanted] > 2 / 3
