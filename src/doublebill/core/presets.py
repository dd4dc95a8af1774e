"""Named settings of the four dials and of the formula behind them: where to begin, and some moods."""

from dataclasses import dataclass

from doublebill.model import Formula, Weights


@dataclass(frozen=True, slots=True)
class Preset:
    """Weights with a name and a line that says when to choose them."""

    name: str
    words: str
    weights: Weights


PRESETS: tuple[Preset, ...] = (
    Preset("default", "A bit of everything: where everybody begins", Weights()),
    Preset("classic", "The plain formula: 40, 30, 20 and 10 percent", Weights(formula=Formula.CLASSIC)),
    Preset("close", "More of what I like: plots near to mine", Weights(0.70, 0.20, 0.05, 0.05)),
    Preset("crowd", "What others who watched the same went on to", Weights(0.15, 0.60, 0.15, 0.10)),
    Preset("acclaimed", "Well rated by many: a safe evening", Weights(0.20, 0.15, 0.40, 0.25)),
    Preset("hidden gems", "Near to mine and good, however few know it", Weights(0.60, 0.10, 0.30, 0.0)),
)
