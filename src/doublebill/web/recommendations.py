"""GET /recommendations, /recommendations/weighted: the picks of a person."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.exceptions import RequestValidationError

from doublebill.core.recommend import Wish
from doublebill.model import Kind, Weights
from doublebill.web.context import EngineOf, PersonOf
from doublebill.web.problems import documented
from doublebill.web.schemas import Recommendations, WeightedRecommendations, recommendation, weights_used

router = APIRouter(tags=["recommendations"])

Share = Annotated[float | None, Query(ge=0, le=1, allow_inf_nan=False)]


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

    def wish(self, weights: Weights) -> Wish:
        """Put the filters and weights together."""
        return Wish(self.limit, self.type_filter, self.genre, self.min_score, weights)


@dataclass(frozen=True)
class GivenWeights:
    """Weights given in a request, by their short or long names; what is not given is the person's own."""

    content_w: Share = None
    collab_w: Share = None
    quality_w: Share = None
    confidence_w: Share = None
    content_weight: Share = None
    collaborative_weight: Share = None
    quality_weight: Share = None
    confidence_weight: Share = None

    def over(self, own: Weights) -> Weights:
        """Put the given weights over a person's own. Raises RequestValidationError if all are zero."""
        short = (self.content_w, self.collab_w, self.quality_w, self.confidence_w)
        long = (self.content_weight, self.collaborative_weight, self.quality_weight, self.confidence_weight)
        parts = [_first_given(*names) for names in zip(short, long, own.parts, strict=True)]
        if not any(parts):
            raise RequestValidationError(
                [{"type": "value_error", "loc": ("query", "content_w"), "msg": "The weights are all zero"}]
            )
        return Weights(*parts).normalised()


def _first_given(*values: float | None) -> float:
    return next(value for value in values if value is not None)


@router.get("/recommendations", response_model=Recommendations, responses=documented(404, 409, 422))
def recommendations(engine: EngineOf, person: PersonOf, filters: Annotated[Filters, Depends()]) -> dict[str, object]:
    """Give a person's picks by the weights they confirmed, best first."""
    picks = engine.recommend(person, filters.wish(engine.weights_of(person)))
    return {"count": len(picks), "recommendations": [recommendation(pick) for pick in picks]}


@router.get("/recommendations/weighted", response_model=WeightedRecommendations, responses=documented(404, 409, 422))
def weighted(
    engine: EngineOf,
    person: PersonOf,
    filters: Annotated[Filters, Depends()],
    given: Annotated[GivenWeights, Depends()],
) -> dict[str, object]:
    """Give a person's picks by the weights of this request, best first; nothing is saved."""
    weights = given.over(engine.weights_of(person))
    picks = engine.recommend(person, filters.wish(weights))
    return {
        "count": len(picks),
        "recommendations": [recommendation(pick) for pick in picks],
        "weights_used": weights_used(weights),
    }
