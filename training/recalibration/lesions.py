"""The lesions that a model file is recalibrated on: which images of the data, whose they are, and what the file answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import DataError
from desktop.core.image_copies.groups import joined
from desktop.core.imaging.opening import read_file
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.contract import Contract
from desktop.core.labelled_images.audit import Audit, FindingKind, audit, summary
from desktop.core.labelled_images.labelled import LabelledImage
from desktop.core.progress import Progress
from training.images.catalogue import read_catalogue
from training.images.squashed_copies import input_of_copy
from training.judging.held_out import BIOPSIED, HeldOutAnswers, HeldOutImage

_REFUSED = frozenset({FindingKind.UNREADABLE, FindingKind.TWO_LABELS})
"""Findings of images that are left out."""

_BATCH = 64


@dataclass(frozen=True)
class OwnLesions:
    """What a model file answers to a clinic's own lesions.

    The group of an image is its lesion; folds keep a patient's lesions together, where the data name patients by `group`.
    `hashes` is the SHA-256 of each image's file, `originals` those of the images of which the files are copies.
    """

    answers: HeldOutAnswers
    hashes: tuple[str, ...]
    originals: tuple[str, ...]


def read_lesions(classifier: Classifier, data: Path, *, biopsied: bool) -> OwnLesions:
    """Read labelled images and answer them.

    Args:
        classifier: the model file.
        data: folders of classes or a CSV, with none but labels of the model.
        biopsied: every diagnosis was proved by histology, where the data do not say it.

    Raises:
        DataError: the data cannot be used, or set this file's limits already.
        ImageError: an image cannot be read.
    """
    catalogue = read_catalogue(data, labels_from_folders=True)
    _refuse_strange({label.id: label.name for label in catalogue.labels}, classifier.contract)
    found = audit(catalogue.images)
    print(summary(found, catalogue.remarks))
    kept = [place for place, kinds in enumerate(found.kinds_of()) if not _REFUSED.intersection(kinds)]
    hashes = tuple(found.sha256[place] for place in kept)
    originals = tuple(one for place in kept if (one := found.images[place].original_sha256))
    _refuse_known(hashes, originals, classifier)
    lesions = _lesions(found)
    images = tuple(_held_out(found.images[place], lesions[place], biopsied=biopsied) for place in kept)
    answers = HeldOutAnswers(
        classifier.contract.label_ids,
        images,
        _probabilities(classifier, [found.images[place] for place in kept]),
        own={label.id: label.malignancy for label in classifier.contract.labels},
        inseparable=tuple(found.groups[place] for place in kept),
    )
    return OwnLesions(answers, hashes, originals)


def _refuse_strange(names: dict[str, str], contract: Contract) -> None:
    strange = sorted(name for label, name in names.items() if label not in contract.label_ids)
    if strange:
        raise DataError(
            "The model does not know {names}; its labels are {labels}. Leave these images out, or train with them.",
            names=", ".join(f"“{name}”" for name in strange),
            labels=", ".join(contract.label_ids),
        )


def _refuse_known(hashes: Sequence[str], originals: Sequence[str], classifier: Classifier) -> None:
    earlier = classifier.contract.recalibration
    known = sum(earlier.rests_on(one) for one in {*hashes, *originals}) if earlier else 0
    if known:
        raise DataError(
            "“{model}” was recalibrated on {count} of these images: they would be counted for themselves. Give the model file "
            "that it was made from, or other images.",
            model=classifier.path,
            count=known,
        )


def _lesions(found: Audit) -> tuple[int, ...]:
    """Number what has one vote: the images of one lesion (of one group, where no lesion is named), and copies of a picture."""
    first: dict[tuple[str, str], int] = {}
    named = [
        (first.setdefault(("lesion", image.lesion) if image.lesion else ("group", image.group), place), place)
        for place, image in enumerate(found.images)
        if image.lesion or image.group
    ]
    return joined(len(found.images), [*enumerate(found.pictures), *named])


def _held_out(image: LabelledImage, lesion: int, *, biopsied: bool) -> HeldOutImage:
    return HeldOutImage(
        image=image.name,
        lesion=image.lesion,
        group=lesion,
        source=image.source,
        diagnosis=image.diagnosis,
        confirmed_by=BIOPSIED if biopsied else image.confirmed_by,
        label=image.label,
        age="",
        sex="",
        site="",
        skin_tone="",
    )


def _probabilities(classifier: Classifier, images: Sequence[LabelledImage]) -> NDArray[np.float64]:
    """Answer images [n, labels] from their files and through the app's own path."""
    contract = classifier.contract
    progress, probabilities = Progress("Answering", len(images)), []
    for start in range(0, len(images), _BATCH):
        some = images[start : start + _BATCH]
        inputs = [
            input_of_copy(
                read_file(one.path),
                contract.input_size,
                contract.fit,
                one.aspect,
                one.name,
                effective_resolution=contract.effective_resolution,
            )
            for one in some
        ]
        probabilities.append(classifier.run(np.stack(inputs)).probabilities.astype(np.float64))
        progress.advance(len(some))
    progress.finish()
    return np.concatenate(probabilities) if probabilities else np.zeros((0, len(contract.labels)))
