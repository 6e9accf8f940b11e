"""Which lesions of a visit's report stand on the body map and on the overview photographs, and what their signs mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.widgets.common.body.body_marks import BodyMark, marks_of
from desktop.widgets.common.body_places import place_name
from desktop.widgets.common.patient_words import lesion_name
from desktop.widgets.common.wording import local_day
from desktop.widgets.report.visit_content import OverviewPart, VisitMap

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from desktop.core.records.people import Lesion
    from desktop.widgets.report.visit_subject import OverviewAtVisit, VisitSubject


def _tr(text: str) -> str:
    return QCoreApplication.translate("Report", text)


def map_of(seen: Sequence[Lesion], others: Sequence[Lesion]) -> VisitMap | None:
    """Return the body map with the lesions `seen` at the visit, and behind them those under *Other lesions*.

    None if no lesion has a place.
    """
    marks = (*marks_of(seen), *marks_of(others, is_secondary=True))
    if not marks:
        return None
    signs = _tr("Dot: the exact point. Ring: only the place.") if any(mark.pin is None for mark in marks) else ""
    return VisitMap(
        _tr("Lesions"), marks, _names(seen), _names(others), " ".join(filter(None, (signs, _of_secondary(marks))))
    )


def overviews_of(
    subject: VisitSubject, pictures: Mapping[str, QImage], seen: Sequence[Lesion], others: Sequence[Lesion]
) -> tuple[OverviewPart, ...]:
    """Return the photographs of a visit with the pins of these lesions; `pictures` are by SHA-256."""
    is_secondary = {one.id: False for one in seen} | {one.id: True for one in others}
    return tuple(
        _overview(one, number, subject, pictures, is_secondary) for number, one in enumerate(subject.overviews, 1)
    )


def _overview(
    one: OverviewAtVisit,
    number: int,
    subject: VisitSubject,
    pictures: Mapping[str, QImage],
    is_secondary: Mapping[int, bool],
) -> OverviewPart:
    """Return a photograph with the pins of the lesions that the report names, which are the keys of `is_secondary`."""
    day, count = local_day(subject.visit.date), len(subject.overviews)
    heading = (
        _tr("Overview photograph of {day}") if count == 1 else _tr("Overview photograph of {day}, {number} of {count}")
    )
    image = pictures.get(one.image.image.sha256)
    marks = tuple(
        BodyMark(lesion.id, lesion.name, lesion.site, pin, lesion_name(lesion), is_secondary[lesion.id])
        for lesion, pin in one.pins
        if lesion.id in is_secondary
    )
    note = _of_secondary(marks) if image is not None else _tr("The photograph cannot be shown.")
    return OverviewPart(heading.format(day=day, number=number, count=count), image, marks, note)


def _of_secondary(marks: Iterable[BodyMark]) -> str:
    return _tr("Grey and small: under Other lesions.") if any(mark.is_secondary for mark in marks) else ""


def _names(lesions: Iterable[Lesion]) -> tuple[tuple[str, str], ...]:
    return tuple((one.name, place_name(one.site) if one.site else _tr("no place entered")) for one in lesions)
