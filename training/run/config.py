"""Every knob of a run in one frozen table, each with its unit, its reason and its range.

The command line makes one option of each knob, and the run keeps them all in `config.json` beside the weights. The defaults
are the paper's recipe, and what the paper does not have is off; `recipes` holds other sets of values.
"""

import typing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from desktop.core.errors import UsageError
from training.images.exclusions import parse_exclusion
from training.run.knobs import CARD, DATA, JUDGEMENT, RECIPE, Knob

FOLD = "{fold}"
"""Stands in the name of a file of weights for the number of the fold."""


@dataclass(frozen=True)
class Config:
    """All settings of a run; the defaults are the paper's recipe where the paper gives one."""

    data: Annotated[str, Knob(DATA, "DIR or CSV", "the labelled images")] = ""
    recipe: Annotated[
        Literal["paper", "dermoscopy", "refinement"],
        Knob(DATA, "name", "which set of values the other options start from"),
    ] = "paper"
    labels_from_folders: Annotated[
        bool, Knob(DATA, "switch", "take class names that are none of the nine as labels of your own")
    ] = False
    conflicts: Annotated[
        Literal["refuse", "drop", "keep"],
        Knob(
            DATA, "policy", "images that contradict each other make figures that lie: what to do is the user's choice"
        ),
    ] = "refuse"
    seed: Annotated[int, Knob(DATA, "number", "of split, order, augmentation, dropout and first weights", 0)] = 42
    folds: Annotated[int, Knob(DATA, "folds", "one of so many validates: 5 is the paper's 80/20", 2)] = 5
    fold: Annotated[
        int, Knob(DATA, "number", "which of the folds validates, from 1; 0: every image teaches, none validates", 0)
    ] = 1
    without: Annotated[
        str,
        Knob(
            DATA,
            "source=NAME or label=ID",
            "what is not taught, and answered in place of the test images: to see what is made of what was never seen",
        ),
    ] = ""
    architecture: Annotated[str, Knob(DATA, "name", "the network, which brings its own input size and fit")] = (
        "paper-cnn"
    )
    input_size: Annotated[int, Knob(DATA, "pixels", "side of the input; 0 is the architecture's own", 0)] = 0

    weights: Annotated[
        str,
        Knob(
            RECIPE,
            "none, imagenet, shipped or FILE",
            "what training starts from; shipped is the model of this program, FILE the model.weights.h5 of a run, where "
            "{fold} stands for the number of the fold",
        ),
    ] = "none"
    epochs: Annotated[int, Knob(RECIPE, "epochs", "the paper's", 1)] = 25
    batch_size: Annotated[int, Knob(RECIPE, "images", "the paper's", 1)] = 32
    precision: Annotated[
        Literal["float32", "mixed_bfloat16"],
        Knob(
            RECIPE,
            "number format",
            "what a step is computed in, all but the last layer and the weights themselves; the model is always float32",
        ),
    ] = "float32"
    learning_rate: Annotated[
        float, Knob(RECIPE, "per step", "Adam's own: the paper names Adam and no rate", above=0)
    ] = 0.001
    schedule: Annotated[
        Literal["constant", "cosine"], Knob(RECIPE, "course", "cosine lets the learning rate fall to a hundredth")
    ] = "constant"
    warmup: Annotated[float, Knob(RECIPE, "epochs", "in which the learning rate rises from 0, with cosine", 0)] = 0.0
    frozen_epochs: Annotated[
        int, Knob(RECIPE, "epochs", "first train the last layer alone: its first weights would spoil learned ones", 0)
    ] = 0
    frozen_share: Annotated[
        float,
        Knob(
            RECIPE,
            "of the layers",
            "from the image on that keep their first weights: the first see edges and colours, and cost the most",
            0,
            below=1,
        ),
    ] = 0.0
    frozen_normalisation: Annotated[
        bool,
        Knob(
            RECIPE,
            "switch",
            "keep the batch normalisations as the first weights have them: half as fast again on a processor",
        ),
    ] = False
    frozen_learning_rate: Annotated[
        float, Knob(RECIPE, "per step", "while all but the last layer is frozen", above=0)
    ] = 0.001
    weight_decay: Annotated[float, Knob(RECIPE, "per step and rate", "decoupled, as in AdamW; 0 is plain Adam", 0)] = (
        0.0
    )
    drop_connect: Annotated[
        float,
        Knob(RECIPE, "share", "how often EfficientNet-Lite's last block is skipped; Tan and Le take 0.2", 0, below=1),
    ] = 0.0
    averaging: Annotated[
        float,
        Knob(RECIPE, "a step", "of the running mean of the weights what stays; the mean is what is kept", 0, below=1),
    ] = 0.0
    watched: Annotated[
        int,
        Knob(RECIPE, "images", "of the validation images that are measured after each epoch, spread; 0 is all", 0),
    ] = 0
    early_stopping: Annotated[
        int,
        Knob(RECIPE, "epochs", "stop after so many without a lower validation loss, keep the best; 0 never stops", 0),
    ] = 0
    small_size: Annotated[
        int, Knob(RECIPE, "pixels", "side of the input in the first epochs, which take less time so", 0)
    ] = 0
    small_epochs: Annotated[int, Knob(RECIPE, "epochs", "first train so many on images of small-size", 0)] = 0
    follow_up: Annotated[
        float,
        Knob(
            RECIPE,
            "share",
            "of the nevi known by follow-up that an epoch shows: in public data another device took them, which teaches "
            "device in place of lesion",
            0,
            most=1,
        ),
    ] = 1.0
    keratoses_apart: Annotated[
        float,
        Knob(RECIPE, "share", "of the loss that parts the two keratoses: sources use the names differently", 0, most=1),
    ] = 1.0
    melanoma_or_nevus: Annotated[
        float, Knob(RECIPE, "weight", "of the loss of the choice between these two alone, beside that of all labels", 0)
    ] = 0.0
    class_weights: Annotated[
        bool, Knob(RECIPE, "switch", "weigh labels by the inverse of their share; not in the paper's recipe")
    ] = False
    balance: Annotated[
        float,
        Knob(
            RECIPE,
            "0 to 1",
            "0 shows every picture once an epoch, the paper's way; 1 shows every label equally often",
            0,
            most=1,
        ),
    ] = 0.0
    adjustment: Annotated[
        float,
        Knob(
            RECIPE,
            "0 to 1",
            "1 teaches to answer as if all labels were equally frequent, however often each is shown; 0 as they are shown",
            0,
            most=1,
        ),
    ] = 0.0
    label_smoothing: Annotated[
        float, Knob(RECIPE, "share", "of the target spread over all labels: the labels have errors", 0, below=1)
    ] = 0.0
    mixup: Annotated[
        float, Knob(RECIPE, "alpha", "of the Beta distribution by which two images are mixed; 0 never mixes", 0)
    ] = 0.0
    calibration: Annotated[
        Literal["none", "validation", "root", "balanced"],
        Knob(
            JUDGEMENT,
            "mix of labels",
            "fit how sure it may be on the held-out images: as they are, all alike, or between",
        ),
    ] = "none"

    augmentation: Annotated[
        Literal["paper", "dermoscopy"],
        Knob(RECIPE, "kind", "the paper's moves alone, or with all that dermatoscopes and copies do to a picture"),
    ] = "paper"
    rotation: Annotated[float, Knob(RECIPE, "degrees", "the paper's, at most, either way", 0)] = 20.0
    width_shift: Annotated[float, Knob(RECIPE, "of the width", "the paper's, at most, either way", 0)] = 0.2
    height_shift: Annotated[float, Knob(RECIPE, "of the height", "the paper's, at most, either way", 0)] = 0.2
    shear: Annotated[
        float,
        Knob(RECIPE, "degrees", "the paper's number, which ImageDataGenerator takes as degrees: hardly anything", 0),
    ] = 0.2
    zoom: Annotated[
        float, Knob(RECIPE, "of a side", "the paper's: each side alone, from 1 - zoom to 1 + zoom", 0, below=1)
    ] = 0.2
    horizontal_flip: Annotated[bool, Knob(RECIPE, "switch", "the paper's: every other image is mirrored")] = True
    vertical_flip: Annotated[bool, Knob(RECIPE, "switch", "skin has no up: every other image is turned over")] = False
    scale: Annotated[
        float, Knob(RECIPE, "of the size", "both sides alike, from 1 / (1 + X) to 1 + X: lenses magnify differently", 0)
    ] = 0.0
    resolution: Annotated[
        float,
        Knob(
            RECIPE,
            "of the pixels",
            "sides are reduced to as little as this and enlarged again; 1 is off",
            above=0,
            most=1,
        ),
    ] = 1.0
    jpeg: Annotated[float, Knob(RECIPE, "chance", "that an image is saved anew: copies differ in this", 0, most=1)] = (
        0.0
    )
    jpeg_quality: Annotated[
        int, Knob(RECIPE, "quality", "the worst of an image saved anew; the best is 95", 1, most=95)
    ] = 30
    blur: Annotated[
        float, Knob(RECIPE, "pixels", "standard deviation at most, of a third of the images: focus differs", 0)
    ] = 0.0
    sharpen: Annotated[
        float, Knob(RECIPE, "of the detail", "added at most, to a third of the images: cameras sharpen", 0)
    ] = 0.0
    brightness: Annotated[float, Knob(RECIPE, "of the value", "at most, either way: exposure differs", 0, below=1)] = (
        0.0
    )
    contrast: Annotated[float, Knob(RECIPE, "of the value", "at most, either way", 0, below=1)] = 0.0
    saturation: Annotated[float, Knob(RECIPE, "of the value", "at most, either way", 0, most=1)] = 0.0
    hue: Annotated[float, Knob(RECIPE, "degrees", "at most, either way: skin and lamps differ", 0, most=180)] = 0.0
    white_balance: Annotated[
        float, Knob(RECIPE, "of a channel", "each alone, at most, either way: lamps and cameras differ", 0, below=1)
    ] = 0.0
    colour_constancy: Annotated[
        float, Knob(RECIPE, "chance", "that the lamp's colour is taken out first, by shades of grey", 0, most=1)
    ] = 0.0
    hair: Annotated[float, Knob(RECIPE, "chance", "that hair is drawn over the picture", 0, most=1)] = 0.0
    marks: Annotated[
        float, Knob(RECIPE, "chance", "that a ruler, ink or dark corners are drawn: they go with labels", 0, most=1)
    ] = 0.0
    cutout: Annotated[
        float,
        Knob(RECIPE, "of the area", "hidden at most, in every other image: no one spot should decide", 0, below=1),
    ] = 0.0

    name: Annotated[str, Knob(CARD, "text", "of the model; without one it is architecture and date")] = ""
    intended_use: Annotated[
        Literal["demonstration", "research"], Knob(CARD, "use", "what the app says over every result of the model")
    ] = "demonstration"
    licence: Annotated[str, Knob(CARD, "SPDX id", "of the images, which binds the weights too")] = "not stated"
    sources: Annotated[
        str, Knob(CARD, "text", "of the images, parted by semicolons; without it the CSV's source column")
    ] = ""
    limits: Annotated[
        str, Knob(CARD, "FILE", "sentences, one a line: what the model cannot know; LABEL: about one label")
    ] = ""

    def __post_init__(self) -> None:
        """Refuse what cannot work, before anything is read or trained.

        Raises:
            UsageError: a knob is outside its range.
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
            raise UsageError("--small-epochs and --frozen-epochs do not go together: leave one out.")
        if self.without:
            parse_exclusion(self.without)
        if not self.fold and self.early_stopping:
            raise UsageError("--early-stopping needs validation images, which --fold 0 leaves none.")

    @property
    def weights_file(self) -> Path:
        """The file of weights that training starts from, where `weights` names one."""
        return Path(self.weights.replace(FOLD, str(self.fold)))

    @property
    def mixes_labels(self) -> bool:
        """Whether an image's target is spread over labels and no longer one of them."""
        return bool(self.label_smoothing or self.mixup)


def knobs() -> dict[str, tuple[Any, Knob]]:
    """Return the type and the description of every setting, by name, in the table's order."""
    hints = typing.get_type_hints(Config, include_extras=True)
    return {name: typing.get_args(hint) for name, hint in hints.items()}


def with_changes(saved: Config, given: dict[str, Any], *, began: bool, finished: bool = False) -> Config:
    """Return the settings of a run that goes on, with the knobs that may still change taken from `given`.

    Before training began, all but the data may change. While it goes on nothing may: a change would make a model that
    no single set of settings describes. A network that is finished may be judged anew, and told of otherwise.

    Raises:
        UsageError: a knob was given anew that the run has settled already.
    """
    table = knobs()
    for name, value in given.items():
        _, knob = table[name]
        is_settled = knob.stage is DATA or (began and not (finished and knob.stage in {JUDGEMENT, CARD}))
        if is_settled and value != getattr(saved, name):
            raise UsageError(
                "--{option} is {found} in this run and cannot change any more; leave it out, or start another run.",
                option=name.replace("_", "-"),
                found=getattr(saved, name),
            )
    return replace(saved, **given)
