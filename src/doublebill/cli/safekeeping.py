"""``doublebill backup`` and ``restore``: the database into a file, and back."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from doublebill.cli.opening import DATABASE
from doublebill.cli.shell import Json, app, print_json
from doublebill.cli.show import output
from doublebill.config import load_settings
from doublebill.logs import setup_logging
from doublebill.store.safekeeping import back_up
from doublebill.store.safekeeping import restore as put_back
from doublebill.store.soundness import Examined, newest_version
from doublebill.sync.engine import utc_now

log = logging.getLogger(__name__)

Target = Annotated[Path, typer.Argument(metavar="FILE", help="A new file, or an earlier backup to be replaced.")]
Source = Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")]


@app.command()
def backup(file: Target, *, as_json: Json = False) -> None:
    """Copy the database into a file and check it, also while doublebill serves."""
    settings = load_settings()
    setup_logging(settings.log_level, None, settings.secrets, console=settings.log_format)
    made = back_up(settings.data_dir.absolute() / DATABASE, file)
    if as_json:
        print_json({"file": str(file), **_facts(made)})
    else:
        _print(f"Backed up to {file}: {_size(made)}, checked.")


@app.command()
def restore(file: Source, *, as_json: Json = False) -> None:
    """Put a backup in the place of the database, which is kept beside it; doublebill must not run meanwhile."""
    settings = load_settings()
    data_dir = settings.prepare_data_dir()
    setup_logging(settings.log_level, data_dir, settings.secrets, console=settings.log_format)
    restored = put_back(data_dir / DATABASE, file, utc_now())
    log.info("The database was restored from %s; the one before is %s", file, restored.kept or "none")
    if as_json:
        print_json({"file": str(file), **_facts(restored.backup), "kept": restored.kept and str(restored.kept)})
        return
    _print(f"Restored from {file}: {_size(restored.backup)}, checked.")
    if restored.kept:
        _print(f"The database before it is now {restored.kept.name} in {data_dir}; remove it when all is well.")
    if restored.backup.version < newest_version():
        _print("It is of an older version, and is brought up to date at the next start.")


def _facts(found: Examined) -> dict[str, object]:
    return {"size_bytes": found.size_bytes, "schema_version": found.version}


def _size(found: Examined) -> str:
    return f"{found.size_bytes / 1e6:,.1f} MB"


def _print(line: str) -> None:
    output().print(line, markup=False, highlight=False, soft_wrap=True)
