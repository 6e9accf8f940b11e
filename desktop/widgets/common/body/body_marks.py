"""The lesions on the body map: each at its pin, or in the middle of its place until a pin is set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from desktop.core.place_words import is_place, recognised
from desktop.widgets.common.body.body_shapes import CANVAS, TOES, BodyShape, drawing
from desktop.widgets.common.body_places import places
from desktop.widgets.common.patient_words import lesion_name

if TYPE_CHECKING:
    from desktop.core.records.people import Lesion, Pin

_CENTRAL = 0.15
"""How far from the middle of a shape, as a share of its longer side, a ring may stand to have more room."""

_GRID = 24
"""Steps in each direction when searching for the middle of a region."""

_BESIDE = 10.0
"""Distance in units of the canvas between lesions of which only the same place is known."""


@dataclass(frozen=True)
class BodyMark:
    """A lesion at a place; `pin` is the point that was set, None if only the place is known.

    One that `is_secondary` stands behind the others.
    """

    lesion_id: int
    name: str
    site: str
    pin: Pin | None
    whole_name: str
    is_secondary: bool = False


def marks_of(lesions: Iterable[Lesion], *, is_secondary: bool = False) -> list[BodyMark]:
    """Return the marks of the lesions that have a pin, or a place of the body map, be it in words."""
    return [
        BodyMark(lesion.id, lesion.name, site, lesion.pin, lesion_name(lesion), is_secondary)
        for lesion in lesions
        if (site := site_of(lesion)) and (lesion.pin is not None or is_place(site))
    ]


def site_of(lesion: Lesion) -> str:
    """Return the id of a lesion's place of the body map, be it in words; those words where they name none."""
    return recognised(lesion.site) or lesion.site


def unmarked(lesions: Iterable[Lesion]) -> list[Lesion]:
    """Return the lesions that the body map does not show, though they have a place: in words that name none of the map."""
    return [one for one in lesions if one.site and one.pin is None and not recognised(one.site)]


def shown_in(area: QRectF, marks: Iterable[BodyMark]) -> list[BodyMark]:
    """Return marks as a part of the canvas shows them: of a pin in a detail the figures show only the place."""
    return [one if one.pin is None or area.contains(from_pin(one.pin)) else replace(one, pin=None) for one in marks]


def points_of(marks: Iterable[BodyMark], area: QRectF) -> dict[int, QPointF]:
    """Return the point of the canvas of each mark by its lesion's id, as far as `area` shows it or what contains it.

    The marks are those of `shown_in`: each pin is in the area.
    """
    points: dict[int, QPointF] = {}
    seen: dict[str, int] = {}
    for mark in marks:
        at = None if mark.pin is None else from_pin(mark.pin)
        if at is None:
            middle = middle_of(mark.site, area)
            if middle is None:
                continue
            before = seen.get(mark.site, 0)
            seen[mark.site] = before + 1
            at = middle + QPointF(_BESIDE * before, 0)
        points[mark.lesion_id] = at
    return points


def from_pin(pin: Pin) -> QPointF:
    """Return the point of the canvas of a pin."""
    return _toes_turned(QPointF(CANVAS.left() + pin[0] * CANVAS.width(), CANVAS.top() + pin[1] * CANVAS.height()))


def to_pin(point: QPointF) -> Pin:
    """Return the pin of a point of the canvas."""
    at = _toes_turned(point)
    return ((at.x() - CANVAS.left()) / CANVAS.width(), (at.y() - CANVAS.top()) / CANVAS.height())


def _toes_turned(point: QPointF) -> QPointF:
    """Return a point between the drawing as pins are stored and as it is shown, in either direction.

    The first histories have pins of a drawing with its toes up; turned with it they stay in their nails.
    """
    return QPointF(point.x(), 2 * TOES.center().y() - point.y()) if TOES.contains(point) else point


def middle_of(place: str, area: QRectF) -> QPointF | None:
    """Return a point inside a place as `area` shows it, or inside the part of the figure that contains it."""
    regions = drawing().regions
    numbers = [n for n, region in enumerate(regions) if region.place == place and shows(area, region)]
    if not numbers:
        holder = places()[place].part_of if place in places() else ""
        return middle_of(holder, area) if holder else None
    return _middle(max(numbers, key=lambda n: _extent(regions[n].path.boundingRect())))


def shows(area: QRectF, region: BodyShape) -> bool:
    """Return whether a part of the canvas shows a region."""
    return area.contains(region.path.boundingRect().center())


def _extent(box: QRectF) -> float:
    return box.width() * box.height()


@cache
def _middle(number: int) -> QPointF:
    """Return a point well inside a region, as central as possible; `number` is its index in the drawing."""
    path = drawing().regions[number].path
    box = path.boundingRect()
    grid = [
        QPointF(box.left() + box.width() * column / _GRID, box.top() + box.height() * row / _GRID)
        for column in range(1, _GRID)
        for row in range(1, _GRID)
    ]
    grid.sort(key=lambda point: (point - box.center()).manhattanLength())
    most = max(box.width(), box.height()) * _CENTRAL
    central = [point for point in grid if (point - box.center()).manhattanLength() <= most]
    for points in (central, grid):
        for room in (6.0, 4.0, 2.5, 1.5, 0.8):  # units of the canvas that must be free around it
            for point in points:
                if path.contains(QRectF(point.x() - room, point.y() - room, 2 * room, 2 * room)):
                    return point
    return box.center()
