"""A window-modal dialog that shows how far a task is, with a button that stops it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QProgressDialog, QWidget

_PAUSE = 300
"""Milliseconds before it appears: what is done by then needs no dialog."""

_WIDTH = 420


class ProgressDialog(QProgressDialog):
    """Stays until `remove`, and never shows itself as full before."""

    def __init__(self, text: str, steps: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setLabelText(text)
        self.setCancelButtonText(self.tr("Stop"))
        self.setWindowTitle("LesionLens")
        bar = QProgressBar(self)
        bar.setTextVisible(False)  # it is not high enough for text
        self.setBar(bar)
        self.setRange(0, steps)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAutoClose(False)
        self.setAutoReset(False)
        self.setMinimumDuration(_PAUSE)
        self.setMinimumWidth(_WIDTH)
        self.setValue(0)

    def tell(self, step: object) -> None:
        """Take what a task reports: what is done, and how much there is to do."""
        if isinstance(step, tuple) and step[1] and not self.wasCanceled():
            steps = self.maximum()
            self.setValue(min(steps * step[0] // step[1], steps - 1))

    def remove(self) -> None:
        """Remove the dialog; if only hidden, it would reappear after its delay."""
        self.reset()
        self.hide()
        self.deleteLater()
