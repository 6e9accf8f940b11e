"""What whoever reads a model's figures must know before them: what these do not cover."""

from collections.abc import Iterator

from desktop.core.inference.contract import Contract
from desktop.core.judging.judged_images import JudgedImages, LabelledData
from desktop.core.marking import tr
from desktop.core.sentence import Sentence

_MOST_LABELS = 5
"""Unknown labels that are named first; all are named with what was left out."""


def first_sentences(images: JudgedImages, contract: Contract) -> Iterator[Sentence]:
    """Yield that a model raises no alerts, and which images have no label of it."""
    if not contract.raisable:
        yield Sentence(tr("This model raises no alerts."))
    yield from _unknown_labels(images.data)


def _unknown_labels(data: LabelledData) -> Iterator[Sentence]:
    if not data.unknown:
        return
    left_out = sum(data.unknown.values())
    names = [f"“{name}”" for name in data.unknown]
    fields = {
        "left_out": left_out,
        "count": left_out + len(data.images),
        "labels": ", ".join(names[:_MOST_LABELS]),
        "more": len(names) - _MOST_LABELS,
    }
    if len(names) == 1:
        yield Sentence(tr("{left_out} of {count} images left out: {labels} is no label of this model."), fields)
    elif len(names) <= _MOST_LABELS:
        yield Sentence(tr("{left_out} of {count} images left out: {labels} are no labels of this model."), fields)
    else:
        yield Sentence(
            tr("{left_out} of {count} images left out: {labels} and {more} more are no labels of this model."), fields
        )
    for name, label in data.nearest.items():
        yield Sentence(tr("If “{name}” means {label}, call it so and count again."), {"name": name, "label": label})
