"""The titles of an earlier system, and the lists of neighbours it had from TMDB."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import JsonValue

from doublebill.model import Neighbour, NeighbourSource, Title, TitleKey
from doublebill.sources.wire import BadRow, Text, Whole, Wire, read_row
from doublebill.sync.legacy_files import CANDIDATES, LISTS, OWN, Reading, object_of, rows_of
from doublebill.sync.legacy_report import Account
from doublebill.sync.legacy_rows import TitleRow, key_in, moment_in, title_in

STALE = timedelta(days=31)
"""Older than the age at which a full sync asks TMDB again, so that the next one refreshes what was taken."""

PAGE = 20
"""How many entries TMDB gives of each list."""

LIST_NAME = re.compile(r"(movie|tv)_(\d{1,10})", re.ASCII)


class EntryOfList(Wire):
    """One entry of a list in ``tmdb_fetch_cache.json``; ``source`` stands in exports of ours only."""

    type: Text = None
    tmdb_id: Whole = None
    source: Text = None


@dataclass(slots=True)
class Titles:
    """Titles by key, those with details and those only listed; when they were fetched; the neighbours of titles."""

    known: dict[TitleKey, Title] = field(default_factory=dict)
    listed: dict[TitleKey, Title] = field(default_factory=dict)
    fetched_at: datetime | None = None
    lists: dict[TitleKey, tuple[Neighbour, ...]] = field(default_factory=dict)


def read_titles(reading: Reading, own: dict[str, JsonValue]) -> Titles:
    """Read ``candidates.json``, the lists, and the further titles of an export. Raises: ImportRefused."""
    account, of_export, titles = reading.account(CANDIDATES), reading.account(OWN), Titles()
    document = object_of(reading.json(CANDIDATES, 2), account)
    _read_into(titles, rows_of(document.get("candidates"), account), account)
    _read_into(titles, rows_of(own.get("titles"), of_export, "titles"), of_export)
    generated_at = moment_in(document.get("generated_at"), reading.zone, reading.now)
    titles.fetched_at = min(generated_at or reading.now, reading.now - STALE)
    titles.lists = _lists(reading)
    return titles


def _read_into(titles: Titles, rows: Iterable[tuple[str, JsonValue]], account: Account) -> None:
    for place, value in rows:
        try:
            row = read_row(TitleRow, value)
            title = title_in(row)
        except BadRow as reason:
            account.skip(f"rows {reason}", place)
            continue
        if title.key in titles.known or title.key in titles.listed:
            account.skip("rows of a title that was there before", place)
            continue
        (titles.listed if row.only_listed else titles.known)[title.key] = title
        account.take("titles")


def _lists(reading: Reading) -> dict[TitleKey, tuple[Neighbour, ...]]:
    account, lists = reading.account(LISTS), dict[TitleKey, tuple[Neighbour, ...]]()
    for name, value in object_of(reading.json(LISTS, 2), account).items():
        match = LIST_NAME.fullmatch(name)
        try:
            key = key_in(*((match[1], int(match[2])) if match else (None, None)))
        except BadRow as reason:
            account.skip(f"lists of titles {reason}", repr(name)[:40])
            continue
        lists[key] = tuple(_neighbours(key, list(_entries(value, account, name))))
    account.take("neighbour lists", len(lists))
    return lists


def _entries(value: JsonValue, account: Account, name: str) -> Iterator[tuple[TitleKey, str | None]]:
    for place, row in rows_of(value, account, f"{name}, entry"):
        entry = read_row(EntryOfList, row)
        try:
            yield key_in(entry.type, entry.tmdb_id), entry.source
        except BadRow as reason:
            account.skip(f"entries {reason}", place)


def _neighbours(key: TitleKey, entries: list[tuple[TitleKey, str | None]]) -> Iterator[Neighbour]:
    """Part a list into the two it was made of; in each, every title stands once."""
    keys = [entry for entry, _ in entries]
    border = border_of(keys)
    seen = set[tuple[TitleKey, NeighbourSource]]()
    for place, (entry, said) in enumerate(entries):
        by_place = NeighbourSource.SIMILAR if place < border else NeighbourSource.RECOMMENDATIONS
        source = NeighbourSource(said) if said in set(NeighbourSource) else by_place
        if entry != key and (entry, source) not in seen:
            seen.add((entry, source))
            yield Neighbour(entry, source, place)


def border_of(keys: list[TitleKey]) -> int:
    """Find where the similar titles end and the recommendations begin: the file only puts one after the other.

    A list names a title once, so the border lies between the two mentions of whatever is named twice. Where that leaves
    a choice, a list of similar titles is a page long: TMDB computes it and rarely has fewer.
    """
    first: dict[TitleKey, int] = {}
    low, high = 0, len(keys)
    for place, key in enumerate(keys):
        if key in first and place <= high:
            low, high = max(low, first[key] + 1), min(high, place)
        first.setdefault(key, place)
    return min(max(low, PAGE, len(keys) // 2 if len(keys) > 2 * PAGE else 0), high)
