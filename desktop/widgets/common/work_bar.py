"""A framed line on long work: what it is and how far, and what can be done about it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.progress_dialog import STEPS

_WIDTH = 180


class WorkBar(QFrame):
    """`text`, a `detail` in small type below it, `progress`, then the buttons that are added."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.text = PlainLabel(self)
        self.text.setWordWrap(True)
        self.detail = PlainLabel(self)
        self.detail.setWordWrap(True)
        self.detail.setProperty("muted", True)
        self.detail.setProperty("small", True)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.detail.hide()
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)  # it is not high enough for text
        self.progress.setRange(0, STEPS)
        self.progress.setFixedWidth(_WIDTH)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.text)
        texts.addWidget(self.detail)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 8, 14, 8)
        self._row.setSpacing(10)
        self._row.addLayout(texts, 1)
        self._row.addWidget(self.progress)

    def add_button(self, text: str, requested: object, *, is_prominent: bool = False) -> QPushButton:
        """Add a button after the others; it emits or calls `requested`."""
        button = QPushButton(text, self)
        button.setProperty("prominent", is_prominent)
        button.clicked.connect(requested)
        self._row.addWidget(button)
        return button

    def show_detail(self, text: str) -> None:
        """Show the small type, none if it is empty."""
        self.detail.setText(text)
        self.detail.setVisible(bool(text))
