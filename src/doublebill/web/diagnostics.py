"""GET /diagnostics: all that somebody who helps wants to know, and no secret: it can be pasted into a bug report."""

import asyncio
import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, SecretStr

from doublebill import __version__
from doublebill.config import Settings
from doublebill.core.catalogue import Catalogue
from doublebill.logs import SecretFilter
from doublebill.model import DatabaseFacts, LibraryItem
from doublebill.sync.edition import Edition
from doublebill.sync.engine import Engine
from doublebill.sync.health import Checkup, Finding, ServiceName, State
from doublebill.sync.models import Models, ModelStatus, words_of
from doublebill.web.context import EngineOf
from doublebill.web.models import MaybeModelsOf
from doublebill.web.problems import documented

router = APIRouter(tags=["system"])

MOST_UNRESOLVED = 200
NOT_SET = "not set"

Mask = Callable[[str], str]


class DatabaseOut(BaseModel):
    """The database file."""

    size_bytes: int
    schema_version: int


class Counts(BaseModel):
    """How much there is of everything."""

    people: int
    titles: int
    candidates: int
    owned: int
    library_items: int
    unresolved: int


class ModelOut(BaseModel):
    """The text model, and how far it is."""

    id: str
    dimensions: int | None = Field(description="null: no title has a vector yet")
    titles_embedded: int
    titles_total: int
    words: str = Field(description="How the model is that is wanted: in use, on its way, or why not.")
    hint: str | None = Field(description="What to do about it; null if nothing.")


class ServiceHealth(BaseModel):
    """How a service is, looked at within the last minute."""

    name: ServiceName
    state: State
    words: str
    hint: str | None
    version: str | None
    checked_at: datetime | None


class UnresolvedItem(BaseModel):
    """Something in the library that no TMDB title was found for."""

    name: str
    year: int | None
    reason: str


class SettingOut(BaseModel):
    """A setting; of a secret only whether it is set."""

    name: str
    value: str


class Diagnostics(BaseModel):
    """How the installation is."""

    version: str
    python: str
    platform: str
    started_at: datetime
    database: DatabaseOut
    counts: Counts
    model: ModelOut
    services: list[ServiceHealth]
    unresolved: list[UnresolvedItem] = Field(description="The first 200, by name.")
    settings: list[SettingOut]


def settings_of(request: Request) -> Settings:
    """Give the settings as they are now."""
    settings = request.app.state.settings()
    assert isinstance(settings, Settings)  # create_app put it there
    return settings


@router.get("/diagnostics", responses=documented(500))
async def diagnostics(
    request: Request,
    engine: EngineOf,
    models: MaybeModelsOf,
    settings: Annotated[Settings, Depends(settings_of)],
) -> Diagnostics:
    """Check the services, and give what a bug report needs; it holds no secret."""
    checkup: Checkup = request.app.state.checkup
    mask = SecretFilter(settings.secrets).mask
    findings, kept = await asyncio.gather(checkup.findings(), asyncio.to_thread(_read, engine, models))
    return Diagnostics(
        version=__version__,
        python=platform.python_version(),
        platform=platform.platform(),
        started_at=request.app.state.started_at,
        database=DatabaseOut(size_bytes=kept.database.size_bytes, schema_version=kept.database.schema_version),
        counts=_counts(kept),
        model=_model(engine.model.model_id, kept.edition.catalogue, kept.wanted, mask),
        services=[_service(finding, mask) for finding in findings],
        unresolved=[
            UnresolvedItem(name=mask(item.name), year=item.year, reason=item.unresolved or "")
            for item in kept.unresolved[:MOST_UNRESOLVED]
        ],
        settings=told_settings(settings, mask),
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    """What edition and store say, read on a thread."""

    edition: Edition
    database: DatabaseFacts
    items: list[LibraryItem]
    owned: int
    wanted: ModelStatus | None

    @property
    def unresolved(self) -> list[LibraryItem]:
        """The items without a title, by name; that of an episode is said by its series."""
        unresolved = [item for item in self.items if item.unresolved and item.item_kind != "episode"]
        return sorted(unresolved, key=lambda item: item.name)


def _read(engine: Engine, models: Models | None) -> _Kept:
    store = engine.store
    wanted = next((status for status in models.statuses() if status.is_wanted), None) if models else None
    return _Kept(engine.edition, store.database(), store.items(), len(store.held()), wanted)


def _counts(kept: _Kept) -> Counts:
    edition = kept.edition
    return Counts(
        people=len(edition.people),
        titles=len(edition.catalogue),
        candidates=edition.candidate_count,
        owned=kept.owned,
        library_items=len(kept.items),
        unresolved=len(kept.unresolved),
    )


def _model(model_id: str, catalogue: Catalogue, wanted: ModelStatus | None, mask: Mask) -> ModelOut:
    embedded = int(catalogue.has_vector.sum())
    return ModelOut(
        id=model_id,
        dimensions=catalogue.vectors.shape[1] if embedded else None,
        titles_embedded=embedded,
        titles_total=len(catalogue),
        words=mask(words_of(wanted.stage)) if wanted else "in use",
        hint=mask(failure.hint) if wanted and (failure := wanted.stage.failure) and failure.hint else None,
    )


def _service(finding: Finding, mask: Mask) -> ServiceHealth:
    return ServiceHealth(
        name=finding.name,
        state=finding.state,
        words=mask(finding.words),
        hint=mask(finding.hint) if finding.hint else None,
        version=mask(finding.version) if finding.version else None,
        checked_at=finding.checked_at,
    )


def told_settings(settings: Settings, mask: Mask) -> list[SettingOut]:
    """Give every setting by its variable; a secret is told by its type, and struck out wherever else it stands."""
    rows = []
    for name, field in Settings.model_fields.items():
        value: object = getattr(settings, name)
        told = "set" if isinstance(value, SecretStr) else NOT_SET if value in (None, "") else mask(str(value))
        rows.append(SettingOut(name=field.alias or name, value=told))
    return rows
