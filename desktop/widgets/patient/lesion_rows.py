"""Lesions as rows or cards on which images and files can be dropped."""

from PySide6.QtCore import QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QCursor, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QToolTip, QWidget

from desktop.widgets.visit.image_drag import dragged_keys, dropped_files

LESION_ID = Qt.ItemDataRole.UserRole
UNPLACED = -1
"""Stands for a lesion's id at the row of the images that have none."""


class LesionRows(QListWidget):
    """Rows with a lesion's id at `LESION_ID`; the row under dragged images is highlighted."""

    files_dropped = Signal(object, object)
    """A lesion's id, and the paths."""
    images_dropped = Signal(object, object)
    """A lesion's id, and the keys of images of the strip."""
    files_dropped_beside = Signal(object)
    """The paths, dropped on no lesion."""
    menu_requested = Signal(object)
    """The QContextMenuEvent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setWordWrap(True)
        self._highlighted = QPersistentModelIndex()
        """The highlighted row. The rows may be rebuilt during a drag, which deletes their items."""

    def _light(self, item: QListWidgetItem | None) -> None:
        if self._highlighted.isValid():
            self.model().setData(self._highlighted, None, Qt.ItemDataRole.BackgroundRole)
        self._highlighted = QPersistentModelIndex()
        if item is not None:
            self._highlighted = QPersistentModelIndex(self.indexFromItem(item))
            item.setBackground(self.palette().mid())
            QToolTip.showText(QCursor.pos(), item.toolTip(), self)  # the folded list has no room for the state
        else:
            QToolTip.hideText()

    def _target(self, event: QDropEvent) -> QListWidgetItem | None:
        item = self.itemAt(event.position().toPoint())
        return item if item is not None and item.data(LESION_ID) != UNPLACED else None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dragged_keys(event.mimeData()) or dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        item = self._target(event)
        self._light(item)
        if item is None and not dropped_files(event.mimeData()):
            event.ignore()
        else:
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._light(None)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        item = self._target(event)
        self._light(None)
        keys, files = dragged_keys(event.mimeData()), dropped_files(event.mimeData())
        if item is None and (keys or not files):
            return
        event.acceptProposedAction()
        if item is None:
            self.files_dropped_beside.emit(files)
            return
        if keys:
            self.images_dropped.emit(item.data(LESION_ID), keys)
        else:
            self.files_dropped.emit(item.data(LESION_ID), files)
