"""Moving in and out: the folder of an earlier system taken over, and everything written as such a folder."""

from pathlib import Path
from typing import Annotated

import typer

from doublebill.cli.opening import real_engine
from doublebill.cli.shell import Json, app, parts_of, print_json
from doublebill.cli.show import output
from doublebill.config import Settings
from doublebill.logs import LOG_FILE
from doublebill.sync.engine import Engine
from doublebill.sync.export import export as write_export
from doublebill.sync.legacy import Terms, take_over, take_over_once, tell

Source = Annotated[Path, typer.Argument(metavar="DIR", help="The data folder of the earlier system, or an export.")]
Target = Annotated[Path, typer.Argument(metavar="DIR", help="An empty folder, one to be made, or an earlier export.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be taken over, and keep nothing.")]
Force = Annotated[bool, typer.Option("--force", help="Write also where other files stand; those of the same name go.")]


def move_in(engine: Engine, settings: Settings) -> bool:
    """Take over what an earlier system left in the data folder, the first time it is seen there; tell whether it was.

    Raises: StoreError.
    """
    report = take_over_once(settings.data_dir, engine.store, Terms(engine.clock(), settings.jellyfin_user))
    if report:
        output().print(f"The data of the earlier system was taken over; {LOG_FILE} says what became of each file.")
    return report is not None


@app.command("import-legacy")
def import_legacy(context: typer.Context, folder: Source, *, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Take over history, hidden titles, weights and candidates of an earlier system; its folder stays as it is."""
    with real_engine(parts_of(context)) as (engine, settings):
        is_at_home = folder.resolve() == settings.data_dir.resolve()
        report = take_over(
            folder,
            engine.store,
            Terms(engine.clock(), settings.jellyfin_user, is_dry_run=dry_run, is_at_home=is_at_home),
        )
        if not dry_run:
            tell(report)
            engine.announce()
    if as_json:
        print_json({**report.as_json, "dry_run": dry_run})
        return
    for line in report.lines:
        output().print(line, markup=False, highlight=False, soft_wrap=True)
    if dry_run:
        output().print("Nothing was kept: this was a dry run.")


@app.command("export")
def export(context: typer.Context, folder: Target, *, force: Force = False, as_json: Json = False) -> None:
    """Write history, library, candidates, scores, picks and wishes as JSON files."""
    with real_engine(parts_of(context)) as (engine, settings):
        person = engine.edition.person_meant(None, settings.jellyfin_user)
        names = write_export(engine, folder, person, into_any=force)
    if as_json:
        print_json({"folder": str(folder), "files": names})
    else:
        output().print(f"Written to {folder}: {', '.join(names)}.", markup=False, highlight=False, soft_wrap=True)
