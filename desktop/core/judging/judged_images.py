"""Which images of a folder or table count for a model, and whose vote they are.

A picture counts once, however many copies there are; a lesion counts once, by the mean of its pictures. What cannot be counted
honestly is left out, each image with its reason.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.image_copies.groups import joined
from desktop.core.imaging.opening import read_file
from desktop.core.inference.contract import Contract
from desktop.core.judging.labels import meanings, nearest_label
from desktop.core.judging.training_pictures import TrainingPictures
from desktop.core.labelled_images.audit import Audit, audit
from desktop.core.labelled_images.class_folders import read_folders
from desktop.core.labelled_images.labelled import LabelledImage
from desktop.core.labelled_images.labelled_csv import read_csv
from desktop.core.marking import tr
from desktop.core.sentence import Sentence

_ALSO = {"lesion_id": "lesion", "patient": "group", "patient_id": "group"}
"""Other names of a table's columns. Images of one patient belong together, but are no single vote where lesions are named."""


class LeftOut(StrEnum):
    """Why an image does not count; the first reason that applies."""

    UNREADABLE = "unreadable"
    TWO_LABELS = "two labels"
    LEARNED = "learned from"
    COPY = "copy"


@dataclass(frozen=True)
class LabelledData:
    """The labelled images of a folder or table.

    `truth` is, for each image, the label or group of the model that its own label stands for. `words` are the labels of the
    data that are called otherwise in the model, with what they stand for; `unknown` those that the model does not have, with
    the number of their images, which are left out; `nearest` has the label that some of these are written like. `passed_over`
    counts images of kinds that are not opened.
    """

    images: tuple[LabelledImage, ...]
    truth: tuple[str, ...]
    words: dict[str, str]
    unknown: dict[str, int]
    remarks: tuple[Sentence, ...]
    passed_over: int
    nearest: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class JudgedImages:
    """The images with what the audit found.

    `lesions` numbers what has one vote and `patients` what a bootstrap draws: patients, or lesions where none are known.
    `left_out` has the reason for each image that does not count. `knows_training` is whether the pictures that the model
    learned from are known.
    """

    data: LabelledData
    audit: Audit
    lesions: NDArray[np.int64]
    patients: NDArray[np.int64]
    left_out: tuple[LeftOut | None, ...]
    knows_training: bool

    @property
    def has_patients(self) -> bool:
        """Whether the data name patients beside lesions."""
        return any(image.group and image.lesion for image in self.data.images)

    def count(self, reason: LeftOut) -> int:
        """Return how many images are left out for a reason."""
        return sum(one is reason for one in self.left_out)


def read_labelled(data: Path, contract: Contract) -> LabelledData:
    """Read class folders or a table; no image is opened.

    Raises:
        DataError: it cannot be read, names files that are not there, or has no image with a label of the model.
        UsageError: a table gives one label two malignancies.
    """
    if data.is_dir():
        found = read_folders(data)
    elif data.is_file():
        found = read_csv(data, _ALSO, skips_unlabelled=True)
    else:
        raise DataError(tr("“{data}” is neither a folder nor a table."), data=data)
    meant = meanings(found.names, contract)
    kept = sorted((image for image in found.images if image.label in meant.known), key=lambda image: image.name)
    unknown = Counter(image.label for image in found.images if image.label not in meant.known)
    if not kept:
        raise DataError(
            tr(
                "“{data}” has no image with a label of the model. Give folders named by the labels, or a CSV with the columns "
                "path and label. The labels are {labels}."
            ),
            data=data,
            labels=", ".join(contract.label_ids),
        )
    unknown_names = [found.names[label] for label in meant.unknown]
    return LabelledData(
        images=tuple(kept),
        truth=tuple(meant.known[image.label] for image in kept),
        words={found.names[label]: label_meant for label, label_meant in meant.known.items() if label_meant != label},
        unknown={found.names[label]: count for label, count in unknown.most_common()},
        remarks=tuple(found.remarks),
        passed_over=found.passed_over,
        nearest={name: near for name in unknown_names if (near := nearest_label(name, contract))},
    )


def compare_images(
    data: LabelledData,
    contract: Contract,
    training: TrainingPictures | None,
    progress: Callable[[float], None] | None = None,
    read: Callable[[Path], bytes] = read_file,
    learned: Collection[str] = (),
) -> JudgedImages:
    """Open every image, compare each with all others and with what the model learned from, and say which count.

    Args:
        data: the images.
        contract: the model's.
        training: the pictures that the model learned from, None if they are not known.
        progress: called with the share of the work that is done, see `audit`.
        read: returns the bytes of a file, see `audit`.
        learned: the names of lesions that the model learned from, whatever picture of them is among the data.
    """
    found = audit(data.images, progress, read)
    lesions = _lesions(found)
    patients = _joined_by(found.images, lesions, lambda image: image.group)
    return JudgedImages(
        data=data,
        audit=found,
        lesions=np.array(lesions, np.int64),
        patients=np.array(patients, np.int64),
        left_out=_left_out(data, found, lesions, _learned(found, contract, training, progress, learned)),
        knows_training=training is not None,
    )


def _lesions(found: Audit) -> tuple[int, ...]:
    """Number the lesions: by their name, by that of the group where no lesion is named, and by copies of one picture."""
    return _joined_by(found.images, found.pictures, lambda image: image.lesion or image.group)


def _joined_by(
    images: Sequence[LabelledImage], numbers: Sequence[int], name: Callable[[LabelledImage], str]
) -> tuple[int, ...]:
    """Join what is joined already where the images have the same name."""
    first: dict[str, int] = {}
    named = [(first.setdefault(name(image), place), place) for place, image in enumerate(images) if name(image)]
    return joined(len(images), [*enumerate(numbers), *named])


def _learned(
    found: Audit,
    contract: Contract,
    training: TrainingPictures | None,
    progress: Callable[[float], None] | None,
    names: Collection[str],
) -> set[int]:
    """Return the images that the model learned from or that set its limits, and those of lesions with one of these names."""
    readable = [place for place, problem in enumerate(found.problems) if not problem]
    learned = {place for place, image in enumerate(found.images) if image.lesion in names}
    if training is not None and readable:
        compared = (lambda: None) if progress is None else (lambda: progress(1.0))
        known = training.shows(found.thumbnails[readable], compared)
        learned |= {readable[place] for place in np.flatnonzero(known)}
    if (earlier := contract.recalibration) is not None:
        learned |= {
            place
            for place in readable
            if earlier.rests_on(found.sha256[place]) or earlier.rests_on(found.images[place].original_sha256 or "-")
        }
    return learned


def _left_out(
    data: LabelledData, found: Audit, lesions: Sequence[int], learned: Collection[int]
) -> tuple[LeftOut | None, ...]:
    labels: dict[int, set[str]] = defaultdict(set)
    for lesion, truth in zip(lesions, data.truth, strict=True):
        labels[lesion].add(truth)
    known = {lesions[place] for place in learned}
    seen: set[int] = set()
    reasons: list[LeftOut | None] = []
    for place, lesion in enumerate(lesions):
        picture = found.pictures[place]
        if found.problems[place]:
            reasons.append(LeftOut.UNREADABLE)
        elif len(labels[lesion]) > 1:
            reasons.append(LeftOut.TWO_LABELS)
        elif lesion in known:
            reasons.append(LeftOut.LEARNED)
        elif picture in seen:
            reasons.append(LeftOut.COPY)
        else:
            seen.add(picture)
            reasons.append(None)
    return tuple(reasons)
