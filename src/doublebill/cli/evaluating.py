"""``doublebill evaluate``: how well presets rank, on other people's ratings or on the household's own watches."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from doublebill.cli.measured import measured_json, show_measured, show_own
from doublebill.cli.opening import Parts, real_engine
from doublebill.cli.options import flattened
from doublebill.cli.shell import Json, User, app, parts_of, print_json
from doublebill.cli.show import output
from doublebill.core.presets import PRESETS
from doublebill.errors import DatasetRefused
from doublebill.evaluation.cases import Case, Pool, some_of, with_first_likes, with_title_half
from doublebill.evaluation.dataset import Track, read_pool
from doublebill.evaluation.measuring import measure
from doublebill.evaluation.own import own_report, presets_of
from doublebill.evaluation.rankers import popularity_ranker, preset_ranker, random_ranker
from doublebill.evaluation.ratings import LEAST_LIKES, cases_of, read_ratings
from doublebill.model import Weights
from doublebill.web.evaluation import evaluation_of

BY_NAME: Mapping[str, Weights] = {preset.name: preset.weights for preset in PRESETS}


def _presets(written: str) -> str:
    """Check the names of presets, which are separated by commas."""
    unknown = [name for name in written.split(",") if name not in BY_NAME]
    if unknown:
        raise typer.BadParameter(f"there is no {', '.join(map(repr, unknown))}, only {', '.join(BY_NAME)}")
    return written


def _weights(written: str) -> Weights:
    """Read four numbers that are separated by commas."""
    try:
        content, collaborative, quality, confidence = map(float, written.split(","))
        return Weights(content, collaborative, quality, confidence)
    except ValueError as error:
        raise typer.BadParameter("four numbers, none below 0 and not all 0, are needed, such as 0,1,0,0") from error


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be measured, and how."""

    dataset: Annotated[Path | None, typer.Argument(help="A folder of films with TMDB's facts, lists and vectors.")] = (
        None
    )
    ratings: Annotated[Path | None, typer.Option(help="People's ratings, beside the dataset or anywhere.")] = None
    track: Annotated[Track, typer.Option(help="Which of its films: N all have lists, F all there are.")] = Track.N
    max_users: Annotated[int | None, typer.Option(min=1, help="At most so many people, drawn at random.")] = None
    presets: Annotated[str, typer.Option(callback=_presets, help="Names, by commas.")] = "classic,default"
    weights: Annotated[Weights | None, typer.Option(parser=_weights, help="Other weights for them: 0,1,0,0")] = None
    title_half: Annotated[int | None, typer.Option(min=0, max=1, help="Rank one fixed half of the titles.")] = None
    first_likes: Annotated[int | None, typer.Option(min=0, help="Know only so many first likes of each.")] = None
    own: Annotated[bool, typer.Option("--own", help="Measure on the household's own watches instead.")] = False
    user: User = None
    as_json: Json = False


@app.command(name="evaluate")
@flattened(Asked)
def evaluate(context: typer.Context, asked: Asked) -> None:
    """Measure how well presets rank, on a dataset of people's ratings or on the household's own watches."""
    if asked.own:
        _measure_own(parts_of(context), asked)
    elif asked.dataset is None or asked.ratings is None:
        raise typer.BadParameter("a folder and --ratings FILE are needed, or --own")
    else:
        _measure_dataset(asked, asked.dataset, asked.ratings)


def _measure_dataset(asked: Asked, folder: Path, ratings: Path) -> None:
    began = time.monotonic()
    pool = read_pool(folder, asked.track)
    cases = _cases(asked, pool, ratings if ratings.exists() else folder / ratings)
    chosen = {name: BY_NAME[name] for name in asked.presets.split(",")}
    presets = {
        name: preset_ranker(pool, replace(asked.weights or preset, formula=preset.formula))
        for name, preset in chosen.items()
    }
    references = {"random": random_ranker, "popularity": popularity_ranker(pool)}
    with _bar(len(cases)) as advance:
        measured = measure(pool, cases, {**presets, **references}, advance)
    if asked.as_json:
        groups = {"presets": presets, "references": references}
        named = {group: {name: measured_json(measured[name]) for name in names} for group, names in groups.items()}
        print_json({"users": len(cases), **named})
    else:
        show_measured(output(), measured)
        took = time.monotonic() - began
        output().print(f"{len(cases):,} people, {len(pool):,} titles, {took:,.0f} s.")


def _cases(asked: Asked, pool: Pool, ratings: Path) -> list[Case]:
    cases = some_of(cases_of(pool, read_ratings(ratings)), asked.max_users)
    cases = with_first_likes(with_title_half(pool, cases, asked.title_half), asked.first_likes)
    if not cases:
        raise DatasetRefused(f"Nobody in {ratings} likes {LEAST_LIKES} titles of track {asked.track}")
    return cases


@contextmanager
def _bar(people: int) -> Iterator[Callable[[], None]]:
    """Show how many people are done, on stderr."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(compact=True))
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task("People", total=people)
        yield lambda: bars.advance(task)


def _measure_own(parts: Parts, asked: Asked) -> None:
    with real_engine(parts) as (engine, settings):
        person = engine.edition.person_meant(asked.user, settings.jellyfin_user)
        report = own_report(engine.edition, person, presets_of(engine.store.weights(person.person_id)))
    if asked.as_json:
        print_json(evaluation_of(report).model_dump())
    else:
        show_own(output(), report)
