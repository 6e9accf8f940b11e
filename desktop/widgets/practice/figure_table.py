"""A table of figures in which each count is a link to its cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from desktop.widgets.common.plain_text import PlainLabel, for_key, for_tip


@dataclass(frozen=True)
class Link:
    """A text that does something when it is pressed; without `action` it is a plain text. `tip` says what it counts."""

    text: str
    tip: str
    action: Callable[[], object] | None


Cell = str | Link

_PADDING = 7
"""Pixels beside the text of a link, by the style sheet."""


def figure_table(head: Sequence[str], rows: Sequence[Sequence[Cell]], parent: QWidget) -> QGridLayout:
    """Lay out a table: the first column is text, the others are figures."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(0, 1)
    for column, text in enumerate(head):
        label = PlainLabel(text, parent)
        label.setProperty("muted", True)
        _add(grid, label, 0, column)
    for row, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells):
            _add(grid, _made(cell, parent), row, column)
    return grid


def _add(grid: QGridLayout, widget: QWidget, row: int, column: int) -> None:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    grid.addWidget(widget, row, column, side | Qt.AlignmentFlag.AlignVCenter)


def _made(cell: Cell, parent: QWidget) -> QWidget:
    if isinstance(cell, Link) and cell.action is not None:
        action = cell.action
        button = QPushButton(for_key(cell.text), parent)
        button.setAccessibleName(f"{cell.tip}: {cell.text}")
        button.setToolTip(for_tip(cell.tip))
        button.setProperty("plain", True)
        button.setProperty("figure", True)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda _checked=False: action())
        return button
    label = PlainLabel(cell.text if isinstance(cell, Link) else cell, parent)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if isinstance(cell, Link):
        label.setContentsMargins(0, 0, _PADDING, 0)  # below the texts of links
    return label
