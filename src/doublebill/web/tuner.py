"""/settings/tuner, /tuner/presets, /tuner/preview: how a person weighs the four components."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from doublebill.core.presets import PRESETS
from doublebill.core.recommend import Reader, rank
from doublebill.core.scoring import PLACES
from doublebill.core.wish import Sort, Wish
from doublebill.model import Formula, TitleKey, Weights
from doublebill.web.bodies import Said
from doublebill.web.context import EngineOf, PersonOf
from doublebill.web.problems import documented
from doublebill.web.recommendations import GivenWeights
from doublebill.web.schemas import TitleFacts, WeightsUsed, facts, weights_used

router = APIRouter(tags=["tuner"])

PREVIEWED = 20
Order = Annotated[Sort, Query(description="The order in which the first twenty are meant.")]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, strict=True)]


class TunerSettings(BaseModel):
    """A person's weights, which sum to 1, and the formula behind the components that they weigh."""

    content_weight: float = Field(ge=0, le=1, examples=[0.4])
    collaborative_weight: float = Field(ge=0, le=1, examples=[0.3])
    quality_weight: float = Field(ge=0, le=1, examples=[0.2])
    confidence_weight: float = Field(ge=0, le=1, examples=[0.1])
    formula: Formula = Field(description="How the components come about: as well as possible, or in the plain form.")


class TunerBody(BaseModel):
    """New weights, and a formula; what is not given stays. The weights are scaled to sum to 1."""

    content_weight: Share | None = None
    collaborative_weight: Share | None = None
    quality_weight: Share | None = None
    confidence_weight: Share | None = None
    formula: Formula | None = None


class PresetOut(BaseModel):
    """Weights with a name."""

    name: str
    words: str
    weights: TunerSettings


class Presets(BaseModel):
    """All presets."""

    presets: list[PresetOut]
    next: None = None


class Preview(BaseModel):
    """What other weights would change in the first twenty."""

    changed: int = Field(description="How many of the first twenty would be others.")
    entering: list[TitleFacts]
    leaving: list[TitleFacts]
    weights_used: WeightsUsed


@router.get("/settings/tuner", responses=documented(404, 409, 422))
def tuner(engine: EngineOf, person: PersonOf) -> TunerSettings:
    """Give the weights that a person confirmed, else the default ones."""
    return _settings(engine.weights_of(person))


@router.post("/settings/tuner", responses=documented(403, 404, 409, 422))
def confirm(engine: EngineOf, person: PersonOf, body: TunerBody) -> Said:
    """Keep a person's weights; the next request ranks by them."""
    own = engine.weights_of(person)
    given = (body.content_weight, body.collaborative_weight, body.quality_weight, body.confidence_weight)
    parts = [part if told is None else told for told, part in zip(given, own.parts, strict=True)]
    if not any(parts):
        raise RequestValidationError(
            [{"type": "value_error", "loc": ("body", "content_weight"), "msg": "The weights are all zero"}]
        )
    weights = Weights(*parts, formula=body.formula or own.formula).normalised()
    engine.store.save_weights(person.person_id, weights)
    if weights.formula is not own.formula:
        engine.renew()
    return Said(status="success", message=f"The weights of {person.name} are saved")


@router.get("/tuner/presets")
def presets() -> Presets:
    """Give named weights to begin with."""
    return Presets(
        presets=[
            PresetOut(name=preset.name, words=preset.words, weights=_settings(preset.weights)) for preset in PRESETS
        ]
    )


@router.get("/tuner/preview", responses=documented(404, 409, 422))
def preview(
    engine: EngineOf, person: PersonOf, given: Annotated[GivenWeights, Depends()], sort: Order = Sort.HYBRID
) -> Preview:
    """Say what other weights would change, without saving them."""
    own = engine.weights_of(person)
    weights = given.over(own)
    before, after = (_first_twenty(engine.reader(person, each), each, sort) for each in (own, weights))
    entering, leaving = [key for key in after if key not in before], [key for key in before if key not in after]
    titles = engine.named([*entering, *leaving])
    return Preview(
        changed=len(entering),
        entering=[TitleFacts.model_validate(facts(titles[key])) for key in entering],
        leaving=[TitleFacts.model_validate(facts(titles[key])) for key in leaving],
        weights_used=weights_used(weights),
    )


def _first_twenty(reader: Reader, weights: Weights, sort: Sort) -> list[TitleKey]:
    ranked = rank(reader.catalogue, reader.profile, Wish(PREVIEWED, weights=weights, sort=sort))
    return [reader.catalogue.key(entry.row) for entry in ranked]


def _settings(weights: Weights) -> TunerSettings:
    content, collaborative, quality, confidence = (round(part, PLACES) for part in weights.normalised().parts)
    return TunerSettings(
        content_weight=content,
        collaborative_weight=collaborative,
        quality_weight=quality,
        confidence_weight=confidence,
        formula=weights.formula,
    )
