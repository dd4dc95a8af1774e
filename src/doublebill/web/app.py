"""The web app: routes, error shape, guards, and the sync that begins with it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

import fastapi_offline
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from pydantic import SecretStr

from doublebill import __version__
from doublebill.sync.engine import Engine
from doublebill.sync.health import Checkup
from doublebill.web import (
    details,
    diagnostics,
    evaluation,
    events,
    feedback,
    models,
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

UI = Path(str(files("doublebill") / "ui"))
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
    pictures,
    setup,
    models,
)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
"""Everything the pages need comes from this server."""

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
        syncs_on_start: begin the sync that is due, behind the first answers, if all is set that it needs.
        around: pictures, connections and settings of a whole installation; its gallery is closed with the app.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if syncs_on_start and (around.setup is None or around.setup.connections.is_complete):
            engine.runner.start(engine.due_sync())
        bringing = models.begin(around.models)
        yield
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
    app.state.engine = engine
    app.state.default_user = default_user
    app.state.gallery = around.gallery
    app.state.settings = around.settings
    app.state.setup = around.setup
    app.state.models = around.models
    app.state.needs_code = password is None
    app.state.checkup = Checkup(around.find, engine.clock)
    app.state.status_feed = StatusFeed(engine)
    app.state.started_at = engine.clock()
    app.state.evaluations = evaluation.Evaluations()
    problems.install(app)
    app.middleware("http")(_guard)
    if password is not None:
        app.add_middleware(Entry, password=password)
    app.add_middleware(Front, root_path=root_path)
    for part in PARTS:
        app.include_router(part.router)
    _add_pages(app)
    return app


async def _guard(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse what another website makes a browser send, and say what pages may load.

    A browser names where a request comes from (Fetch Metadata, https://www.w3.org/TR/fetch-metadata/); scripts do not.
    """
    if request.method not in SAFE_METHODS and _is_foreign(request):
        response: Response = problems.problem(403, "forbidden", "Another website may not do this here.")
    else:
        response = await answer(request)
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _is_foreign(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is not None and origin.split("://")[-1] != request.headers.get("host")


def _add_pages(app: FastAPI) -> None:
    app.mount("/ui", StaticFiles(directory=UI, html=True), name="ui")
    app.mount("/docs/static", StaticFiles(directory=SWAGGER), name="docs-static")

    @app.get("/", include_in_schema=False)
    @app.get("/app", include_in_schema=False)
    def page(request: Request) -> RedirectResponse:
        return RedirectResponse(f"{request.scope.get('root_path', '')}/ui/")

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse((UI / "docs.html").read_text("utf-8"), headers={"Content-Security-Policy": DOCS_POLICY})
