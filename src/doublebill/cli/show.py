"""How the command line shows picks, verdicts and the state of the system."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from doublebill.core.explain import contributions
from doublebill.core.recommend import Verdict
from doublebill.model import Kind, Person, Pick, SyncRun, Weights
from doublebill.web.schemas import recommendation

UNCUT = 200
"""Columns of an output that is no terminal, such as a file or a pipe."""

KIND_WORDS: Mapping[Kind, str] = {Kind.MOVIE: "film", Kind.TV: "series"}


def output() -> Console:
    """Give the console for what a command prints; lines are only folded where somebody looks at them."""
    console = Console()
    return console if console.is_terminal else Console(width=UNCUT)


def show_picks(console: Console, rows: Iterable[tuple[Person, Pick]], *, with_person: bool) -> None:
    """Print picks, one a line, with the strongest reason."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    if with_person:
        table.add_column("For", style="cyan", no_wrap=True)
    table.add_column("Title", max_width=30, no_wrap=True, overflow="ellipsis")
    for heading in ("Year", "Score"):
        table.add_column(heading, no_wrap=True)
    table.add_column("Why", no_wrap=not console.is_terminal)
    for person, pick in rows:
        cells = [pick.title.title, str(pick.title.year or "?"), f"{pick.scores.hybrid:.4f}", pick.reasons[0].text]
        table.add_row(*(Text(cell) for cell in ([person.name] if with_person else []) + cells))
    console.print(table)


def person_json(person: Person, weights: Weights, picks: Sequence[Pick]) -> dict[str, object]:
    """Give a person's picks as the HTTP interface would, with the weights that made them."""
    names = ("content", "collaborative", "quality", "confidence")
    return {
        "user": person.name,
        "weights": dict(zip(names, (round(part, 6) for part in weights.normalised().parts), strict=True)),
        "picks": [recommendation(pick) for pick in picks],
    }


def verdict_json(verdict: Verdict) -> dict[str, object]:
    """Give a verdict for a program."""
    return {
        **recommendation(verdict.pick),
        "rank": verdict.rank,
        "total": verdict.total,
        "barred_because": [bar.words for bar in verdict.bars],
        "held_back_by": list(verdict.held_back_by),
    }


def show_verdict(console: Console, verdict: Verdict, weights: Weights) -> None:
    """Print where a title stands, its score as a sum, and what holds it back."""
    title, scores = verdict.pick.title, verdict.pick.scores
    console.print(Text(f"{title.title} ({title.year or '?'}), {KIND_WORDS[title.key.kind]}", style="bold"))
    if verdict.rank is None:
        console.print(f"Not recommended: it is {' and '.join(bar.words for bar in verdict.bars)}.")
    else:
        console.print(f"Number {verdict.rank:,} of {verdict.total:,}.")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("Part", "Score", "Weight", "Adds"):
        table.add_column(column, justify="left" if column == "Part" else "right")
    known = sum(
        weight for part, weight in zip(scores.components.values(), weights.parts, strict=True) if part is not None
    )
    adds = contributions(tuple(scores.components.values()), weights)
    for (name, part), weight, added in zip(scores.components.items(), weights.parts, adds, strict=True):
        if part is None:
            table.add_row(name, "unknown", "-", "-")
        else:
            table.add_row(name, f"{part:.4f}", f"{weight / known if known else 0:.2f}", f"{added:.4f}")
    if scores.penalty:
        table.add_row("like a hidden title", "", "", f"-{scores.penalty:.4f}")
    table.add_row("together", "", "", f"{scores.hybrid:.4f}", style="bold")
    console.print(table)
    for reason in verdict.pick.reasons:
        console.print(Text(reason.text))
    if verdict.held_back_by:
        console.print(f"Held back by: {', '.join(verdict.held_back_by)}.")


def run_json(run: SyncRun) -> dict[str, object]:
    """Give the record of a sync for a program."""
    return {
        "kind": run.kind,
        "status": run.status,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "message": run.message,
        "skipped": run.skipped,
    }


def show_run(console: Console, run: SyncRun) -> None:
    """Print how a sync went and what it passed over."""
    took = f" in {(run.finished_at - run.started_at).total_seconds():,.1f} s" if run.finished_at else ""
    said = f"{run.kind.capitalize()} sync of {run.started_at:%Y-%m-%d %H:%M} UTC: {run.status}{took}. {run.message}"
    console.print(Text(f"{said.rstrip(' .')}."))
    for reason, count in run.skipped.items():
        console.print(Text(f"  skipped: {count:,} {reason}"))
