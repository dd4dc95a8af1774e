"""What an export tells: everybody's history, library, titles, lists and wishes, row by row."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Literal, TypeVar

import numpy as np

from doublebill import __version__
from doublebill.core.columns import EdgeColumns, codes_of, key_of
from doublebill.core.history import HAND_PREFIX, hand_key, states_of
from doublebill.core.recommend import recommend, standing
from doublebill.core.wish import Wish
from doublebill.model import Kind, LibraryItem, Neighbour, NeighbourSource, Observation, Person, Scores, Title, TitleKey
from doublebill.sync.edition import EVERYBODY
from doublebill.sync.engine import Engine
from doublebill.sync.export_rows import (
    Row,
    candidate_row,
    entry_row,
    hide_row,
    item_row,
    list_rows,
    local_text,
    pick_row,
    scores_row,
    title_row,
    weights_row,
)

MOST_PICKS = 500
AT_ONCE = 500
"""How many titles are in memory at the same time."""

SIMILAR, RECOMMENDATIONS = NeighbourSource.SIMILAR, NeighbourSource.RECOMMENDATIONS

Value = TypeVar("Value", TitleKey, LibraryItem)

SECTIONS = {"movies": "movie", "series": "series", "episodes": "episode"}


class Content:
    """Everything that one export writes, as the store and the current edition have it.

    ``person`` is whose scores, recommendations and weights stand in the files that know of one person only.
    """

    def __init__(self, engine: Engine, person: Person) -> None:
        self._store = engine.store
        self._now = engine.clock()
        self._used = engine.weights_of(person)
        self._reader = engine.reader(person, self._used)
        self._everybody = [*engine.edition.people, EVERYBODY]
        self._catalogue = engine.edition.catalogue
        together = engine.edition.profile(EVERYBODY)
        self._watched = list(together.watched)
        self._candidates = [self._catalogue.key(row) for row in np.flatnonzero(together.is_candidate).tolist()]
        self._items = {item.item_id: item for item in self._store.items()}
        held = self._store.held()
        self._former = {item.item_id for item in self._items.values() if item.key and item.key not in held}
        self.picks = recommend(self._reader, Wish(MOST_PICKS, weights=self._used))

    @property
    def of_candidates(self) -> Row:
        """What stands before the candidates."""
        return {
            "generated_at": local_text(self._now),
            "total_candidates": len(self._candidates),
            "api_requests_made": 0,
        }

    @property
    def weights(self) -> Row:
        """The weights of the person, as they are."""
        return weights_row(self._used)

    @property
    def own(self) -> Row:
        """What only we know of, but for the long parts of it: everybody's weights, and what they took out."""
        weights = {each.person_id: self._store.weights(each.person_id) for each in self._everybody}
        return {
            "version": __version__,
            "exported_at": self._now.isoformat(),
            "weights": {name: {**weights_row(one), "formula": one.formula} for name, one in weights.items() if one},
            "taken_out": dict(self._taken_out()),
        }

    def histories(self) -> Iterator[tuple[str, Row]]:
        """Give everybody's history, by their id."""
        for person in self._everybody:
            told = states_of(self._store.observations(person.person_id)).told
            rows = self._entries(told)
            if rows or person != EVERYBODY:
                yield person.person_id, {"user_name": person.name, "history": rows}

    def items(self, section: str) -> Iterator[Row]:
        """Give the items of one kind that are held now; of those that are no title yet it is taken for granted."""
        wanted = [item for item in self._items.values() if item.item_kind == SECTIONS[section]]
        return self._item_rows(item for item in wanted if item.item_id not in self._former)

    def former_items(self) -> Iterator[Row]:
        """Give the items that are not held any more: the history speaks of them."""
        return self._item_rows(self._items[item_id] for item_id in sorted(self._former))

    def candidates(self) -> Iterator[Row]:
        """Give what can be recommended to the household."""
        because_of = self._naming()
        for title in self._titles(self._candidates):
            yield candidate_row(title, because_of.get(title.key, []))

    def other_titles(self) -> Iterator[Row]:
        """Give all further titles: what was watched, is owned or hidden, or only stands in a list."""
        others = set(self._store.detail_ages()).difference(self._candidates)
        return (title_row(title) for title in self._titles(sorted(others)))

    def scores(self) -> Iterator[tuple[str, Row]]:
        """Give the scores of the candidates by bare id; where a film and a series share it, of the better one."""
        best: dict[int, Scores] = {}
        for key in self._candidates:
            scores = standing(self._catalogue, self._reader.profile, self._used, key).scores
            known = best.get(key.tmdb_id)
            if scores and (known is None or scores.hybrid > known.hybrid):
                best[key.tmdb_id] = scores
        return ((str(number), scores_row(scores)) for number, scores in best.items())

    def recommendations(self) -> Iterator[Row]:
        """Give the picks, best first."""
        return map(pick_row, self.picks)

    def hides(self) -> Iterator[Row]:
        """Give everybody's hides that are active still."""
        hides = [hide for each in self._everybody for hide in self._store.hides(each.person_id, self._now)]
        names = self._store.titles([hide.key for hide in hides])
        return (hide_row(hide, names[hide.key].title if hide.key in names else str(hide.key)) for hide in hides)

    def lists(self) -> Iterator[tuple[str, list[Row]]]:
        """Give the lists of neighbours by title."""
        titles = self._catalogue.titles
        names = dict(zip(map(key_of, titles.codes.tolist()), titles.names, strict=True))
        for source, edges in groupby(_edges(self._store.edge_columns()), key=itemgetter(0)):
            key = key_of(source)
            neighbours = [
                Neighbour(key_of(target), RECOMMENDATIONS if is_recommendation else SIMILAR, position)
                for _, target, is_recommendation, position in edges
            ]
            yield f"{key.kind}_{key.tmdb_id}", list_rows(neighbours, names)

    def _entries(self, states: Mapping[str, Observation]) -> list[Row]:
        """Give rows of a history for what was told of items; an item that nothing is known of is none."""
        items = {item_id: item for item_id in states if (item := self._item(item_id))}
        titles = self._store.titles([item.key for item in items.values() if item.key])
        traces = [(told, items[told.item_id]) for told in states.values() if told.is_trace and told.item_id in items]
        return [entry_row(told, _named(item, titles), _title_of(item, titles)) for told, item in traces]

    def _taken_out(self) -> Iterator[tuple[str, list[Row]]]:
        for person in self._everybody:
            rows = self._entries(states_of(self._store.observations(person.person_id)).taken_out)
            if rows:
                yield person.person_id, rows

    def _item(self, item_id: str) -> LibraryItem | None:
        """Give the item of a ledger entry; what was marked by hand is taken for one that is its title."""
        if not item_id.startswith(HAND_PREFIX):
            return self._items.get(item_id)
        key = hand_key(item_id)
        kind: Literal["movie", "series"] = "movie" if key.kind is Kind.MOVIE else "series"
        return LibraryItem(item_id, kind, "", tmdb_id=key.tmdb_id, key=key)

    def _item_rows(self, items: Iterable[LibraryItem]) -> Iterator[Row]:
        for part in _parts(list(items)):
            titles = self._store.titles([item.key for item in part if item.key])
            yield from (item_row(item, _title_of(item, titles)) for item in part)

    def _titles(self, keys: list[TitleKey]) -> Iterator[Title]:
        for part in _parts(keys):
            found = self._store.titles(part)
            yield from (found[key] for key in part if key in found)

    def _naming(self) -> dict[TitleKey, list[str]]:
        """Give for each title the names of the watched ones whose lists name it, each once."""
        edges, titles = self._store.edge_columns(), self._catalogue.titles
        names = dict(zip(titles.codes.tolist(), titles.names, strict=True))
        naming: dict[TitleKey, dict[str, None]] = {}
        for row in np.flatnonzero(np.isin(edges.sources, codes_of(self._watched))).tolist():
            source, target = int(edges.sources[row]), int(edges.targets[row])
            naming.setdefault(key_of(target), {})[names[source]] = None
        return {key: list(because_of) for key, because_of in naming.items()}


def _edges(edges: EdgeColumns) -> Iterator[tuple[int, int, bool, int]]:
    columns = (edges.sources, edges.targets, edges.is_recommendation, edges.positions)
    return zip(*(column.tolist() for column in columns), strict=True)


def _parts(values: list[Value]) -> Iterator[list[Value]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def _title_of(item: LibraryItem, titles: Mapping[TitleKey, Title]) -> Title | None:
    return titles.get(item.key) if item.key else None


def _named(item: LibraryItem, titles: Mapping[TitleKey, Title]) -> LibraryItem:
    """Give what was marked by hand the name and the year of its title."""
    title = _title_of(item, titles)
    is_by_hand = item.item_id.startswith(HAND_PREFIX)
    return (
        replace(item, name=title.title, year=title.year, runtime_min=title.runtime_min)
        if title and is_by_hand
        else item
    )
