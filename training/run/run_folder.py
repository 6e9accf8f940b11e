"""The files of a run: their paths, and how they are written so that a kill never leaves an incomplete file."""

import csv
import dataclasses
import errno
import io
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.inference.contract import Label
from desktop.core.inference.outline import OutlineTest
from desktop.core.labelled_images.labelled import Split
from desktop.core.statistics.calibration import Calibration
from training.run.config import Config

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})

_CHUNK = 16_000_000
"""Bytes that are written at a time."""


@dataclass(frozen=True)
class PreparedImage:
    """One image of a run, a row of `images.csv`.

    `row` is its index in the split's array, or -1 if the image was dropped for the reason `dropped`. Images of one `group`
    show the same picture or, by the data, the same lesion. `findings` are the audit's, separated by semicolons. Images of one
    `picture` are copies of it, and `copy` says which kind of copy each is; both are empty if the data do not say.
    """

    path: str
    label: str
    split: Split
    row: int
    dropped: str
    group: int
    findings: str
    sha256: str
    source: str
    aspect: str
    age: str
    sex: str
    site: str
    picture: str = ""
    copy: str = ""
    lesion: str = ""
    diagnosis: str = ""
    confirmed_by: str = ""
    skin_tone: str = ""

    @property
    def frame(self) -> float | None:
        """Width / height of the frame before it was squashed, if the data give it."""
        return float(self.aspect) if self.aspect else None


@dataclass(frozen=True)
class RunRecord:
    """The record of a run: its settings, the fingerprint of the data, the versions, and the labels in the model's order."""

    settings: Config
    fingerprint: str
    labels: tuple[Label, ...]
    versions: dict[str, str]
    backend: str = ""


@dataclass(frozen=True)
class EpochFigures:
    """The figures of one epoch; training figures are those of augmented images with dropout on.

    Validation figures are None if there are no validation images. The AUCs, by image, are of the probability of melanoma and
    of the sum of malignant labels; None also where the images or the labels have none.
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float | None = None
    val_accuracy: float | None = None
    val_auc_melanoma: float | None = None
    val_auc_malignant: float | None = None


@dataclass(frozen=True)
class OutlineRecord:
    """What is said of the outlines that a decoder draws, and the SHA-256 of the weights of the network that it learned on."""

    network: str
    outline: OutlineTest


class RunFolder:
    """The folder of one run and its files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.audit = path / "audit.csv"
        self.images = path / "images.csv"
        self.record = path / "config.json"
        self.history = path / "history.json"
        self.log = path / "log.csv"
        self.checkpoint = path / "checkpoint.npz"
        self.earlier_checkpoint = path / "checkpoint.keras"
        self.best = path / "best.weights.h5"
        self.teacher = path / "teacher.npy"
        self.model = path / "model.keras"
        self.weights = path / "model.weights.h5"
        self.outline_weights = path / "outline.weights.h5"
        self.outline = path / "outline.json"
        self.calibration = path / "calibration.json"
        self.contract = path / "contract.json"
        self.classifier = path / "classifier.onnx"
        self.probed = path / "probe.npz"
        self.report_json = path / "report.json"
        self.report_md = path / "report.md"

    def array(self, split: Split, size: int = 0) -> Path:
        """Return the path of a split's model inputs, uint8 [n, size, size, 3], as prepared or reduced to `size`."""
        return self.path / (f"{split}-{size}.npy" if size else f"{split}.npy")

    def predictions_of(self, views: int) -> Path:
        """Return the path of the answers to every image, each the mean over `views` views."""
        return self.path / ("predictions.csv" if views == 1 else f"predictions-{views}-views.csv")

    def drop_measured(self) -> None:
        """Delete the figures of the model file, which is being replaced; this also marks the run as unfinished."""
        for path in (self.report_md, self.predictions_of(8), self.probed):
            path.unlink(missing_ok=True)

    @property
    def is_prepared(self) -> bool:
        """Whether the data are prepared: the record is the last file that this step writes."""
        return self.record.exists()

    @property
    def began(self) -> bool:
        """Whether training has saved a checkpoint or a network, with this version or an earlier one."""
        return any(path.exists() for path in (self.checkpoint, self.earlier_checkpoint, self.model))

    def load_record(self) -> RunRecord:
        """Read the record of the run.

        Raises:
            DataError: the folder holds no prepared run.
        """
        if not self.is_prepared:
            raise DataError(
                "“{path}” holds no prepared run. Give --data, or run “lesionlens-train prepare” first.", path=self.path
            )
        try:
            return msgspec.json.decode(self.record.read_bytes(), type=RunRecord)
        except msgspec.DecodeError as error:
            raise DataError(
                "“{path}” cannot be read ({detail}). Start another run.", path=self.record, detail=error
            ) from error

    def save_record(self, record: RunRecord) -> None:
        """Write the record of the run."""
        self.write(self.record, msgspec.json.format(msgspec.json.encode(record), indent=2))

    def load_images(self) -> tuple[PreparedImage, ...]:
        """Read the table of the run's images."""
        with self.images.open(encoding="utf-8", newline="") as file:
            return tuple(msgspec.convert(row, PreparedImage, strict=False) for row in csv.DictReader(file))

    def save_images(self, images: Iterable[PreparedImage]) -> None:
        """Write the table of the run's images."""
        names = [field.name for field in dataclasses.fields(PreparedImage)]
        with self.images.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(names)
            writer.writerows(dataclasses.astuple(image) for image in images)

    def load_array(self, split: Split) -> NDArray[np.uint8]:
        """Map the prepared model inputs of a split into memory."""
        array: NDArray[np.uint8] = np.load(self.array(split), mmap_mode="r")
        return array

    def load_history(self) -> list[EpochFigures]:
        """Read the figures of the finished epochs; empty before the first."""
        if not self.history.exists():
            return []
        return msgspec.json.decode(self.history.read_bytes(), type=list[EpochFigures])

    def save_history(self, history: list[EpochFigures]) -> None:
        """Write the figures of the finished epochs, as JSON to go on from and as CSV to look at."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([field.name for field in dataclasses.fields(EpochFigures)])
        writer.writerows(dataclasses.astuple(epoch) for epoch in history)
        self.write(self.log, text.getvalue().encode())
        self.write(self.history, msgspec.json.format(msgspec.json.encode(history), indent=2))

    def load_calibration(self) -> Calibration | None:
        """Read the fitted calibration; None if there is none."""
        if not self.calibration.exists():
            return None
        return msgspec.json.decode(self.calibration.read_bytes(), type=Calibration)

    def save_calibration(self, calibration: Calibration) -> None:
        """Write the fitted calibration."""
        self.write(self.calibration, msgspec.json.format(msgspec.json.encode(calibration), indent=2))

    def load_outline(self) -> OutlineRecord | None:
        """Read the figures of the outlines; None if no decoder was trained."""
        if not self.outline.exists():
            return None
        return msgspec.json.decode(self.outline.read_bytes(), type=OutlineRecord)

    def save_outline(self, record: OutlineRecord) -> None:
        """Write the figures of the outlines, which mark the decoder as fully trained."""
        self.write(self.outline, msgspec.json.format(msgspec.json.encode(record), indent=2))

    @staticmethod
    def write(path: Path, content: bytes) -> None:
        """Write a file, complete or not at all."""
        RunFolder.replace(path, lambda part: part.write_bytes(content))

    @staticmethod
    def replace(path: Path, save: Callable[[Path], object]) -> None:
        """Let `save` write a file beside `path`, then move it into place in one step."""
        part = path.with_name(f"part-{path.name}")
        save(part)
        part.replace(path)


class ReadOnlyRun(RunFolder):
    """A run as all processes of a training but the first see it: they save nothing, as the first saves the same."""

    @staticmethod
    def write(path: Path, content: bytes) -> None:
        """Write nothing."""

    @staticmethod
    def replace(path: Path, save: Callable[[Path], object]) -> None:
        """Write nothing."""


def new_array(path: Path, shape: tuple[int, ...]) -> np.memmap[tuple[int, ...], np.dtype[np.uint8]]:
    """Create an array file of uint8 that is as large on the disk as it says, and map it into memory.

    A file whose blocks are found only when they are written to ends the process (SIGBUS) where the disk is full.

    Raises:
        DataError: the disk has no room for it; nothing is left of it.
    """
    array = np.lib.format.open_memmap(path, "w+", np.uint8, shape)
    size = path.stat().st_size
    try:
        with path.open("r+b") as file:
            _take_blocks(file, array.offset, size)
    except OSError as error:
        path.unlink(missing_ok=True)
        if error.errno not in _NO_ROOM:
            raise
        raise DataError(
            "The disk has no room for “{path}”, {size} MB. Free some, or choose another disk for --out.",
            path=path,
            size=-(-size // 1_000_000),
        ) from error
    return array


def _take_blocks(file: BinaryIO, start: int, size: int) -> None:
    """Give a file its blocks on the disk; of its `size` bytes those from `start` on are zeros."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)
        return
    file.seek(start)
    file.writelines(bytes(min(_CHUNK, size - begin)) for begin in range(start, size, _CHUNK))
