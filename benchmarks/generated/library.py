"""A store that is full from the start: titles with details, lists and vectors, and one person who watched some."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from doublebill.core.history import hand_item_id
from doublebill.demo.catalogue import CatalogueTitle
from doublebill.model import Credit, Neighbour, NeighbourSource, Observation, Person, Title, TitleDetails, TitleKey
from doublebill.store.protocol import Store
from generated.services import NOW
from generated.titles import generated_titles, kind_of
from generated.world import Size

DIMENSIONS = 384
MODEL_ID = f"generated@1/d{DIMENSIONS}/t1"
PERSON = Person("00000000000000000000000000000001", "Ada")

BATCH = 1_000
CAST_KEPT = 20


@dataclass(frozen=True, slots=True)
class Lists:
    """How many entries the lists of each title have, and among how many titles they choose."""

    entries: int
    titles: int


def fill(store: Store, size: Size, entries: int) -> None:
    """Write the titles of a size with random lists and vectors, the first of them watched; about 1 ms for each."""
    rng, titles = np.random.default_rng(7), generated_titles(size.titles)
    while batch := list(islice(titles, BATCH)):
        lists = Lists(entries, size.titles)
        store.save_details([_details(title, lists, rng) for title in batch], NOW)
        keys = [title.key for title in batch]
        store.save_vectors(MODEL_ID, keys, [b"generated"] * len(keys), _unit_vectors(len(keys), rng))
    store.save_people([PERSON])
    store.record(list(_watches(size.watched)))


def _details(title: CatalogueTitle, lists: Lists, rng: np.random.Generator) -> TitleDetails:
    return TitleDetails(_title(title), tuple(_neighbours(lists, rng)))


def _title(title: CatalogueTitle) -> Title:
    cast = [Credit(name, "cast", place, character=role) for place, (name, role) in enumerate(title.cast[:CAST_KEPT])]
    makers = [Credit(name, "director" if title.directors else "creator", 0) for name in title.makers]
    return Title(
        key=title.key,
        title=title.title,
        released=title.released,
        genres=title.genres,
        overview=title.overview,
        original_language=title.language,
        vote_average=title.vote_average,
        vote_count=title.vote_count,
        popularity=title.popularity,
        keywords=title.keywords,
        credits=(*cast, *makers),
        runtime_min=title.runtime_min,
        imdb_id=title.imdb_id,
        tvdb_id=title.tvdb_id,
    )


def _neighbours(lists: Lists, rng: np.random.Generator) -> Iterator[Neighbour]:
    """Name random titles, half of them in either list."""
    numbers = np.unique(rng.integers(1, lists.titles + 1, lists.entries)).tolist()
    for place, number in enumerate(numbers):
        source = NeighbourSource.SIMILAR if place % 2 else NeighbourSource.RECOMMENDATIONS
        yield Neighbour(TitleKey(kind_of(number), number), source, place // 2)


def _unit_vectors(count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    vectors = rng.standard_normal((count, DIMENSIONS), dtype=np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _watches(count: int) -> Iterator[Observation]:
    for number in range(1, count + 1):
        item_id = hand_item_id(TitleKey(kind_of(number), number))
        yield Observation(PERSON.person_id, item_id, NOW, finished=True, play_count=1, last_played_at=NOW)
