"""Makes the answers to the images that count of what the model said, one file after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop.core.inference.adjusted import adjust
from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.context_file import ContextTable
from desktop.core.inference.contract import Contract
from desktop.core.judging.judged_images import JudgedImages
from desktop.core.judging.lesion_answers import ImageAnswers
from desktop.core.patient_context import NOTHING_GIVEN

_PROVED = frozenset({"histopathology", "histology", "biopsy"})
"""Words of `confirmed_by` that mean histology."""


@dataclass(frozen=True)
class Said:
    """What a model said of one image.

    `with_context` are the probabilities with age, sex and site, empty if nothing of them is known. `withheld` is the reason for
    withholding the answer, empty if it was given. `side` is the shorter side of the part that the model looked at, in pixels of
    the file, None if it was not measured.
    """

    probabilities: tuple[float, ...]
    with_context: tuple[float, ...]
    withheld: str
    side: int | None


def said_of(answer: FileAnswer, contract: Contract, context: ContextTable | None) -> Said | None:
    """Return what a model said of a file, None if it has no answer."""
    if answer.prediction is None or answer.judgement is None:
        return None
    patient = NOTHING_GIVEN if context is None else context.of(answer.path)
    figures = adjust(answer.prediction, answer.judgement, contract, patient, None).with_context
    return Said(
        tuple(answer.prediction.probabilities),
        () if figures is None else tuple(figures[label] for label in contract.label_ids),
        answer.judgement.abstention or "",
        None if answer.prediction.quality is None else answer.prediction.quality.side,
    )


def collected(said: Mapping[Path, Said], images: JudgedImages, labels: Sequence[str]) -> ImageAnswers:
    """Return the answers to the images that count; those of which nothing was said are left out."""
    counted = [
        (place, found)
        for place, (image, reason) in enumerate(zip(images.data.images, images.left_out, strict=True))
        if reason is None and (found := said.get(image.path)) is not None
    ]
    places = [place for place, _ in counted]
    nothing = (np.nan,) * len(labels)
    shape = (-1, len(labels))
    return ImageAnswers(
        places=tuple(places),
        names=tuple(images.data.images[place].name for place in places),
        truth=tuple(images.data.truth[place] for place in places),
        lesions=images.lesions[places],
        patients=images.patients[places],
        proved=np.array([images.data.images[place].confirmed_by.casefold() in _PROVED for place in places], bool),
        probabilities=np.array([found.probabilities for _, found in counted], np.float64).reshape(shape),
        with_context=np.array([found.with_context or nothing for _, found in counted], np.float64).reshape(shape),
        withheld=tuple(found.withheld for _, found in counted),
        sides=tuple(found.side for _, found in counted),
    )
