"""What the tests of taking over share: the terms, a short word for it, and all that it can write."""

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from doublebill.core.history import fold
from doublebill.model import HOUSEHOLD, Kind, Person, TitleKey, Watch
from doublebill.store import SqliteStore
from doublebill.sync.legacy import Terms, take_over
from doublebill.sync.legacy_report import Report
from sync.house import NOW
from sync.legacy_folder import LOCAL

TERMS = Terms(NOW, zone=ZoneInfo(LOCAL))


def movie(number: int) -> TitleKey:
    return TitleKey(Kind.MOVIE, number)


def tv(number: int) -> TitleKey:
    return TitleKey(Kind.TV, number)


def take(folder: Path, store: SqliteStore, **changes: object) -> Report:
    return take_over(folder, store, replace(TERMS, **changes))


def state(store: SqliteStore) -> dict[str, object]:
    """Give all that an import can write."""
    people = [*store.people(), Person(HOUSEHOLD, HOUSEHOLD)]
    keys = list(store.detail_ages())
    edges = store.edge_columns()
    return {
        "people": people,
        "items": store.items(),
        "held": store.held(),
        "ledger": {person.person_id: store.observations(person.person_id) for person in people},
        "titles": store.titles(keys),
        "ages": store.detail_ages(),
        "edges": (edges.sources.tolist(), edges.targets.tolist(), edges.is_recommendation.tolist()),
        "hides": {person.person_id: store.hides(person.person_id, NOW) for person in people},
        "weights": {person.person_id: store.weights(person.person_id) for person in people},
        "runs": store.sync_runs(9),
    }


def watches_of(store: SqliteStore, person_id: str) -> dict[TitleKey, Watch]:
    items = {item.item_id: item for item in store.items()}
    return {watch.key: watch for watch in fold(store.observations(person_id), items)}
