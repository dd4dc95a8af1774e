"""GET /titles/{kind}/{tmdb_id}: all that is known of one title, and why it is or is not recommended."""

from typing import Literal

from fastapi import APIRouter, BackgroundTasks
from pydantic import BaseModel, Field

from doublebill.core.recommend import Backer
from doublebill.errors import NotFound
from doublebill.model import Kind, Title, TitleKey
from doublebill.web.bodies import PathId
from doublebill.web.context import EngineOf, PersonOf
from doublebill.web.problems import documented
from doublebill.web.schemas import Recommendation, facts, recommendation
from doublebill.web.standings import Status, statuses

router = APIRouter(tags=["titles"])

MAKERS = frozenset({"director", "creator"})
TRAILERS = "https://www.youtube.com/watch?v="


class Part(BaseModel):
    """Somebody who plays in a title."""

    name: str
    character: str | None


class BecauseOf(BaseModel):
    """A watched title that speaks for this one."""

    tmdb_id: int
    type: Kind
    title: str
    year: str | None
    genres: list[str]
    poster_path: str | None
    component: Literal["content", "collaborative"]
    share: float = Field(ge=0, le=1, description="Its share of what the component adds to the score.")


class TitleDetails(Recommendation):
    """All that is known of a title, and why it is or is not recommended to a person."""

    original_title: str | None
    original_language: str | None
    tagline: str | None
    keywords: list[str]
    people: list[str]
    directors: list[str] = Field(description="Of a series, who created it.")
    cast: list[Part]
    collection: str | None
    imdb_id: str | None
    trailer_url: str | None = Field(examples=["https://www.youtube.com/watch?v=tFMo3UJ4B4g"])
    rank: int | None = Field(description="Its place among all candidates, from 1; null where it is none.")
    total: int
    barred_because: list[str] = Field(examples=[["owned"]])
    held_back_by: list[str] = Field(examples=[["collaborative"]])
    because_of: list[BecauseOf] = Field(description="The watched titles that most of the score rests on.")
    standing: Status


@router.get("/titles/{kind}/{tmdb_id}", responses=documented(404, 409, 422))
def title_details(
    engine: EngineOf, person: PersonOf, kind: Kind, tmdb_id: PathId, behind: BackgroundTasks
) -> TitleDetails:
    """Tell all that is known of a title, its score taken apart, and why it is or is not recommended."""
    behind.add_task(engine.shelf.refresh_stale)
    key = TitleKey(kind, tmdb_id)
    verdict = engine.why(person, key)
    if verdict is None:
        raise NotFound(f"Nothing is known of {key}", hint="Only titles that a sync has seen can be told about.")
    return TitleDetails.model_validate(
        {
            **recommendation(verdict.pick),
            **_known(verdict.pick.title),
            "rank": verdict.rank,
            "total": verdict.total,
            "barred_because": [bar.words for bar in verdict.bars],
            "held_back_by": verdict.held_back_by,
            "because_of": [_because_of(backer) for backer in verdict.because_of],
            "standing": statuses(engine, person, [key])[key],
        }
    )


def _known(title: Title) -> dict[str, object]:
    """Give what only the page of a title tells of it."""
    return {
        "original_title": title.original_title,
        "original_language": title.original_language,
        "tagline": title.tagline,
        "keywords": title.keywords,
        "people": list(dict.fromkeys(credit.name for credit in title.credits)),
        "directors": [credit.name for credit in title.credits if credit.role in MAKERS],
        "cast": [
            {"name": credit.name, "character": credit.character} for credit in title.credits if credit.role == "cast"
        ],
        "collection": title.collection.name if title.collection else None,
        "imdb_id": title.imdb_id,
        "trailer_url": TRAILERS + title.trailer_id if title.trailer_id else None,
    }


def _because_of(backer: Backer) -> dict[str, object]:
    told = facts(backer.title)
    names = ("tmdb_id", "type", "title", "year", "genres", "poster_path")
    return {name: told[name] for name in names} | {"component": backer.component, "share": backer.share}
