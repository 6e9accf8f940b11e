"""Fields to choose from that the mouse wheel does not change: scrolling a page over one must not alter what was entered."""

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox


class ChoiceBox(QComboBox):
    """A combo box; its open list scrolls."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
