"""The button for a new lesion, on which its first images can be dropped."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.widgets.common.icons import icon, with_room
from desktop.widgets.visit.image_drag import dragged_keys, dropped_files


class NewLesionButton(QPushButton):
    """Adds a lesion; images dropped here are its first."""

    files_dropped = Signal(object)
    images_dropped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(icon("add"), "", parent)
        self.setAcceptDrops(True)
        self.setToolTip(self.tr("New lesion (Ctrl+Shift+B); or drop images here"))
        self.setAccessibleName(self.tr("New lesion"))

    def fold(self, wanted: bool) -> None:
        """Show only the icon."""
        self.setText("" if wanted else with_room(self.tr("New lesion")))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dragged_keys(event.mimeData()) or dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        keys = dragged_keys(event.mimeData())
        event.acceptProposedAction()
        if keys:
            self.images_dropped.emit(keys)
        else:
            self.files_dropped.emit(dropped_files(event.mimeData()))
