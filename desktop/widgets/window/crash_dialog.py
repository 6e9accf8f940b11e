"""The dialog about an unexpected exception."""

from pathlib import Path

from PySide6 import QtWidgets
from PySide6.QtCore import QObject, Signal


class CrashDialog(QObject):
    """Shows an unexpected exception of any thread, on the GUI thread, one at a time."""

    _happened = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._is_open = False
        self._happened.connect(self._show)

    def show_crash(self, trace: str, report: Path | None) -> None:
        """Show a traceback and the path of its report; may be called from any thread."""
        self._happened.emit(trace, report)

    def _show(self, trace: str, report: Path | None) -> None:
        if self._is_open:
            return
        self._is_open = True
        icon = QtWidgets.QMessageBox.Icon.Critical
        box = QtWidgets.QMessageBox(icon, "LesionLens", self.tr("Something unexpected went wrong."))
        text = self.tr("What was saved is safe. Nothing is sent anywhere.")
        if report is not None:
            text += "\n\n" + self.tr("The details are in “{file}”, for you to read and to send if you like.").format(
                file=report
            )
        box.setInformativeText(text)
        box.setDetailedText(trace)
        box.exec()
        self._is_open = False
