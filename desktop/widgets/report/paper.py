"""The paper of every report: A4 with its margins, fonts and footer, in pixels of 1/96 inch on every device."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPalette

from desktop.widgets.report.markup import BAR, GROUND, LINE, MUTED, TEXT, WIDTH

INCH = 96
"""Layout pixels per inch."""
PAGE = QSizeF(210 / 25.4 * INCH, 297 / 25.4 * INCH)
MARGIN = (PAGE.width() - WIDTH) / 2
_FOOT = 34.0
"""Height of the footer of each page."""
HEIGHT = PAGE.height() - 2 * MARGIN - _FOOT
"""Height between the upper margin and the footer."""

PICTURE_INCHES = 4
"""Maximum longer side of a picture on the page. Pictures are reduced to this and to the device before drawing, because Qt's
scaling reads only four source pixels per dot."""

MOST_DOTS = 600
"""Dots per inch at which drawings are made at most: finer printers gain nothing."""

_FOOT_SIZE = 12.0
_SMALL_FOOT_SIZE = 10.0


def font(size: float) -> QFont:
    """Return the font of a size in pixels."""
    made = QFont()
    made.setPixelSize(round(size))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)  # the same glyph advances at every resolution
    return made


def palette() -> QPalette:
    """Return the colours of drawings on the paper, whatever the theme of the window."""
    made = QPalette()
    for role, colour in (
        (QPalette.ColorRole.WindowText, TEXT),
        (QPalette.ColorRole.PlaceholderText, MUTED),
        (QPalette.ColorRole.AlternateBase, GROUND),
        (QPalette.ColorRole.Base, "white"),
        (QPalette.ColorRole.Highlight, BAR),
        (QPalette.ColorRole.HighlightedText, "white"),
    ):
        made.setColor(role, QColor(colour))
    return made


def reduced(image: QImage, largest: int) -> QImage:
    """Return an image whose longer side has at most `largest` pixels."""
    if max(image.width(), image.height()) <= largest:
        return image
    return image.scaled(
        largest, largest, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def paint_foot(painter: QPainter, left: str, right: str, below: str = "") -> None:
    """Paint the footer of a page, whose margins begin at (0, 0), with a small line `below` it if there is one."""
    top = HEIGHT + 8
    painter.setPen(QColor(LINE))
    painter.drawLine(0, round(top), round(WIDTH), round(top))
    painter.setPen(QColor(TEXT))
    painter.setFont(font(_FOOT_SIZE))
    place = QRectF(0, top + 5, WIDTH, _FOOT - 13)
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft, left)
    painter.drawText(place, Qt.AlignmentFlag.AlignRight, right)
    if below:
        painter.setPen(QColor(MUTED))
        painter.setFont(font(_SMALL_FOOT_SIZE))
        painter.drawText(QRectF(0, place.bottom(), WIDTH, 14), Qt.AlignmentFlag.AlignLeft, below)


def paint_top(painter: QPainter, text: str) -> None:
    """Paint a text at the right above the margins, which begin at (0, 0)."""
    painter.setPen(QColor(TEXT))
    painter.setFont(font(_FOOT_SIZE))
    painter.drawText(QRectF(0, -24, WIDTH, 18), Qt.AlignmentFlag.AlignRight, text)
