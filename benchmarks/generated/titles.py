"""Made-up films and series, as long in words as real ones: the vocabulary is that of the demo's overviews."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from doublebill.demo.catalogue import CatalogueTitle, load_catalogue
from doublebill.demo.genres import GENRES
from doublebill.model import Kind, TitleKey

SERIES_EVERY = 5
"""Each fifth title is a series."""

TODAY = date(2026, 3, 1)
OLDEST_DAYS = 25_000
OVERVIEW_WORDS = (25, 95)
CAST = 30
PEOPLE = 20_000


def kind_of(number: int) -> Kind:
    """Say what the title of a number is."""
    return Kind.MOVIE if number % SERIES_EVERY else Kind.TV


def generated_titles(count: int) -> Iterator[CatalogueTitle]:
    """Make titles with the ids 1 to ``count``, the same ones each time; about 0.1 ms for each."""
    make = _Maker(Random(7))
    for number in range(1, count + 1):
        yield make.film(number) if kind_of(number) is Kind.MOVIE else make.series(number)


class _Maker:
    def __init__(self, chance: Random) -> None:
        self._chance = chance
        text = " ".join(title.overview for title in load_catalogue()).lower()
        self._words = re.findall(r"[a-z]{3,}", text)  # with repeats: frequent words stay frequent
        self._people = [self._name(2) for _ in range(PEOPLE)]

    def film(self, number: int) -> CatalogueTitle:
        runtime_min = self._chance.randint(75, 180)
        return self._title(number, Kind.MOVIE, runtime_min, directors=(self._person(),))

    def series(self, number: int) -> CatalogueTitle:
        seasons = self._chance.randint(1, 5)
        episodes = seasons * self._chance.randint(6, 10)
        runtime_min = self._chance.randint(20, 60)
        return self._title(
            number, Kind.TV, runtime_min, creators=(self._person(),), seasons=seasons, episodes=episodes, tvdb_id=number
        )

    def _title(self, number: int, kind: Kind, runtime_min: int, **facts: object) -> CatalogueTitle:
        chance = self._chance
        return CatalogueTitle(
            key=TitleKey(kind, number),
            title=f"{self._name(chance.randint(1, 4))} {number}",
            released=TODAY - timedelta(days=chance.randint(1, OLDEST_DAYS)),
            genres=tuple(chance.sample(list(GENRES[kind]), chance.randint(1, 4))),
            keywords=tuple(dict.fromkeys(chance.choices(self._words, k=chance.randint(3, 15)))),
            overview=" ".join(chance.choices(self._words, k=chance.randint(*OVERVIEW_WORDS))).capitalize() + ".",
            runtime_min=runtime_min,
            vote_average=round(chance.uniform(4, 9), 3),
            vote_count=int(10 ** chance.uniform(0, 4.5)),
            popularity=round(chance.expovariate(0.1), 3),
            imdb_id=f"tt{number:07}",
            cast=tuple(zip(chance.choices(self._people, k=CAST), chance.choices(self._people, k=CAST), strict=True)),
            **facts,  # type: ignore[arg-type]  # the few facts that only films or only series have
        )

    def _person(self) -> str:
        return self._chance.choice(self._people)

    def _name(self, words: int) -> str:
        return " ".join(self._chance.choices(self._words, k=words)).title()
