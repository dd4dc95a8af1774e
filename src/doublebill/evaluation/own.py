"""What the household's own watches say of a preset, in numbers with their bounds and in plain words.

A household is too few people to draw them anew, so the bounds come from drawing the held-out titles anew, each person's
for themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from doublebill.core.metrics import Interval, Reals, Rows, discounts, interval, resampled
from doublebill.core.presets import PRESETS
from doublebill.evaluation.cases import Case, seed_of
from doublebill.evaluation.household import LEAST_LIKES, cases_of, likes_of, pool_of
from doublebill.evaluation.rankers import Ranker, popularity_ranker, preset_ranker
from doublebill.model import HOUSEHOLD, Person, Weights
from doublebill.sync.edition import Edition

POPULARITY = "popularity"
YOURS = "yours"
WORDS: Mapping[str, str] = {
    YOURS: "your own weights",
    "default": "the default weights",
    "classic": "the plain formula",
    POPULARITY: "popularity",
}


@dataclass(frozen=True, slots=True)
class Worth:
    """What one way to rank is worth here.

    found: how many of the held-out titles stood in its first 100; metrics by name; lead: by how much the recall@100 of
    the first way is higher than this one's.
    """

    name: str
    found: int
    metrics: Mapping[str, Interval]
    lead: Interval


@dataclass(frozen=True, slots=True)
class OwnReport:
    """What one person's watches, or everybody's, say; ``worths`` is empty where they are too few.

    people: how many were measured; liked: likes with a moment, of all that were asked about; held_out: titles to find.
    """

    person: Person
    people: int
    liked: int
    held_out: int
    worths: tuple[Worth, ...]


def presets_of(own: Weights | None) -> dict[str, Weights]:
    """Give what is measured for a person: the weights they confirmed, if they did, then the default and the plain."""
    named = {preset.name: preset.weights for preset in PRESETS if preset.name in WORDS}
    return {YOURS: own, **named} if own else named


def own_report(edition: Edition, person: Person, presets: Mapping[str, Weights]) -> OwnReport:
    """Measure presets on own watches, the one that is asked about first, beside popularity.

    For the household it is the mean over its people. About 0.2 s for each person and preset with 100,000 titles.
    """
    everybody = likes_of(edition, person)
    cases = cases_of(edition, everybody)
    liked, held_out = sum(len(likes.dated) for likes in everybody), sum(len(case.targets) for case in cases)
    if not cases:
        return OwnReport(person, 0, liked, 0, ())
    pool = pool_of(edition)
    rankers = {name: preset_ranker(pool, weights) for name, weights in presets.items()}
    rankers[POPULARITY] = popularity_ranker(pool)
    return OwnReport(person, len(cases), liked, held_out, _worths(cases, rankers))


def words_of(report: OwnReport) -> tuple[str, ...]:
    """Say in plain words what a report tells, and what it cannot tell."""
    is_household = report.person.person_id == HOUSEHOLD
    if not report.worths:
        had = "nobody here has so many" if is_household else f"there are {report.liked}"
        return (f"Too few watches to say. It takes {LEAST_LIKES} liked titles of one person with a date; {had}.",)
    asked, *rivals = report.worths
    first = (
        f"Of the {report.held_out} titles that {'people here' if is_household else report.person.name} liked last, "
        f"{asked.found} stood in the first 100 of the list as it was made without them."
    )
    return (first, *(_verdict(rival) for rival in rivals))


def _verdict(rival: Worth) -> str:
    if rival.lead.low > 0:
        verdict = "which is fewer by more than chance"
    elif rival.lead.high < 0:
        verdict = "which is more by more than chance"
    elif rival.lead.low == rival.lead.high:
        verdict = "the same"
    else:
        verdict = "too near to tell apart with so few titles"
    return f"By {WORDS[rival.name]}: {rival.found}, {verdict}."


def _worths(cases: Sequence[Case], rankers: Mapping[str, Ranker]) -> tuple[Worth, ...]:
    places = {name: [_places(ranker(case), case.targets) for case in cases] for name, ranker in rankers.items()}
    draws = [_draws(case) for case in cases]
    statistics = {name: _over_people(found, draws) for name, found in places.items()}
    asked = next(iter(statistics.values()))
    return tuple(
        Worth(
            name,
            sum(int((each < 100).sum()) for each in places[name]),
            MappingProxyType({metric: interval(float(drawn[0]), drawn[1:]) for metric, drawn in each.items()}),
            _difference(asked["recall@100"], each["recall@100"]),
        )
        for name, each in statistics.items()
    )


def _places(order: Rows, targets: Rows) -> Rows:
    """Give where each target stands in an order, from 0, (t,)."""
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    return places[targets]


def _draws(case: Case) -> Reals:
    """Draw a person's held-out titles anew, as weights (1 + resamples, t); the first draw is what really happened."""
    count = len(case.targets)
    return np.vstack([np.full(count, 1 / count), resampled(count, np.random.default_rng(seed_of(case.name)))])


def _over_people(places: Sequence[Rows], draws: Sequence[Reals]) -> dict[str, Reals]:
    """Give the mean of each metric over the people for each draw, (1 + resamples,)."""
    people = [_statistics(found, drawn) for found, drawn in zip(places, draws, strict=True)]
    return {metric: np.mean([each[metric] for each in people], axis=0) for metric in people[0]}


def _statistics(places: Rows, draws: Reals) -> dict[str, Reals]:
    """Give each metric of one person for each draw of their held-out titles.

    nDCG is a sum over the targets, so it is the mean of what each target brings times their number.
    """
    count = len(places)
    brought = np.where(places < 10, 1 / np.log2(places + 2.0), 0) * count / discounts(min(10, count)).sum()
    return {
        "ndcg@10": draws @ brought,
        "recall@100": draws @ (places < 100),
        "hit_rate@10": (draws @ (places < 10) > 0).astype(np.float64),
    }


def _difference(first: Reals, second: Reals) -> Interval:
    drawn = first - second
    return interval(float(drawn[0]), drawn[1:])
