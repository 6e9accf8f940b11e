"""Says when and by which model an answer of the history was given, and offers a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import local_time

if TYPE_CHECKING:
    from desktop.core.records.values import Entry


class OlderAnswer(QWidget):
    """Hidden for a new answer."""

    renewal_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = PlainLabel(self)
        self._text.setWordWrap(True)
        renew = QPushButton(self.tr("Classify with the present model"), self)
        renew.clicked.connect(self.renewal_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._text)
        column.addWidget(renew)
        self.hide()

    @property
    def text(self) -> str:
        """The text, empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    def show_entry(self, entry: Entry | None) -> None:
        """Show the entry of the answer; None for a new answer."""
        self.setVisible(entry is not None)
        if entry is not None:
            text = self.tr("Answer of {time} by “{model}”")
            self._text.setText(text.format(time=local_time(entry.time), model=entry.model_name))
