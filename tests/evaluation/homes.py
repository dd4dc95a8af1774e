"""Editions of thirty films, of which film n has 100 n votes, and people who watch one a day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from core.toys import NOW, catalogue, film, title, watch
from doublebill.core.profile import Circumstances, build_profile
from doublebill.core.recommend import Reader
from doublebill.model import Person, Title, TitleKey, Watch
from doublebill.store.protocol import Store
from doublebill.sync.edition import EVERYBODY, Edition
from doublebill.sync.titles import TitlesAtHand

FILMS = 30
ANN, BOB = Person("a", "Ann"), Person("b", "Bob")


def films(**facts: object) -> list[Title]:
    return [
        title(film(n), vote_count=100 * n, vote_average=7.0, released=date(1990, 1, 1), **facts)
        for n in range(1, FILMS + 1)
    ]


def all_lists() -> dict[TitleKey, Sequence[TitleKey]]:
    """Each film names the next one, and the last the first."""
    return {film(n): [film(n % FILMS + 1)] for n in range(1, FILMS + 1)}


def daily(ids: Iterable[int], **facts: object) -> list[Watch]:
    """A watch each day, in the order given, the last of them yesterday."""
    numbers = list(ids)
    days = [NOW - timedelta(days=len(numbers) - place) for place in range(len(numbers))]
    return [watch(film(n), last_played_at=day, **facts) for n, day in zip(numbers, days, strict=True)]


def edition_of(
    store: Store,
    histories: Mapping[Person, Sequence[Watch]],
    titles: Sequence[Title] | None = None,
    lists: dict[TitleKey, Sequence[TitleKey]] | None = None,
) -> Edition:
    """Publish these people's histories."""
    known = catalogue(films() if titles is None else titles, all_lists() if lists is None else lists)
    views = {person: [history] for person, history in histories.items()} | {EVERYBODY: list(histories.values())}
    readers = {
        person.person_id: Reader(known, build_profile(known, Circumstances(view, (), (), NOW)), store.titles)
        for person, view in views.items()
    }
    return Edition(known, readers, tuple(histories), 1, NOW, TitlesAtHand(store), None)
