"""The two lists that TMDB gives for a title, computed from the catalogue.

`recommendations` imitates what an audience would have watched too: franchise, makers, themes, cast, era, and fame.
`similar` imitates TMDB's plain matching of keywords and genres, which is plainly noisier. Both are worked out per
title on first use from inverted indices, so that a catalogue of 11,000 costs milliseconds per title.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import log, log10
from zlib import crc32

from doublebill.demo.catalogue import CatalogueTitle
from doublebill.model import Kind, TitleKey

LIST_LENGTH = 60
"""Entries per list: three pages, of which clients read one."""

_WIDEST_POSTING = 400
"""A trait shared by more titles than this says too little to be worth its cost."""

_SHORTLIST = 200
_GENRE_SAMPLE = 80
_TRAIT_WEIGHTS = {"collection": 3.0, "maker": 1.6, "cast": 0.8, "keyword": 1.0}

Trait = tuple[str, str]


@dataclass(frozen=True, slots=True)
class NeighbourLists:
    """What stands beside one title in TMDB, best first; keys that the catalogue lacks are skipped by the service."""

    recommendations: tuple[TitleKey, ...] = ()
    similar: tuple[TitleKey, ...] = ()


NeighbourSource = Callable[[TitleKey], NeighbourLists]
"""Gives the lists of a title; `mapping.__getitem__` is one."""


class CatalogueNeighbours:
    """Work out the neighbour lists of each title of a catalogue; the same catalogue always gives the same lists.

    Inside, titles are their positions in the catalogue, the famous first: hashing a number is what makes this fast.
    """

    def __init__(self, titles: Sequence[CatalogueTitle]) -> None:
        self._titles = sorted(titles, key=lambda title: (-title.vote_count, title.key))
        self._positions = {title.key: position for position, title in enumerate(self._titles)}
        self._counts = {kind: sum(title.key.kind is kind for title in titles) for kind in Kind}
        self._postings = _index(self._titles)
        self._lists: dict[TitleKey, NeighbourLists] = {}

    def __call__(self, key: TitleKey) -> NeighbourLists:
        """Give the lists of a title of the catalogue; films neighbour films, series neighbour series."""
        if key not in self._lists:
            position = self._positions[key]
            self._lists[key] = NeighbourLists(self._recommendations(position), self._similar(position))
        return self._lists[key]

    def _recommendations(self, position: int) -> tuple[TitleKey, ...]:
        title, shared = self._titles[position], self._shared_traits(position)
        pool = {*nlargest(_SHORTLIST, shared, key=shared.__getitem__), *self._famous_kin(position)} - {position}
        return self._best({other: _appeal(title, self._titles[other], shared.get(other, 0.0)) for other in pool})

    def _similar(self, position: int) -> tuple[TitleKey, ...]:
        title = self._titles[position]
        scores: defaultdict[int, float] = defaultdict(float)
        for word in title.keywords:
            for other in self._posting(title, ("keyword", word)):
                scores[other] += 1.0
        for genre in title.genres:
            for other in self._genre_sample(title, genre):
                scores[other] += 0.5
        scores.pop(position, None)
        return self._best(
            {other: score + 2.5 * _chance(title.key, self._titles[other].key) for other, score in scores.items()}
        )

    def _shared_traits(self, position: int) -> dict[int, float]:
        title = self._titles[position]
        weights: defaultdict[int, float] = defaultdict(float)
        for trait in _traits(title):
            others = self._posting(title, trait)
            weight = _TRAIT_WEIGHTS[trait[0]] * log(1 + self._counts[title.key.kind] / (1 + len(others)))
            for other in others:
                weights[other] += weight
        return weights

    def _famous_kin(self, position: int) -> list[int]:
        """The best known titles of its first two genres: an audience drifts to those whatever else they share."""
        title = self._titles[position]
        return [other for genre in title.genres[:2] for other in self._genre(title, genre)[:40]]

    def _genre_sample(self, title: CatalogueTitle, genre: str) -> list[int]:
        """A slice of the genre that begins at a place of the title's own, so that it is not always the same titles."""
        others = self._genre(title, genre)
        start = crc32(f"{title.key}/{genre}".encode()) % len(others)
        return (others[start:] + others[:start])[:_GENRE_SAMPLE]

    def _posting(self, title: CatalogueTitle, trait: Trait) -> list[int]:
        others = self._postings[title.key.kind, trait]
        return others if len(others) <= _WIDEST_POSTING else []

    def _genre(self, title: CatalogueTitle, genre: str) -> list[int]:
        return self._postings[title.key.kind, ("genre", genre)]

    def _best(self, scores: dict[int, float]) -> tuple[TitleKey, ...]:
        best = nlargest(LIST_LENGTH, scores, key=lambda other: (scores[other], -other))
        return tuple(self._titles[other].key for other in best)


def _index(titles: Sequence[CatalogueTitle]) -> dict[tuple[Kind, Trait], list[int]]:
    postings: defaultdict[tuple[Kind, Trait], list[int]] = defaultdict(list)
    for position, title in enumerate(titles):
        for trait in (*_traits(title), *(("genre", genre) for genre in title.genres)):
            postings[title.key.kind, trait].append(position)
    return dict(postings)


def _traits(title: CatalogueTitle) -> Iterator[Trait]:
    if title.collection:
        yield "collection", title.collection
    yield from dict.fromkeys(("maker", name) for name in title.makers)
    yield from dict.fromkeys(("cast", actor) for actor, _ in title.cast)
    yield from dict.fromkeys(("keyword", word) for word in title.keywords)


def _appeal(title: CatalogueTitle, other: CatalogueTitle, shared: float) -> float:
    """How likely an audience of the one has seen the other: what they share, times how known the other is."""
    genres = set(title.genres) | set(other.genres)
    kinship = len(set(title.genres) & set(other.genres)) / len(genres) if genres else 0.0
    tongue = 1.0 if title.language == other.language else 0.0
    fame = 0.4 + log10(10 + other.vote_count) / 5
    # A rare word in common means little between a film for children and a tragedy.
    return (shared * (0.4 + kinship) + 5.0 * kinship + 2.0 * _same_era(title, other) + tongue) * fame


def _same_era(title: CatalogueTitle, other: CatalogueTitle) -> float:
    if title.year is None or other.year is None:
        return 0.0
    return max(0.0, 1 - abs(title.year - other.year) / 25)


def _chance(first: TitleKey, second: TitleKey) -> float:
    """A number in 0..1 that depends on the pair alone (Knuth's multiplicative hashing)."""
    return ((first.tmdb_id * 2654435761 ^ second.tmdb_id) * 2654435761 % 2**32) / 2**32
