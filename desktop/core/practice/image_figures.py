"""How often the model alerts and withholds its answer here, by image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.inference.judgement import Abstention
from desktop.core.labels import MELANOMA
from desktop.core.practice.shares import Share, share_of

if TYPE_CHECKING:
    from desktop.core.records.practice_reading import AnswerRow


@dataclass(frozen=True)
class ImageFigures:
    """Shares of the images that a model answered: with any alert, with that for melanoma, and withheld by each reason."""

    alerted: Share[AnswerRow]
    melanoma: Share[AnswerRow]
    withheld: tuple[tuple[Abstention, Share[AnswerRow]], ...]


def image_figures(answers: Sequence[AnswerRow]) -> ImageFigures | None:
    """Count the answers of one model, oldest first; None if there are none."""
    if not answers:
        return None
    newest = tuple(reversed(answers))

    def among(counted: Sequence[bool]) -> Share[AnswerRow]:
        return share_of(newest, counted, patient_of)

    return ImageFigures(
        alerted=among([bool(one.alerts) for one in newest]),
        melanoma=among([MELANOMA in one.alerts for one in newest]),
        withheld=tuple((reason, among([one.withheld == reason for one in newest])) for reason in Abstention),
    )


def patient_of(answer: AnswerRow) -> object:
    """Return whose an image is; one of nobody stands for itself."""
    return ("image", answer.image_id) if answer.patient_id is None else ("patient", answer.patient_id)
