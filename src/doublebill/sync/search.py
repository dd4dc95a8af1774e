"""Finding titles here: by their words, by what they mean, or by both.

Words find what is typed, meaning what is described: "slow sad film about grief" stands in no plot. The decision a
reader would question is when meaning joins in by itself (``joins_in``): somebody who types a name wants that name, as
fast as they type, and what a text model makes of half a name is noise. So what is a name, or may become one, is left to
words, and a description brings meaning in. It depends on the query and the catalogue alone, so that the same words
always find the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from doublebill.core.fusion import fuse
from doublebill.core.meaning import nearest, similarities
from doublebill.embedding.protocol import Vectors
from doublebill.errors import EmbeddingError
from doublebill.model import SearchHit, TitleKey
from doublebill.store.words import words_of
from doublebill.sync.edition import Edition
from doublebill.sync.engine import Engine

Mode = Literal["auto", "words", "meaning"]
Method = Literal["bm25", "meaning", "bm25+meaning"]
Via = Literal["title", "words", "likeness", "meaning"]

POOL = 50
"""How many of each ranking are blended; the same for any limit, so that a longer answer begins like a shorter one."""

A_NAME_TYPED = 1
"""So many words are a name that is being typed."""

A_DESCRIPTION = 3
"""So many words that are no title's name describe one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A title that was found, and by what: its hit by words if it has one, else by meaning.

    ``similarity`` is the cosine with the query, 0..1, None where meaning was not asked or the title has no vector.
    """

    key: TitleKey
    hit: SearchHit | None
    similarity: float | None = None

    @property
    def via(self) -> Via:
        """By what it was found; words, which one can see, before meaning."""
        if self.hit is None:
            return "meaning"
        return "likeness" if self.hit.is_fuzzy else "title" if self.hit.is_in_name else "words"


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found, best first, and how; ``hint`` says why meaning, which was wanted, could not help."""

    found: tuple[Found, ...]
    method: Method
    hint: str | None = None


def search(engine: Engine, query: str, limit: int, mode: Mode = "auto") -> Findings:
    """Find titles; it may wait a moment for the text model, and without one words alone answer.

    Raises: StoreError.
    """
    words = words_of(query)
    if mode == "meaning" and words:
        return _by_meaning(engine, query, limit)
    hits = engine.store.search(query, limit)
    if mode == "auto" and joins_in(words, hits):
        return _blended(engine, query, hits, limit)
    return _by_words(hits)


def joins_in(words: Sequence[str], hits: Sequence[SearchHit]) -> bool:
    """Say whether meaning joins in: a description of three words or more, or two words that find nothing at all.

    One word never is a description, nor are words that stand in a title's name, the last also as a beginning.
    """
    if len(words) <= A_NAME_TYPED or any(hit.is_in_name for hit in hits):
        return False
    return len(words) >= A_DESCRIPTION or not hits


def _by_words(hits: Sequence[SearchHit], hint: str | None = None) -> Findings:
    return Findings(tuple(Found(hit.key, hit) for hit in hits), "bm25", hint)


def _by_meaning(engine: Engine, query: str, limit: int) -> Findings:
    edition = engine.edition
    try:
        vector = _vector(engine, edition, query)
    except EmbeddingError as error:
        return _by_words(engine.store.search(query, limit), _words_of(error))
    return Findings(_told(edition, vector, nearest(edition.catalogue, vector, limit), {}), "meaning")


def _blended(engine: Engine, query: str, hits: Sequence[SearchHit], limit: int) -> Findings:
    edition = engine.edition
    try:
        vector = _vector(engine, edition, query)
    except EmbeddingError as error:
        return _by_words(hits, _words_of(error))
    pool = hits if len(hits) < limit else engine.store.search(query, POOL)
    ranking = fuse([[hit.key for hit in pool], nearest(edition.catalogue, vector, POOL)])
    return Findings(_told(edition, vector, ranking[:limit], {hit.key: hit for hit in pool}), "bm25+meaning")


def _vector(engine: Engine, edition: Edition, query: str) -> Vectors:
    """Embed the query by the model that made the edition's vectors. Raises EmbeddingError if that cannot be."""
    if not edition.catalogue.has_vector.any():
        raise EmbeddingError("No plot has a vector yet", hint="A full sync makes them.")
    model = engine.model
    if model.model_id != edition.model_id:
        raise EmbeddingError("The text model is being changed", hint="Search again in a moment.")
    return engine.query_model.vector(model, query)


def _told(
    edition: Edition, vector: Vectors, keys: Sequence[TitleKey], hits: dict[TitleKey, SearchHit]
) -> tuple[Found, ...]:
    near = similarities(edition.catalogue, vector, keys)
    return tuple(Found(key, hits.get(key), near.get(key)) for key in keys)


def _words_of(error: EmbeddingError) -> str:
    """Say that words alone were searched, and why."""
    return " ".join(part.rstrip(".") + "." for part in ("Only words were searched", error.message, error.hint) if part)
