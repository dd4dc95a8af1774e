"""GET /recommendations, /recommendations/weighted: the picks of a person."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.exceptions import RequestValidationError

from doublebill.core.recommend import Page, recommend_page
from doublebill.core.wish import Sort, Wish
from doublebill.model import Formula, Kind, Weights
from doublebill.web.context import EngineOf, PersonOf
from doublebill.web.problems import documented
from doublebill.web.schemas import Recommendations, WeightedRecommendations, recommendation, weights_used

router = APIRouter(tags=["recommendations"])

Share = Annotated[float | None, Query(ge=0, le=1, allow_inf_nan=False)]
Year = Annotated[int | None, Query(ge=1, le=9999, description="Released in this year or on that side of it.")]


@dataclass(frozen=True)
class Choice:
    """Which titles are asked for."""

    limit: Annotated[int, Query(ge=1, le=100, description="At most so many.")] = 20
    type_filter: Annotated[Kind | None, Query(description="Only films, or only series.")] = None
    genre: Annotated[str | None, Query(description="Part of a genre's name, without case.", max_length=100)] = None


@dataclass(frozen=True)
class Filters(Choice):
    """Which picks are asked for."""

    min_score: Annotated[float, Query(ge=0, le=1, description="Only from this score on.")] = 0.0
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="Where to go on: the `next` of the page before.")] = 0
    sort: Annotated[Sort, Query(description="What comes first; equals go by their score.")] = Sort.HYBRID
    year_from: Year = None
    year_to: Year = None
    language: Annotated[
        str | None, Query(pattern="^([A-Za-z]{2})?$", description="Only of this original language (ISO 639-1).")
    ] = None
    include_owned: Annotated[bool, Query(description="Also what is owned and the person has not seen.")] = False

    def wish(self, weights: Weights) -> Wish:
        """Put the filters and weights together; the years may be in either order."""
        years = (self.year_from, self.year_to)
        year_from, year_to = sorted(filter(None, years)) if all(years) else years
        return Wish(
            limit=self.limit,
            kind=self.type_filter,
            genre=self.genre,
            min_score=self.min_score,
            weights=weights,
            offset=self.offset,
            sort=self.sort,
            year_from=year_from,
            year_to=year_to,
            language=self.language.lower() if self.language else None,
            include_owned=self.include_owned,
        )


@dataclass(frozen=True)
class GivenWeights:
    """Weights by their short or long names, and a formula, given in a request; what is not is the person's own."""

    content_w: Share = None
    collab_w: Share = None
    quality_w: Share = None
    confidence_w: Share = None
    content_weight: Share = None
    collaborative_weight: Share = None
    quality_weight: Share = None
    confidence_weight: Share = None
    formula: Annotated[Formula | None, Query(description="How the components come about.")] = None

    def over(self, own: Weights) -> Weights:
        """Put the given weights over a person's own. Raises RequestValidationError if all are zero."""
        short = (self.content_w, self.collab_w, self.quality_w, self.confidence_w)
        long = (self.content_weight, self.collaborative_weight, self.quality_weight, self.confidence_weight)
        parts = [_first_given(*names) for names in zip(short, long, own.parts, strict=True)]
        if not any(parts):
            raise RequestValidationError(
                [{"type": "value_error", "loc": ("query", "content_w"), "msg": "The weights are all zero"}]
            )
        return Weights(*parts, formula=self.formula or own.formula).normalised()


def _first_given(*values: float | None) -> float:
    return next(value for value in values if value is not None)


@router.get("/recommendations", response_model=Recommendations, responses=documented(404, 409, 422))
def recommendations(engine: EngineOf, person: PersonOf, filters: Annotated[Filters, Depends()]) -> dict[str, object]:
    """Give a page of a person's picks by the weights they confirmed, best first unless sorted otherwise."""
    return _told(recommend_page(engine.edition.reader(person), filters.wish(engine.weights_of(person))))


@router.get("/recommendations/weighted", response_model=WeightedRecommendations, responses=documented(404, 409, 422))
def weighted(
    engine: EngineOf,
    person: PersonOf,
    filters: Annotated[Filters, Depends()],
    given: Annotated[GivenWeights, Depends()],
) -> dict[str, object]:
    """Give a page of a person's picks by the weights of this request; nothing is saved."""
    weights = given.over(engine.weights_of(person))
    page = recommend_page(engine.reader(person, weights), filters.wish(weights))
    return _told(page) | {"weights_used": weights_used(weights)}


def _told(page: Page) -> dict[str, object]:
    return {
        "count": len(page.picks),
        "recommendations": [recommendation(pick) for pick in page.picks],
        "total": page.total,
        "next": page.next_offset,
    }
