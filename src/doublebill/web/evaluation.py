"""GET /evaluation: how well the own last likes would have been found."""

from collections.abc import Hashable
from datetime import datetime
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from doublebill.core.metrics import Interval
from doublebill.evaluation.household import watches_of
from doublebill.evaluation.own import WORDS, OwnReport, Worth, own_report, presets_of, words_of
from doublebill.model import Person
from doublebill.sync.engine import Engine
from doublebill.web.context import EngineOf, PersonOf
from doublebill.web.problems import documented

router = APIRouter(tags=["evaluation"])

PLACES = 4


class Bounded(BaseModel):
    """A number, and the bounds between which it lies in 95 of 100 draws of the titles to be found."""

    mean: float = Field(examples=[0.31])
    low: float = Field(examples=[0.12])
    high: float = Field(examples=[0.5])


class RankingOut(BaseModel):
    """What one way to rank is worth."""

    name: str = Field(examples=["default"])
    words: str = Field(examples=["the default weights"])
    found: int = Field(ge=0, description="How many of the titles to be found stood in its first 100.")
    ndcg_at_10: Bounded
    recall_at_100: Bounded
    hit_rate_at_10: Bounded
    lead: Bounded = Field(description="By how much the first ranking's recall_at_100 is higher than this one's.")


class Evaluation(BaseModel):
    """How well the own last likes would have been found."""

    user: str
    people: int = Field(ge=0, description="How many people have enough likes to be measured.")
    liked: int = Field(ge=0, description="Liked titles with a date.")
    held_out: int = Field(ge=0, description="How many of these were to be found: the last fifth of each person's.")
    is_enough: bool
    words: list[str]
    rankings: list[RankingOut] = Field(description="The one that is asked about first; empty where it is not enough.")


def evaluation_of(report: OwnReport) -> Evaluation:
    """Put a report into what is answered."""
    return Evaluation(
        user=report.person.name,
        people=report.people,
        liked=report.liked,
        held_out=report.held_out,
        is_enough=bool(report.worths),
        words=list(words_of(report)),
        rankings=[_ranking(worth) for worth in report.worths],
    )


class Evaluations:
    """The reports of the current edition, each worked out once, and one at a time: it is seconds of arithmetic."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._edition: datetime | None = None
        self._reports: dict[Hashable, OwnReport] = {}

    def of(self, engine: Engine, person: Person) -> OwnReport:
        """Give a person's report; as they watch or weigh anew, or a sync publishes, it is made anew."""
        edition, weights = engine.edition, engine.store.weights(person.person_id)
        key = (person, weights, watches_of(edition, person))
        with self._lock:
            if self._edition != edition.published_at:
                self._edition, self._reports = edition.published_at, {}
            if key not in self._reports:
                self._reports[key] = own_report(edition, person, presets_of(weights))
            return self._reports[key]


def _evaluations(request: Request) -> Evaluations:
    evaluations = request.app.state.evaluations
    assert isinstance(evaluations, Evaluations)  # create_app put it there
    return evaluations


@router.get("/evaluation", responses=documented(404, 409, 422))
def evaluation(
    engine: EngineOf, person: PersonOf, evaluations: Annotated[Evaluations, Depends(_evaluations)]
) -> Evaluation:
    """Say how well the titles that a person liked last would have been found before; for all, the mean of them."""
    return evaluation_of(evaluations.of(engine, person))


def _ranking(worth: Worth) -> RankingOut:
    return RankingOut(
        name=worth.name,
        words=WORDS[worth.name],
        found=worth.found,
        ndcg_at_10=_bounded(worth.metrics["ndcg@10"]),
        recall_at_100=_bounded(worth.metrics["recall@100"]),
        hit_rate_at_10=_bounded(worth.metrics["hit_rate@10"]),
        lead=_bounded(worth.lead),
    )


def _bounded(found: Interval) -> Bounded:
    return Bounded(mean=round(found.mean, PLACES), low=round(found.low, PLACES), high=round(found.high, PLACES))
