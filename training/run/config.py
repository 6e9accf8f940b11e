"""All knobs of a run in one frozen table, each with its stage, unit, help text and range.

Each knob is an option of the command line, and a run saves all of them in `config.json`. The defaults are the paper's recipe,
with everything off that the paper does not have; `recipes` has other sets of values.
"""

import typing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from desktop.core.errors import UsageError
from training.images.exclusions import parse_exclusion
from training.run.knobs import AUGMENTATION, CARD, DATA, JUDGEMENT, RECIPE, Knob

FOLD = "{fold}"
"""Placeholder for the number of the fold in the name of a weights file."""


@dataclass(frozen=True)
class Config:
    """All settings of a run; the defaults are the paper's recipe as far as the paper gives one."""

    data: Annotated[str, Knob(DATA, "DIR or CSV", "the labelled images")] = ""
    recipe: Annotated[
        Literal["paper", "dermoscopy", "refinement"],
        Knob(DATA, "name", "the set of defaults for all other options"),
    ] = "paper"
    labels_from_folders: Annotated[bool, Knob(DATA, "switch", "accept class names outside the nine known labels")] = (
        False
    )
    malignancy: Annotated[
        str,
        Knob(
            DATA,
            "NAME=KIND; ...",
            "of labels of your own: malignant, precursor, benign or unknown; malignant ones count in the skin cancer alert",
        ),
    ] = ""
    corrections: Annotated[
        str, Knob(DATA, "CSV", "labels corrected by hand, in a table as suspects writes it: column corrected")
    ] = ""
    conflicts: Annotated[
        Literal["refuse", "drop", "keep"], Knob(DATA, "policy", "how to treat images that contradict each other")
    ] = "refuse"
    seed: Annotated[
        int, Knob(DATA, "number", "random seed of split, order, augmentation, dropout and initial weights", 0)
    ] = 42
    folds: Annotated[
        int, Knob(DATA, "folds", "number of folds, one of which is for validation; 5 is the paper's 80/20", 2)
    ] = 5
    fold: Annotated[
        int, Knob(DATA, "number", "the fold for validation, from 1; 0: train on all images, without validation", 0)
    ] = 1
    without: Annotated[
        str,
        Knob(
            DATA,
            "source=NAME or label=ID",
            "leave a source or label out of training and use its images as test images",
        ),
    ] = ""
    architecture: Annotated[str, Knob(DATA, "name", "the network, with its own input size and fit")] = "paper-cnn"
    input_size: Annotated[int, Knob(DATA, "pixels", "side of the model's input; 0: the architecture's own", 0)] = 0

    weights: Annotated[
        str,
        Knob(
            RECIPE,
            "none, imagenet, shipped or FILE",
            "initial weights: shipped are those of the shipped model, FILE is the model.weights.h5 of a run, with "
            "{fold} for the number of the fold",
        ),
    ] = "none"
    epochs: Annotated[int, Knob(RECIPE, "epochs", "length of the training", 1)] = 25
    batch_size: Annotated[int, Knob(RECIPE, "images", "images in a training step", 1)] = 32
    precision: Annotated[
        Literal["float32", "mixed_bfloat16"],
        Knob(
            RECIPE,
            "number format",
            "of the computation in a step; the last layer, the weights and the exported model are always float32",
        ),
    ] = "float32"
    learning_rate: Annotated[
        float, Knob(RECIPE, "per step", "of Adam; the paper names none, so its recipe has Keras' default", above=0)
    ] = 0.001
    schedule: Annotated[
        Literal["constant", "cosine"], Knob(RECIPE, "course", "cosine lowers the learning rate to a hundredth")
    ] = "constant"
    warmup: Annotated[
        float, Knob(RECIPE, "epochs", "in which the learning rate rises from 0, with the cosine schedule", 0)
    ] = 0.0
    frozen_epochs: Annotated[
        int,
        Knob(RECIPE, "epochs", "train only the last layer at first: its random weights would damage the others", 0),
    ] = 0
    frozen_share: Annotated[
        float,
        Knob(
            RECIPE,
            "of the layers",
            "keep the initial weights of the first layers, which see edges and colours and cost the most time",
            0,
            below=1,
        ),
    ] = 0.0
    frozen_normalisation: Annotated[
        bool,
        Knob(
            RECIPE, "switch", "keep the initial batch normalisations, which makes training on a CPU 1.5 times as fast"
        ),
    ] = False
    frozen_learning_rate: Annotated[
        float, Knob(RECIPE, "per step", "learning rate while only the last layer is trained", above=0)
    ] = 0.001
    weight_decay: Annotated[
        float, Knob(RECIPE, "per step and rate", "decoupled weight decay as in AdamW; 0: plain Adam", 0)
    ] = 0.0
    drop_connect: Annotated[
        float,
        Knob(RECIPE, "share", "how often a step skips EfficientNet-Lite's last block; 0.2 as published", 0, below=1),
    ] = 0.0
    averaging: Annotated[
        float,
        Knob(
            RECIPE, "a step", "save a running mean of the weights, of which a step keeps this share; 0: off", 0, below=1
        ),
    ] = 0.0
    watched: Annotated[
        int, Knob(RECIPE, "images", "validation images to evaluate after each epoch, evenly spread; 0: all", 0)
    ] = 0
    early_stopping: Annotated[
        int,
        Knob(
            RECIPE,
            "epochs",
            "stop after so many without a lower validation loss and keep the best epoch; 0: never",
            0,
        ),
    ] = 0
    training_size: Annotated[
        int,
        Knob(
            RECIPE,
            "pixels",
            "side of the images that the network trains on, if it is to answer larger ones (--input-size); 0: the same",
            0,
        ),
    ] = 0
    small_size: Annotated[
        int, Knob(RECIPE, "pixels", "side of the input in the first --small-epochs, which take less time", 0)
    ] = 0
    small_epochs: Annotated[int, Knob(RECIPE, "epochs", "epochs on images of --small-size at first", 0)] = 0
    follow_up: Annotated[
        float,
        Knob(
            RECIPE,
            "share",
            "share of the nevi known by follow-up that an epoch shows: in public data another device took them, so that "
            "a network learns the device instead of the lesion",
            0,
            most=1,
        ),
    ] = 1.0
    keratoses_apart: Annotated[
        float,
        Knob(
            RECIPE,
            "share",
            "share of the loss that distinguishes the two keratoses, whose names sources use differently",
            0,
            most=1,
        ),
    ] = 1.0
    melanoma_or_nevus: Annotated[
        float, Knob(RECIPE, "weight", "weight of an additional loss for the choice between these two labels", 0)
    ] = 0.0
    class_weights: Annotated[
        bool, Knob(RECIPE, "switch", "weight the labels by the inverse of their share; not in the paper's recipe")
    ] = False
    balance: Annotated[
        float,
        Knob(
            RECIPE,
            "0 to 1",
            "0: show every picture once in an epoch, as the paper does; 1: show every label equally often",
            0,
            most=1,
        ),
    ] = 0.0
    window: Annotated[
        int,
        Knob(
            RECIPE,
            "images",
            "shuffle by block: read so many images at a time, in blocks of 64, and shuffle these; 0: shuffle all, or 8192 "
            "where the training images exceed the memory",
            0,
        ),
    ] = 0
    adjustment: Annotated[
        float,
        Knob(
            RECIPE,
            "0 to 1",
            "logit adjustment; 1: answer as if all labels were equally frequent; 0: as they are shown",
            0,
            most=1,
        ),
    ] = 0.0
    label_smoothing: Annotated[
        float, Knob(RECIPE, "share", "share of the target spread over all labels, as labels have errors", 0, below=1)
    ] = 0.0
    mixup: Annotated[
        float, Knob(RECIPE, "alpha", "of the Beta distribution by which two images are mixed; 0: off", 0)
    ] = 0.0
    distillation: Annotated[
        float,
        Knob(
            RECIPE,
            "share",
            "share of a training image's target that is what the base model answers to it; with improve alone",
            0,
            below=1,
        ),
    ] = 0.0
    calibration: Annotated[
        Literal["none", "validation", "root", "balanced"],
        Knob(
            JUDGEMENT,
            "prior",
            "calibrate on the held-out images, with the labels as frequent as there, equally frequent, or between (root)",
        ),
    ] = "none"

    augmentation: Annotated[
        Literal["paper", "dermoscopy"],
        Knob(AUGMENTATION, "kind", "the paper's shifts and turns alone, or all options of this group"),
    ] = "paper"
    rotation: Annotated[float, Knob(AUGMENTATION, "degrees", "at most, either way", 0)] = 20.0
    width_shift: Annotated[float, Knob(AUGMENTATION, "of the width", "at most, either way", 0)] = 0.2
    height_shift: Annotated[float, Knob(AUGMENTATION, "of the height", "at most, either way", 0)] = 0.2
    shear: Annotated[
        float,
        Knob(
            AUGMENTATION, "degrees", "at most; ImageDataGenerator takes the paper's 0.2 as degrees: next to nothing", 0
        ),
    ] = 0.2
    zoom: Annotated[
        float, Knob(AUGMENTATION, "of a side", "each side independently, from 1 - zoom to 1 + zoom", 0, below=1)
    ] = 0.2
    horizontal_flip: Annotated[bool, Knob(AUGMENTATION, "switch", "mirror every other image")] = True
    vertical_flip: Annotated[bool, Knob(AUGMENTATION, "switch", "turn every other image over: skin has no up")] = False
    scale: Annotated[
        float,
        Knob(
            AUGMENTATION,
            "of the size",
            "both sides alike, from 1 / (1 + X) to 1 + X: lenses magnify differently",
            0,
        ),
    ] = 0.0
    resolution: Annotated[
        float,
        Knob(
            AUGMENTATION,
            "of the pixels",
            "reduce the sides down to this share and enlarge them again; 1: off",
            above=0,
            most=1,
        ),
    ] = 1.0
    jpeg: Annotated[
        float, Knob(AUGMENTATION, "probability", "save the image as JPEG again: copies differ in this", 0, most=1)
    ] = 0.0
    jpeg_quality: Annotated[
        int, Knob(AUGMENTATION, "quality", "the worst of an image saved again; the best is 95", 1, most=95)
    ] = 30
    blur: Annotated[
        float,
        Knob(AUGMENTATION, "pixels", "standard deviation at most, for a third of the images: focus differs", 0),
    ] = 0.0
    sharpen: Annotated[
        float,
        Knob(AUGMENTATION, "of the detail", "added at most, for a third of the images: cameras sharpen", 0),
    ] = 0.0
    brightness: Annotated[
        float, Knob(AUGMENTATION, "of the value", "at most, either way: exposure differs", 0, below=1)
    ] = 0.0
    contrast: Annotated[float, Knob(AUGMENTATION, "of the value", "at most, either way", 0, below=1)] = 0.0
    saturation: Annotated[float, Knob(AUGMENTATION, "of the value", "at most, either way", 0, most=1)] = 0.0
    hue: Annotated[float, Knob(AUGMENTATION, "degrees", "at most, either way: skin and lamps differ", 0, most=180)] = (
        0.0
    )
    white_balance: Annotated[
        float,
        Knob(AUGMENTATION, "of a channel", "each channel, at most, either way: lamps and cameras differ", 0, below=1),
    ] = 0.0
    colour_constancy: Annotated[
        float, Knob(AUGMENTATION, "probability", "remove the lamp's colour first, by shades of grey", 0, most=1)
    ] = 0.0
    hair: Annotated[float, Knob(AUGMENTATION, "probability", "draw hair over the picture", 0, most=1)] = 0.0
    marks: Annotated[
        float,
        Knob(AUGMENTATION, "probability", "draw a ruler, ink or dark corners, which correlate with labels", 0, most=1),
    ] = 0.0
    cutout: Annotated[
        float,
        Knob(
            AUGMENTATION,
            "of the area",
            "hide at most this, in every other image: no one spot should decide",
            0,
            below=1,
        ),
    ] = 0.0

    name: Annotated[str, Knob(CARD, "text", "the model's name; without one, architecture and date")] = ""
    intended_use: Annotated[
        Literal["demonstration", "research"], Knob(CARD, "use", "shown by the app over every answer of the model")
    ] = "demonstration"
    licence: Annotated[str, Knob(CARD, "SPDX id", "licence of the images, which also binds the weights")] = "not stated"
    sources: Annotated[
        str, Knob(CARD, "text", "sources of the images, separated by semicolons; without them, the CSV's source column")
    ] = ""
    limits: Annotated[
        str, Knob(CARD, "FILE", "sentences on what the model cannot know, one a line; LABEL: about one label")
    ] = ""

    def __post_init__(self) -> None:
        """Check the ranges and combinations, before anything is read or trained.

        Raises:
            UsageError: a knob is outside its range, or two knobs contradict each other.
        """
        for name, (_, knob) in knobs().items():
            value = getattr(self, name)
            if not isinstance(value, str) and not knob.allows(value):
                raise UsageError(
                    "--{option} is {value}; give {range}.", option=name.replace("_", "-"), value=value, range=knob.range
                )
        for name, limit in (("fold", self.folds), ("frozen_epochs", self.epochs - 1)):
            if getattr(self, name) > limit:
                raise UsageError(
                    "--{option} is {value}; give at most {limit}.",
                    option=name.replace("_", "-"),
                    value=getattr(self, name),
                    limit=limit,
                )
        if self.small_epochs >= self.epochs:
            raise UsageError(
                "--small-epochs is {small}; give fewer than --epochs, which is {epochs}.",
                small=self.small_epochs,
                epochs=self.epochs,
            )
        if self.small_epochs and not self.small_size:
            raise UsageError("--small-epochs needs --small-size, the side of their images.")
        if self.small_epochs and self.frozen_epochs:
            raise UsageError("--small-epochs and --frozen-epochs cannot be combined: leave one out.")
        if self.without:
            parse_exclusion(self.without)
        if not self.fold and self.early_stopping:
            raise UsageError("--early-stopping needs validation images, and --fold 0 leaves none.")

    @property
    def weights_file(self) -> Path:
        """The file of initial weights, if `weights` names one."""
        return Path(self.weights.replace(FOLD, str(self.fold)))

    @property
    def full_size(self) -> int:
        """The side of the images in training, after any small ones, in pixels."""
        return min(self.training_size or self.input_size, self.input_size)

    @property
    def mixes_labels(self) -> bool:
        """Whether the target of an image is spread over several labels."""
        return bool(self.label_smoothing or self.mixup or self.distillation)


def knobs() -> dict[str, tuple[Any, Knob]]:
    """Return the type and the description of every setting, by name, in the table's order."""
    hints = typing.get_type_hints(Config, include_extras=True)
    return {name: typing.get_args(hint) for name, hint in hints.items()}


def with_changes(saved: Config, given: dict[str, Any], *, began: bool, finished: bool = False) -> Config:
    """Return the settings of an existing run, with the knobs that may still change taken from `given`.

    Before training began, everything except the data may change. During training nothing may: no single set of settings would
    describe the model. Once it is finished, calibration and card may change.

    Raises:
        UsageError: a knob was given another value that can no longer change.
    """
    table = knobs()
    for name, value in given.items():
        _, knob = table[name]
        is_settled = knob.stage is DATA or (began and not (finished and knob.stage in {JUDGEMENT, CARD}))
        if is_settled and value != getattr(saved, name):
            raise UsageError(
                "--{option} is {found} in this run and can no longer change; leave it out, or start another run.",
                option=name.replace("_", "-"),
                found=getattr(saved, name),
            )
    return replace(saved, **given)
