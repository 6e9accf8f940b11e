"""The biopsies of a lesion in the course: what each means for the images after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.widgets.follow_up.course import CourseLine
from desktop.widgets.visit.biopsy_meaning import Meaning, meaning_of, melanomas_of

if TYPE_CHECKING:
    from desktop.core.records.people import Outcome


def _tr(text: str) -> str:
    return QCoreApplication.translate("Course", text)


def lines_of_biopsies(biopsies: Sequence[dt.date], outcomes: Sequence[Outcome]) -> list[CourseLine]:
    """Return what each biopsy means for the images after it.

    Of a melanoma it is said at the first biopsy that proved one, and at the first that removed one with clear margins.
    """
    removed = melanomas_of(biopsies, outcomes)
    told = {next((day for day in removed if removed[day] is state), None) for state in (False, True)}
    lines = []
    for day in biopsies:
        meaning = meaning_of(day, biopsies, outcomes)
        if meaning is Meaning.RECURRENT_NEVUS:
            text = _tr("Biopsied here: a recurrent nevus can mimic melanoma.")
        elif meaning is Meaning.NONE:
            text = _tr("Biopsied here.")
        elif day not in told:
            continue
        elif removed[day]:
            text = _tr("Melanoma was removed here: pigment in the scar may be recurrence.")
        else:
            text = _tr("Biopsied here: melanoma. Pigment may be residual tumour or recurrence.")
        lines.append(CourseLine(day, text, is_strong=True))
    return lines
