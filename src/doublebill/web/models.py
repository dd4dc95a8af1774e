"""GET /models, POST /models/{name}/use and /fetch, DELETE /models/{name}: the text models, and which is used."""

import asyncio
import logging
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi import Path as InPath
from pydantic import BaseModel, Field

from doublebill.errors import Conflict
from doublebill.sync.models import Models, ModelStatus, State, words_of
from doublebill.web.context import EngineOf
from doublebill.web.problems import documented

log = logging.getLogger(__name__)
router = APIRouter(tags=["system"])


class ModelState(BaseModel):
    """One text model, and how far it is."""

    name: str
    words: str
    id: str | None = Field(description="The identity of its vectors; null: it is not here")
    size_bytes: int | None = Field(description="What its files take; null: it is not here, or comes with doublebill")
    wanted: bool
    state: State
    message: str
    hint: str | None
    unit: Literal["bytes", "titles"] | None = Field(description="What is counted; null: nothing is under way")
    done: int | None
    total: int | None
    rate_per_s: float | None
    left_s: float | None


class ModelStates(BaseModel):
    """All text models, the bundled one first."""

    models: list[ModelState]
    next: None = None


class ModelDone(BaseModel):
    """What came of a wish about a model."""

    status: Literal["success"]
    message: str


def models_of(request: Request) -> Models:
    """Give the text models of the app that serves a request. Raises Conflict where there is only the engine's."""
    models: Models | None = request.app.state.models
    if models is None:
        raise Conflict("Here the text model cannot be changed")
    return models


def maybe_models_of(request: Request) -> Models | None:
    """Give the text models of the app that serves a request, None where there is only the engine's."""
    models: Models | None = request.app.state.models
    return models


ModelsOf = Annotated[Models, Depends(models_of)]
MaybeModelsOf = Annotated[Models | None, Depends(maybe_models_of)]
Name = Annotated[str, InPath(description="A name that GET /models gives.", max_length=200)]


def begin(models: Models | None) -> "asyncio.Task[None] | None":
    """Begin to bring the wanted model into use, behind the first answers."""
    if models is None:
        return None
    task = asyncio.create_task(models.run(), name="text models")
    task.add_done_callback(_tell_if_failed)
    return task


async def end(task: "asyncio.Task[None] | None") -> None:
    """Break off what is under way; what was fetched and embedded stays."""
    if task:
        task.cancel()
        await asyncio.wait({task})


def _tell_if_failed(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("Text models are left as they are, after something that nobody foresaw", exc_info=error)


@router.get("/models", responses=documented(500))
def list_models(engine: EngineOf, models: MaybeModelsOf) -> ModelStates:
    """Say which text models there are, which is used, and how far another is."""
    now = engine.clock()
    return ModelStates(models=[_state(status, now) for status in models.statuses()] if models else [])


@router.post("/models/{name}/use", responses=documented(403, 404, 409, 422))
async def use(models: ModelsOf, name: Name) -> ModelDone:
    """Want another text model: behind this answer it is fetched and reads all plots, then it takes over."""
    await models.use(name)
    return ModelDone(status="success", message=f"{name} takes over when it has read all plots; GET /models tells when")


@router.post("/models/{name}/fetch", responses=documented(403, 404, 409, 422))
async def fetch(models: ModelsOf, name: Name) -> ModelDone:
    """Fetch a text model without using it; one that is here is tested again, and mended if it does not pass."""
    await models.fetch(name)
    return ModelDone(
        status="success", message=f"{name} is fetched if it is not here, and tested; GET /models tells more"
    )


@router.delete("/models/{name}", responses=documented(403, 404, 409, 422))
async def remove(models: ModelsOf, name: Name) -> ModelDone:
    """Remove the files of a text model, and its vectors; if it was wanted, the bundled one is from now on."""
    await models.remove(name)
    return ModelDone(status="success", message=f"{name} is removed")


def _state(status: ModelStatus, now: datetime) -> ModelState:
    stage, gauge = status.stage, status.stage.gauge
    return ModelState(
        name=status.name,
        words=status.words,
        id=status.model_id,
        size_bytes=status.size_bytes,
        wanted=status.is_wanted,
        state=stage.state,
        message=words_of(stage),
        hint=stage.failure.hint if stage.failure else None,
        unit=gauge.unit if gauge else None,
        done=gauge.done if gauge else None,
        total=gauge.total if gauge else None,
        rate_per_s=gauge.rate_per_s(now) if gauge else None,
        left_s=gauge.left_s(now) if gauge else None,
    )
