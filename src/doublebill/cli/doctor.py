"""``doublebill doctor``: what is well, what is not, what to do, and a file for a report of a fault."""

import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from doublebill import __version__
from doublebill.cli.opening import DATABASE, Parts, choice_of
from doublebill.cli.shell import Json, app, parts_of, print_json
from doublebill.cli.show import output
from doublebill.config import Settings, load_settings
from doublebill.errors import ConfigError
from doublebill.logs import SecretFilter, setup_logging
from doublebill.store.soundness import sqlite_version
from doublebill.sync.bundle import read_log, write_bundle
from doublebill.sync.diagnosis import Grade, Line
from doublebill.sync.doctor import diagnose, diagnose_settings
from doublebill.sync.doctor_folder import Premises
from doublebill.sync.engine import utc_now
from doublebill.sync.health import find_in
from doublebill.web.diagnostics import told_settings

STYLES: dict[Grade, str] = {"ok": "green", "warning": "yellow", "problem": "bold red"}
INDENT = " " * 19
"""Below what is said of an area."""

BundleFile = Annotated[
    Path | None, typer.Option("--bundle", metavar="FILE", help="Also write a zip file for a report of a fault.")
]


@app.command()
def doctor(context: typer.Context, *, as_json: Json = False, bundle: BundleFile = None) -> None:
    """Look at everything that doublebill stands on, and say what is wrong with it and what to do."""
    settings, lines = _examined(parts_of(context))
    if bundle:
        _write(bundle, settings, lines)
    if as_json:
        told = [asdict(line) for line in lines]
        print_json({"is_well": _is_well(lines), "checks": told, "bundle": str(bundle) if bundle else None})
    else:
        _show(lines)
        if bundle:
            output().print(f"Written to {bundle}: read it before you send it.", markup=False, soft_wrap=True)
    if not _is_well(lines):
        raise typer.Exit(1)


def _examined(parts: Parts) -> tuple[Settings | None, list[Line]]:
    """Give the settings, None if they are wrong, and what was found."""
    try:
        settings = load_settings()
    except ConfigError as error:
        return None, diagnose_settings(error)
    setup_logging(settings.log_level, None, settings.secrets, console=settings.log_format)
    folder = settings.data_dir.absolute()
    premises = Premises(folder, folder / DATABASE, lambda store: choice_of(store, settings, parts), utc_now)
    return settings, diagnose(settings, premises, find_in(lambda: settings))


def _is_well(lines: Sequence[Line]) -> bool:
    return all(line.grade != "problem" for line in lines)


def _show(lines: Sequence[Line]) -> None:
    console = output()
    for line in lines:
        grade = (f"{line.grade:<9}", STYLES[line.grade])
        console.print(Text.assemble(grade, f"{line.area:<10}{_under(line.words)}"), soft_wrap=True)
        if line.hint:
            console.print(Text(INDENT + _under(line.hint), "dim"), soft_wrap=True)
    counts = {grade: sum(line.grade == grade for line in lines) for grade in ("problem", "warning")}
    told = [f"{count} {grade}{'s' if count > 1 else ''}" for grade, count in counts.items() if count]
    console.print(f"{' and '.join(told) if told else 'All is well'}.", highlight=False)


def _under(words: str) -> str:
    """Indent all lines but the first to where the first begins."""
    return f"\n{INDENT}".join(words.splitlines())


def _write(file: Path, settings: Settings | None, lines: Sequence[Line]) -> None:
    """Write the bundle; where the settings are wrong nobody knows what is secret or where the log is."""
    mask = SecretFilter(settings.secrets if settings else ()).mask
    told = told_settings(settings, mask) if settings else []
    facts: dict[str, object] = {
        "doctor": [asdict(line) for line in lines],
        "installation": {
            "version": __version__,
            "python": platform.python_version(),
            "platform": platform.platform(),
            "sqlite": sqlite_version(),
            "at": utc_now().isoformat(),
        },
        "settings": {each.name: each.value for each in told},
    }
    write_bundle(file, facts, read_log(settings.data_dir) if settings else [], mask)
