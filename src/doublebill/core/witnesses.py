"""How much of a score each watched title accounts for: what the reasons say in words, as shares.

The evidence is that of ``explain``; here it is only counted. Of the content a witness has its summand, of what TMDB's
lists say for a title the part that comes from the witness alone.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from doublebill.core.explain import Evidence, contributions
from doublebill.core.profile import Profile
from doublebill.core.scoring import COMPONENTS, PLACES
from doublebill.model import Scores, Weights

Part: TypeAlias = Literal["content", "collaborative"]
"""A component that watched titles speak in."""


@dataclass(frozen=True, slots=True)
class Backing:
    """A watched title's catalogue row, its share (0..1) of what a component adds to a score, and that in points."""

    row: int
    component: Part
    share: float
    points: float


def backings(profile: Profile, row: int, evidence: Evidence, scores: Scores, weights: Weights) -> tuple[Backing, ...]:
    """Give what the witnesses for a title account for, most points first; one may speak in both components.

    Args:
        row, evidence, scores: of the title.
        weights: those of the scores.
    Returns: nobody for a component that adds nothing; the shares of one component sum to at most 1.
    """
    added = dict(zip(COMPONENTS, contributions(tuple(scores.components.values()), weights), strict=True))
    parts: tuple[tuple[Part, dict[int, float]], ...] = (
        ("collaborative", _of_lists(profile, row, evidence)),
        ("content", _near(evidence, scores)),
    )
    found = [
        Backing(witness, component, round(share, PLACES), share * added[component])
        for component, shares in parts
        for witness, share in shares.items()
        if added[component] > 0
    ]
    return tuple(sorted(found, key=lambda backing: (-backing.points, backing.row, backing.component)))


def _of_lists(profile: Profile, row: int, evidence: Evidence) -> dict[int, float]:
    """Give what part of all that the lists say for a title each witness has, by its row."""
    told = {witness.row: witness.share for witness in evidence.naming if witness.share > 0}
    whole = max(float(profile.named.totals[row]), sum(told.values()))
    return {row: share / whole for row, share in told.items()}


def _near(evidence: Evidence, scores: Scores) -> dict[int, float]:
    """Give what part of the content each witness has, by its row; those against it do not make it more than 1."""
    told = {witness.row: witness.share for witness in evidence.nearest if witness.share > 0}
    whole = max(scores.content or 0.0, sum(told.values()))
    return {row: share / whole for row, share in told.items()}
