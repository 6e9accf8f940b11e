"""Where the names of lesions stand beside their dots, so that dots and names do not cover each other."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSizeF

_BESIDE = 8.0
"""Distance in points from the middle of a dot to its name."""

_DOT = 5.0
"""Half the side of the square around a dot that names keep free, in points."""


def beside(at: QPointF, size: QSizeF, bounds: QRectF) -> QRectF:
    """Return the place of a name at the right of its dot, or at the left where it would leave the bounds."""
    name = QRectF(QPointF(at.x() + _BESIDE, at.y() - size.height() / 2), size)
    if name.right() > bounds.right():
        name.moveRight(at.x() - _BESIDE)
    name.moveLeft(max(name.left(), bounds.left()))
    return name


def apart(points: Mapping[int, QPointF], sizes: Mapping[int, QSizeF], bounds: QRectF) -> dict[int, QRectF]:
    """Return the place of each name by its lesion's id: beside its dot, and off the other dots and names if there is room.

    Args:
        points: the middle of each dot.
        sizes: width and height of each name.
        bounds: where names may stand.
    """
    dots = {lesion_id: QRectF(at.x() - _DOT, at.y() - _DOT, 2 * _DOT, 2 * _DOT) for lesion_id, at in points.items()}
    found: dict[int, QRectF] = {}
    for lesion_id, at in points.items():
        others = [dot for other, dot in dots.items() if other != lesion_id] + list(found.values())
        first = beside(at, sizes[lesion_id], bounds)
        around = (first, *_around(at, sizes[lesion_id]))
        free = (one for one in around if bounds.contains(one) and not any(one.intersects(other) for other in others))
        found[lesion_id] = next(free, first)
    return found


def _around(at: QPointF, size: QSizeF) -> list[QRectF]:
    """Return the other places for a name: left, below, above, and at the four corners."""
    width, height = size.width(), size.height()
    left, right = at.x() - _BESIDE - width, at.x() + _BESIDE
    middle, above, below = at.x() - width / 2, at.y() - _BESIDE - height, at.y() + _BESIDE
    corners = [(left, at.y() - height / 2), (middle, below), (middle, above)]
    corners += [(right, below - height / 2), (right, above + height / 2), (left, below - height / 2)]
    corners += [(left, above + height / 2)]
    return [QRectF(QPointF(x, y), size) for x, y in corners]
