"""The library and the histories of an earlier system: items, and what each person did with them.

An episode belongs to its series, which is found by Jellyfin's id of it, else by its name; the provider ids of an
episode are the episode's own and name no title.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from pydantic import JsonValue

from doublebill.core.history import HAND_PREFIX, hand_item_id
from doublebill.model import HOUSEHOLD, LibraryItem, Observation, Person, Title, TitleKey
from doublebill.sources.jellyfin_wire import item_id
from doublebill.sources.wire import BadRow, read_row
from doublebill.sync.legacy_files import HISTORY, ITEMS, OWN, Reading, object_of, rows_of
from doublebill.sync.legacy_report import Account
from doublebill.sync.legacy_rows import (
    ITEM_TYPES,
    EntryRow,
    ItemRow,
    item_in,
    key_in,
    number_in,
    observation_in,
    title_of_item,
)

SECTIONS = {"movies": "Movie", "series": "Series", "episodes": "Episode"}


@dataclass(slots=True)
class Library:
    """Items by id: those ``held`` when the folder was left, and ``former`` ones; ``facts`` is what Jellyfin said."""

    held: dict[str, LibraryItem] = field(default_factory=dict)
    former: dict[str, LibraryItem] = field(default_factory=dict)
    facts: dict[TitleKey, Title] = field(default_factory=dict)

    def add(self, into: dict[str, LibraryItem], item: LibraryItem, row: ItemRow) -> None:
        """Add an item; of a film or series with a TMDB id also what is said of it."""
        if item.item_kind != "episode" and item.tmdb_id:
            key = TitleKey(item.kind, item.tmdb_id)
            # Jellyfin does not know an id that was found here, and will say so again.
            item = replace(item, key=key, tmdb_id=None if row.found_by_us else item.tmdb_id)
            self.facts.setdefault(key, title_of_item(key, row))
        into[item.item_id] = item

    def fold_episodes(self) -> int:
        """Give every episode the title of its series; tell how many have none yet."""
        items = [*self.former.values(), *self.held.values()]
        series = {item.item_id: item for item in items if item.item_kind == "series" and item.key}
        by_name = {item.name.casefold(): item for item in series.values()}
        orphans = 0
        for item in items:
            if item.item_kind == "episode":
                own = series.get(item.series_item_id or "") or by_name.get((item.series_name or "").casefold())
                shelf = self.held if item.item_id in self.held else self.former
                shelf[item.item_id] = replace(item, key=own.key if own else None)
                orphans += own is None
        return orphans


@dataclass(slots=True)
class Histories:
    """Who watched: people by id, and what they did by person and item; ``taken_out`` is no longer in their history."""

    people: dict[str, Person] = field(default_factory=dict)
    told: dict[tuple[str, str], Observation] = field(default_factory=dict)
    taken_out: dict[tuple[str, str], Observation] = field(default_factory=dict)


def read_library(reading: Reading, own: dict[str, JsonValue]) -> Library:
    """Read ``items.json``, and the former items of an export. Raises: ImportRefused."""
    library, account, of_export = Library(), reading.account(ITEMS), reading.account(OWN)
    document = object_of(reading.json(ITEMS, 2), account)
    for section, item_type in SECTIONS.items():
        for place, row in rows_of(document.get(section), account, section):
            _add_item(library, library.held, {**row, "type": item_type}, partial(account.skip, place=place))
    account.take("library items", len(library.held))
    for place, row in rows_of(own.get("former_items"), of_export, "former_items"):
        _add_item(library, library.former, row, partial(of_export.skip, place=place))
    of_export.take("former library items", len(library.former))
    return library


def _add_item(library: Library, into: dict[str, LibraryItem], value: JsonValue, skip: Callable[[str], None]) -> None:
    try:
        row = read_row(ItemRow, value)
        item = item_in(row, row.id, ITEM_TYPES.get((row.type or "").lower(), ""))
    except BadRow as reason:
        skip(f"rows: {reason}")
        return
    if item.item_id in library.held or item.item_id in library.former:
        skip("rows of an item that was there before")
    else:
        library.add(into, item, row)


def read_histories(reading: Reading, library: Library, own: dict[str, JsonValue]) -> Histories:
    """Read ``watch_history.json``, adding to the library what was watched and is gone. Raises: ImportRefused."""
    histories, account = Histories(), reading.account(HISTORY)
    reader = _Reader(reading, library, histories)
    for person, entries in _people(object_of(reading.json(HISTORY, 3), account), account):
        if person.person_id != HOUSEHOLD:
            histories.people[person.person_id] = person
        reader.read(person, entries, histories.told, account)
    account.take("people", len(histories.people))
    account.take("watched or begun items", len(histories.told))
    taken_out = own.get("taken_out")
    for person_id, entries in (taken_out if isinstance(taken_out, dict) else {}).items():
        reader.read(Person(item_id(person_id), person_id), entries, histories.taken_out, reading.account(OWN))
    reading.account(OWN).take("items taken out of a history", len(histories.taken_out))
    orphans = library.fold_episodes()
    if orphans:
        account.note(f"{orphans:,} episodes count as soon as a sync finds their series")
    return histories


def _people(document: dict[str, JsonValue], account: Account) -> Iterator[tuple[Person, JsonValue]]:
    for user_id, value in document.items():
        known_as = item_id(user_id.strip())
        if not known_as or not isinstance(value, dict):
            account.skip("people without an id or a history", repr(user_id)[:40])
            continue
        name, history = value.get("user_name"), value.get("history")
        yield Person(known_as, name.strip() if isinstance(name, str) and name.strip() else known_as), history


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the rows of one history after the other."""

    reading: Reading
    library: Library
    histories: Histories

    def read(
        self, person: Person, entries: JsonValue, into: dict[tuple[str, str], Observation], account: Account
    ) -> None:
        for place, value in rows_of(entries, account, f"{person.name}, row"):
            try:
                told = self._observation(read_row(EntryRow, value), person.person_id)
            except BadRow as reason:
                account.skip(f"rows: {reason}", place)
                continue
            subject = (person.person_id, told.item_id)
            if subject in into:
                account.skip("rows of an item that was there before: what they say together was taken", place)
            into[subject] = joined(into[subject], told) if subject in into else told

    def _observation(self, row: EntryRow, person_id: str) -> Observation:
        """Read one row, and add its item to the library. Raises: BadRow."""
        item_type = ITEM_TYPES.get((row.type or "").lower(), "")
        # A series as such is only ever marked by hand: what was watched of it stands in the rows of its episodes.
        if row.manual or (row.item_id or "").startswith(HAND_PREFIX) or (item_type == "Series" and row.tmdb_id):
            return self._by_hand(row, person_id)
        told = observation_in(row, person_id, self.reading.now, self.reading.zone)
        if not told.is_trace:
            raise BadRow("nothing was done with the item")
        item = item_in(row, row.item_id, item_type)
        known = self.library.held.get(item.item_id)
        if known is None:
            self.library.add(self.library.former, item, row)
        elif known.key is None and known.item_kind != "episode":
            found = replace(
                known,
                tmdb_id=known.tmdb_id or item.tmdb_id,
                imdb_id=known.imdb_id or item.imdb_id,
                tvdb_id=known.tvdb_id or item.tvdb_id,
            )
            self.library.add(self.library.held, found, row)
        return told

    def _by_hand(self, row: EntryRow, person_id: str) -> Observation:
        """Read a row that a person added; it names its title itself. Raises: BadRow."""
        provided = {name.lower(): value for name, value in row.provider_ids.items()}
        key = key_in(row.type, number_in(row.tmdb_id or provided.get("tmdb")))
        as_film = {"item_id": hand_item_id(key), "type": "Movie", "is_watched": row.is_watched is not False}
        told = observation_in(row.model_copy(update=as_film), person_id, self.reading.now, self.reading.zone)
        if row.name:
            self.library.facts.setdefault(key, title_of_item(key, row))
        return replace(told, play_count=max(told.play_count, 1))


def joined(one: Observation, other: Observation) -> Observation:
    """Give what two statements about the same item say together; where they contradict, the second counts."""
    moments = [told.last_played_at for told in (one, other) if told.last_played_at]
    return replace(
        other,
        finished=one.finished or other.finished,
        play_count=max(one.play_count, other.play_count),
        position=other.position if other.position is not None else one.position,
        last_played_at=max(moments, default=None),
        is_favorite=one.is_favorite or other.is_favorite,
        likes=other.likes if other.likes is not None else one.likes,
        rating=other.rating if other.rating is not None else one.rating,
    )
