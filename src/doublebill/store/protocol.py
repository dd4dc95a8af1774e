"""What a store must keep, in the terms of the domain.

No SQL and no rows stand in these signatures; ``StoreContract`` in the tests is the definition of the behaviour. Every
method is one unit of work: it is done whole or not at all, and what it did survives a kill right after it returns.
All moments are aware UTC datetimes. Every method raises StoreError (StoreBusy after the busy time-out).
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from doublebill.core.columns import EdgeColumns, TitleColumns, VectorColumns
from doublebill.model import (
    DatabaseFacts,
    Hide,
    LibraryItem,
    Observation,
    Person,
    SearchHit,
    SyncKind,
    SyncRun,
    SyncStatus,
    Title,
    TitleDetails,
    TitleKey,
    Weights,
)


class Lease(Protocol):
    """The right to sync, held until it is closed or its process ends."""

    def close(self) -> None:
        """Give it back."""


class Store(Protocol):
    """Keep people, library, ledger, titles, neighbours, vectors, settings and the record of syncs."""

    def close(self) -> None:
        """Release what the store holds open; a second call does nothing."""

    def together(self) -> AbstractContextManager[None]:
        """Make one unit of work of all that this thread does inside: it is kept whole, or on any error not at all."""

    # People
    def save_people(self, people: Sequence[Person]) -> None:
        """Add people and take over changed names; whoever is absent keeps all that is theirs."""

    def people(self) -> list[Person]:
        """Give everybody ever seen, by name without case, then id; never the household."""

    # Library
    def save_items(self, items: Sequence[LibraryItem], seen_at: datetime) -> None:
        """Add or refresh library items, and mark them as held and seen at that moment.

        ``key`` and ``unresolved`` of an item given as None keep what was resolved before, unless one of the ids, the
        name or the year changed: then the item is to be resolved again.
        """

    def release_items(self, unseen_since: datetime) -> int:
        """Mark items that a complete reading of the library did not show as no longer held; give how many."""

    def resolve_items(self, found: Mapping[str, TitleKey], unresolved: Mapping[str, str]) -> None:
        """Write what items are: by item id, the title or the reason why none was found."""

    def items(self) -> list[LibraryItem]:
        """Give every item ever seen, also released ones, by item id."""

    def held(self) -> set[TitleKey]:
        """Give the titles of which at least one item is held now (for a series: the series item or any episode)."""

    # Ledger
    def record(self, observations: Sequence[Observation]) -> int:
        """Append the observations that say something new, and give how many.

        One is new if it differs in more than ``observed_at`` from the newest of the same person and item; a first one
        is new only if ``is_trace``. After a removal, Jellyfin's unchanged word is not new: only a change, or a mark by
        hand, brings the item back. Nothing is ever changed or deleted.
        """

    def append(self, observations: Sequence[Observation]) -> None:
        """Append what a person said here, whether or not it differs from what was known."""

    def observations(self, person_id: str) -> list[Observation]:
        """Give a person's ledger in the order in which it was written."""

    # Titles
    def save_listed(self, titles: Sequence[Title], fetched_at: datetime) -> None:
        """Add titles as a list names them.

        Of a title that has details only votes, rating, popularity and poster are refreshed.
        """

    def save_details(self, details: Sequence[TitleDetails], fetched_at: datetime) -> None:
        """Save titles with details, replace their neighbour lists, and save the entries as ``save_listed`` does."""

    def titles(self, keys: Sequence[TitleKey]) -> dict[TitleKey, Title]:
        """Give the titles that are known of those asked for."""

    def detail_ages(self) -> dict[TitleKey, datetime | None]:
        """Give for each known title when its details were fetched, None where it has only been listed."""

    def purge_titles(self, fetched_before: datetime) -> int:
        """Forget titles, their lists and vectors last fetched before a moment, unless held or watched.

        Returns: how many titles were forgotten.
        """

    def title_columns(self) -> TitleColumns:
        """Give the columns of all known titles."""

    def edge_columns(self) -> EdgeColumns:
        """Give all entries of all neighbour lists; within a list by position."""

    def search(self, query: str, limit: int) -> list[SearchHit]:
        """Give the titles that have all words of a query, the last also as a beginning; best first, then by key.

        Title, original title, people, keywords, genres and overview are searched, without case and diacritics. Any
        text is plain words, of which a bounded number counts; one without a letter or digit finds nothing. Where fewer
        than three titles have the words, titles whose names look alike follow, marked ``is_fuzzy``. A hit in whose
        title or original title all the words stand is marked ``is_in_name``; such come before all others.
        """

    # Vectors
    def save_vectors(
        self, model_id: str, keys: Sequence[TitleKey], text_hashes: Sequence[bytes], vectors: NDArray[np.float32]
    ) -> None:
        """Save unit vectors (n, d) of one model, each with the hash of the text it was made from.

        Vectors of unknown titles are left out.
        """

    def text_hashes(self, model_id: str) -> dict[TitleKey, bytes]:
        """Give for each title with a vector of that model the hash of its text."""

    def vector_columns(self, model_id: str) -> VectorColumns:
        """Give the vectors of one model; (0, 0) where there are none."""

    def forget_vectors(self, kept: Collection[str]) -> int:
        """Forget the vectors of all models but these; give how many vectors were forgotten."""

    # Wishes of a person (or of the household)
    def hide(self, hide: Hide) -> None:
        """Hide a title for a person until a moment; a second hide of the same title replaces the first."""

    def unhide(self, person_id: str, key: TitleKey) -> bool:
        """Take a hide back; False if there was none."""

    def hides(self, person_id: str, now: datetime) -> list[Hide]:
        """Give the hides of a person that are active at that moment, newest first."""

    def save_weights(self, person_id: str, weights: Weights) -> None:
        """Keep the weights that a person confirmed."""

    def weights(self, person_id: str) -> Weights | None:
        """Give the weights that a person confirmed, None if they never did."""

    # The right to sync, and the record of syncs
    def lease_sync(self) -> Lease | None:
        """Take the one right to sync, at once; None while somebody else has it, in this process or another.

        However a process ends, what it held is free at once. Whoever is told None tries again: asking whether the right
        is leased may be in the way for a moment.
        """

    def is_sync_leased(self) -> bool:
        """Tell whether somebody has the right to sync now."""

    def begin_sync(self, kind: SyncKind, started_at: datetime) -> int:
        """Open a run and give its id; a run that a crash left open is closed as an error."""

    def finish_sync(
        self, run_id: int, finished_at: datetime, status: SyncStatus, message: str, skipped: Mapping[str, int]
    ) -> None:
        """Close a run."""

    def sync_runs(self, limit: int) -> list[SyncRun]:
        """Give the newest runs, newest first."""

    def last_success(self, kind: SyncKind) -> SyncRun | None:
        """Give the newest successful run of a kind (a full one counts as light too)."""

    def database(self) -> DatabaseFacts:
        """Say how large the database is, and of which version its tables are."""

    def remember(self, name: str, value: str) -> None:
        """Keep one small fact of the machinery by name, such as when the new releases were last asked for."""

    def recall(self, name: str) -> str | None:
        """Give a small fact kept before."""
