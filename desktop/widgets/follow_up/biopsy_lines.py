"""The biopsies of a lesion in the course: what each means for the images of later days, and of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.widgets.follow_up.course import CourseLine
from desktop.widgets.visit.biopsy_meaning import (
    Meaning,
    biopsies_of,
    is_reexcised,
    meaning_of,
    melanomas_of,
    taken_word,
)

if TYPE_CHECKING:
    from desktop.core.records.people import Outcome
    from desktop.core.records.result_days import Biopsy


def _tr(text: str) -> str:
    return QCoreApplication.translate("Course", text)


def lines_of_biopsies(
    taken: Sequence[Biopsy], outcomes: Sequence[Outcome], images: Sequence[dt.date]
) -> list[CourseLine]:
    """Return what each biopsy means for later images, and that for those of its day the order is not known.

    Of a melanoma it is said at the first biopsy that proved one, and at the first that removed one with clear margins.

    Args:
        taken: the biopsies that are recorded as taken.
        outcomes: those of the lesion.
        images: the days of its images, in order.
    """
    recorded = {one.day for one in taken}
    newest = images[-1] if images else None
    lines = []
    for day in biopsies_of(taken, outcomes):
        if newest is not None and (day < newest or (day == newest and day not in recorded)):
            text = _meaning_for_later(day, taken, outcomes, is_recorded=day in recorded)
            lines += [CourseLine(day, text, is_strong=True)] if text else []
        if day in recorded and day in images:
            lines.append(CourseLine(day, _order_text(images.count(day), is_reexcision=is_reexcised(day, taken))))
    return lines


def _order_text(images: int, *, is_reexcision: bool) -> str:
    """Return that nobody knows whether the images of the day of a biopsy were taken before it."""
    text = (
        _tr("Whether this day's image is from before or after the {specimen} is not recorded.")
        if images == 1
        else _tr("Whether this day's images are from before or after the {specimen} is not recorded.")
    )
    return text.format(specimen=_tr("re-excision") if is_reexcision else _tr("biopsy"))


def _meaning_for_later(day: dt.date, taken: Sequence[Biopsy], outcomes: Sequence[Outcome], *, is_recorded: bool) -> str:
    """Return what a biopsy means for later images, empty where an earlier line says it."""
    biopsies = biopsies_of(taken, outcomes)
    removed = melanomas_of(biopsies, outcomes)
    told = {next((one for one in removed if removed[one] is state), None) for state in (False, True)}
    meaning = meaning_of(day, biopsies, outcomes)
    if meaning is Meaning.RECURRENT_NEVUS:
        text = _tr("{taken} {when}: in later images a recurrent nevus can mimic melanoma.")
    elif meaning is Meaning.NONE:
        text = _tr("{taken} {when}.")
    elif day not in told:
        return ""
    elif removed[day]:
        text = _tr("Melanoma was removed {when}: in later images pigment in the scar may be recurrence.")
    else:
        text = _tr("{taken} {when}: melanoma. In later images pigment may be residual tumour or recurrence.")
    return text.format(
        taken=taken_word(day, taken), when=_tr("on this day") if is_recorded else _tr("on this day or before")
    )
