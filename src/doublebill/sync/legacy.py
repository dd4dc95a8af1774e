"""Taking over the data folder of an earlier system: read leniently, settled in one transaction, reported file by file.

What is known here already stays as it is, so taking the same folder over twice changes nothing, and the ledger only
learns what it did not know. Nothing in the folder is written, and its pickle is never loaded.
"""

import json
import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from doublebill.core.history import fold, states_of
from doublebill.errors import ImportRefused
from doublebill.model import (
    HOUSEHOLD,
    Hide,
    Observation,
    Person,
    SyncKind,
    SyncStatus,
    TitleDetails,
    TitleKey,
    Weights,
)
from doublebill.store.protocol import Store
from doublebill.sync.legacy_files import LEFT_ALONE, OWN, Reading, is_legacy, object_of
from doublebill.sync.legacy_library import Histories, Library, joined, read_histories, read_library
from doublebill.sync.legacy_pickle import look_at_vectors
from doublebill.sync.legacy_report import Report
from doublebill.sync.legacy_titles import Titles, read_titles
from doublebill.sync.legacy_wishes import Wishes, read_last_full_sync, read_wishes

log = logging.getLogger(__name__)

TAKEN_OVER = "legacy_import"
"""The fact that says that the data folder was taken over, with the report of it."""

UNFINISHED = ".doublebill-export"
"""The folder in which an export is written before it takes its place; one that is there was cut short."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Estate:
    """All that an earlier system left, in our vocabulary."""

    library: Library
    histories: Histories
    titles: Titles
    wishes: Wishes
    last_full_sync: datetime | None


@dataclass(frozen=True, slots=True)
class Terms:
    """How a folder is taken over.

    now: the moment; default_user: id or name of whom hides and weights that name nobody are meant for, beside the
    household; zone: that of times without one, None for this machine's; is_dry_run: look, and keep nothing; is_at_home:
    the folder is our own data folder, so it is remembered that it was taken over.
    """

    now: datetime
    default_user: str | None = None
    zone: tzinfo | None = None
    is_dry_run: bool = False
    is_at_home: bool = False


def take_over(folder: Path, store: Store, terms: Terms) -> Report:
    """Take over what a folder of an earlier system, or an export, holds; give what became of it.

    Raises: ImportRefused if it is no such folder, or a file in it may not be read; StoreError. Then nothing was taken.
    """
    if not is_legacy(folder):
        raise ImportRefused(f"{folder} holds nothing of an earlier system", hint="Name its data folder.")
    if (folder / UNFINISHED).exists():
        raise ImportRefused(f"The export into {folder} was cut short", hint="Run `doublebill export` again.")
    report = Report(str(folder))
    estate = _read(Reading(folder, terms.now, terms.zone, report))
    with store.together():
        news = _News(store, estate, terms)
        report.new = news.counts
        if not terms.is_dry_run:
            news.keep()
        if terms.is_at_home and not terms.is_dry_run:
            store.remember(TAKEN_OVER, json.dumps({"at": terms.now.isoformat(), **report.as_json}))
    return report


def take_over_once(folder: Path, store: Store, terms: Terms) -> Report | None:
    """Take over what an earlier system left in the data folder itself, the first time it is seen there; tell the log.

    A folder that cannot be taken over yet is said to be so, and is tried again at the next start. Raises: StoreError.
    """
    if store.recall(TAKEN_OVER) is not None or not is_legacy(folder):
        return None
    log.info("Taking over what an earlier system left in %s", folder)
    try:
        report = take_over(folder, store, replace(terms, is_at_home=True))
    except ImportRefused as error:
        log.error("Nothing was taken over yet. %s. %s", error.message, error.hint or "")
        return None
    tell(report)
    return report


def tell(report: Report) -> None:
    """Tell the log what became of a folder."""
    for line in report.lines:
        log.info("%s", line)


def _read(reading: Reading) -> Estate:
    own = object_of(reading.json(OWN, 2), reading.account(OWN))
    library = read_library(reading, own)
    histories = read_histories(reading, library, own)
    titles, wishes = read_titles(reading, own), read_wishes(reading, own)
    estate = Estate(library, histories, titles, wishes, read_last_full_sync(reading))
    look_at_vectors(reading)
    for file, words in LEFT_ALONE.items():
        reading.account(file).note(words)
    accounts = reading.report.accounts
    reading.report.accounts = {file: each for file, each in accounts.items() if (reading.folder / file).exists()}
    return estate


class _News:
    """What of an estate a store does not know yet."""

    def __init__(self, store: Store, estate: Estate, terms: Terms) -> None:
        self._store = store
        self._estate = estate
        self._now = terms.now
        known_people = store.people()
        people = {person.person_id for person in known_people}
        items = {item.item_id for item in store.items()}
        self._people = [each for each in estate.histories.people.values() if each.person_id not in people]
        self._held = [item for item in estate.library.held.values() if item.item_id not in items]
        self._former = [item for item in estate.library.former.values() if item.item_id not in items]
        self._told = self._new_observations()
        self._titles = self._new_titles()
        listed = estate.wishes.names | estate.titles.listed
        known = store.titles(list(listed))
        self._listed = [title for key, title in listed.items() if key not in known and key not in self._titles]
        owners = _owners([*known_people, *self._people], terms.default_user)
        self._hides = self._new_hides(owners)
        self._weights = self._new_weights(owners)
        self._last_full_sync = self._new_full_sync()

    @property
    def counts(self) -> dict[str, int]:
        """Count it, by what it is."""
        return {
            "people": len(self._people),
            "library items": len(self._held) + len(self._former),
            "watches": len(self._told),
            "titles": len(self._titles) + len(self._listed),
            "neighbour lists": sum(bool(details.neighbours) for details in self._titles.values()),
            "hides": len(self._hides),
            "weights": len(self._weights),
            "time of the last full sync": int(self._last_full_sync is not None),
        }

    def keep(self) -> None:
        """Write it into the store."""
        store, titles = self._store, self._estate.titles
        store.save_people(self._people)
        store.save_items(self._former, LONG_AGO)
        store.release_items(LONG_AGO + timedelta(seconds=1))  # the former ones, and nothing else is as old
        store.save_items(self._held, self._now)
        store.record(self._told)
        fetched_at = titles.fetched_at or self._now
        store.save_details(list(self._titles.values()), fetched_at)
        store.save_listed(self._listed, fetched_at)
        for hide in self._hides:
            store.hide(hide)
        for person_id, weights in self._weights.items():
            store.save_weights(person_id, weights)
        if self._last_full_sync:
            run_id = store.begin_sync(SyncKind.FULL, self._last_full_sync)
            words = "Done by the earlier system"
            store.finish_sync(run_id, self._last_full_sync, SyncStatus.SUCCESS, words, {})

    def _new_observations(self) -> list[Observation]:
        """Give what the ledger does not amount to yet; what a person took out of their history stays out."""
        histories, news = self._estate.histories, []
        subjects = {person_id for person_id, _ in (*histories.told, *histories.taken_out)}
        states = {person_id: states_of(self._store.observations(person_id)) for person_id in subjects}
        for (person_id, item_id), told in histories.told.items():
            if item_id not in states[person_id].taken_out:
                known = states[person_id].told.get(item_id)
                told = _facts_added(known, told) if known else told
                news += [] if told == known else [replace(told, observed_at=self._now)]
        for (person_id, item_id), told in histories.taken_out.items():
            if item_id not in states[person_id].told and item_id not in states[person_id].taken_out:
                news += [told, replace(told, removed=True)]
        return news

    def _new_titles(self) -> dict[TitleKey, TitleDetails]:
        """Give unknown titles with their lists: candidates, and what was watched or has lists and Jellyfin knew of."""
        estate, ages = self._estate, self._store.detail_ages()
        facts, lists = estate.library.facts, estate.titles.lists
        items = estate.library.former | estate.library.held
        watched = {watch.key for watch in fold(list(estate.histories.told.values()), items)}
        wanted = {key: title for key, title in facts.items() if key in watched or key in lists} | estate.titles.known
        return {key: TitleDetails(title, lists.get(key, ())) for key, title in wanted.items() if key not in ages}

    def _new_hides(self, owners: list[str]) -> list[Hide]:
        hides = [
            replace(hide, person_id=person_id)
            for (owner, _), hide in self._estate.wishes.hides.items()
            for person_id in ([owner] if owner else owners)
        ]
        people = {hide.person_id for hide in hides}
        active = {(each.person_id, each.key) for owner in people for each in self._store.hides(owner, self._now)}
        return [hide for hide in hides if (hide.person_id, hide.key) not in active]

    def _new_weights(self, owners: list[str]) -> dict[str, Weights]:
        found = {
            person_id: weights
            for owner, weights in self._estate.wishes.weights.items()
            for person_id in ([owner] if owner else owners)
        }
        return {person_id: weights for person_id, weights in found.items() if self._store.weights(person_id) is None}

    def _new_full_sync(self) -> datetime | None:
        """Give the time of the last full sync, if it is news; without any title it would only delay the next one."""
        told, known = self._estate.last_full_sync, self._store.last_success(SyncKind.FULL)
        has_titles = bool(self._estate.titles.known)
        return told if told and has_titles and (known is None or known.started_at < told) else None


def _owners(people: list[Person], default_user: str | None) -> list[str]:
    """Give for whom something is meant that names nobody: the household, and whose page opens by default."""
    named = (default_user or "").strip().casefold()
    found = [each.person_id for each in people if named and named in {each.person_id.casefold(), each.name.casefold()}]
    return [HOUSEHOLD, *found[:1]]


def _facts_added(known: Observation, told: Observation) -> Observation:
    """Give what is known of an item with the facts that are told of it; all else is as it is known."""
    both = joined(told, known)
    return replace(known, finished=both.finished, play_count=both.play_count, last_played_at=both.last_played_at)
