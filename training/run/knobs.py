"""What is to be said of any setting of a run: the step that it belongs to, its unit, its reason and its range."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """The step that a knob belongs to: what an earlier step has settled, a later one cannot change."""

    DATA = "data"
    RECIPE = "recipe"
    JUDGEMENT = "judgement"
    CARD = "card"


DATA, RECIPE, JUDGEMENT, CARD = Stage


@dataclass(frozen=True)
class Knob:
    """What is to be said of a setting: the step it belongs to, its unit, why it has its default, and its range."""

    stage: Stage
    unit: str
    why: str
    least: float | None = None
    above: float | None = None
    most: float | None = None
    below: float | None = None

    def allows(self, value: float) -> bool:
        """Tell whether a value lies in the range."""
        return not (
            (self.least is not None and value < self.least)
            or (self.above is not None and value <= self.above)
            or (self.most is not None and value > self.most)
            or (self.below is not None and value >= self.below)
        )

    @property
    def range(self) -> str:
        """The range in words."""
        limits = (("{} or more", self.least), ("more than {}", self.above), ("at most {}", self.most))
        told = [words.format(limit) for words, limit in (*limits, ("less than {}", self.below)) if limit is not None]
        return ", ".join(told)
