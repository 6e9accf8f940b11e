"""A label for names that may not fit."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.widgets.common.plain_text import PlainLabel, for_tip


class ElidedLabel(PlainLabel):
    """Elides a text that does not fit in the middle, or hides it if it `is_optional`, and shows it whole in the tool tip."""

    def __init__(
        self, text: str | QWidget | None = None, parent: QWidget | None = None, *, is_optional: bool = False
    ) -> None:
        super().__init__(text, parent)
        self._is_optional = is_optional

    def show_text(self, text: str) -> None:
        """Show a text."""
        self.setText(text)
        self.setToolTip(for_tip(text))

    def minimumSizeHint(self) -> QSize:
        least = 0 if self._is_optional else self.fontMetrics().horizontalAdvance("…MMMM")
        return QSize(least, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        if self._is_optional and text != self.text():
            return
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
