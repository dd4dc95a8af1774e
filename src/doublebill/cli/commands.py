"""The everyday commands: the demo, the page, a sync, and what they recommend and why."""

import asyncio
import logging
from dataclasses import replace
from functools import partial
from socket import socket
from typing import Annotated

import typer
from rich.console import Console
from starlette.types import ASGIApp

from doublebill import __version__
from doublebill.cli.bars import sync_bars
from doublebill.cli.models import model_bars
from doublebill.cli.moving import move_in
from doublebill.cli.opening import demo_engine, models_of, real_engine, real_house, surroundings_of
from doublebill.cli.shell import Json, Limit, User, app, exit_code, parts_of, print_json
from doublebill.cli.show import output, person_json, run_json, show_picks, show_run, show_verdict, verdict_json
from doublebill.core.wish import Wish
from doublebill.errors import DoublebillError, NotFound
from doublebill.model import Kind, Person, SyncKind, SyncRun, SyncStatus, TitleKey
from doublebill.sync.engine import Engine, people_of
from doublebill.web.app import create_app
from doublebill.web.server import run_server, take_port

log = logging.getLogger(__name__)

DEMO_PICKS = 20
DEMO_LINES = 10

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port of the page; the next free one if it is taken.")]
TmdbId = Annotated[int, typer.Argument(min=1, max=2**31 - 1)]


@app.callback(invoke_without_command=True)
def version(
    *, show: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False
) -> None:
    """Films and series that your household does not own yet, ranked and explained."""
    if show:
        typer.echo(f"doublebill {__version__}")
        raise typer.Exit


@app.command()
def demo(
    context: typer.Context,
    *,
    once: Annotated[bool, typer.Option("--once", help="Print recommendations and end; serve no page.")] = False,
    as_json: Json = False,
    port: Port = 8097,
) -> None:
    """Show what doublebill does with a made-up household: no key, no account, no network."""
    with demo_engine(parts_of(context)) as (engine, around):
        run = _sync(engine, SyncKind.FULL)
        if run.status is not SyncStatus.SUCCESS:
            raise DoublebillError(f"The demo's sync ended as {run.status}: {run.message}")
        if as_json:
            print_json({"people": [_demo_person(engine, person) for person in people_of(engine.edition)]})
        else:
            _show_demo(engine)
        if not once:
            with take_port("127.0.0.1", port, tries=20) as listening:
                _serve(create_app(engine, syncs_on_start=False, around=around), listening, Console(stderr=as_json))


def _demo_person(engine: Engine, person: Person) -> dict[str, object]:
    weights = engine.weights_of(person)
    return person_json(person, weights, engine.recommend(person, Wish(DEMO_PICKS, weights=weights)))


def _show_demo(engine: Engine) -> None:
    people = engine.edition.people
    each = -(-DEMO_LINES // len(people))
    rows = [(person, pick) for person in people for pick in engine.recommend(person, Wish(each))]
    catalogue, console = engine.edition.catalogue, output()
    console.print(
        f"{len(people)} people, {len(catalogue):,} titles, {engine.edition.candidate_count:,} new to the household.",
        f"Text model: {engine.model.model_id} (the bundled one: the demo fetches nothing)",
        sep="\n",
        end="\n\n",
        soft_wrap=True,
    )
    show_picks(console, rows[:DEMO_LINES], with_person=True)


@app.command()
def serve(context: typer.Context) -> None:
    """Serve the page and the HTTP interface, and keep the recommendations fresh."""
    with (
        real_house(parts_of(context)) as (engine, connections),
        take_port(connections.settings.host, connections.settings.port, tries=1) as listening,
    ):
        settings = connections.settings
        models = models_of(engine, settings, parts_of(context))
        around = surroundings_of(connections)
        start = replace(around.start, move_in=partial(move_in, engine, settings))
        around = replace(around, models=models, start=start)
        if settings.is_open_to_others:
            log.warning("Whoever reaches %s may use doublebill: set DOUBLEBILL_PASSWORD", settings.host)
        web = create_app(
            engine,
            root_path=settings.root_path,
            default_user=settings.jellyfin_user,
            password=settings.password,
            around=around,
        )
        if settings.password is None and around.setup and connections.can_write:
            _tell_code(around.setup.code.text)
        _serve(web, listening, output())


@app.command()
def sync(
    context: typer.Context,
    *,
    full: Annotated[bool, typer.Option("--full/--light", help="Ask TMDB too, or only read Jellyfin.")] = True,
) -> None:
    """Bring history, candidates and recommendations up to date now."""
    with real_engine(parts_of(context)) as (engine, settings):
        move_in(engine, settings)
        run = _sync(engine, SyncKind.FULL if full else SyncKind.LIGHT)
        failure = engine.runner.failure
        if full and run.status is SyncStatus.SUCCESS:
            with model_bars() as listen:
                asyncio.run(models_of(engine, settings, parts_of(context)).catch_up(listen))
    show_run(output(), run)
    if run.status is not SyncStatus.SUCCESS:
        raise typer.Exit(exit_code(failure))


@app.command()
def recommend(context: typer.Context, *, user: User = None, limit: Limit = 20, as_json: Json = False) -> None:
    """Print a person's recommendations, best first."""
    with real_engine(parts_of(context)) as (engine, settings):
        person = engine.edition.person_meant(user, settings.jellyfin_user)
        weights = engine.weights_of(person)
        picks = engine.recommend(person, Wish(limit, weights=weights))
    if as_json:
        print_json(person_json(person, weights, picks))
    elif picks:
        show_picks(output(), [(person, pick) for pick in picks], with_person=False)
    else:
        output().print("Nothing to recommend yet. Run `doublebill sync` first.")


@app.command()
def why(context: typer.Context, kind: Kind, tmdb_id: TmdbId, *, user: User = None, as_json: Json = False) -> None:
    """Say where a title stands for a person and what speaks for and against it."""
    with real_engine(parts_of(context)) as (engine, settings):
        person = engine.edition.person_meant(user, settings.jellyfin_user)
        weights = engine.weights_of(person)
        verdict = engine.why(person, TitleKey(kind, tmdb_id))
    if verdict is None:
        raise NotFound(
            f"Nothing is known of {kind}:{tmdb_id}", hint="Only titles that a sync has seen can be explained."
        )
    if as_json:
        print_json(verdict_json(verdict))
    else:
        show_verdict(output(), verdict, weights)


@app.command()
def status(context: typer.Context, *, as_json: Json = False) -> None:
    """Say what the store holds and how the last syncs went."""
    with real_engine(parts_of(context)) as (engine, settings):
        edition, runs = engine.edition, engine.store.sync_runs(5)
        unresolved = [item for item in engine.store.items() if item.unresolved and item.item_kind != "episode"]
        counts = {
            "people": len(edition.people),
            "titles": len(edition.catalogue),
            "candidates": edition.candidate_count,
            "vectors": int(edition.catalogue.has_vector.sum()),
        }
    if as_json:
        items = [{"name": item.name, "year": item.year, "reason": item.unresolved} for item in unresolved]
        print_json(
            {**counts, "unresolved": items, "missing": settings.missing(), "syncs": [run_json(run) for run in runs]}
        )
        return
    console = output()
    console.print(", ".join(f"{count:,} {name}" for name, count in counts.items()))
    for variable in settings.missing():
        console.print(f"Not set: {variable}")
    for item in unresolved:
        console.print(f"Not resolved: {item.name} ({item.year or '?'}): {item.unresolved}", markup=False)
    for run in runs:
        show_run(console, run)


def _sync(engine: Engine, kind: SyncKind) -> SyncRun:
    with sync_bars() as listener:
        return asyncio.run(engine.runner.run(kind, listener))


def _tell_code(code: str) -> None:
    """Say, to whoever can read console or log and nobody else, what the page asks for before it changes the set-up."""
    log.info("The code for the set-up page is %s", code)
    output().print(f"\nThe set-up page asks for this code: {code}", markup=False)


def _serve(web: ASGIApp, listening: socket, console: Console) -> None:
    host, port = listening.getsockname()[:2]
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else f"[{host}]" if ":" in host else host
    console.print(f"\nOpen http://{shown}:{port}  (Ctrl+C ends)", markup=False)
    run_server(web, listening)
