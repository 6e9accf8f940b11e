"""The map of the visit's lesions for the paper: the drawing of the body map, with a pin and the name of each lesion."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from desktop.widgets.common.body.body_marks import BodyMark, points_of
from desktop.widgets.common.body.body_painting import paint_captions, paint_marks, paint_regions
from desktop.widgets.common.body.body_views import views_of
from desktop.widgets.report.paper import INCH, MOST_DOTS, font, palette

LARGE, SMALL = 300.0, 200.0
"""Greatest heights of the first view on the paper, in pixels of 1/96 inch."""

_WIDEST, _OTHER = 400.0, QSizeF(250, 150)
"""Greatest width of the first view, and largest size of each other one, in those pixels."""

_WIDEST_NAME = 140.0
"""Width from which on the names of a mark are cut off, in those pixels."""

_TEXT_SIZE = 10.0
"""Size of a caption in those pixels: 7.5 points."""


@dataclass(frozen=True)
class MapView:
    """A part of the body map on paper: the part of the canvas, its lesions, and its size in pixels of 1/96 inch."""

    area: QRectF
    marks: tuple[BodyMark, ...]
    size: QSize

    def points(self) -> dict[int, QPointF]:
        """Return where each mark is on the view, in pixels of 1/96 inch, by the id of its first lesion."""
        transform = self._transform()
        return {lesion_id: transform.map(at) for lesion_id, at in points_of(self.marks, self.area).items()}

    def image(self, resolution: int) -> QImage:
        """Draw the view for a device of `resolution` dots per inch."""
        scale = min(resolution, MOST_DOTS) / INCH
        image = QImage(self.size * scale, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        colours = palette()
        painter = QPainter(image)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.setFont(font(_TEXT_SIZE))
        painter.scale(scale, scale)
        painter.save()
        painter.setTransform(self._transform(), combine=True)
        text_size = _TEXT_SIZE * self.area.width() / self.size.width()
        paint_regions(painter, colours, self.area, is_overview=False, text_size=text_size)
        paint_captions(painter, colours, self.area, text_size)
        painter.restore()
        bounds = QRectF(QPointF(0, 0), self.size.toSizeF())
        points = self.points()
        paint_marks(
            painter,
            colours,
            self.marks,
            points,
            None,
            bounds,
            is_small=False,
            most_names=len(self.marks),
            widest_name=_WIDEST_NAME,
        )
        painter.end()
        return image

    def _transform(self) -> QTransform:
        scale = self.size.width() / self.area.width()
        return QTransform.fromScale(scale, scale).translate(-self.area.left(), -self.area.top())


def map_views(marks: tuple[BodyMark, ...], height: float = LARGE) -> tuple[MapView, ...]:
    """Return the views that show lesions, the figures first; none if no lesion has a place that the map shows.

    `height` is the greatest of the first view, in pixels of 1/96 inch.
    """
    largest = itertools.chain((QSizeF(_WIDEST, height),), itertools.repeat(_OTHER))
    return tuple(
        MapView(area, _together(inside), area.size().scaled(most, Qt.AspectRatioMode.KeepAspectRatio).toSize())
        for (area, inside), most in zip(views_of(marks), largest, strict=False)
    )


def _together(marks: Iterable[BodyMark]) -> tuple[BodyMark, ...]:
    """Return marks, with one for all lesions of which only the same place is known: it has all their names.

    Secondary lesions have one of their own.
    """
    found: dict[tuple[str, int | None, bool], BodyMark] = {}
    for mark in marks:
        key = (mark.site, None if mark.pin is None else mark.lesion_id, mark.is_secondary)
        first = found.get(key)
        found[key] = mark if first is None else replace(first, name=f"{first.name}, {mark.name}")
    return tuple(found.values())
