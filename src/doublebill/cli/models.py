"""``doublebill models``: list, fetch, use, remove and test text models."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from doublebill.cli.opening import models_of, real_engine
from doublebill.cli.shell import Json, app, parts_of, print_json
from doublebill.cli.show import output
from doublebill.embedding.known_answers import TOLERANCE
from doublebill.embedding.offers import BUNDLED, Offer, offer_of, written
from doublebill.errors import NotFound
from doublebill.sync.models import WORDS, Listener, Models, ModelStatus, Stage, words_of

models_app = typer.Typer(help="List, fetch, use, remove and test text models.", no_args_is_help=False)
app.add_typer(models_app, name="models")

Name = Annotated[
    str, typer.Argument(help="A name of the list, OWNER/NAME on Hugging Face (with or without @REVISION), or a folder.")
]


@models_app.callback(invoke_without_command=True)
def models(context: typer.Context, *, as_json: Json = False) -> None:
    """List the text models, and say which is used."""
    if context.invoked_subcommand is None:
        _list(context, as_json=as_json)


@models_app.command("list")
def list_models(context: typer.Context, *, as_json: Json = False) -> None:
    """List the text models, and say which is used."""
    _list(context, as_json=as_json)


@models_app.command()
def fetch(context: typer.Context, name: Name) -> None:
    """Fetch a model, or go on with it, and test it; it is not used yet."""
    with _models(context) as models, model_bars() as listen:
        offer = _offer(models, name)
        model = asyncio.run(models.bring(offer, listen))
    output().print(f"{model.model_id} is here and passes its test.", markup=False)


@models_app.command()
def use(context: typer.Context, name: Name) -> None:
    """Use a model from now on: fetch it if need be, embed all titles with it, then change over."""
    with _models(context) as models, model_bars() as listen:
        offer = _offer(models, name)
        models.choice.choose(written(offer))
        asyncio.run(_bring_into_use(models, offer, listen))
        model_id = models.engine.model.model_id
    output().print(f"{model_id} is in use. Restart doublebill where it serves.", markup=False)


@models_app.command()
def remove(context: typer.Context, name: Name) -> None:
    """Remove a model's files and vectors."""
    with _models(context) as models:
        models.choice.remove(name, models.engine.model)
    output().print(f"{name} is removed.", markup=False)


@models_app.command("self-test")
def self_test(
    context: typer.Context, name: Annotated[str | None, typer.Argument(help="Else the one in use.")] = None
) -> None:
    """Load a model and see that it answers as its authors say; nothing is fetched."""
    with _models(context) as models:
        model = models.engine.model if name is None else models.choice.model(_offer(models, name))
        if model is None:
            raise NotFound(f"{name} is not here", hint=f"Fetch it: doublebill models fetch {name}")
        model.open()
    output().print(f"{model.model_id} passes: what is known of its answers holds within {TOLERANCE}.", markup=False)


async def _bring_into_use(models: Models, offer: Offer | None, listen: Listener) -> None:
    await models.switch(offer, await models.bring(offer, listen), listen)


@contextmanager
def _models(context: typer.Context) -> Iterator[Models]:
    parts = parts_of(context)
    with real_engine(parts) as (engine, settings):
        yield models_of(engine, settings, parts)


def _offer(models: Models, name: str) -> Offer | None:
    """Give what a name means; more than the list can be named here. Raises NotFound."""
    if name != BUNDLED and "/" in name:
        return offer_of(name)
    return models.choice.offer(name)


def _list(context: typer.Context, *, as_json: bool) -> None:
    with _models(context) as models:
        statuses = models.statuses()
    if as_json:
        print_json([_json(status) for status in statuses])
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Name", "State", "Size", "What it is"):
        table.add_column(heading)
    for status in statuses:
        mark = f"{words_of(status.stage)}{' (wanted)' if status.is_wanted and status.stage.state != 'serving' else ''}"
        size = f"{status.size_bytes / 1e6:,.0f} MB" if status.size_bytes else ""
        table.add_row(*map(Text, (status.name, mark, size, status.words)))
    output().print(table)


def _json(status: ModelStatus) -> dict[str, object]:
    return {
        "name": status.name,
        "state": status.stage.state,
        "wanted": status.is_wanted,
        "id": status.model_id,
        "size_bytes": status.size_bytes,
        "words": status.words,
    }


@contextmanager
def model_bars() -> Iterator[Listener]:
    """Show how far a model is, one bar for each stage; nothing moves where stderr is no terminal."""
    columns = (
        TextColumn("{task.description:<34}"),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True)) as bars:
        yield _Listener(bars)


class _Listener:
    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: Stage) -> None:
        if stage.state not in self._tasks:
            self._tasks[stage.state] = self._bars.add_task(WORDS[stage.state], total=None, count="")
        if gauge := stage.gauge:
            count = words_of(stage).partition(": ")[2]
            self._bars.update(self._tasks[stage.state], completed=gauge.done, total=gauge.total, count=count)
