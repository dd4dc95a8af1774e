"""/history, /hidden, POST /dislike: what people say of titles; all of it counts in the next request."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, BackgroundTasks, Query
from pydantic import BaseModel, Field

from doublebill.core.taste import is_abandoned, is_disliked, worth
from doublebill.errors import NotFound
from doublebill.model import Kind, Person, Title, TitleKey, Watch
from doublebill.sync import feedback
from doublebill.sync.learning import learn
from doublebill.web.bodies import PathId, Said, TitleBody, likely_key
from doublebill.web.context import EngineOf, PersonOf
from doublebill.web.problems import documented
from doublebill.web.schemas import PersonOut, TitleFacts, facts, person_out

router = APIRouter(tags=["feedback"])

Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="Where to go on: the `next` of the page before.")]


class WatchedTitle(TitleFacts):
    """A title in somebody's history."""

    completion: float = Field(ge=0, le=1, description="Share of the film, or of the series' episodes.")
    plays: int
    episodes: int
    last_played_at: datetime | None
    is_favorite: bool
    rating: float | None
    by_hand: bool
    counts: bool = Field(description="Whether it speaks for the person's taste.")
    why_not: Literal["abandoned", "disliked"] | None
    watched_by: list[PersonOut] = Field(description="In whose own history it stands, who alone can take it out.")


class HistoryPage(BaseModel):
    """What somebody watched, the last first."""

    history: list[WatchedTitle]
    next: int | None


class HiddenTitle(TitleFacts):
    """A title that somebody does not want to see for a while."""

    hidden_at: datetime
    until: datetime


class HiddenPage(BaseModel):
    """What somebody hid, the last first."""

    hidden: list[HiddenTitle]
    next: int | None


class Disliked(Said):
    """What came of hiding a title."""

    status: Literal["success", "already_disliked"]
    until: datetime


@router.get("/history", responses=documented(404, 409, 422))
def history(engine: EngineOf, person: PersonOf, limit: Limit = 50, offset: Offset = 0) -> HistoryPage:
    """Give what a person watched, and whether it speaks for their taste."""
    watched = list(engine.edition.profile(person).watched.values())
    watched.sort(key=lambda watch: (watch.last_played_at is not None, watch.last_played_at, watch.key), reverse=True)
    page = watched[offset : offset + limit]
    keys = [watch.key for watch in page]
    titles, owners = engine.named(keys), feedback.owners_of(engine, person, keys)
    rows = [_watched(titles[watch.key], watch, by, engine.clock()) for watch, by in zip(page, owners, strict=True)]
    return HistoryPage(history=rows, next=offset + limit if offset + limit < len(watched) else None)


@router.post("/history", responses=documented(403, 404, 409, 422))
def mark_watched(engine: EngineOf, person: PersonOf, body: TitleBody, behind: BackgroundTasks) -> Said:
    """Mark a title as watched: it leaves the recommendations at once and feeds the taste."""
    key = likely_key(engine.edition, body.tmdb_id, body.type)
    is_new = feedback.mark_watched(engine, person, key)
    behind.add_task(learn, engine, key)
    words = "counts as watched" if is_new else "counted as watched already"
    return Said(status="success", message=f"{body.name(key)} {words}")


@router.delete("/history/{kind}/{tmdb_id}", responses=documented(403, 404, 409, 422))
def take_out(engine: EngineOf, person: PersonOf, kind: Kind, tmdb_id: PathId) -> Said:
    """Take a title out of a person's history; marking it as watched brings it back as it was."""
    key = TitleKey(kind, tmdb_id)
    if not feedback.take_out(engine, person, key):
        raise NotFound(f"{key} is not in the history of {person.name}")
    others = ", ".join(one.name for one in feedback.owners_of(engine, person, [key])[0])
    words = f"still counts as watched by {others}" if others else "no longer counts as watched"
    return Said(status="success", message=f"{key} {words}")


@router.post("/dislike", responses=documented(403, 404, 409, 422))
def dislike(engine: EngineOf, person: PersonOf, body: TitleBody, behind: BackgroundTasks) -> Disliked:
    """Hide a title for four months; titles like it lose up to 0.30 meanwhile."""
    key = likely_key(engine.edition, body.tmdb_id, body.type)
    hide, is_new = feedback.hide(engine, person, key)
    behind.add_task(learn, engine, key)  # without its vector nothing is like it
    until = hide.until
    words = f"is hidden until {until:%d %B %Y}" if is_new else f"was hidden already, until {until:%d %B %Y}"
    status: Literal["success", "already_disliked"] = "success" if is_new else "already_disliked"
    return Disliked(status=status, message=f"{body.name(key)} {words}", until=until)


@router.get("/hidden", responses=documented(404, 409, 422))
def hidden(engine: EngineOf, person: PersonOf, limit: Limit = 50, offset: Offset = 0) -> HiddenPage:
    """Give what a person hid, and until when."""
    hides = engine.store.hides(person.person_id, engine.clock())
    page = hides[offset : offset + limit]
    titles = engine.named([hide.key for hide in page])
    rows = [
        HiddenTitle.model_validate({**facts(titles[hide.key]), "hidden_at": hide.hidden_at, "until": hide.until})
        for hide in page
    ]
    return HiddenPage(hidden=rows, next=offset + limit if offset + limit < len(hides) else None)


@router.delete("/hidden/{kind}/{tmdb_id}", responses=documented(403, 404, 409, 422))
def unhide(engine: EngineOf, person: PersonOf, kind: Kind, tmdb_id: PathId) -> Said:
    """Show a hidden title again; the penalty on titles like it goes too."""
    key = TitleKey(kind, tmdb_id)
    if not feedback.unhide(engine, person, key):
        raise NotFound(f"{key} is not hidden from {person.name}")
    return Said(status="success", message=f"{key} is shown again")


def _watched(title: Title, watch: Watch, owners: Iterable[Person], now: datetime) -> WatchedTitle:
    why_not = "disliked" if is_disliked(watch) else "abandoned" if is_abandoned(watch, now) else None
    return WatchedTitle.model_validate(
        {
            **facts(title),
            "completion": round(watch.completion, 4),
            "plays": watch.plays,
            "episodes": watch.episodes,
            "last_played_at": watch.last_played_at,
            "is_favorite": watch.is_favorite,
            "rating": watch.rating,
            "by_hand": watch.by_hand,
            "counts": worth(watch, now) > 0,
            "why_not": why_not,
            "watched_by": [person_out(person) for person in owners],
        }
    )
