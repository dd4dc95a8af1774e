"""GET /similar/{tmdb_id}, /genres, /filters: the catalogue itself."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from doublebill.core.catalogue import similar
from doublebill.core.choices import choices
from doublebill.core.explain import shared_features
from doublebill.core.languages import language_name
from doublebill.errors import NotFound
from doublebill.model import Kind
from doublebill.web.bodies import OptionalKind, PathId, known_key
from doublebill.web.context import EngineOf
from doublebill.web.problems import documented

router = APIRouter(tags=["titles"])


class SimilarTitle(BaseModel):
    """A title near another one."""

    tmdb_id: int
    title: str
    type: Kind
    year: str | None
    genres: list[str]
    vote_average: float | None
    similarity_score: float = Field(ge=0, le=1)
    shared_features: list[str] = Field(examples=[["Science Fiction", "first contact", "Amy Adams"]])


class SimilarTitles(BaseModel):
    """The titles nearest to one, nearest first."""

    source_title: str
    source_tmdb_id: int
    similar_items: list[SimilarTitle]


class Language(BaseModel):
    """An original language."""

    code: str = Field(examples=["fr"], description="As ISO 639-1 has it.")
    name: str = Field(examples=["French"])
    count: int = Field(description="How many titles are in it.")


class FilterChoices(BaseModel):
    """The values of filters that somebody here would find something with."""

    genres: list[str]
    languages: list[Language] = Field(description="The one with most titles first.")
    year_from: int | None
    year_to: int | None


@router.get("/similar/{tmdb_id}", response_model=SimilarTitles, responses=documented(404, 422))
def similar_titles(
    engine: EngineOf,
    tmdb_id: PathId,
    kind: OptionalKind = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> dict[str, object]:
    """Give the titles whose plots are nearest to one, by the cosine of their vectors."""
    edition = engine.edition
    key = known_key(edition, tmdb_id, kind)
    nearest = similar(edition.catalogue, key, limit)
    titles = engine.store.titles([key, *(other for other, _ in nearest)])
    if key not in titles:
        raise NotFound(f"Nothing is known of {key}")
    return {
        "source_title": titles[key].title,
        "source_tmdb_id": tmdb_id,
        "similar_items": [
            {
                "tmdb_id": other.tmdb_id,
                "title": title.title,
                "type": other.kind,
                "year": str(title.year) if title.year else None,
                "genres": list(title.genres),
                "vote_average": title.vote_average,
                "similarity_score": round(cosine, 4),
                "shared_features": shared_features(titles[key], title),
            }
            for other, cosine in nearest
            if (title := titles.get(other))
        ],
    }


@router.get("/genres", response_model=list[str])
def genres(engine: EngineOf) -> list[str]:
    """Give the names of all genres in the catalogue, sorted."""
    return list(engine.edition.catalogue.genre_names)


@router.get("/filters", response_model=FilterChoices)
def filters(engine: EngineOf) -> dict[str, object]:
    """Give what recommendations can be filtered by, over everybody's and what is owned."""
    edition = engine.edition
    found = choices(edition.catalogue, [reader.profile for reader in edition.readers.values()])
    return {
        "genres": list(found.genres),
        "languages": [{"code": code, "name": language_name(code), "count": count} for code, count in found.languages],
        "year_from": found.year_from,
        "year_to": found.year_to,
    }
