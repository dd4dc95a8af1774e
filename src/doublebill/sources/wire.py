"""The ground that the models of all answers stand on: lenient fields, strict frames.

A field that is missing, null, empty or of a wrong type is None, never an error: upstream services break their own
specifications daily. What is not there at all (no object, no list of rows) is SourceBroken. This is the only place
where values without a type are looked at one by one.
"""

import math
from datetime import UTC, date, datetime
from typing import Annotated, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, JsonValue, ValidationError

from doublebill.errors import SourceBroken

LARGEST_WHOLE = 2**53
"""Beyond it a number that went through a float is no longer the one that was meant; no id or count is that large."""

T = TypeVar("T")
Model = TypeVar("Model", bound="Wire")


class Wire(BaseModel):
    """A model of something that comes in; what it does not name is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class BadRow(ValueError):
    """One row of an answer cannot be used; the message says why in a few words, the same for all rows of that fault."""


def read(source: str, model: type[Model], answer: JsonValue) -> Model:
    """Read an answer as a model.

    Raises: SourceBroken if the frame is not there, naming the first place that is wrong but not what stands there.
    """
    try:
        return model.model_validate(answer)
    except ValidationError as error:
        place = ".".join(str(step) for step in error.errors()[0]["loc"]) or "the whole"
        raise SourceBroken(source, f"its answer does not have the shape of its API (at {place})") from error


def read_row(model: type[Model], row: JsonValue) -> Model:
    """Read one row as a model.

    Raises: BadRow if it is no object.
    """
    try:
        return model.model_validate(row)
    except ValidationError as error:
        raise BadRow("not an object") from error


def _text(value: object) -> str | None:
    # Half of a surrogate pair passes as JSON but can neither be saved nor sent.
    return value.strip().encode("utf-8", "replace").decode() or None if isinstance(value, str) else None


def _real(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _whole(value: object) -> int | None:
    number = _real(value)
    return int(number) if number is not None and abs(number) < LARGEST_WHOLE else None


def _flag(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _opinion(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _moment(value: object) -> datetime | None:
    """Read a moment with any number of fractional digits; without a zone it is UTC, and year 1 is .NET's "never"."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None or moment.year <= 1:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _rows(value: object) -> list[object]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _block(value: object) -> object:
    return value if isinstance(value, dict) else {}


def _part(value: object) -> object:
    return value if isinstance(value, dict) else None


Text: TypeAlias = Annotated[str | None, BeforeValidator(_text)]
Real: TypeAlias = Annotated[float | None, BeforeValidator(_real)]
Whole: TypeAlias = Annotated[int | None, BeforeValidator(_whole)]
Flag: TypeAlias = Annotated[bool, BeforeValidator(_flag)]
Opinion: TypeAlias = Annotated[bool | None, BeforeValidator(_opinion)]
Day: TypeAlias = Annotated[date | None, BeforeValidator(_day)]
Moment: TypeAlias = Annotated[datetime | None, BeforeValidator(_moment)]
Rows: TypeAlias = Annotated[tuple[T, ...], BeforeValidator(_rows)]
Items: TypeAlias = Annotated[tuple[T, ...], BeforeValidator(_items)]
Block: TypeAlias = Annotated[T, BeforeValidator(_block)]
"""An object that may be missing: then it is one whose fields are all unknown."""
Part: TypeAlias = Annotated[T | None, BeforeValidator(_part)]
"""An object that may be missing, where that means something."""
