"""Treatments and pregnancy in the course and on the time axis, and what they mean for the images."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.records.influences import InfluenceKind
from desktop.widgets.common.influence_words import influence_origin, influence_text, name_of
from desktop.widgets.follow_up.course import CourseLine
from desktop.widgets.follow_up.time_axis import AxisMark
from desktop.widgets.visit.between_images import MeaningOf, last_day
from desktop.widgets.visit.biopsy_meaning import Meaning

if TYPE_CHECKING:
    from desktop.core.records.influences import Influence


def _tr(text: str) -> str:
    return QCoreApplication.translate("Influences", text)


def lines_of_influences(
    influences: Sequence[Influence], newest: dt.date | None, meaning_of: MeaningOf
) -> list[CourseLine]:
    """Return a line for each influence, and one for what it means for later images, if there are any.

    `newest` is the day of the newest image, None if there is none.
    """
    lines = []
    for one in influences:
        if newest is not None and one.span.since < newest:
            text = _tr("{kind}: {meaning}").format(kind=name_of(one.kind), meaning=_meaning(one, meaning_of))
            lines.append(CourseLine(one.span.since, text, is_strong=True))
        lines.append(CourseLine(one.span.since, influence_text(one), influence_origin(one), time=one.time))
    return lines


def marks_of_influences(influences: Sequence[Influence], today: dt.date) -> list[AxisMark]:
    """Return the marks of the axis: a bar, until today for one that lasts, but a cryotherapy is of one day."""
    return [
        AxisMark(
            one.span.since,
            influence_text(one),
            name_of(one.kind).lower(),
            None if one.kind == InfluenceKind.CRYOTHERAPY else last_day(one, today),
        )
        for one in influences
    ]


def _meaning(influence: Influence, meaning_of: MeaningOf) -> str:
    """Return what an influence means for images after its beginning. None of it is to excuse a change."""
    if influence.kind == InfluenceKind.CRYOTHERAPY:
        return {
            Meaning.RECURRENT_NEVUS: _tr(
                "faded pigment and scarring can hide a melanoma; pigment that returns can mimic one."
            ),
            Meaning.RECURRENT_MELANOMA: _tr("faded pigment and scarring can hide a recurrence of the melanoma."),
            Meaning.NONE: _tr("faded pigment and scarring can hide a melanoma."),
        }[meaning_of(influence.span.since)]
    if influence.kind == InfluenceKind.TOPICAL:
        return _tr("inflammation and faded pigment can hide structures; fading does not exclude a tumour.")
    return _tr("naevi may change. Do not put a change down to it: assess as at any other time.")
