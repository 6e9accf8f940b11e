"""The placeholder of an empty page: what will be here, and the one thing to do."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.widgets.common.icons import icon
from desktop.widgets.common.plain_text import PlainLabel

_ICON = 64


class EmptyState(QWidget):
    """An icon, a heading, a text and optionally a button."""

    action_requested = Signal()

    def __init__(self, picture: str, title: str, text: str, action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        sign = PlainLabel(self)
        sign.setPixmap(icon(picture).pixmap(_ICON, _ICON))
        heading = PlainLabel(title, self)
        heading.setObjectName("heading")
        self._text = PlainLabel(text, self)
        self._text.setProperty("muted", True)
        self._text.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(1)
        for label in (sign, heading, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        if action:
            button = QPushButton(action, self)
            button.setProperty("prominent", True)
            button.clicked.connect(self.action_requested)
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def say(self, text: str) -> None:
        """Show another text."""
        self._text.setText(text)
