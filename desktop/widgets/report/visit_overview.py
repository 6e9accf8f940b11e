"""An overview photograph for the paper: large, with a ring and the name at each lesion that is pinned on it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter

from desktop.widgets.common.body.body_painting import paint_marks
from desktop.widgets.report.markup import WIDTH
from desktop.widgets.report.paper import INCH, MOST_DOTS, font, palette
from desktop.widgets.report.visit_content import OverviewPart

_TALLEST = 640
"""Largest height in pixels of 1/96 inch: with its heading two thirds of a page."""

_TEXT_SIZE = 10.0


def size_of(part: OverviewPart) -> QSize:
    """Return the size of the photograph on the paper, in pixels of 1/96 inch; none where there is no photograph."""
    if part.image is None:
        return QSize()
    most = QSizeF(WIDTH, _TALLEST)
    return part.image.size().toSizeF().scaled(most, Qt.AspectRatioMode.KeepAspectRatio).toSize()


def draw(part: OverviewPart, resolution: int) -> QImage | None:
    """Draw the photograph with its pins for a device of `resolution` dots per inch; None where there is none."""
    if part.image is None:
        return None
    size = size_of(part)
    scale = min(resolution, MOST_DOTS) / INCH
    image = part.image.scaled(
        size * scale, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font(_TEXT_SIZE))
    painter.scale(scale, scale)
    points = {
        mark.lesion_id: QPointF(mark.pin[0] * size.width(), mark.pin[1] * size.height())
        for mark in part.marks
        if mark.pin is not None
    }
    bounds = QRectF(QPointF(0, 0), size.toSizeF())
    paint_marks(
        painter,
        palette(),
        part.marks,
        points,
        None,
        bounds,
        is_small=False,
        is_photograph=True,
        most_names=len(part.marks),
    )
    painter.end()
    return image
