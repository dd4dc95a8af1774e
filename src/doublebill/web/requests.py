"""/add/radarr, /add/sonarr, /services: getting what a person chose, and how it is got."""

import asyncio
from datetime import datetime
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, BackgroundTasks
from pydantic import BaseModel, BeforeValidator, Field, JsonValue, StrictBool, ValidationError

from doublebill.model import Kind, TitleKey
from doublebill.sources.servarr import Availability, FilmOptions, Monitor, Plan, SeriesOptions, SeriesType
from doublebill.sync.engine import Engine
from doublebill.sync.requests import carry_out, plan_request, take_back
from doublebill.sync.services import Service, service_of
from doublebill.web.bodies import PathId, Said, TmdbId, not_a_truth
from doublebill.web.context import EngineOf
from doublebill.web.problems import documented

router = APIRouter(tags=["requests"])

Tags = Annotated[list[str], Field(max_length=20)]


class Options(BaseModel):
    """How a title is got; what is not given is the default of the service, as set here or there."""

    quality_profile: Annotated[int | str | None, BeforeValidator(not_a_truth)] = Field(
        default=None, description="Id or name; without it the first."
    )
    root_folder: str | None = Field(default=None, max_length=1000, description="Without it the one with most space.")
    tags: Tags = []
    monitored: StrictBool = True
    search: StrictBool = Field(default=True, description="Look for it at once.")


class FilmChoices(Options):
    """How films are got."""

    minimum_availability: Availability = "released"

    def options(self, *, force: bool) -> FilmOptions:
        """Give the choices as the client takes them."""
        return FilmOptions(
            profile=self.quality_profile,
            root_folder=self.root_folder,
            tags=tuple(self.tags),
            monitored=self.monitored,
            search=self.search,
            force=force,
            minimum_availability=self.minimum_availability,
        )


class SeriesChoices(Options):
    """How series are got."""

    monitor: Monitor = Field(default="all", description="Which episodes.")
    series_type: SeriesType = "standard"
    season_folder: StrictBool = True

    def options(self, *, force: bool) -> SeriesOptions:
        """Give the choices as the client takes them."""
        return SeriesOptions(
            profile=self.quality_profile,
            root_folder=self.root_folder,
            tags=tuple(self.tags),
            monitored=self.monitored,
            search=self.search,
            force=force,
            monitor=self.monitor,
            series_type=self.series_type,
            season_folder=self.season_folder,
        )


class FilmRequest(FilmChoices):
    """A film to be got."""

    tmdb_id: TmdbId
    title: str | None = Field(default=None, max_length=500)
    year: Annotated[int | str | None, BeforeValidator(not_a_truth)] = None
    force: StrictBool = Field(default=False, description="Even if it is on the exclusion list.")
    dry_run: StrictBool = Field(default=False, description="Only say what would be sent.")


class SeriesRequest(SeriesChoices):
    """A series to be got."""

    tmdb_id: TmdbId
    title: str | None = Field(default=None, max_length=500)
    force: StrictBool = Field(default=False, description="Even if it is on the exclusion list.")
    dry_run: StrictBool = Field(default=False, description="Only say what would be sent.")


class PlanOut(BaseModel):
    """What would be sent."""

    exists: bool
    is_excluded: bool
    quality_profile: str | None
    new_tags: list[str]
    body: dict[str, JsonValue]


class Requested(BaseModel):
    """What came of it."""

    status: Literal["success", "exists", "planned"]
    message: str
    plan: PlanOut | None = Field(default=None, description="With `dry_run` alone.")


class ProfileOut(BaseModel):
    """A quality profile."""

    id: int
    name: str


class FolderOut(BaseModel):
    """A root folder."""

    path: str
    is_accessible: bool
    free_bytes: int | None


class ServiceOut(BaseModel):
    """How a service stands, as last read."""

    service: Service
    is_configured: bool
    missing: str | None = Field(description="What to set, where it is not configured.")
    name: str | None
    version: str | None
    read_at: datetime | None
    problem: str | None
    quality_profiles: list[ProfileOut]
    root_folders: list[FolderOut]
    defaults: FilmChoices | SeriesChoices


class Services(BaseModel):
    """Both services."""

    services: list[ServiceOut]
    next: None = None


ERRORS = documented(403, 404, 409, 422, 502, 504)
Choices = TypeVar("Choices", FilmChoices, SeriesChoices)


@router.post("/add/radarr", responses=ERRORS)
async def add_film(engine: EngineOf, body: FilmRequest) -> Requested:
    """Ask Radarr for a film."""
    choices = await asyncio.to_thread(_over_defaults, engine, Service.RADARR, FilmChoices, body)
    key = TitleKey(Kind.MOVIE, body.tmdb_id)
    plan = await plan_request(engine, key, choices.options(force=body.force))
    return _planned(plan) if body.dry_run else await _carried_out(engine, plan)


@router.post("/add/sonarr", responses=ERRORS)
async def add_series(engine: EngineOf, body: SeriesRequest) -> Requested:
    """Ask Sonarr for a series."""
    choices = await asyncio.to_thread(_over_defaults, engine, Service.SONARR, SeriesChoices, body)
    key = TitleKey(Kind.TV, body.tmdb_id)
    plan = await plan_request(engine, key, choices.options(force=body.force))
    return _planned(plan) if body.dry_run else await _carried_out(engine, plan)


@router.delete("/add/radarr/{tmdb_id}", responses=documented(403, 409, 422, 502, 504))
async def take_back_film(engine: EngineOf, tmdb_id: PathId) -> Said:
    """Take a film without a file out of Radarr again; one that is not there is fine."""
    return await _taken_back(engine, TitleKey(Kind.MOVIE, tmdb_id))


@router.delete("/add/sonarr/{tmdb_id}", responses=documented(403, 409, 422, 502, 504))
async def take_back_series(engine: EngineOf, tmdb_id: PathId) -> Said:
    """Take a series without any file out of Sonarr again; one that is not there is fine."""
    return await _taken_back(engine, TitleKey(Kind.TV, tmdb_id))


@router.get("/services")
def services(engine: EngineOf, behind: BackgroundTasks) -> Services:
    """Say how Radarr and Sonarr stand, what can be chosen there, and the defaults; nobody is waited for."""
    behind.add_task(engine.shelf.refresh_stale)
    return Services(services=[_service(engine, service) for service in Service])


@router.put("/services/radarr/defaults", responses=documented(403, 422))
def film_defaults(engine: EngineOf, body: FilmChoices) -> FilmChoices:
    """Keep how films are got where a request does not say."""
    engine.store.remember("defaults_radarr", body.model_dump_json())
    return body


@router.put("/services/sonarr/defaults", responses=documented(403, 422))
def series_defaults(engine: EngineOf, body: SeriesChoices) -> SeriesChoices:
    """Keep how series are got where a request does not say."""
    engine.store.remember("defaults_sonarr", body.model_dump_json())
    return body


def _over_defaults(engine: Engine, service: Service, model: type[Choices], body: Options) -> Choices:
    """Put what a request says over the defaults."""
    said = body.model_dump(include=set(model.model_fields), exclude_unset=True)
    return model.model_validate({**_defaults(engine, service, model).model_dump(), **said})


def _defaults(engine: Engine, service: Service, model: type[Choices]) -> Choices:
    text = engine.store.recall(f"defaults_{service}")
    try:
        return model.model_validate_json(text) if text else model()
    except ValidationError:  # kept by another version
        return model()


def _planned(plan: Plan) -> Requested:
    words = "is there already" if plan.exists else "is on the exclusion list" if plan.is_excluded else "would be added"
    told = PlanOut(
        exists=plan.exists,
        is_excluded=plan.is_excluded,
        quality_profile=plan.profile.name if plan.profile else None,
        new_tags=list(plan.new_tags),
        body=dict(plan.body),
    )
    return Requested(status="planned", message=f"{plan.title} {words}", plan=told)


async def _carried_out(engine: Engine, plan: Plan) -> Requested:
    outcome = await carry_out(engine, plan)
    if outcome.status == "exists":
        return Requested(status="exists", message=f"{outcome.title} is there already")
    return Requested(
        status="success", message=f"{outcome.title} was added" + (f". {outcome.note}" if outcome.note else "")
    )


async def _taken_back(engine: Engine, key: TitleKey) -> Said:
    title, source = await take_back(engine, key), service_of(key.kind).title()
    message = f"{title} was taken out of {source} again" if title else f"{source} does not have it"
    return Said(status="success", message=message)


def _service(engine: Engine, service: Service) -> ServiceOut:
    missing, reading = engine.shelf.missing(service), engine.shelf.reading(service)
    return ServiceOut(
        service=service,
        is_configured=missing is None,
        missing=missing.message if missing else None,
        name=reading.name if reading else None,
        version=reading.version if reading else None,
        read_at=reading.read_at if reading else None,
        problem=engine.shelf.problem(service),
        quality_profiles=[ProfileOut(id=one.profile_id, name=one.name) for one in reading.profiles] if reading else [],
        root_folders=[
            FolderOut(path=one.path, is_accessible=one.is_accessible, free_bytes=one.free_bytes)
            for one in (reading.root_folders if reading else [])
        ],
        defaults=(
            _defaults(engine, service, FilmChoices)
            if service is Service.RADARR
            else _defaults(engine, service, SeriesChoices)
        ),
    )
