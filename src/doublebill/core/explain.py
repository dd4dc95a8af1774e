"""Why a title is picked: the score taken apart again.

The explanation is the arithmetic. The cosine with a mean vector is a sum over the watched titles, and so is the count
of those that name a candidate, so the titles in a reason are the largest summands and its share is what its component
contributes to the score. Only the words around them are ours.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from doublebill.core.catalogue import Catalogue, Rows
from doublebill.core.profile import Profile
from doublebill.core.scoring import COMPONENTS, PLACES, Floats
from doublebill.model import Formula, Reason, Scores, Title, TitleKey, Weights

Lookup = Callable[[Sequence[TitleKey]], Mapping[TitleKey, Title]]
"""Gives what is known of the titles asked for, such as ``Store.titles``."""

WITNESSES = 3
"""How many watched titles are looked at for what they share with a pick."""

MAX_REASONS = 2
MAX_SHARED = 3

PRODUCTION_NOTES = frozenset(
    {"based on novel or book", "based on true story", "based on comic", "sequel", "prequel", "remake", "woman director"}
)
"""Keywords by which TMDB says how a title was made; that two have one in common is no reason to like both."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A watched title that speaks for a pick, and the part of its component (0..1) that is its own."""

    row: int
    share: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one candidate: the titles that name it, the strongest first, and those nearest to it.

    ``near_part``: how much of the content component (0..1) the nearest account for: in the plain form it is made of
    nothing but nearness, else the rest are habits and what is farther away.
    """

    naming: tuple[Witness, ...]
    nearest: tuple[Witness, ...]
    naming_count: int
    near_part: float = 1.0

    @property
    def rows(self) -> list[int]:
        """The catalogue rows of all witnesses."""
        return [witness.row for witness in (*self.naming, *self.nearest)]


def take_apart(components: Floats, penalty: float, weights: Weights) -> Scores:
    """Give one candidate's score with its parts, on the shown grid, so that they add up to the last digit.

    hybrid = sum_j w_j c_j / sum_j w_j over the known components, minus the penalty, which takes no more than there is.
    """
    content, collaborative, quality, confidence = (
        None if np.isnan(value) else round(float(value), PLACES) for value in components
    )
    parts = (content, collaborative, quality, confidence)
    blended = sum(contributions(parts, weights))
    taken = min(round(float(penalty), PLACES), round(blended, PLACES))
    return Scores(round(max(0.0, blended - taken), PLACES), *parts, taken)


def contributions(parts: Sequence[float | None], weights: Weights) -> list[float]:
    """Give what each component adds to the score; the unknown ones 0, the others rescaled for them."""
    total = sum(weight for part, weight in zip(parts, weights.parts, strict=True) if part is not None)
    scale = 1 / total if total > 0 else 0.0
    return [0.0 if part is None else part * weight * scale for part, weight in zip(parts, weights.parts, strict=True)]


def evidence_for(catalogue: Catalogue, profile: Profile, rows: Rows) -> list[Evidence]:
    """Find for each of k titles the watched ones whose lists name it, and those nearest to it, the largest share first.

    One product of the watched vectors with the k vectors: 3 ms for 20 titles and 1,000 watches.
    """
    vectors = catalogue.vectors[rows]
    if profile.formula is Formula.DEFAULT:
        vectors = catalogue.ground.centred(catalogue.vectors, rows)
    shares = profile.near.weights[:, None] * (profile.near.vectors @ vectors.T)
    return [_evidence(profile, int(row), shares[:, column]) for column, row in enumerate(rows)]


def _evidence(profile: Profile, row: int, nearness: Floats) -> Evidence:
    pairs = profile.named.to(row)
    sources, shares = profile.named.sources[pairs], profile.named.shares[pairs]
    naming = np.lexsort((profile.named.ranks[pairs], -shares))[:WITNESSES]
    others = np.where(profile.near.rows == row, 0, nearness)  # a watched title is no reason for itself
    nearest = np.argsort(-others, kind="stable")[:WITNESSES]
    return Evidence(
        tuple(Witness(int(sources[i]), float(shares[i])) for i in naming),
        tuple(Witness(int(profile.near.rows[i]), float(nearness[i])) for i in nearest if others[i]),
        len(sources),
        1.0 if profile.formula is Formula.CLASSIC else _part_of_content(profile, row, others[nearest]),
    )


def _part_of_content(profile: Profile, row: int, shares: Floats) -> float:
    content = float(profile.components[row, COMPONENTS.index("content")])
    return min(1.0, float(np.maximum(shares, 0).sum()) / content) if content > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """What can be said for a pick by one component, and the watched titles that it speaks of.

    ``part``: how much of the component (0..1) it accounts for.
    """

    component: Literal["content", "collaborative", "quality"]
    text: str
    because_of: tuple[TitleKey, ...] = ()
    part: float = 1.0


def lines_for(title: Title, evidence: Evidence, witnesses: Mapping[int, Title], *, watcher: str) -> tuple[Line, ...]:
    """Put the evidence for a title into words; they do not depend on the weights.

    Args:
        witnesses: the titles of the evidence by catalogue row; one that is missing is not spoken of.
        watcher: who "watched" in the sentence, such as "you" or "the household".
    """
    naming = [witnesses[witness.row] for witness in evidence.naming if witness.row in witnesses]
    nearest = [witnesses[witness.row] for witness in evidence.nearest if witness.row in witnesses]
    lines = []
    if naming:
        text = f"Because {watcher} watched {_names(naming, evidence.naming_count)}"
        lines.append(Line("collaborative", text, _keys(naming)))
    if nearest:
        lines.append(Line("content", _likeness(title, nearest), _keys(nearest), evidence.near_part))
    return (*lines, Line("quality", _standing(title)))


def reasons_of(lines: Iterable[Line], scores: Scores, weights: Weights) -> tuple[Reason, ...]:
    """Give the one or two strongest lines with what they add to the score, those about the person first."""
    added = dict(zip(COMPONENTS, contributions(tuple(scores.components.values()), weights), strict=True))
    reasons = [Reason(line.text, line.component, added[line.component] * line.part, line.because_of) for line in lines]
    personal = [reason for reason in reasons if reason.because_of and reason.share > 0]
    personal.sort(key=lambda reason: -reason.share)
    return (*personal, *(reason for reason in reasons if not reason.because_of))[:MAX_REASONS]


def _keys(titles: Iterable[Title]) -> tuple[TitleKey, ...]:
    return tuple(title.key for title in titles)


def _names(titles: Sequence[Title], count: int) -> str:
    """Name the first two of ``count`` titles: "A", "A and B", "A, B and 3 more"."""
    names = [title.title for title in titles[:2]]
    more = count - len(names)
    return f"{', '.join(names)} and {more} more" if more > 0 else " and ".join(names)


def _likeness(title: Title, nearest: Sequence[Title]) -> str:
    """Say what a title shares with the watched ones nearest to it: franchise, maker, player, themes, or only tone."""
    for other in nearest:
        if title.collection and other.collection and title.collection == other.collection:
            return f"Belongs to {title.collection.name}, like {other.title}"
    for role_group, phrase in ((("director", "creator"), "By {}, like {}"), (("cast",), "With {}, like {}")):
        for other in nearest:
            shared = _shared_people(title, other, role_group)
            if shared:
                return phrase.format(" and ".join(shared[:2]), other.title)
    themes = [
        word
        for word in title.keywords
        if word not in PRODUCTION_NOTES and any(word in other.keywords for other in nearest[:2])
    ]
    names = _names(nearest[:2], len(nearest[:2]))
    return f"Like {names}: {', '.join(themes[:MAX_SHARED])}" if themes else f"Close in tone to {names}"


def _shared_people(title: Title, other: Title, roles: tuple[str, ...]) -> list[str]:
    others = {credit.name for credit in other.credits if credit.role in roles}
    return [credit.name for credit in title.credits if credit.role in roles and credit.name in others]


def _standing(title: Title) -> str:
    if title.vote_average is None or not title.vote_count:
        return "Hardly rated yet"
    people = "1 person" if title.vote_count == 1 else f"{title.vote_count:,} people"
    return f"Rated {title.vote_average:.1f} by {people}"


def shared_features(one: Title, other: Title) -> list[str]:
    """Name what two titles have in common: franchise, people, genres, keywords, in this order, each once."""
    features: list[str] = []
    if one.collection and one.collection == other.collection:
        features.append(one.collection.name)
    features += _shared_people(one, other, ("director", "creator", "cast"))
    features += [genre for genre in one.genres if genre in other.genres]
    features += [word for word in one.keywords if word in other.keywords]
    return list(dict.fromkeys(features))
