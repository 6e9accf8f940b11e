"""The results of probing a network: the file that `lesionlens-train probe` writes and a finished run reads."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from desktop.core.errors import DataError
from desktop.core.inference.contract import QualityLimits
from desktop.core.statistics.bootstrap import Estimate
from desktop.core.statistics.proportions import Proportion
from training.run.run_folder import RunFolder

PROBE_FILE = "probe.json"


@dataclass(frozen=True)
class Agreement:
    """The agreement of a model's answers to two copies of each image.

    `same` counts the images with the same most probable label. `same_of_seven` counts them with actinic keratosis and
    squamous cell carcinoma merged, and the two benign keratoses merged; it is None if the model lacks these labels.
    `largest_change` is the mean over the images of the largest change of a probability.
    """

    change: str
    same: Proportion
    same_of_seven: Proportion | None
    largest_change: float


@dataclass(frozen=True)
class DegradationStep:
    """The result of one step of a series: the mean of the quality measure, and balanced accuracy of seven classes."""

    series: str
    amount: float
    measured: float
    balanced_accuracy: float


@dataclass(frozen=True)
class PictureNovelty:
    """The novelty of one picture that is not dermoscopy, for each network asked."""

    kind: str
    name: str
    novelty: tuple[float, ...]


@dataclass(frozen=True)
class DegradationResults:
    """The effect of degrading `images` images: balanced accuracy of seven classes on the originals and at each step.

    `limits` follow from it; `beyond` is the share of the originals that lies beyond one of the limits.
    """

    images: int
    balanced_accuracy: float
    steps: tuple[DegradationStep, ...]
    limits: QualityLimits
    beyond: float


@dataclass(frozen=True)
class NevusProofs:
    """How well the embedding separates followed-up from biopsied nevi of one source; `followed` and `biopsied` count lesions.

    `auc` is the AUC of a logistic regression on the embeddings, cross-validated by lesion.
    """

    source: str
    followed: int
    biopsied: int
    auc: Estimate


@dataclass(frozen=True)
class ProbeResults:
    """All results; `drawn` are the project's own samples, which are neither dermoscopy nor any of the other kinds."""

    agreements: tuple[Agreement, ...]
    spoilt: DegradationResults
    far: tuple[PictureNovelty, ...] = ()
    drawn: tuple[PictureNovelty, ...] = ()
    nevus_proofs: tuple[NevusProofs, ...] = ()


def save_probe(found: ProbeResults, path: Path) -> None:
    """Write the results as JSON."""
    RunFolder.write(path, msgspec.json.format(msgspec.json.encode(found), indent=1))


def load_probe(path: Path) -> ProbeResults | None:
    """Read what `save_probe` wrote; None if there is no such file.

    Raises:
        DataError: the file cannot be read.
    """
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=ProbeResults)
    except msgspec.DecodeError as error:
        raise DataError("“{path}” cannot be read ({detail}). Probe again.", path=path, detail=error) from error
