"""The vocabulary of doublebill: plain values that every other room may speak of.

Standard library only, frozen and slotted. Nothing here reads, asks, keeps or ranks. The one decision a reader may
question: a title is never a bare TMDB id. 605 is a film and a series, so its key is always (kind, id).
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, TypeAlias, get_args

HOUSEHOLD = "household"
"""The id and name of the built-in profile that is everybody together, each counted equally."""

PictureSize: TypeAlias = Literal["w92", "w154", "w185", "w300", "w342", "w500", "w780", "w1280"]
"""The widths of posters and backdrops that TMDB gives and pages use, in pixels."""

PICTURE_SIZES: tuple[PictureSize, ...] = get_args(PictureSize)
PICTURE_NAME = re.compile(r"[A-Za-z0-9]{10,64}\.(?:jpg|png)")


class Kind(StrEnum):
    """Whether a title is a film or a series, by TMDB's own names."""

    MOVIE = "movie"
    TV = "tv"


@dataclass(frozen=True, slots=True, order=True)
class TitleKey:
    """Name one title everywhere: its kind and its TMDB id (> 0)."""

    kind: Kind
    tmdb_id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.tmdb_id}"


@dataclass(frozen=True, slots=True)
class PictureKey:
    """Name one picture of TMDB in one width; one that could be anything else cannot be made (ValueError).

    Names go into paths and addresses, so they hold letters, digits and one known ending, and nothing else.
    """

    size: PictureSize
    name: str

    def __post_init__(self) -> None:
        if self.size not in PICTURE_SIZES or not PICTURE_NAME.fullmatch(self.name):
            raise ValueError("not the name of a picture")

    def __str__(self) -> str:
        return f"{self.size}/{self.name}"


@dataclass(frozen=True, slots=True)
class Credit:
    """One person's part in a title; ``position`` counts from 0 in the order of billing."""

    name: str
    role: Literal["cast", "director", "creator"]
    position: int
    person_id: int | None = None
    character: str | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """A franchise that a film belongs to."""

    collection_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Title:
    """What is known of a film or a series.

    A title from a list (``detailed_at`` is None) has no keywords, credits, collection, runtime, tagline, trailer or
    external ids yet. ``vote_average`` is 0..10 and None where nobody voted; ``trailer_id`` is a video's id at YouTube.
    Unknown is None, never 0 or "".
    """

    key: TitleKey
    title: str
    original_title: str | None = None
    released: date | None = None
    genres: tuple[str, ...] = ()
    overview: str | None = None
    original_language: str | None = None
    vote_average: float | None = None
    vote_count: int = 0
    popularity: float | None = None
    poster_path: str | None = None
    backdrop_path: str | None = None
    is_adult: bool = False
    keywords: tuple[str, ...] = ()
    credits: tuple[Credit, ...] = ()
    collection: Collection | None = None
    runtime_min: int | None = None
    episode_count: int | None = None
    imdb_id: str | None = None
    tvdb_id: int | None = None
    tagline: str | None = None
    trailer_id: str | None = None
    detailed_at: datetime | None = None

    @property
    def year(self) -> int | None:
        """The calendar year of the first release, if known."""
        return self.released.year if self.released else None


class NeighbourSource(StrEnum):
    """Which of TMDB's two lists a neighbour stands in; ``recommendations`` carries far more signal than ``similar``."""

    RECOMMENDATIONS = "recommendations"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One entry of the list that TMDB gives for a title; ``position`` counts from 0."""

    key: TitleKey
    source: NeighbourSource
    position: int


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the household: a Jellyfin user, by Jellyfin's id."""

    person_id: str
    name: str


@dataclass(frozen=True, slots=True)
class LibraryItem:
    """A film, series or episode in Jellyfin's library.

    ``key`` is the title that the item is (for an episode: that its series is), None while unresolved; then
    ``unresolved`` says why. For an episode ``tmdb_id``, ``imdb_id`` and ``tvdb_id`` are None: Jellyfin's are the
    episode's, not the series'.
    """

    item_id: str
    item_kind: Literal["movie", "series", "episode"]
    name: str
    year: int | None = None
    tmdb_id: int | None = None
    imdb_id: str | None = None
    tvdb_id: int | None = None
    series_item_id: str | None = None
    series_name: str | None = None
    season: int | None = None
    episode: int | None = None
    runtime_min: float | None = None
    key: TitleKey | None = None
    unresolved: str | None = None

    @property
    def kind(self) -> Kind:
        """The kind of the title that this item belongs to."""
        return Kind.MOVIE if self.item_kind == "movie" else Kind.TV


@dataclass(frozen=True, slots=True)
class Observation:
    """What Jellyfin said, at ``observed_at``, of one person and one film or episode.

    The watch ledger is a list of these and only grows. ``position`` is how far the last play came, 0..1, None when the
    item is finished or untouched. ``play_count`` counts starts, not ends. ``rating`` is 0..10. ``removed`` marks an
    entry by which the person took the item out of their history; what came before it no longer counts.
    """

    person_id: str
    item_id: str
    observed_at: datetime
    finished: bool = False
    play_count: int = 0
    position: float | None = None
    last_played_at: datetime | None = None
    is_favorite: bool = False
    likes: bool | None = None
    rating: float | None = None
    removed: bool = False

    @property
    def is_trace(self) -> bool:
        """Whether the person ever did anything with the item."""
        return bool(
            self.finished
            or self.play_count
            or self.position
            or self.is_favorite
            or self.likes is not None
            or self.rating is not None
        )


@dataclass(frozen=True, slots=True)
class Watch:
    """What one person did with one title, folded from the ledger.

    ``completion`` is the share of the film, or of the series' known episodes, that was seen (0..1). ``plays`` is how
    often it was begun (for a series: the plays of its most played episode). ``episodes`` counts finished episodes, 1
    or 0 for a film.
    """

    person_id: str
    key: TitleKey
    completion: float
    plays: int
    episodes: int
    last_played_at: datetime | None
    is_favorite: bool
    likes: bool | None
    rating: float | None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Hide:
    """A title that a person does not want to see until a moment."""

    person_id: str
    key: TitleKey
    hidden_at: datetime
    until: datetime


class Formula(StrEnum):
    """How the four components come about: as well as one household's history allows, or in the plain form."""

    DEFAULT = "default"
    CLASSIC = "classic"


@dataclass(frozen=True, slots=True)
class Weights:
    """The four dials of the hybrid score; each >= 0 and not all 0. ``normalised`` makes them sum to 1.

    ``formula`` says of which components they are the weights.
    """

    content: float = 0.40
    collaborative: float = 0.30
    quality: float = 0.20
    confidence: float = 0.10
    formula: Formula = field(default=Formula.DEFAULT, kw_only=True)

    def __post_init__(self) -> None:
        parts = self.parts
        if not all(0 <= part < float("inf") for part in parts) or sum(parts) <= 0:
            raise ValueError("weights are finite, not negative, and not all zero")

    @property
    def parts(self) -> tuple[float, float, float, float]:
        """The weights in the order of the component columns."""
        return (self.content, self.collaborative, self.quality, self.confidence)

    def normalised(self) -> "Weights":
        """Scale the weights so that they sum to 1; what sums to 1 stays as it is, to the last bit."""
        total = sum(self.parts)
        return Weights(*(round(part / total, 12) for part in self.parts), formula=self.formula)


@dataclass(frozen=True, slots=True)
class Scores:
    """A pick's score and its parts, each 0..1; a component that knows nothing of the title is None.

    hybrid = sum of weight x component over the known components / sum of their weights - penalty, not below 0.
    """

    hybrid: float
    content: float | None
    collaborative: float | None
    quality: float | None
    confidence: float | None
    penalty: float = 0.0

    @property
    def components(self) -> dict[str, float | None]:
        """The four components by name, in the order of the weights."""
        return {
            "content": self.content,
            "collaborative": self.collaborative,
            "quality": self.quality,
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True)
class Reason:
    """One short line that says why, and the part of the score (0..1) that it accounts for."""

    text: str
    component: Literal["content", "collaborative", "quality", "confidence"]
    share: float
    because_of: tuple[TitleKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Pick:
    """One recommended title: what it is, what it scored, and why."""

    title: Title
    scores: Scores
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TitleDetails:
    """All that one details call tells: the title, its two neighbour lists, and what these say of their entries."""

    title: Title
    neighbours: tuple[Neighbour, ...] = ()
    listed: tuple[Title, ...] = ()


class SyncKind(StrEnum):
    """How much a sync does: ``light`` reads history and library, ``full`` also asks TMDB and embeds."""

    LIGHT = "light"
    FULL = "full"


class SyncStatus(StrEnum):
    """How a sync stands or ended."""

    RUNNING = "running"
    SUCCESS = "success"
    ERROR = "error"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """How large the database is, and of which version its tables are."""

    size_bytes: int
    schema_version: int


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a text model; ``digest`` is ``sha256:HEX``, or ``git:HEX`` (of the blob), None where nobody says."""

    path: str
    size_bytes: int
    digest: str | None


@dataclass(frozen=True, slots=True)
class ModelSnapshot:
    """A text model as it was published at one moment: the revision, and its files."""

    revision: str
    files: tuple[ModelFile, ...]

    @property
    def size_bytes(self) -> int:
        """How large all files are together."""
        return sum(file.size_bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class SyncRun:
    """One run of the sync: what, when, how it went, and what it skipped (reason -> count)."""

    run_id: int
    kind: SyncKind
    started_at: datetime
    finished_at: datetime | None
    status: SyncStatus
    message: str
    skipped: dict[str, int]


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A title that a local search found; ``score`` is > 0 and compares within one answer only.

    ``is_fuzzy`` marks one whose name only looks like what was typed, ``is_in_name`` one whose name has all the words.
    """

    key: TitleKey
    score: float
    is_fuzzy: bool
    is_in_name: bool = False
