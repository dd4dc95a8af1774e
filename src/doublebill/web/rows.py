"""GET /recommendations/rows: picks in rows, each because of one title that was watched."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from doublebill.core.rows import because_rows
from doublebill.web.context import EngineOf, PersonOf
from doublebill.web.problems import documented
from doublebill.web.schemas import Recommendation, TitleFacts, facts, recommendation

router = APIRouter(tags=["recommendations"])

RowCount = Annotated[int, Query(ge=1, le=10, description="At most so many rows.")]
RowLimit = Annotated[int, Query(ge=1, le=30, description="At most so many picks in a row.")]


class RecommendationRow(BaseModel):
    """A watched title, and what it speaks for."""

    because: TitleFacts
    words: str = Field(examples=["Because you watched Alien"])
    recommendations: list[Recommendation] = Field(description="Best first; none stands in another row.")


class RecommendationRows(BaseModel):
    """Rows of picks, the one with most behind it first."""

    rows: list[RecommendationRow]
    next: None = None


@router.get("/recommendations/rows", response_model=RecommendationRows, responses=documented(404, 409, 422))
def recommendation_rows(
    engine: EngineOf, person: PersonOf, rows: RowCount = 4, limit: RowLimit = 12
) -> dict[str, object]:
    """Give rows of a person's picks, each because of one title that they watched."""
    found = because_rows(engine.edition.reader(person), engine.weights_of(person), count=rows, limit=limit)
    return {
        "rows": [
            {
                "because": facts(row.because),
                "words": row.words,
                "recommendations": [recommendation(pick) for pick in row.picks],
            }
            for row in found
        ]
    }
