"""Searching TMDB by title, actor and director at once, in a bounded number of calls.

TMDB knows no such search. It is put together from one search by title, one by person, and the works of the few people
whose name fits best: five calls at most, never one for each title.
"""

import asyncio
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from doublebill.model import Title, TitleKey
from doublebill.sources.tmdb import Tmdb, TmdbPerson, Works

MOST_PEOPLE = 3
"""With the two searches, five calls."""

PER_PAGE = 20
MOST_PAGES = 3


@dataclass(frozen=True, slots=True)
class Match:
    """A title that was found, and by what: ``title``, ``actor:NAME`` or ``director:NAME``."""

    title: Title
    matched_via: str


async def search_by_title(tmdb: Tmdb, query: str, limit: int) -> list[Match]:
    """Give the titles whose name fits, in TMDB's order; one call for each 20 wanted, three at most."""
    pages = min(MOST_PAGES, -(-limit // PER_PAGE))
    return _merged((Match(title, "title") for title in await tmdb.search_titles(query, pages=pages)), limit)


async def search_everything(tmdb: Tmdb, query: str, limit: int) -> list[Match]:
    """Give titles by name, then by who plays in them or made them, each once; five calls at most."""
    if not query.strip():
        return []
    found, people = await asyncio.gather(tmdb.search_titles(query), tmdb.search_people(query))
    fitting = [person for person in people if _fits(person.name, query)][:MOST_PEOPLE]
    works = await asyncio.gather(*(tmdb.works(person) for person in fitting))
    return _merged(_matches(found, zip(fitting, works, strict=True)), limit)


def _matches(found: Iterable[Title], credited: Iterable[tuple[TmdbPerson, Works]]) -> Iterator[Match]:
    for title in found:
        yield Match(title, "title")
    parts = [
        Match(title, f"{role}:{person.name}")
        for person, works in credited
        for role, titles in (("director", works.directed), ("actor", works.played))
        for title in titles
    ]
    yield from sorted(parts, key=lambda match: -match.title.vote_count)


def _merged(matches: Iterable[Match], limit: int) -> list[Match]:
    """Keep the first mention of each title."""
    first: dict[TitleKey, Match] = {}
    for match in matches:
        first.setdefault(match.title.key, match)
    return list(first.values())[:limit]


def _fits(name: str, query: str) -> bool:
    """Say whether every word of the query begins a word of the name, without case and accents."""
    words = _words(name)
    return all(any(word.startswith(wanted) for word in words) for wanted in _words(query))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"\w+", "".join(letter for letter in plain if not unicodedata.combining(letter)))
