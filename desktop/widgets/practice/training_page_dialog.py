"""The page of a new model, as `lesionlens-train improve` wrote it: whether it is better than the one that it was made of."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.markdown_page import MarkdownPage

_SIZE = QSize(860, 700)
_LESION = 240
"""Largest width in points of a lesion's picture."""


class TrainingPageDialog(QDialog):
    """Emits `trial_requested` if the new model is to be tried on the history."""

    trial_requested = Signal()

    def __init__(self, page: str, folder: Path, parent: QWidget) -> None:
        """Show a page in Markdown from a folder."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Is the new model better?"))
        self.page = MarkdownPage(page, folder, self, widest=_LESION)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        self.try_on_history = QPushButton(self.tr("&Try on the history…"), self)
        self.try_on_history.setProperty("prominent", True)
        self.try_on_history.clicked.connect(self.accept)
        self.try_on_history.clicked.connect(self.trial_requested)
        buttons.addButton(self.try_on_history, QDialogButtonBox.ButtonRole.ActionRole)
        column = QVBoxLayout(self)
        column.addWidget(self.page, 1)
        column.addWidget(buttons)
        self.resize(on_screen(self, _SIZE))
