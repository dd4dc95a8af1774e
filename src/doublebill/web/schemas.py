"""What the HTTP interface answers, and how values of the domain become it.

Field names and rounding are what scripts of users rely on: ``type`` is movie or tv, ``year`` a string, scores have four
places, unknown is null.
"""

from pydantic import BaseModel, Field

from doublebill.model import Kind, Person, Pick, Title, Weights

WEIGHT_PLACES = 9
"""Hides the noise of the division; thirds at four places would sum to 0.9999."""


class PersonOut(BaseModel):
    """A member of the household, or the household itself."""

    id: str
    name: str


class ScoreParts(BaseModel):
    """A score and what it is made of; weights x components - penalty = hybrid."""

    hybrid: float = Field(ge=0, le=1, examples=[0.5312])
    content: float | None = Field(ge=0, le=1, examples=[0.6214], description="null: no text vector yet")
    collaborative: float | None = Field(ge=0, le=1, examples=[0.3333], description="null: nothing watched yet")
    quality: float | None = Field(ge=0, le=1, examples=[0.7912])
    confidence: float | None = Field(ge=0, le=1, examples=[0.9])
    penalty: float = Field(ge=0, le=0.3, examples=[0.0])


class TitleFacts(BaseModel):
    """A film or series."""

    tmdb_id: int = Field(examples=[329865])
    title: str = Field(examples=["Arrival"])
    type: Kind
    year: str | None = Field(examples=["2016"])
    genres: list[str] = Field(examples=[["Drama", "Science Fiction"]])
    vote_average: float | None = Field(examples=[7.6])
    vote_count: int | None = Field(examples=[17000])
    overview: str | None
    poster_path: str | None
    backdrop_path: str | None
    language: str | None = Field(examples=["en"], description="The original one, as ISO 639-1 says it.")
    runtime_min: int | None = Field(examples=[116], description="Of a series, that of one episode.")


class Recommendation(TitleFacts):
    """A recommended title with its score and the reasons."""

    scores: ScoreParts
    recommended_because: list[str] = Field(examples=[["Because you watched Moon and Sunshine"]])


class Recommendations(BaseModel):
    """One page of recommended titles, in the order that was asked for."""

    count: int = Field(description="How many are on this page.")
    recommendations: list[Recommendation]
    total: int = Field(description="How many there are on all pages.")
    next: int | None = Field(description="The `offset` of the next page; null: this is the last.")


class WeightsUsed(BaseModel):
    """The weights of a ranking, which sum to 1."""

    content: float
    collab: float
    quality: float
    confidence: float


class WeightedRecommendations(Recommendations):
    """One page of recommended titles by given weights."""

    weights_used: WeightsUsed


def person_out(person: Person) -> PersonOut:
    """Name a person as the interface does."""
    return PersonOut(id=person.person_id, name=person.name)


def facts(title: Title) -> dict[str, object]:
    """Give a title's fields as they are told."""
    return {
        "tmdb_id": title.key.tmdb_id,
        "title": title.title,
        "type": title.key.kind,
        "year": str(title.year) if title.year else None,
        "genres": list(title.genres),
        "vote_average": title.vote_average,
        "vote_count": title.vote_count,
        "overview": title.overview,
        "poster_path": title.poster_path,
        "backdrop_path": title.backdrop_path,
        "language": title.original_language,
        "runtime_min": title.runtime_min,
    }


def recommendation(pick: Pick) -> dict[str, object]:
    """Give a pick's fields as they are told; the numbers are on the shown grid already."""
    return {
        **facts(pick.title),
        "scores": {"hybrid": pick.scores.hybrid, **pick.scores.components, "penalty": pick.scores.penalty},
        "recommended_because": [reason.text for reason in pick.reasons],
    }


def weights_used(weights: Weights) -> WeightsUsed:
    """Give normalised weights as they are told: exact enough that weights x components still add up to the score."""
    content, collaborative, quality, confidence = (round(part, WEIGHT_PLACES) for part in weights.normalised().parts)
    return WeightsUsed(content=content, collab=collaborative, quality=quality, confidence=confidence)
