"""One line over a workspace that says what happened and offers what can be done: no dialog to click away."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from desktop.widgets.icons import icon


class MessageBar(QFrame):
    """Hidden until it has something to say; closed by its button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._sign = QLabel(self)
        self._action = QPushButton(self)
        self._act: Callable[[], None] | None = None
        self._action.clicked.connect(self._do)
        close = QToolButton(self)
        close.setIcon(icon("close"))
        close.setToolTip(self.tr("Close this message"))
        close.setAccessibleName(self.tr("Close this message"))
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.addWidget(self._sign)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._action)
        layout.addWidget(close)
        self.hide()

    def say(self, text: str, *, error: bool = True, action: tuple[str, Callable[[], None]] | None = None) -> None:
        """Show a sentence, with one button if there is something to do."""
        self.setObjectName("error" if error else "note")
        self._sign.setPixmap(icon("error" if error else "info", "#b3261e" if error else "#76808a").pixmap(20, 20))
        self._text.setText(text)
        self.setAccessibleName(text)
        self._action.setVisible(action is not None)
        if action is not None:
            self._action.setText(action[0])
            self._act = action[1]
        for widget in (self, self._text):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self.show()

    def text(self) -> str:
        """Return what is said, empty when the bar is hidden."""
        return "" if self.isHidden() else self._text.text()

    def _do(self) -> None:
        self.hide()
        if self._act is not None:
            self._act()
