"""A household of three, and the lists that TMDB gives for what they watched: together they name exactly one pool."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from doublebill.demo.catalogue import CatalogueTitle
from doublebill.demo.household import Household, Library, Mark, Member, Requests
from doublebill.demo.neighbours import NeighbourLists
from doublebill.model import Kind, TitleKey
from generated.titles import generated_titles

PAGE = 20
MOST_FOR_EACH = 2 * PAGE
"""One call shows the first page of two lists."""

PEOPLE = ("Ada", "Ben", "Cleo")
SHARED_EVERY = 5
MARKS = (Mark(), Mark(), Mark(share=0.5), Mark(plays=2, is_favorite=True), Mark(rating=8.0), Mark(rating=2.0))


@dataclass(frozen=True, slots=True)
class Size:
    """How many titles were watched, and how many others their lists name: at most 40 for each watched one."""

    watched: int = 1_000
    candidates: int = 10_000

    @property
    def titles(self) -> int:
        """How many titles there are in all."""
        return self.watched + self.candidates


class World:
    """All titles, the first of which were watched."""

    def __init__(self, size: Size) -> None:
        self.titles = tuple(generated_titles(size.titles))
        self._watched = self.titles[: size.watched]
        others = self.titles[size.watched :]
        self._pools = {kind: [title.key for title in others if title.key.kind is kind] for kind in Kind}
        self._dealt = self._deal()

    def neighbours(self, key: TitleKey) -> NeighbourLists:
        """Give the two lists of a title: what it was dealt, then what famous titles get everywhere."""
        chance = Random(str(key))
        pool, named = self._pools[key.kind], dict.fromkeys(self._dealt.get(key, ()))
        while len(named) < min(MOST_FOR_EACH, len(pool)):
            named[pool[int(len(pool) * chance.random() ** 2)]] = None
        shuffled = chance.sample(list(named), len(named))
        return NeighbourLists(tuple(shuffled[:PAGE]), tuple(shuffled[PAGE:]))

    def household(self) -> Household:
        """Let each person watch a third of the titles, and a fifth of all with the next person."""
        members = tuple(self._member(number, name) for number, name in enumerate(PEOPLE))
        return Household(members, Library(), Requests())

    def _deal(self) -> dict[TitleKey, Sequence[TitleKey]]:
        """Deal the candidates out, so that each stands in the lists of one watched title at least."""
        dealt: dict[TitleKey, Sequence[TitleKey]] = {}
        for kind, pool in self._pools.items():
            watched = [title.key for title in self._watched if title.key.kind is kind]
            for place, key in enumerate(watched):
                dealt[key] = pool[place :: len(watched)]
        return dealt

    def _member(self, person: int, name: str) -> Member:
        seen = [
            (number, title)
            for number, title in enumerate(self._watched)
            if number % len(PEOPLE) == person or (number % SHARED_EVERY == 0 and (number + 1) % len(PEOPLE) == person)
        ]
        return Member(name, "made up", _marks(seen, Kind.MOVIE), _marks(seen, Kind.TV))


def _marks(seen: Sequence[tuple[int, CatalogueTitle]], kind: Kind) -> dict[str, Mark]:
    return {title.title: MARKS[number % len(MARKS)] for number, title in seen if title.key.kind is kind}
