"""What all commands share: the app, the words they take alike, and what becomes of an error.

Exit codes: 0 done; 1 it failed; 2 the command line or a setting is wrong; 3 a service failed us.
"""

import json
import signal
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from doublebill.cli.opening import Parts
from doublebill.errors import ConfigError, DoublebillError, SourceError

app = typer.Typer(
    name="doublebill",
    help="Films and series that your household does not own yet, ranked and explained.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]
User = Annotated[str | None, typer.Option("--user", "-u", help="A person's name or id; without it the default person.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="At most so many.")]


def main() -> None:
    """Run the command line; an error of ours is one or two plain lines and an exit code."""
    # SIGTERM ends us as Ctrl+C does: a sync is closed as cancelled, the store is closed, the demo's folder is removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except DoublebillError as error:
        complaint = Console(stderr=True)
        complaint.print(Text.assemble(("Error:", "red"), f" {error.message}"), soft_wrap=True)
        if error.hint:
            complaint.print(Text(error.hint), soft_wrap=True)
        sys.exit(exit_code(error))


def exit_code(error: DoublebillError | None) -> int:
    """Give the exit code that tells a kind of failure."""
    if isinstance(error, ConfigError):
        return 2
    return 3 if isinstance(error, SourceError) else 1


def parts_of(context: typer.Context) -> Parts:
    """Give what this run's engines are made with."""
    return context.find_object(Parts) or Parts()


def print_json(value: Sequence[object] | dict[str, object]) -> None:
    """Print a value for a program."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
