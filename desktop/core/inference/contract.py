"""The contract of a model file: JSON that every `.onnx` file of ours carries under one metadata key.

Inference needs nothing but this file. No list of labels in the app can disagree with it, and the app says nothing about a part
that is missing.
"""

from typing import Annotated, Literal

import msgspec

from desktop.core.frozen import frozen
from desktop.core.imaging.preprocessing import Fit
from desktop.core.inference.alerts import Alert
from desktop.core.inference.checked_types import Count, Fraction, Text
from desktop.core.inference.context import Context
from desktop.core.inference.outline import OutlineTest
from desktop.core.inference.prior import PriorTest
from desktop.core.labels import MELANOMA, Malignancy

METADATA_KEY = "lesionlens"
CONTRACT_VERSION = 1

HASH_DIGITS = 16
"""Of an image's SHA-256 that tell it from others: among 20,000 images two agree in them by chance once in 10^11 files."""

LEAST_SIDE, MOST_SIDE = 16, 2048
"""Pixels of a side of the model's input."""

IMAGE = "image"
PROBABILITIES = "probabilities"
EMBEDDING = "embedding"
ACTIVATION = "activation"
NOVELTY = "novelty"
OUTLINE = "outline"
OUTLINE_WANTED = "outline_wanted"
"""An optional input, a single truth value: unless it is true, the outline is not computed."""


@frozen
class Label:
    """A class of the model.

    `remark` is a limit of what this model learned of it, to be read together with the name; empty where there is none.
    """

    id: Text
    name: Text
    malignancy: Malignancy
    remark: str = ""


@frozen
class Group:
    """Labels that are shown and judged together, by their sum."""

    id: Text
    name: Text
    labels: tuple[str, ...]


@frozen
class FlagTest:
    """The performance of a flag's threshold on images that were not used to set it."""

    measured_on: Text
    missed: Count
    positives: Count
    raised_wrongly: Count
    negatives: Count


@frozen
class Flag:
    """A label, or a sum of labels, that must not be missed: raised when its probability reaches `threshold`.

    `sensitivity` and `specificity` were measured at that threshold on `measured_on`, where `missed` of `positives`
    images of these labels stayed below it. These images also set the threshold; `tested` has the same figures on other images.
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


@frozen
class Layer:
    """One row of the layer table; `output_shape` without the batch."""

    name: Text
    kind: Text
    output_shape: tuple[int, ...]
    parameters: Count


@frozen
class Architecture:
    """The network: its name, its number of parameters and its layers in order."""

    name: Text
    parameters: Count
    layers: tuple[Layer, ...]


@frozen
class TrainingData:
    """The training data.

    `fingerprint` is the SHA-256 over the sorted SHA-256 and label of each training image; `label_counts` are the
    training images of each label.
    """

    sources: tuple[str, ...]
    licence: Text
    fingerprint: Text
    label_counts: dict[str, int]


@frozen
class Figure:
    """One measured figure: `value`, as `k` of `n` where it is a proportion, with its 95 % interval."""

    name: Text
    measured_on: Text
    value: float
    n: Count
    k: Count | None = None
    low: float | None = None
    high: float | None = None


@frozen
class QualityLimits:
    """Limits on what `desktop.core.imaging.quality.measure` finds in a model's input: beyond one of them it does not answer.

    In the units of `Quality`, each optional. On `measured_on`, degraded step by step, balanced accuracy had fallen by
    `accuracy_lost` (0.05: five points) at each of them.
    """

    measured_on: Text
    accuracy_lost: Fraction
    sharpness_least: float | None = None
    exposure_dark_most: Fraction | None = None
    exposure_bright_most: Fraction | None = None
    glare_most: Fraction | None = None
    side_least: Count | None = None


@frozen
class CertaintyTest:
    """What abstaining below the certainty threshold costs and gains, on `measured_on`.

    `answered` of `n` images had an answer (the coverage). The error is the share whose named label is wrong: among the
    answered, and over all without abstention. Of `melanomas` images of melanoma, `melanomas_abstained` had no answer.
    The sensitivities are those of the melanoma flag with the abstained counted as missed, and as referred.
    """

    measured_on: Text
    answered: Count
    n: Count
    error_answered: Fraction
    error_all: Fraction
    melanomas_abstained: Count
    melanomas: Count
    sensitivity_if_missed: Fraction | None = None
    sensitivity_if_referred: Fraction | None = None


@frozen
class NoveltyKind:
    """How well novelty separates `n` non-dermoscopic pictures of one kind from dermoscopy: area under the ROC curve."""

    name: Text
    n: Count
    auroc: Fraction


@frozen
class NoveltyTest:
    """The novelty threshold on held-out dermoscopy images (`measured_on`): `flagged` of `n` were called novel.

    `auroc` is the mean over `kinds`, each kind counted once.
    """

    measured_on: Text
    flagged: Count
    n: Count
    auroc: Fraction | None = None
    kinds: tuple[NoveltyKind, ...] = ()


@frozen
class ReliabilityPoint:
    """`n` images of nearly the same probability: its mean (`confidence`), and the share in which it came true."""

    confidence: Fraction
    observed: Fraction
    n: Count


@frozen
class ReliabilityCurve:
    """A reliability diagram: of the `top` label, of one label by its id, or of the sum `malignant`.

    `ece` is the expected calibration error over these points: the mean of |confidence - observed|, weighted by n.
    """

    name: Text
    measured_on: Text
    points: tuple[ReliabilityPoint, ...]
    ece: Fraction | None = None


@frozen
class Recall:
    """Of `n` images of a label (by its id) the model named it in `k`; the share with its 95 % interval."""

    label: Text
    measured_on: Text
    k: Count
    n: Count
    low: Fraction | None = None
    high: Fraction | None = None


@frozen
class Recalibration:
    """How a model file was made from another one, without training, on `date`.

    Its probabilities are those of the file `model_sha256` after another `temperature`, fitted on `lesions` lesions (`images`
    images), `melanomas` of them melanomas. `sets_thresholds` says whether alerts and certainty were fitted on them too; else
    the alerts are those of the earlier file. `before` are figures of that file on these images, `after` the same figures,
    cross-fitted, of this one. `fingerprint` is made as that of `TrainingData`; `image_hashes` are the first `HASH_DIGITS` of
    each image's SHA-256: what set a limit may not be counted for it.
    """

    date: Text
    model_sha256: Text
    temperature: Annotated[float, msgspec.Meta(gt=0)]
    sets_thresholds: bool
    lesions: Count
    images: Count
    melanomas: Count
    fingerprint: Text
    image_hashes: tuple[str, ...]
    before: tuple[Figure, ...]
    after: tuple[Figure, ...]

    def rests_on(self, sha256: str) -> bool:
        """Tell whether an image, by its SHA-256, was among those that this was fitted on."""
        return sha256[:HASH_DIGITS] in self.image_hashes


@frozen
class Contract:
    """The contract of a model file. If an optional part is missing, the app says less and never guesses.

    `effective_resolution` is how many pixels across the input carry detail: an image is reduced to that square before it
    is enlarged to `input_size`, so that the model is never shown sharper images than it learned from; None, or no less
    than `input_size`, is one resampling straight to `input_size`.
    `novelty_threshold` is in the unit of the output `novelty`. `certainty_threshold` is the lowest probability of the
    most probable label (or group) with which a model still names it. `calibration_mix` is the share of each label that
    the calibration assumes. `limits` are sentences: what the model cannot know. Where there are `alerts`, they are raised,
    and no flag is. `prior_test` is what another prior does to the leading label, `context` the layer of age, sex and site.
    `recalibration` says how the file was made from another one, where it was.
    """

    version: int
    name: Text
    date: Text
    intended_use: Literal["demonstration", "research"]
    licence: Text
    labels: tuple[Label, ...]
    input_size: Annotated[int, msgspec.Meta(ge=LEAST_SIDE, le=MOST_SIDE)]
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
    effective_resolution: Annotated[int, msgspec.Meta(ge=LEAST_SIDE, le=MOST_SIDE)] | None = None
    quality: QualityLimits | None = None
    certainty_test: CertaintyTest | None = None
    novelty_test: NoveltyTest | None = None
    reliability: tuple[ReliabilityCurve, ...] = ()
    recalls: tuple[Recall, ...] = ()
    limits: tuple[str, ...] = ()
    alerts: tuple[Alert, ...] = ()
    prior_test: PriorTest | None = None
    context: Context | None = None
    outline: OutlineTest | None = None
    recalibration: Recalibration | None = None

    @property
    def prior(self) -> dict[str, float] | None:
        """The share of each label that the probabilities assume; None where another prior cannot take its place."""
        mix = self.calibration_mix
        if mix is None or MELANOMA not in mix or not all(0 < mix.get(label, 0.0) < 1 for label in self.label_ids):
            return None
        return {label: mix[label] for label in self.label_ids}

    @property
    def raisable(self) -> "tuple[Alert | Flag, ...]":
        """What this model may raise: its alerts, or its flags if it has no alerts."""
        return self.alerts or self.flags

    @property
    def is_for_patients(self) -> bool:
        """Whether the answers may be used in research on patients: those of a demonstration model may not."""
        return self.intended_use != "demonstration"

    @property
    def label_ids(self) -> tuple[str, ...]:
        """The ids of the labels in the order of the output `probabilities`."""
        return tuple(label.id for label in self.labels)

    def to_json(self) -> str:
        """Return the JSON that `contract_reading.parse_contract` reads."""
        return msgspec.json.encode(self).decode()
