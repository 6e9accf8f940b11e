"""The parts of the body map that stand alone, and which of them show which lesions."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF

from desktop.widgets.common.body.body_marks import BodyMark, from_pin, shows
from desktop.widgets.common.body.body_shapes import drawing

FIGURES = QRectF(0, 4, 560, 570)
"""The two whole figures with their captions, in units of the canvas."""

DETAILS = (
    QRectF(572, 4, 422, 172),  # head
    QRectF(552, 203, 160, 150),  # scalp
    QRectF(736, 203, 248, 146),  # palms
    QRectF(560, 357, 144, 214),  # soles
    QRectF(754, 357, 212, 250),  # nails
)
"""Each of the other drawings with its captions."""


def views_of(marks: Iterable[BodyMark]) -> list[tuple[QRectF, list[BodyMark]]]:
    """Return the views that show lesions, the figures first, each with its lesions; a lesion is in one view alone.

    A lesion without a pin is in the figures if they show its place. One whose place no view shows is left out.
    """
    found: dict[int, list[BodyMark]] = {}
    views = (FIGURES, *DETAILS)
    for mark in marks:
        number = next((n for n, view in enumerate(views) if _is_in(view, mark)), None)
        if number is not None:
            found.setdefault(number, []).append(mark)
    return [(views[number], found[number]) for number in sorted(found)]


def _is_in(view: QRectF, mark: BodyMark) -> bool:
    if mark.pin is not None:
        return view.contains(from_pin(mark.pin))
    return any(region.place == mark.site and shows(view, region) for region in drawing().regions)
