"""Bodies and parameters that several groups of endpoints take."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, BeforeValidator, Field

from doublebill.errors import NotFound
from doublebill.model import Kind, TitleKey
from doublebill.sync.edition import Edition

LARGEST_ID = 2**31 - 1


def not_a_truth(value: object) -> object:
    """Refuse true and false where a number is wanted; pydantic would take them for 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("Input should be a number")
    return value


TmdbId = Annotated[int, Field(ge=1, le=LARGEST_ID, examples=[329865]), BeforeValidator(not_a_truth)]
QueryId = Annotated[int, Query(ge=1, le=LARGEST_ID)]
PathId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
OptionalKind = Annotated[Kind | None, Query(alias="type", description="Needed where the id names a film and a series.")]


class TitleBody(BaseModel):
    """A title, as scripts name it."""

    tmdb_id: TmdbId
    title: str | None = Field(None, max_length=500, examples=["Arrival"], description="Only for the message.")
    type: Kind | None = Field(None, description="Without it: the film of that id, else the series.")

    def name(self, key: TitleKey) -> str:
        """Give the title's name, as far as the caller told it."""
        return self.title or str(key)


class Said(BaseModel):
    """What came of it."""

    status: str = Field(examples=["success"])
    message: str


def known_key(edition: Edition, tmdb_id: int, kind: Kind | None) -> TitleKey:
    """Find the title of a bare id: of the kind asked for, else the film, else the series. Raises NotFound."""
    for key in (TitleKey(wanted, tmdb_id) for wanted in ([kind] if kind else Kind)):
        if edition.catalogue.row(key) is not None:
            return key
    raise NotFound(f"No {kind or 'film or series'} with the TMDB id {tmdb_id} is known here")


def likely_key(edition: Edition, tmdb_id: int, kind: Kind | None) -> TitleKey:
    """Find the title of a bare id, which need not be known here: then it is of the kind told, else a film."""
    try:
        return known_key(edition, tmdb_id, kind)
    except NotFound:
        return TitleKey(kind or Kind.MOVIE, tmdb_id)
