"""What the played TMDB looks up: titles by id, external id and words, people, and what is new on its day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from doublebill.demo.catalogue import CatalogueTitle
from doublebill.demo.ids import person_id
from doublebill.demo.search import TitleSearch, fold
from doublebill.model import Kind, TitleKey

NEWS_LENGTH = 60


@dataclass(frozen=True, slots=True)
class PersonFound:
    """An actor, director or creator, and the titles they took part in."""

    name: str
    titles: list[CatalogueTitle]

    @property
    def popularity(self) -> float:
        """How much the world looks at them: all of their titles together."""
        return sum(title.popularity for title in self.titles)

    @property
    def acts(self) -> bool:
        """Whether they stand before a camera anywhere."""
        return any(self.name == actor for title in self.titles for actor, _ in title.cast)

    @property
    def known_for(self) -> list[CatalogueTitle]:
        """Their three most popular titles."""
        return sorted(self.titles, key=lambda title: (-title.popularity, title.key))[:3]


class TmdbIndex:
    """Find titles and people of a catalogue; `today` is the day of everything that is new."""

    def __init__(self, titles: Sequence[CatalogueTitle], today: date | None = None) -> None:
        self.titles = {title.key: title for title in titles}
        self.people = _people(titles)
        self._people_names = [(f" {fold(person.name)}", person) for person in self.people.values()]
        self._search = TitleSearch(titles)
        self._by_external_id = _external_ids(titles)
        self._today = today or max((title.released for title in titles if title.released), default=date.min)

    def known(self, keys: Iterable[TitleKey]) -> list[CatalogueTitle]:
        """Give the titles that the catalogue has of those named."""
        return [self.titles[key] for key in keys if key in self.titles]

    def of_kind(self, kind: Kind) -> list[CatalogueTitle]:
        """Give all films or all series."""
        return [title for title in self.titles.values() if title.key.kind is kind]

    def by_external_id(self, source: str, external_id: str) -> list[CatalogueTitle]:
        """Give the titles that carry an id elsewhere; `source` is TMDB's name of the place, such as `imdb_id`."""
        return self._by_external_id.get((source, external_id), [])

    def named(self, query: str, kind: Kind | None) -> list[CatalogueTitle]:
        """Give the titles with these words in their names, of one kind or of both."""
        return [title for title in self._search.find(query) if kind in (None, title.key.kind)]

    def people_named(self, query: str) -> list[PersonFound]:
        """Give the people with these words in their names, the best known first."""
        words = [f" {word}" for word in fold(query).split()]
        found = [person for name, person in self._people_names if all(word in name for word in words)]
        return sorted(found, key=lambda person: (-person.popularity, person.name))

    def trending(self, kind: Kind | None, half_life_days: int) -> list[CatalogueTitle]:
        """Give what is out by popularity, which counts half at an age of `half_life_days`."""
        titles = [title for title in self._released() if kind in (None, title.key.kind)]
        return sorted(
            titles, key=lambda title: (-title.popularity / (1 + self._age_days(title) / half_life_days), title.key)
        )

    def newest(self, kind: Kind) -> list[CatalogueTitle]:
        """Give the films or series that came out last, newest first."""
        titles = [title for title in self._released() if title.key.kind is kind]
        return sorted(titles, key=lambda title: (self._age_days(title), title.key))[:NEWS_LENGTH]

    def _released(self) -> list[CatalogueTitle]:
        return [title for title in self.titles.values() if title.released and title.released <= self._today]

    def _age_days(self, title: CatalogueTitle) -> int:
        return (self._today - (title.released or date.min)).days


def _external_ids(titles: Sequence[CatalogueTitle]) -> dict[tuple[str, str], list[CatalogueTitle]]:
    found: defaultdict[tuple[str, str], list[CatalogueTitle]] = defaultdict(list)
    for title in titles:
        if title.imdb_id:
            found["imdb_id", title.imdb_id].append(title)
        if title.tvdb_id:
            found["tvdb_id", str(title.tvdb_id)].append(title)
    return dict(found)


def _people(titles: Sequence[CatalogueTitle]) -> dict[int, PersonFound]:
    people: dict[int, PersonFound] = {}
    for title in titles:
        for name in dict.fromkeys((*title.makers, *(actor for actor, _ in title.cast))):
            people.setdefault(person_id(name), PersonFound(name, [])).titles.append(title)
    return people
