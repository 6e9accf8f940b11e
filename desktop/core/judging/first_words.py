"""What whoever reads a model's figures must know before them: what these do not cover."""

from collections.abc import Iterator

from desktop.core.inference.contract import Contract
from desktop.core.judging.counted_nouns import IMAGES
from desktop.core.judging.judged_images import JudgedImages, LabelledData
from desktop.core.judging.lesion_answers import ImageAnswers
from desktop.core.marking import tr
from desktop.core.sentence import Sentence

_MOST_LABELS = 5
"""Unknown labels that are named first; all are named with what was left out."""


def first_sentences(images: JudgedImages, answers: ImageAnswers, contract: Contract) -> Iterator[Sentence]:
    """Yield that a model raises no alerts, which images have no label of it, and how many are too small for it."""
    if not contract.raisable:
        yield Sentence(tr("This model raises no alerts."))
    yield from _unknown_labels(images.data)
    yield from _too_small(answers, contract)


def _unknown_labels(data: LabelledData) -> Iterator[Sentence]:
    if not data.unknown:
        return
    left_out = sum(data.unknown.values())
    names = [f"“{name}”" for name in data.unknown]
    fields = {
        "left_out": left_out,
        "images": IMAGES.of(left_out + len(data.images)),
        "labels": ", ".join(names[:_MOST_LABELS]),
        "more": len(names) - _MOST_LABELS,
    }
    if len(names) == 1:
        yield Sentence(tr("{left_out} of {images} left out: {labels} is no label of this model."), fields)
    elif len(names) <= _MOST_LABELS:
        yield Sentence(tr("{left_out} of {images} left out: {labels} are no labels of this model."), fields)
    else:
        yield Sentence(
            tr("{left_out} of {images} left out: {labels} and {more} more are no labels of this model."), fields
        )
    for name, label in data.nearest.items():
        yield Sentence(tr("If “{name}” means {label}, call it so and count again."), {"name": name, "label": label})


def _too_small(answers: ImageAnswers, contract: Contract) -> Iterator[Sentence]:
    least = None if contract.quality is None else contract.quality.side_least
    if least is None:
        return
    small, count = sum(side is not None and side < least for side in answers.sides), len(answers.sides)
    fields = {"small": small, "count": count, "least": least}
    if small == count:
        yield Sentence(
            tr(
                "Images counted: {count}, all of them smaller than the {least} pixels across that the model needs. The verdict "
                "may be about image size."
            ),
            fields,
        )
    elif small:
        yield Sentence(
            tr(
                "Images counted: {count}, {small} of them smaller than the {least} pixels across that the model needs. The "
                "verdict may be about image size."
            ),
            fields,
        )
