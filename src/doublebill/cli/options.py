"""Commands whose options are the fields of a dataclass, for those that have more than a function should."""

import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import TypeVar

import typer

Options = TypeVar("Options")


def flattened(options: type[Options]) -> Callable[[Callable[[typer.Context, Options], None]], Callable[..., None]]:
    """Let a command take a dataclass; Typer is shown each of its fields, annotated as usual, as a parameter."""

    def decorate(command: Callable[[typer.Context, Options], None]) -> Callable[..., None]:
        def flat(context: typer.Context, **given: object) -> None:
            command(context, options(**given))

        flat.__name__, flat.__doc__ = command.__name__, command.__doc__
        flat.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # read by inspect.signature, PEP 362
            [inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context), *_of(options)]
        )
        return flat

    return decorate


def _of(options: type) -> list[inspect.Parameter]:
    return [
        inspect.Parameter(
            each.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if each.default is MISSING else each.default,
            annotation=each.type,
        )
        for each in fields(options)
    ]
