"""What a probe of a network found: the file that `lesionlens-train probe` writes and a finished run reads."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from desktop.core.errors import DataError
from desktop.core.inference.contract import QualityLimits
from desktop.core.statistics.proportions import Proportion
from training.run.run_folder import RunFolder

PROBE_FILE = "probe.json"


@dataclass(frozen=True)
class Agreement:
    """How alike a model answers to two copies of each image.

    `same` counts the images with the same most probable label; `same_of_seven` with actinic keratosis and squamous cell
    carcinoma taken as one and the two keratoses too, None where the model does not have these labels. `largest_change` is
    the mean over the images of the largest difference of a probability.
    """

    change: str
    same: Proportion
    same_of_seven: Proportion | None
    largest_change: float


@dataclass(frozen=True)
class DegradationStep:
    """What one step of a series came to: the mean of what `measure` found, and balanced accuracy of seven classes."""

    series: str
    amount: float
    measured: float
    balanced_accuracy: float


@dataclass(frozen=True)
class PictureNovelty:
    """How far one picture that is no dermoscopy lies from what each network asked learned from."""

    kind: str
    name: str
    novelty: tuple[float, ...]


@dataclass(frozen=True)
class DegradationResults:
    """What spoiling did: of `images` images, balanced accuracy of seven classes as they are and at each step.

    `limits` is what follows; `beyond` is the share of the images as they are that lie beyond one of the limits.
    """

    images: int
    balanced_accuracy: float
    steps: tuple[DegradationStep, ...]
    limits: QualityLimits
    beyond: float


@dataclass(frozen=True)
class ProbeResults:
    """All that was counted; `drawn` are the project's own samples, which are neither dermoscopy nor any other kind."""

    agreements: tuple[Agreement, ...]
    spoilt: DegradationResults
    far: tuple[PictureNovelty, ...] = ()
    drawn: tuple[PictureNovelty, ...] = ()


def save_probe(found: ProbeResults, path: Path) -> None:
    """Write what was counted as JSON."""
    RunFolder.write(path, msgspec.json.format(msgspec.json.encode(found), indent=1))


def load_probe(path: Path) -> ProbeResults | None:
    """Read what `save_probe` wrote; None where there is no such file.

    Raises:
        DataError: the file cannot be read.
    """
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=ProbeResults)
    except msgspec.DecodeError as error:
        raise DataError("“{path}” cannot be read ({detail}). Probe again.", path=path, detail=error) from error
