"""How Radarr and Sonarr read what is sent, and the three ways in which they refuse it.

What breaks a rule gets a JSON array of failures, a body that cannot be read one problem object, and the rest
`{message, description}`: a client must read all three.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from starlette.requests import Request

from doublebill.demo.service import Json, Refusal

_TRAILING_COMMA = re.compile(rb",(?=\s*[}\]])")


class ReadBody:
    """A JSON object that was sent, read as .NET does: names in any case, and a wrong type is a problem object."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = {name.lower(): value for name, value in fields.items() if value is not None}

    def integer(self, name: str) -> int:
        """Give a whole number, 0 if absent."""
        value = self._fields.get(name.lower(), 0)
        if isinstance(value, bool) or not isinstance(value, int):
            raise unreadable(f"$.{name}", "The JSON value could not be converted to System.Int32.")
        return value

    def text(self, name: str, absent: str = "") -> str:
        """Give a text."""
        value = self._fields.get(name.lower(), absent)
        if not isinstance(value, str):
            raise unreadable(f"$.{name}", "The JSON value could not be converted to System.String.")
        return value

    def boolean(self, name: str, *, absent: bool) -> bool:
        """Give a truth value."""
        value = self._fields.get(name.lower(), absent)
        if not isinstance(value, bool):
            raise unreadable(f"$.{name}", "The JSON value could not be converted to System.Boolean.")
        return value

    def choice(self, name: str, choices: Sequence[str], absent: str) -> str:
        """Give a member of an enumeration, spelt as the service spells it."""
        value = self.text(name, absent)
        found = next((choice for choice in choices if choice.lower() == value.lower()), None)
        if found is None:
            raise unreadable(f"$.{name}", "The JSON value could not be converted to an enumeration.")
        return found

    def integers(self, name: str) -> tuple[int, ...]:
        """Give a list of whole numbers, empty if absent."""
        values = self._fields.get(name.lower(), [])
        if not isinstance(values, list) or not all(isinstance(value, int) for value in values):
            raise unreadable(f"$.{name}", "The JSON value could not be converted to a list of System.Int32.")
        return tuple(values)

    def inner(self, name: str) -> "ReadBody":
        """Give an object within, empty if absent."""
        value = self._fields.get(name.lower(), {})
        if not isinstance(value, dict):
            raise unreadable(f"$.{name}", "The JSON value could not be converted to an object.")
        return ReadBody(value)


async def read_body(request: Request) -> ReadBody:
    """Read the JSON object of a request; trailing commas are accepted.

    Raises: Refusal 400 with a problem object if it is not one.
    """
    try:
        fields = json.loads(_TRAILING_COMMA.sub(b"", await request.body()))
    except ValueError as error:
        raise unreadable("$", "The JSON value could not be read.") from error
    if not isinstance(fields, dict):
        raise unreadable("$", "The JSON value could not be converted to an object.")
    return ReadBody(fields)


def unreadable(path: str, message: str) -> Refusal:
    """Give ASP.NET's refusal of a body that it cannot read: one problem object."""
    problem = {
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
        "title": "One or more validation errors occurred.",
        "status": 400,
        "errors": {path: [message]},
        "traceId": "00-00000000000000000000000000000000-0000000000000000-00",
    }
    return Refusal(400, problem, {"Content-Type": "application/problem+json"})


def failure(name: str, message: str, attempted: object, code: str | None = None) -> Json:
    """Give one entry of a refusal by validation; what a metadata service refuses comes without `errorCode`."""
    body: Json = {"propertyName": name, "errorMessage": message, "attemptedValue": attempted, "severity": "error"}
    if code is None:
        return body
    placeholders = {"propertyName": _spaced(name), "propertyValue": attempted}
    return body | {
        "errorCode": code,
        "formattedMessageArguments": [],
        "formattedMessagePlaceholderValues": placeholders,
    }


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def plain_refusal(status: int, message: str) -> Refusal:
    """Give a refusal of the third form."""
    return Refusal(status, {"message": message, "description": message})


def refuse_if(failures: Iterable[Json]) -> None:
    """Refuse a request that has failures: 400 with all of them in one array."""
    if found := list(failures):
        raise Refusal(400, found)
