"""Finds texts of a window that do not fit their widgets, so that a part of them cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QLabel, QLineEdit, QPushButton, QWidget

from desktop.widgets.common.elided_label import ElidedLabel

_TALL = 16_000
"""Pixels: more than any text of the window is high."""

_LEAST_BESIDE = 3
"""Pixels that must be free between the frame of a field and its text."""


def cut_texts(window: QWidget) -> list[str]:
    """Return a sentence for each visible text of a window that is cut off, or touches the frame of its field."""
    return [fault for widget in window.findChildren(QWidget) if widget.isVisibleTo(window) for fault in _faults(widget)]


def _faults(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel) and not isinstance(widget, ElidedLabel) and widget.text():
        needed, room = _needed(widget), widget.contentsRect().size() - _margins(widget)
        if needed.width() > room.width() or needed.height() > room.height():
            yield f"“{widget.text()}” needs {_size(needed)} and has {_size(room)}"
    if isinstance(widget, QAbstractButton) and widget.text() and isinstance(widget, QPushButton):
        needed, room = widget.minimumSizeHint(), widget.size()
        if needed.width() > room.width() or needed.height() > room.height():
            yield f"button “{widget.text()}” needs {_size(needed)} and has {_size(room)}"
    if isinstance(widget, QLabel | QAbstractButton) and widget.text():
        cut = _cut_by(widget)
        if cut:
            yield f"“{widget.text()}” is cut off by {cut}"
    if isinstance(widget, QLineEdit):
        text = widget.displayText() or widget.placeholderText()
        if text and widget.fontMetrics().horizontalAdvance(text) > widget.contentsRect().width():
            yield f"“{text}” is wider than its field"


def _needed(label: QLabel) -> QSize:
    """Return the size that a label's text takes at the label's width."""
    if label.textFormat() == Qt.TextFormat.RichText:
        return QSize(0, 0)
    metrics = QFontMetrics(label.font())
    width = (label.contentsRect().size() - _margins(label)).width()
    flags = int(label.alignment().value) | (Qt.TextFlag.TextWordWrap.value if label.wordWrap() else 0)
    flags |= Qt.TextFlag.TextShowMnemonic.value if label.buddy() is not None else 0
    return metrics.boundingRect(QRect(0, 0, width if label.wordWrap() else _TALL, _TALL), flags, label.text()).size()


def _margins(label: QLabel) -> QSize:
    return QSize(2 * label.margin(), 2 * label.margin())


def _cut_by(widget: QWidget) -> str:
    """Return the name of what cuts a widget off, up to the next scroll area; empty if nothing does."""
    around = widget.parentWidget()
    while around is not None and not widget.isWindow():
        if isinstance(around.parentWidget(), QAbstractScrollArea):
            return ""  # it can be scrolled to
        if not around.rect().contains(QRect(widget.mapTo(around, widget.rect().topLeft()), widget.size())):
            return around.objectName() or type(around).__name__
        if around.isWindow():
            return ""
        around = around.parentWidget()
    return ""


def _size(size: QSize) -> str:
    return f"{size.width()} x {size.height()}"
