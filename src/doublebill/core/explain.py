"""Why a title is picked: the score taken apart again.

The explanation is the arithmetic. The cosine with a mean vector is a sum over the watched titles, and so is the count
of those that name a candidate, so the titles in a reason are the largest summands and its share is what its component
contributes to the score. Only the words around them are ours.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from doublebill.core.catalogue import Catalogue, Rows
from doublebill.core.profile import Profile
from doublebill.core.scoring import COMPONENTS, PLACES, Floats
from doublebill.model import Reason, Scores, Title, TitleKey, Weights

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
    """What speaks for one candidate: the titles that name it, the strongest first, and those nearest to it."""

    naming: tuple[Witness, ...]
    nearest: tuple[Witness, ...]
    naming_count: int

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


def evidence_for(catalogue: Catalogue, profile: Profile, row: int) -> Evidence:
    """Find the watched titles whose lists name a title, and those nearest to it, the largest share first."""
    pairs = profile.named.to(row)
    naming = _by_source(profile.named.sources[pairs], profile.named.shares[pairs])
    nearest: list[Witness] = []
    if catalogue.has_vector[row] and len(profile.near.rows):
        shares = profile.near.weights * (profile.near.vectors @ catalogue.vectors[row])
        nearest = _by_source(profile.near.rows, shares)
    return Evidence(tuple(naming[:WITNESSES]), tuple(nearest[:WITNESSES]), len(naming))


def _by_source(sources: Rows, shares: Floats) -> list[Witness]:
    """Add up the shares of each watched title, which several people may have watched, and sort by them."""
    summed: dict[int, float] = {}
    for source, share in zip(sources.tolist(), shares.tolist(), strict=True):
        summed[source] = summed.get(source, 0.0) + share
    return [Witness(row, share) for row, share in sorted(summed.items(), key=lambda pair: -pair[1])]


def reasons_for(
    title: Title, scores: Scores, weights: Weights, evidence: Evidence, witnesses: Mapping[int, Title], *, watcher: str
) -> tuple[Reason, ...]:
    """Put the largest parts of a score into one or two lines, those about the person first.

    Args:
        witnesses: the titles of the evidence by catalogue row; one that is missing is not spoken of.
        watcher: who "watched" in the sentence, such as "you" or "the household".
    """
    added = dict(zip(COMPONENTS, contributions(tuple(scores.components.values()), weights), strict=True))
    naming = [witnesses[witness.row] for witness in evidence.naming if witness.row in witnesses]
    nearest = [witnesses[witness.row] for witness in evidence.nearest if witness.row in witnesses]
    personal = []
    if naming and added["collaborative"] > 0:
        text = f"Because {watcher} watched {_names(naming, evidence.naming_count)}"
        personal.append(Reason(text, "collaborative", added["collaborative"], _keys(naming)))
    if nearest and added["content"] > 0:
        personal.append(Reason(_likeness(title, nearest), "content", added["content"], _keys(nearest)))
    personal.sort(key=lambda reason: -reason.share)
    standing = Reason(_standing(title), "quality", added["quality"])
    return (*personal, standing)[:MAX_REASONS]


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
