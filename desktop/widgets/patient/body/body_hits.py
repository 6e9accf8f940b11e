"""Which place of the body map is at a point."""

from functools import cache

from PySide6.QtCore import QPointF, QRectF

from desktop.widgets.common.body.body_shapes import BodyShape, drawing

_SMALL = 18.0
"""Largest longer side, in units of the canvas, of a region that is hard to hit, such as a nail."""

_LARGER = (-2.0, -4.0, 2.0, 2.0)
"""How far the clickable area of a small region extends beyond its drawing."""


def place_near(at: QPointF, near: float) -> str:
    """Return the id of the place at a point of the canvas, or of one at most `near` units beside it; empty if none."""
    for region in _small():
        if region.path.boundingRect().adjusted(*_LARGER).contains(at):
            return region.place
    for region in drawing().regions:
        if region.path.contains(at):
            return region.place
    around = QRectF(at.x() - near, at.y() - near, 2 * near, 2 * near)
    return next((region.place for region in drawing().regions if region.path.intersects(around)), "")


@cache
def _small() -> tuple[BodyShape, ...]:
    boxes = ((region, region.path.boundingRect()) for region in drawing().regions)
    return tuple(region for region, box in boxes if max(box.width(), box.height()) < _SMALL)
