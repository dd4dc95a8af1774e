"""The web app: routes, error shape, guards, and the sync that begins with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import fastapi_offline
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from pydantic import SecretStr

from doublebill import __version__
from doublebill.sync.engine import Engine
from doublebill.sync.health import Checkup
from doublebill.sync.scheduler import Scheduler, plan_of
from doublebill.web import (
    details,
    diagnostics,
    evaluation,
    events,
    feedback,
    metrics,
    models,
    page,
    pictures,
    problems,
    recommendations,
    requests,
    rows,
    search,
    setup,
    standings,
    system,
    titles,
    tuner,
)
from doublebill.web.context import BARE, Surroundings
from doublebill.web.entry import Entry
from doublebill.web.events import StatusFeed
from doublebill.web.front import Front
from doublebill.web.guard import POLICY, Guard
from doublebill.web.page import UI, Pages

SWAGGER = Path(fastapi_offline.__file__).parent / "static"
PARTS = (
    recommendations,
    rows,
    titles,
    details,
    standings,
    search,
    feedback,
    tuner,
    evaluation,
    requests,
    system,
    events,
    diagnostics,
    metrics,
    pictures,
    setup,
    models,
    page,
)
DOCS_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""Swagger UI, which is not ours, writes styles into its page."""


def create_app(
    engine: Engine,
    *,
    root_path: str = "",
    default_user: str | None = None,
    password: SecretStr | None = None,
    syncs_on_start: bool = True,
    around: Surroundings = BARE,
) -> FastAPI:
    """Make the app that serves one engine.

    Args:
        root_path: where a proxy serves it, such as ``/doublebill``.
        default_user: whose picks are given where a request names nobody; None is the household.
        password: what everybody has to give, by HTTP Basic authentication; None lets everybody in.
        syncs_on_start: begin the sync that is due, behind the first answers, and those that are planned.
        around: pictures, connections and settings of a whole installation; its gallery is closed with the app.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        scheduler = _scheduler(engine, around)
        if syncs_on_start:
            scheduler.begin()
        bringing = models.begin(around.models)
        yield
        await scheduler.end()
        await models.end(bringing)
        await engine.runner.cancel()
        if around.gallery:
            await around.gallery.close()

    app = problems.DescribedApp(
        title="doublebill",
        version=__version__,
        description="Films and series that this household does not own yet, ranked and explained.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    _equip(app, engine, around)
    app.state.default_user = default_user
    app.state.needs_code = password is None
    problems.install(app)
    app.add_middleware(Guard)
    if password is not None:
        app.add_middleware(Entry, password=password)
    app.add_middleware(metrics.Counting, metrics=app.state.metrics)
    app.add_middleware(Front, root_path=root_path)
    for part in PARTS:
        app.include_router(part.router)
    _add_pages(app)
    return app


def _equip(app: FastAPI, engine: Engine, around: Surroundings) -> None:
    """Put where the endpoints find it what they ask for."""
    app.state.engine = engine
    app.state.gallery = around.gallery
    app.state.settings = around.settings
    app.state.setup = around.setup
    app.state.models = around.models
    app.state.checkup = Checkup(around.find, engine.clock)
    app.state.status_feed = StatusFeed(engine)
    app.state.metrics = metrics.Metrics(engine)
    app.state.started_at = engine.clock()
    app.state.evaluations = evaluation.Evaluations()


def _scheduler(engine: Engine, around: Surroundings) -> Scheduler:
    settings, start, given = around.settings(), around.start, around.setup
    if given is not None:
        start = replace(start, is_ready=lambda: given.connections.is_complete)
    return Scheduler(engine, plan_of(settings.light_sync_at, settings.full_sync_at), start)


def _add_pages(app: FastAPI) -> None:
    app.mount("/ui", Pages(directory=UI), name="ui")
    app.mount("/docs/static", StaticFiles(directory=SWAGGER), name="docs-static")

    @app.get("/", include_in_schema=False)
    @app.get("/app", include_in_schema=False)
    def page(request: Request) -> RedirectResponse:
        return RedirectResponse(f"{request.scope.get('root_path', '')}/ui/")

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse((UI / "docs.html").read_text("utf-8"), headers={"Content-Security-Policy": DOCS_POLICY})
