"""Which images of the history a model learned from, recognised as when a model is tried on own images."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from desktop.core.errors import AppError
from desktop.core.image_copies.hashes import THUMBNAIL
from desktop.core.imaging.preprocessing import checked_input
from desktop.core.judging.training_pictures import find_training_pictures

if TYPE_CHECKING:
    from desktop.core.inference.contract import Contract
    from desktop.core.judging.training_pictures import TrainingPictures
    from desktop.core.records.practice_reading import PracticeRows, Subject
    from desktop.core.records.values import KeptImage


def known_training(contract: Contract | None, model: Path) -> TrainingPictures | None:
    """Return the pictures that a model learned from, None if they are not known; `model` is the file of the one in use."""
    return None if contract is None else find_training_pictures(model, contract.training_data.fingerprint)


def tell_learned(
    images: Sequence[KeptImage], contract: Contract, training: TrainingPictures, read: Callable[[KeptImage], bytes]
) -> dict[str, bool | None]:
    """Tell by SHA-256 which images a model learned from, or was set on; None for one that cannot be read.

    Args:
        images: of the history.
        contract: the model's.
        training: the pictures that it learned from.
        read: returns the bytes of an image, or raises `AppError`.
    """
    told: dict[str, bool | None] = {image.sha256: _set_on(image.sha256, contract) or None for image in images}
    thumbnails = {}
    for image in images:
        try:
            thumbnails[image.sha256] = checked_input(read(image), THUMBNAIL, "stretch", image.name)[0]
        except AppError:  # it was moved, changed or damaged since it was answered
            continue
    if thumbnails:
        shown = training.shows(np.stack(list(thumbnails.values())))
        told |= {sha256: bool(told[sha256] or one) for sha256, one in zip(thumbnails, shown, strict=True)}
    return told


def _set_on(sha256: str, contract: Contract) -> bool:
    return contract.recalibration is not None and contract.recalibration.rests_on(sha256)


def images_answered(rows: PracticeRows, model: str) -> dict[str, Subject]:
    """Return the images that a model answered, by SHA-256: own figures count their lesions with and without an outcome."""
    return {answer.sha256: answer.subject for answer in rows.answers if answer.model == model}


def images_with_outcome(rows: PracticeRows, model: str) -> dict[str, Subject]:
    """Return those of them whose lesion has an outcome: on these alone the verdict of a trial rests."""
    answered = images_answered(rows, model)
    return {sha256: subject for sha256, subject in answered.items() if rows.outcomes.get(subject)}


def subjects_set_on(rows: PracticeRows, contract: Contract) -> frozenset[Subject]:
    """Return the lesions, with an outcome or not, with an image on which a recalibrated model was set."""
    return frozenset(answer.subject for answer in rows.answers if _set_on(answer.sha256, contract))


def subjects_of(images: Mapping[str, Subject], told: Mapping[str, bool | None]) -> frozenset[Subject]:
    """Return the lesions of which a model learned from an image."""
    return frozenset(subject for sha256, subject in images.items() if told.get(sha256))
