"""The description of a setting of a run: its stage, unit, help text and range."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """The step that a knob belongs to: a later step cannot change the knobs of an earlier one.

    The values head the groups of options in the command's help.
    """

    DATA = "data, fixed when they are prepared"
    RECIPE = "recipe"
    AUGMENTATION = "augmentation"
    JUDGEMENT = "calibration"
    CARD = "the model's description of itself"


DATA, RECIPE, AUGMENTATION, JUDGEMENT, CARD = Stage


@dataclass(frozen=True)
class Knob:
    """A setting: its stage, its unit, its text in the command's help, and its range."""

    stage: Stage
    unit: str
    help: str
    least: float | None = None
    above: float | None = None
    most: float | None = None
    below: float | None = None

    def allows(self, value: float) -> bool:
        """Tell whether a value is in the range."""
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
