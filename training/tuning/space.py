"""The settings that tuning searches, and in which ranges: around the values of the recipes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import optuna

from training.run.config import Config, knobs
from training.run.knobs import AUGMENTATION


@dataclass(frozen=True)
class Span:
    """All values from `low` to `high`, on a logarithmic scale if so said."""

    low: float
    high: float
    is_logarithmic: bool = False


Range = Span | tuple[float, ...]

SPACE: Mapping[str, Range] = MappingProxyType(
    {
        "learning_rate": Span(5e-5, 3e-3, is_logarithmic=True),
        "weight_decay": Span(0.0, 0.05),
        "drop_connect": Span(0.0, 0.3),
        "averaging": (0.0, 0.99, 0.999),
        "follow_up": Span(0.05, 1.0),
        "melanoma_or_nevus": Span(0.0, 1.0),
        "balance": Span(0.0, 1.0),
        "adjustment": Span(0.0, 1.0),
        "label_smoothing": Span(0.0, 0.1),
        "scale": Span(0.0, 0.5),
        "resolution": Span(0.4, 1.0),
        "blur": Span(0.0, 2.0),
        "saturation": Span(0.0, 0.4),
        "cutout": Span(0.0, 0.3),
    }
)
"""The range of each setting that is searched. Fewer would leave something out, more take more trials than anybody waits for."""

_DIGITS = 3
"""Significant digits of a value: more would not matter, and fewer are easier to read."""


def searched(config: Config, given: Collection[str]) -> dict[str, Range]:
    """Return what is searched for a training: nothing that was `given`, and nothing that has no effect in it."""
    found = {name: values for name, values in SPACE.items() if name not in given}
    if not config.architecture.startswith("efficientnet-lite"):
        found.pop("drop_connect", None)
    if config.augmentation == "paper":
        stages = {name: knob.stage for name, (_, knob) in knobs().items()}
        found = {name: values for name, values in found.items() if stages[name] is not AUGMENTATION}
    return found


def suggest(trial: optuna.trial.BaseTrial, ranges: Mapping[str, Range]) -> dict[str, Any]:
    """Return the values of a trial."""
    values = {}
    for name, one in ranges.items():
        if isinstance(one, Span):
            value = trial.suggest_float(name, one.low, one.high, log=one.is_logarithmic)
            values[name] = float(f"{value:.{_DIGITS}g}")
        else:
            values[name] = trial.suggest_categorical(name, one)
    return values
