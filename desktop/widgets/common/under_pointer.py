"""Views in which what was pressed stays under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView

if TYPE_CHECKING:
    from desktop.widgets.common.thumbnails import Index

    _View = QAbstractItemView
else:
    _View = object


class UnderPointer(_View):
    """To be named before the view's own class.

    Qt scrolls to a cell that is seen in part as soon as its press can no longer become a double click: the next press, made at
    the same place, is then for another cell. Keys still scroll, and so does whatever is not in sight at all.
    """

    _is_pointed_at = False

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        is_seen = self.visualRect(index).intersects(self.viewport().rect())
        if not (self._is_pointed_at and is_seen and hint is QAbstractItemView.ScrollHint.EnsureVisible):
            super().scrollTo(index, hint)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._is_pointed_at = True
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._is_pointed_at = False
        super().keyPressEvent(event)
