"""Files that the system hands to the running application: on macOS "Open With" is an event, not a command line."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QFileOpenEvent


class OpenWith(QObject):
    """An event filter for the application object."""

    file_received = Signal(object)  # Path

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take the events that name a file, let all others pass."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_received.emit(Path(event.file()))
            return True
        return False
