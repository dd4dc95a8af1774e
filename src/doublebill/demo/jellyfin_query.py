"""What a request for /Items asks: its parameters, its filters and its order.

As in ASP.NET names of parameters do not care for case, lists come repeated or joined by commas, an unknown member of a
list is dropped, and a value that cannot be read is a 400 with a problem object.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from starlette.requests import Request

from doublebill.demo.jellyfin_world import JellyfinItem, UserData
from doublebill.demo.service import Refusal

Value = TypeVar("Value")
SortKey = tuple[bool, str | float]

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """The parameters of /Items that the demo honours; names in lists are lower case, None means not asked."""

    user_id: str | None
    parent_id: str | None
    item_types: frozenset[str]
    item_ids: frozenset[str]
    fields: frozenset[str]
    filters: frozenset[str]
    hidden_locations: frozenset[str]
    is_recursive: bool
    is_missing: bool | None
    saved_since: datetime
    sort_by: tuple[str, ...]
    sort_order: tuple[str, ...]
    start_index: int
    limit: int | None
    counts_total: bool
    shows_user_data: bool

    def allows(self, item: JellyfinItem) -> bool:
        """Whether an item passes all that does not depend on the user."""
        return (
            (not self.item_types or item.item_type.lower() in self.item_types)
            and (not self.item_ids or item.item_id in self.item_ids)
            and (self.is_missing is None or item.is_missing == self.is_missing)
            and ("virtual" if item.is_missing else "filesystem") not in self.hidden_locations
            # Both dates of the real parameters compare the item's save date; writing user data does not touch it.
            and item.added_at >= self.saved_since
        )

    def wants(self, data: UserData) -> bool:
        """Whether a person's row passes the filters on it."""
        return all(_FILTERS[name](data) for name in self.filters)

    def page(self, found: list[Value]) -> list[Value]:
        """Cut the page asked for out of all that was found."""
        end = None if self.limit is None else self.start_index + self.limit
        return found[self.start_index : end]

    def sorted(self, rows: Iterable[tuple[JellyfinItem, UserData]]) -> list[tuple[JellyfinItem, UserData]]:
        """Put rows in the order asked for; without one they lie by id, which is as good as shuffled."""
        found = sorted(rows, key=lambda row: row[0].item_id)
        orders = self.sort_order or ("ascending",)
        for position in reversed(range(len(self.sort_by))):
            order = orders[min(position, len(orders) - 1)]
            found.sort(key=_sort_key(self.sort_by[position]), reverse=order == "descending")
        return found


def read_query(request: Request) -> ItemQuery:
    """Read the parameters of /Items.

    Raises: Refusal 400 if a number, boolean, date or GUID is not one.
    """
    read = _Parameters(request)
    saved = [read.one(name, _moment) or _LONG_AGO for name in ("minDateLastSaved", "minDateLastSavedForUser")]
    return ItemQuery(
        user_id=read.one("userId", _guid),
        parent_id=read.one("parentId", _guid),
        item_types=read.names("includeItemTypes"),
        item_ids=frozenset(item_id.replace("-", "") for item_id in read.names("ids")),
        fields=read.names("fields"),
        filters=_read_filters(read),
        hidden_locations=read.names("excludeLocationTypes"),
        is_recursive=read.one("recursive", _boolean) or False,
        is_missing=read.one("isMissing", _boolean),
        saved_since=max(saved),
        sort_by=tuple(name for name in read.ordered("sortBy") if name in _SORT_KEYS),
        sort_order=read.ordered("sortOrder"),
        start_index=read.one("startIndex", int) or 0,
        limit=read.one("limit", int),
        counts_total=read.one("enableTotalRecordCount", _boolean) is not False,
        shows_user_data=read.one("enableUserData", _boolean) is not False,
    )


def _read_filters(read: "_Parameters") -> frozenset[str]:
    names = set(read.names("filters"))
    for name, if_true, if_false in _BOOLEAN_FILTERS:
        wanted = read.one(name, _boolean)
        if wanted is not None:
            names.add(if_true if wanted else if_false)
    return frozenset(names & _FILTERS.keys())


class _Parameters:
    def __init__(self, request: Request) -> None:
        self._pairs = [(name.lower(), value) for name, value in request.query_params.multi_items()]

    def one(self, name: str, parse: Callable[[str], Value]) -> Value | None:
        text = next((value for key, value in self._pairs if key == name.lower()), "")
        try:
            return parse(text) if text else None
        except ValueError as error:
            raise _unreadable(name, text) from error

    def ordered(self, name: str) -> tuple[str, ...]:
        texts = [value for key, value in self._pairs if key == name.lower()]
        return tuple(part.strip().lower() for text in texts for part in text.split(",") if part.strip())

    def names(self, name: str) -> frozenset[str]:
        return frozenset(self.ordered(name))


def _unreadable(name: str, text: str) -> Refusal:
    problem = {
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
        "title": "One or more validation errors occurred.",
        "status": 400,
        "errors": {name: [f"The value '{text}' is not valid."]},
    }
    return Refusal(400, problem, {"Content-Type": "application/problem+json"})


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _guid(text: str) -> str:
    return UUID(text).hex


def _moment(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


_FILTERS: dict[str, Callable[[UserData], bool]] = {
    "isplayed": lambda data: data.played,
    "isunplayed": lambda data: not data.played,
    "isfavorite": lambda data: data.is_favorite,
    "isnotfavorite": lambda data: not data.is_favorite,
    "isresumable": lambda data: data.position_min > 0,
    "likes": lambda data: data.likes is True,
    # Jellyfin 12 answers "not liked" here, the unrated included.
    "dislikes": lambda data: data.likes is not True,
    "isfavoriteorlikes": lambda data: data.is_favorite,
}

_BOOLEAN_FILTERS = (("isPlayed", "isplayed", "isunplayed"), ("isFavorite", "isfavorite", "isnotfavorite"))

_SORT_KEYS: dict[str, Callable[[JellyfinItem, UserData], str | float | None]] = {
    "name": lambda item, _: item.name.casefold(),
    "sortname": lambda item, _: item.name.casefold(),
    "seriessortname": lambda item, _: (item.series_name or item.name).casefold(),
    "productionyear": lambda item, _: item.year,
    "parentindexnumber": lambda item, _: item.season,
    "indexnumber": lambda item, _: item.episode,
    "runtime": lambda item, _: item.runtime_min,
    "datecreated": lambda item, _: item.added_at.timestamp(),
    "dateplayed": lambda _, data: data.last_played_at.timestamp() if data.last_played_at else None,
    "playcount": lambda _, data: data.play_count,
}


def _sort_key(name: str) -> Callable[[tuple[JellyfinItem, UserData]], SortKey]:
    """Order by one thing; what lacks it comes first when ascending, as a database puts NULL."""

    def key(row: tuple[JellyfinItem, UserData]) -> SortKey:
        value = _SORT_KEYS[name](*row)
        return (False, 0) if value is None else (True, value)

    return key
