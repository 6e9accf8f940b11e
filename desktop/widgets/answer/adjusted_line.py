"""The line under the figures that says for whom they are, with those of the image alone one click away."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.widgets.common.plain_text import PlainLabel


class AdjustedLine(QWidget):
    """Hidden where nothing is adjusted."""

    toggled = Signal()
    """The user wants the other figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = PlainLabel(self)
        self._text.setWordWrap(True)
        self.button = QPushButton(self)
        self.button.clicked.connect(self.toggled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._text)
        column.addWidget(self.button)
        self.hide()

    @property
    def text(self) -> str:
        """The text, empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    def say(self, text: str, *, alone: str = "", shows_own: bool = False, can_choose: bool = False) -> None:
        """Show whose figures are on the screen, with a button for the others; an empty text hides the line."""
        self._text.setText(text)
        self.button.setText(
            self.tr("Show the adjusted figures")
            if shows_own
            else self.tr("Show the figures of the {alone}").format(alone=alone)
        )
        self.button.setVisible(can_choose)
        self.setVisible(bool(text))
