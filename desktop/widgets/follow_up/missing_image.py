"""What stands in place of the assessment while no image of today is open: what leads to it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from desktop.widgets.common.plain_text import PlainLabel


class MissingImage(QFrame):
    """One button, which goes to today's image or asks for one."""

    open_requested = Signal()
    """An image of today is to be chosen and opened."""
    todays_requested = Signal()
    """Today's image, which the lesion has, is to be opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("myView")
        self._has_todays = False
        heading = PlainLabel(self.tr("My assessment").upper(), self)
        heading.setObjectName("kind")
        self._text = PlainLabel(self)
        self._text.setWordWrap(True)
        self._button = QPushButton(self)
        self._button.clicked.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 9, 14, 11)
        column.setSpacing(7)
        column.addWidget(heading)
        column.addWidget(self._text)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_state(self, *, has_todays: bool) -> None:
        """Show what is to be done; the lesion has an image of today or not."""
        self._has_todays = has_todays
        if has_todays:
            text, button = self.tr("To assess the lesion, go to today's image."), self.tr("Go to today's image")
        else:
            text = self.tr("Open or drop today's image of this lesion, then assess it here.")
            button = self.tr("Open today's image…")
        self._text.setText(text)
        self._button.setText(button)

    def _ask(self) -> None:
        (self.todays_requested if self._has_todays else self.open_requested).emit()
