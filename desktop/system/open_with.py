"""Files that the system hands to the running application: on macOS, "Open With" arrives as an event."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QFileOpenEvent


class OpenWith(QObject):
    """An event filter for the application object that emits the files of "Open With"."""

    file_received = Signal(object)  # Path

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Consume file-open events, and let all others pass."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_received.emit(Path(event.file()))
            return True
        return False
