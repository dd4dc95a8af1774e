"""Which title a library item is: by its TMDB id, else by IMDb or TVDB id, else by exact title and year.

An episode is its series. What stays unresolved is kept with the reason, and is asked about again after a week, or as
soon as Jellyfin says something else about it.
"""

import asyncio
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from doublebill.errors import SourceBroken, SourceUnknown
from doublebill.model import LibraryItem, TitleKey
from doublebill.sources.tmdb import Tmdb
from doublebill.store.protocol import Store
from doublebill.sync.progress import Progress

ASK_AGAIN_AFTER = timedelta(days=7)
ASKED_AT = "unresolved_asked_at"


@dataclass(slots=True)
class Findings:
    """What came out for items, by item id: the title, or the reason why there is none."""

    found: dict[str, TitleKey] = field(default_factory=dict)
    unresolved: dict[str, str] = field(default_factory=dict)


async def resolve_items(tmdb: Tmdb | None, store: Store, now: datetime, progress: Progress) -> None:
    """Find the title of every item that has none yet; without TMDB only by TMDB id.

    Raises: SourceError where TMDB gives no usable answer at all.
    """
    items = await asyncio.to_thread(store.items)
    open_items = [item for item in items if item.key is None]
    findings = Findings()
    for item in (item for item in open_items if item.item_kind != "episode"):
        if item.tmdb_id:
            findings.found[item.item_id] = TitleKey(item.kind, item.tmdb_id)
    asks_again = await asyncio.to_thread(_asks_again, store, now)
    if tmdb:
        await _ask(tmdb, [item for item in open_items if asks_again or not item.unresolved], findings)
        if asks_again:
            await asyncio.to_thread(store.remember, ASKED_AT, now.isoformat())
    _resolve_episodes(items, findings)
    await asyncio.to_thread(store.resolve_items, findings.found, findings.unresolved)
    unresolved = {item.item_id: item.unresolved for item in open_items if item.unresolved} | findings.unresolved
    progress.skip("library items that no TMDB title was found for", len(set(unresolved) - set(findings.found)))


def _asks_again(store: Store, now: datetime) -> bool:
    asked_at = store.recall(ASKED_AT)
    return asked_at is None or now - datetime.fromisoformat(asked_at) > ASK_AGAIN_AFTER


async def _ask(tmdb: Tmdb, items: Iterable[LibraryItem], findings: Findings) -> None:
    for item in items:
        if item.item_kind == "episode" or item.item_id in findings.found:
            continue
        try:
            key = await tmdb.find(item.kind, imdb_id=item.imdb_id, tvdb_id=item.tvdb_id) or await _by_name(tmdb, item)
        except (SourceUnknown, SourceBroken):
            key = None
        if key:
            findings.found[item.item_id] = key
        else:
            findings.unresolved[item.item_id] = _reason(item)


async def _by_name(tmdb: Tmdb, item: LibraryItem) -> TitleKey | None:
    """Find the one title of exactly this name and year; two of them, or no year, are no answer."""
    if item.year is None:
        return None
    results = await tmdb.search(item.name, item.kind, item.year)
    wanted = _folded(item.name)
    exact = [
        title.key
        for title in results
        if title.year == item.year and wanted in {_folded(title.title), _folded(title.original_title or "")}
    ]
    return exact[0] if len(exact) == 1 else None


def _folded(name: str) -> str:
    """Give a name without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[\W_]+", "", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def _reason(item: LibraryItem) -> str:
    if item.imdb_id or item.tvdb_id:
        return "TMDB knows neither its ids nor one title of exactly this name and year"
    if item.year is None:
        return "it has no TMDB, IMDb or TVDB id and no year"
    return "it has no TMDB, IMDb or TVDB id, and TMDB knows not exactly one title of this name and year"


def _resolve_episodes(items: Iterable[LibraryItem], findings: Findings) -> None:
    series = [item for item in items if item.item_kind == "series"]
    by_id = {item.item_id: key for item in series if (key := item.key or findings.found.get(item.item_id))}
    by_name = {item.name.casefold(): by_id[item.item_id] for item in series if item.item_id in by_id}
    for item in items:
        if item.item_kind == "episode" and item.key is None:
            key = _series_of(item, by_id, by_name)
            if key:
                findings.found[item.item_id] = key


def _series_of(item: LibraryItem, by_id: Mapping[str, TitleKey], by_name: Mapping[str, TitleKey]) -> TitleKey | None:
    return by_id.get(item.series_item_id or "") or by_name.get((item.series_name or "").casefold())
