"""Local search: BM25 over what titles say, and names that look alike where hardly anything has the words.

The index is FTS5 (https://sqlite.org/fts5.html) in the same file and the same transactions as the titles; no list is
kept in memory. A reader may question that only the most voted matches are ranked. A prefix of one letter matches half
of all titles, and ranking them takes a hundred times as long as a person takes to type the next letter; titles come
before anything else, so what is left out has the words only in passing and hardly any votes.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import log10

from rapidfuzz import fuzz, process

from doublebill.core.columns import key_of
from doublebill.model import SearchHit
from doublebill.store.connections import Table
from doublebill.store.rows import Row
from doublebill.store.words import code_at, words_of

MAX_WORDS = 12
"""Of a longer query the first words count."""

MAX_LETTERS = 400
"""Of a longer query the first letters are looked at."""

_POOL = 100  # the most voted matches that are ranked; half a millisecond of bm25() each hundred
_FEW = 3  # with fewer matches, names that look alike are added
_SHORT = 3  # a word as short as this begins so many others that it is also looked for whole
_LEAST_FUZZY = 4  # shorter queries look like everything
_LOOKALIKES = 100
_RUNS = 10  # of a long name, so many parts spread over it are looked for
_CUTOFF = 75.0  # of 100: one wrong letter in four, or one swap in five ("alein"), passes
_LEAST_RELEVANCE = 1e-6  # as FTS5's own floor

_SOURCE = """
    SELECT place, title, original_title, people, keywords, genres, overview, names
    FROM search_source WHERE code IN (SELECT value FROM json_each(?))
"""
_COLUMNS = "rowid, title, original_title, people, keywords, genres, overview"
_ADD = f"INSERT INTO search ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - columns of ours
_TAKE_OUT = f"INSERT INTO search (search, {_COLUMNS}) VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608

# The rows come in the order of `place`, so the limit is what keeps a common word cheap.
_MATCHES = """
    SELECT place, relevance, names, vote_count FROM (
        SELECT rowid AS place, -bm25(search, 10, 6, 4, 3, 2, 1) AS relevance
        FROM search WHERE search MATCH ? ORDER BY rowid LIMIT ?
    )
    CROSS JOIN search_name ON search_name.rowid = place
    CROSS JOIN title ON title.code = place & 0xFFFFFFFFFFFF
"""
_NAMES = "SELECT rowid, names FROM search_name WHERE search_name MATCH ? ORDER BY rowid LIMIT ?"


@dataclass(frozen=True, slots=True)
class _Match:
    score: float
    votes: int
    is_in_name: bool


class SearchTable(Table):
    """Search titles."""

    def search(self, query: str, limit: int) -> list[SearchHit]:
        """Give the titles that have all words of a query, the last one also as the beginning of a word, best first.

        score = tier + r / (1 + r), r = BM25 x (1 + log10(1 + votes) / 4). The tier is 2 if the query is the whole title
        or original title, 1 if its words stand in them, else 0: BM25 saturates, so weights alone could not put titles
        first. With fewer than three, names that look alike follow, marked fuzzy and scored below.
        Cost: for 100,000 titles 5 ms in the median and 20 ms at the 99th percentile, on two cores; most of that is
        FTS5 counting the titles that have a common word or a short prefix.
        """
        words = words_of(query[:MAX_LETTERS])[:MAX_WORDS]
        if not words or limit <= 0:
            return []
        with self._database.reading() as connection:
            matches = _matches(connection, words, limit)
            hits = [SearchHit(key_of(code), match.score, False, match.is_in_name) for code, match in _ranked(matches)]
            if len(hits) < _FEW:
                hits += _lookalikes(connection, " ".join(words), hits)
        return hits[:limit]


@contextmanager
def index_kept(connection: sqlite3.Connection, codes: Iterable[int]) -> Iterator[None]:
    """Keep the index in step with what happens inside to the titles of those codes, in the transaction around it."""
    wanted = json.dumps(list(codes))
    before = _source(connection, wanted)
    yield
    after = _source(connection, wanted)
    gone = sorted(before - after)
    connection.executemany(_TAKE_OUT, [row[:-1] for row in gone])
    connection.executemany("DELETE FROM search_name WHERE rowid = ?", [row[:1] for row in gone])
    new = sorted(after - before)
    connection.executemany(_ADD, [row[:-1] for row in new])
    connection.executemany("INSERT INTO search_name (rowid, names) VALUES (?, ?)", [(row[0], row[-1]) for row in new])


def _source(connection: sqlite3.Connection, codes: str) -> set[Row]:
    return set(connection.execute(_SOURCE, (codes,)))


def _matches(connection: sqlite3.Connection, words: Sequence[str], limit: int) -> dict[int, _Match]:
    """Give the matches by code: in titles, and anywhere if these are fewer than the limit."""
    name = " ".join(words)
    found: dict[int, _Match] = {}
    for is_in_title, expression in _expressions(words):
        if not is_in_title and len(found) >= limit:
            break
        for place, relevance, names, votes in connection.execute(_MATCHES, (expression, _POOL)):
            tier = 2 if name in _lines(names) else int(is_in_title)
            found.setdefault(code_at(place), _Match(tier + _saturated(relevance, votes), votes, is_in_title))
    return found


def _saturated(relevance: float, votes: int) -> float:
    """Weigh relevance by votes and bring it into 0..1; a word that nearly all titles have is worth next to nothing."""
    weighed = max(relevance, _LEAST_RELEVANCE) * (1 + log10(1 + votes) / 4)
    return weighed / (1 + weighed)


def _expressions(words: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """Give what to ask FTS5, narrowest first, and whether it is about titles only.

    Words hold letters and digits only, so quotes make them safe.
    """
    whole = " ".join(f'"{word}"' for word in words)
    if len(words[-1]) <= _SHORT:
        yield True, f"{{title original_title}} : ({whole})"
    yield True, f"{{title original_title}} : ({whole}*)"
    yield False, f"{whole}*"


def _ranked(matches: dict[int, _Match]) -> list[tuple[int, _Match]]:
    """Sort by score, then votes, then key."""
    return sorted(matches.items(), key=lambda entry: (-entry[1].score, -entry[1].votes, key_of(entry[0])))


def _lookalikes(connection: sqlite3.Connection, name: str, hits: Sequence[SearchHit]) -> list[SearchHit]:
    """Give titles whose names look like what was typed, scored below the given hits, more alike and more voted first.

    Candidates share an unbroken run of letters with it; the Indel similarity (rapidfuzz) decides.
    """
    if len(name) < _LEAST_FUZZY:
        return []
    ceiling = min((hit.score for hit in hits), default=1.0)
    known = {hit.key for hit in hits}
    alike = _likenesses(name, _candidates(connection, name))
    best = sorted(alike.items(), key=lambda entry: (-entry[1], entry[0]))
    found = [SearchHit(key_of(code_at(place)), likeness / 101 * ceiling, True) for place, likeness in best]
    return [hit for hit in found if hit.key not in known]


def _candidates(connection: sqlite3.Connection, name: str) -> set[tuple[int, str]]:
    """Give (place, names) of the most voted titles that begin a word alike or share a run of letters."""
    padded = f" {name}"
    length = min(5, max(3, len(padded) // 3))
    starts = range(0, len(padded) - length + 1, 1 + len(padded) // _RUNS)
    runs = [padded[start : start + length] for start in starts]
    questions = [_trigrams(padded[:3]), " OR ".join(f"({_trigrams(run)})" for run in runs)]
    return {row for question in questions for row in connection.execute(_NAMES, (question, _LOOKALIKES))}


def _trigrams(run: str) -> str:
    return " AND ".join(f'"{run[start : start + 3]}"' for start in range(len(run) - 2))


def _likenesses(name: str, candidates: Iterable[tuple[int, str]]) -> dict[int, float]:
    """Give by place how alike the best of its names is, above the cut-off to 100: its best part, and all of it."""
    lines = [(place, line) for place, names in candidates for line in _lines(names) if len(line) >= len(name) - 2]
    parts = process.extract(
        name, [line for _, line in lines], scorer=fuzz.partial_ratio, score_cutoff=_CUTOFF, limit=None
    )
    alike: dict[int, float] = {}
    for line, part, index in parts:
        place = lines[index][0]
        alike[place] = max(alike.get(place, 0.0), 0.8 * part + 0.2 * fuzz.ratio(name, line))
    return alike


def _lines(names: str) -> list[str]:
    return [line.strip() for line in names.splitlines()]
