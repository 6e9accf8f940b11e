"""Every knob of a run in one frozen table, each with its unit and its reason.

The command line makes one option of each knob, and the run keeps them all in `config.json` beside the weights.
"""

import typing
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any, Literal

from desktop.core.errors import UsageError


class Stage(StrEnum):
    """The step that a knob belongs to: what an earlier step has settled, a later one cannot change."""

    DATA = "data"
    RECIPE = "recipe"
    CARD = "card"


DATA, RECIPE, CARD = Stage


@dataclass(frozen=True)
class Knob:
    """What is to be said of a setting: the step it belongs to, its unit, and why it has its default."""

    stage: Stage
    unit: str
    why: str


@dataclass(frozen=True)
class Config:
    """All settings of a run; the defaults are the paper's recipe where the paper gives one."""

    data: Annotated[str, Knob(DATA, "DIR or CSV", "the labelled images")] = ""
    labels_from_folders: Annotated[
        bool, Knob(DATA, "switch", "take class names that are none of the nine as labels of your own")
    ] = False
    conflicts: Annotated[
        Literal["refuse", "drop", "keep"],
        Knob(
            DATA, "policy", "images that contradict each other make figures that lie: what to do is the user's choice"
        ),
    ] = "refuse"
    seed: Annotated[int, Knob(DATA, "number", "of split, order, augmentation, dropout and first weights")] = 42
    folds: Annotated[int, Knob(DATA, "folds", "one of so many validates: 5 is the paper's 80/20")] = 5
    architecture: Annotated[str, Knob(DATA, "name", "the network, which brings its own input size and fit")] = (
        "paper-cnn"
    )
    input_size: Annotated[int, Knob(DATA, "pixels", "side of the input; 0 is the architecture's own")] = 0

    weights: Annotated[
        str, Knob(RECIPE, "none, imagenet or FILE", "what training starts from; FILE is the model.weights.h5 of a run")
    ] = "none"
    drop_connect: Annotated[
        float,
        Knob(RECIPE, "share", "how often EfficientNet-Lite's last block is skipped; Tan and Le take 0.2"),
    ] = 0.0
    epochs: Annotated[int, Knob(RECIPE, "epochs", "the paper's")] = 25
    batch_size: Annotated[int, Knob(RECIPE, "images", "the paper's")] = 32
    learning_rate: Annotated[float, Knob(RECIPE, "per step", "Adam's own: the paper names Adam and no rate")] = 0.001
    early_stopping: Annotated[
        int, Knob(RECIPE, "epochs", "stop after so many without a lower validation loss, keep the best; 0 never stops")
    ] = 0
    class_weights: Annotated[
        bool, Knob(RECIPE, "switch", "weigh labels by the inverse of their share; not in the paper's recipe")
    ] = False
    balance: Annotated[
        float,
        Knob(
            RECIPE, "0 to 1", "0 shows every picture once an epoch, the paper's way; 1 shows every label equally often"
        ),
    ] = 0.0
    rotation: Annotated[float, Knob(RECIPE, "degrees", "the paper's, at most, either way")] = 20.0
    width_shift: Annotated[float, Knob(RECIPE, "of the width", "the paper's, at most, either way")] = 0.2
    height_shift: Annotated[float, Knob(RECIPE, "of the height", "the paper's, at most, either way")] = 0.2
    shear: Annotated[
        float, Knob(RECIPE, "degrees", "the paper's number, which ImageDataGenerator takes as degrees: hardly anything")
    ] = 0.2
    zoom: Annotated[float, Knob(RECIPE, "of a side", "the paper's: each side alone, from 1 - zoom to 1 + zoom")] = 0.2
    horizontal_flip: Annotated[bool, Knob(RECIPE, "switch", "the paper's: every other image is mirrored")] = True

    name: Annotated[str, Knob(CARD, "text", "of the model; without one it is architecture and date")] = ""
    intended_use: Annotated[
        Literal["demonstration", "research"], Knob(CARD, "use", "what the app says over every result of the model")
    ] = "demonstration"
    licence: Annotated[str, Knob(CARD, "SPDX id", "of the images, which binds the weights too")] = "not stated"
    sources: Annotated[
        str, Knob(CARD, "text", "of the images, parted by semicolons; without it the CSV's source column")
    ] = ""

    def __post_init__(self) -> None:
        """Refuse what cannot work, before anything is read or trained.

        Raises:
            UsageError: a knob is outside its range.
        """
        at_least = {"folds": 2, "epochs": 1, "batch_size": 1, "early_stopping": 0, "seed": 0, "input_size": 0}
        for name, lowest in at_least.items():
            if getattr(self, name) < lowest:
                raise UsageError(
                    "--{option} is {value}; give {lowest} or more.",
                    option=name.replace("_", "-"),
                    value=getattr(self, name),
                    lowest=lowest,
                )
        for name in ("rotation", "width_shift", "height_shift", "shear", "zoom"):
            if getattr(self, name) < 0:
                raise UsageError("--{option} is negative; give 0 or more.", option=name.replace("_", "-"))
        if not 0 <= self.drop_connect < 1:
            raise UsageError("--drop-connect is {value}; give 0 or more, less than 1.", value=self.drop_connect)
        if not 0 <= self.balance <= 1:
            raise UsageError("--balance is {value}; give 0 to 1.", value=self.balance)
        if self.zoom >= 1:
            raise UsageError("--zoom is {value}; give less than 1, as 1 - zoom is a factor.", value=self.zoom)
        if self.learning_rate <= 0:
            raise UsageError("--learning-rate is {value}; give more than 0.", value=self.learning_rate)


def knobs() -> dict[str, tuple[Any, Knob]]:
    """Return the type and the description of every setting, by name, in the table's order."""
    hints = typing.get_type_hints(Config, include_extras=True)
    return {name: typing.get_args(hint) for name, hint in hints.items()}


def changed(saved: Config, given: dict[str, Any], *, began: bool) -> Config:
    """Return the settings of a run that goes on, with the knobs that may still change taken from `given`.

    Before training began, recipe and card may change. Afterwards nothing may: a change would make a model that no
    single set of settings describes.

    Raises:
        UsageError: a knob was given anew that the run has settled already.
    """
    table = knobs()
    for name, value in given.items():
        _, knob = table[name]
        if (began or knob.stage is Stage.DATA) and value != getattr(saved, name):
            raise UsageError(
                "--{option} is {found} in this run and cannot change any more; leave it out, or start another run.",
                option=name.replace("_", "-"),
                found=getattr(saved, name),
            )
    return replace(saved, **given)
