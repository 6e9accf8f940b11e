"""What a model file promises: the JSON that every `.onnx` file of ours carries under one metadata key.

The file is the only thing that inference needs. There is no list of labels in the app's code that could disagree with it,
and a part that is missing here is a thing that the app does not say.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from desktop.core.errors import ModelError
from desktop.core.imaging.preprocessing import Fit
from desktop.core.labels import Malignancy
from desktop.core.marking import tr

METADATA_KEY = "lesionlens"
CONTRACT_VERSION = 1

IMAGE = "image"
PROBABILITIES = "probabilities"
EMBEDDING = "embedding"
ACTIVATION = "activation"
NOVELTY = "novelty"

Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Text = Annotated[str, msgspec.Meta(min_length=1)]


@dataclass(frozen=True)
class Label:
    """A class that the model knows."""

    id: Text
    name: Text
    malignancy: Malignancy


@dataclass(frozen=True)
class Group:
    """Labels that are shown and judged together, by their sum."""

    id: Text
    name: Text
    labels: tuple[str, ...]


@dataclass(frozen=True)
class FlagTest:
    """What a flag's threshold did on images that did not set it."""

    measured_on: Text
    missed: Count
    positives: Count
    raised_wrongly: Count
    negatives: Count


@dataclass(frozen=True)
class Flag:
    """A label, or a sum of labels, that must not be missed: raised when its probability reaches `threshold`.

    `sensitivity` and `specificity` were measured at that threshold on `measured_on`, where `missed` of `positives`
    images of these labels stayed under it: the images that set it. `tested` is the same on others.
    """

    id: Text
    name: Text
    labels: tuple[str, ...]
    threshold: Fraction
    sensitivity: Fraction
    specificity: Fraction
    missed: Count
    positives: Count
    measured_on: Text
    tested: FlagTest | None = None


@dataclass(frozen=True)
class Layer:
    """One row of the layer table; `output_shape` without the batch."""

    name: Text
    kind: Text
    output_shape: tuple[int, ...]
    parameters: Count


@dataclass(frozen=True)
class Architecture:
    """The network: its name, its number of parameters and its layers in order."""

    name: Text
    parameters: Count
    layers: tuple[Layer, ...]


@dataclass(frozen=True)
class TrainingData:
    """What the model learned from.

    `fingerprint` is the SHA-256 over the sorted SHA-256 and label of each training image; `label_counts` are the
    training images of each label.
    """

    sources: tuple[str, ...]
    licence: Text
    fingerprint: Text
    label_counts: dict[str, int]


@dataclass(frozen=True)
class Figure:
    """One measured figure: `value`, as `k` of `n` where it is a proportion, with its 95 % interval."""

    name: Text
    measured_on: Text
    value: float
    n: Count
    k: Count | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Contract:
    """All that a model file says of itself. Optional parts may be missing: the app then says less and never guesses.

    `novelty_threshold` is in the unit of the output `novelty`. `certainty_threshold` is the lowest probability of the
    most probable label (or group) with which a model still names it. `calibration_mix` is the share of each label that
    the calibration assumes.
    """

    version: int
    name: Text
    date: Text
    intended_use: Literal["demonstration", "research"]
    licence: Text
    labels: tuple[Label, ...]
    input_size: Annotated[int, msgspec.Meta(ge=16, le=2048)]
    fit: Fit
    preprocessing_version: int
    architecture: Architecture
    training_data: TrainingData
    groups: tuple[Group, ...] = ()
    flags: tuple[Flag, ...] = ()
    novelty_threshold: float | None = None
    certainty_threshold: Fraction | None = None
    calibration_mix: dict[str, Fraction] | None = None
    figures: tuple[Figure, ...] = ()

    @property
    def label_ids(self) -> tuple[str, ...]:
        """The ids of the labels in the order of the output `probabilities`."""
        return tuple(label.id for label in self.labels)

    def to_json(self) -> str:
        """Return the JSON that `parse_contract` reads."""
        return msgspec.json.encode(self).decode()


def parse_contract(text: str | bytes) -> Contract:
    """Read and check a contract.

    Raises:
        ModelError: the text is no contract, is of another version, or contradicts itself.
    """
    try:
        contract = msgspec.json.decode(text, type=Contract)
    except msgspec.DecodeError as error:
        raise ModelError(
            tr("The model's description cannot be read ({detail}). Export the model again with lesionlens-export."),
            detail=error,
        ) from error
    if contract.version != CONTRACT_VERSION:
        raise ModelError(
            tr("The model keeps version {found} of the contract, this app needs {wanted}. Use a matching LesionLens."),
            found=contract.version,
            wanted=CONTRACT_VERSION,
        )
    _check(contract)
    return contract


def _check(contract: Contract) -> None:
    known = set(contract.label_ids)
    if len(contract.labels) < 2 or len(known) != len(contract.labels):
        raise ModelError(tr("The model's labels are fewer than two or not all different. Export the model again."))
    parts: tuple[Group | Flag, ...] = (*contract.groups, *contract.flags)
    for part in parts:
        if not part.labels or not known.issuperset(part.labels):
            raise ModelError(
                tr("The model's description speaks of labels under “{name}” that it does not have. Export it again."),
                name=part.name,
            )
