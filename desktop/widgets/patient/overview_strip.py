"""The overview photographs of the open patient: the clinical ones without a lesion, and the way to add some."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.session.open_patient import OpenPatient
from desktop.widgets.common.elided_label import ElidedLabel
from desktop.widgets.common.icons import labelled, untinted
from desktop.widgets.common.plain_text import for_key
from desktop.widgets.common.thumbnails import Thumbnails
from desktop.widgets.common.wording import local_day

_ICON = QSize(88, 56)
_SHA256 = Qt.ItemDataRole.UserRole


class OverviewStrip(QWidget):
    """One row, the newest first; a click or Enter opens a photograph. Without any there is only the button."""

    photograph_requested = Signal(str)
    """The SHA-256 of a photograph that is to be shown."""
    add_requested = Signal()
    return_requested = Signal(object)
    """The PlacedImage of a removed photograph that is to be put back."""

    def __init__(self, open_patient: OpenPatient, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._thumbnails = thumbnails
        name = ElidedLabel(self.tr("Overview photographs"), self, is_optional=True)
        name.setProperty("muted", True)
        self.add = labelled("clinical", self.tr("Add…"), self)
        self.add.setAccessibleName(self.tr("Add overview photographs"))
        self.add.setToolTip(
            self.tr("Photographs of a part of the body, on which lesions are pinned; no model sees them")
        )
        self.add.clicked.connect(self.add_requested)
        self.removed = QPushButton(self)
        self.removed.setProperty("slim", True)
        self.removed.setToolTip(self.tr("Put back a photograph that was removed"))
        self.removed.clicked.connect(self._show_removed)
        self.removed.hide()
        self.menu: QMenu | None = None
        """The menu of removed photographs, once it was asked for."""
        self.rows = QListWidget(self)
        self.rows.setAccessibleName(self.tr("Overview photographs"))
        self.rows.setViewMode(QListView.ViewMode.IconMode)
        self.rows.setFlow(QListView.Flow.LeftToRight)
        self.rows.setWrapping(False)
        self.rows.setMovement(QListView.Movement.Static)
        self.rows.setIconSize(_ICON)
        self.rows.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._cell = QSize(_ICON.width() + 20, _ICON.height() + self.rows.fontMetrics().height() + 16)
        self.rows.setGridSize(self._cell)
        self.rows.setFixedHeight(self._cell.height() + self.rows.horizontalScrollBar().sizeHint().height() + 4)
        self.rows.itemActivated.connect(lambda item: self.photograph_requested.emit(item.data(_SHA256)))
        self.rows.itemClicked.connect(lambda item: self.photograph_requested.emit(item.data(_SHA256)))
        thumbnails.arrived.connect(lambda _sha256: self._draw())
        head = QHBoxLayout()
        head.addWidget(name, 1)
        head.addWidget(self.removed)
        head.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.rows)

    def show_photographs(self) -> None:
        """Show those of the open patient."""
        self.rows.clear()
        for image in self._open_patient.overviews:
            item = QListWidgetItem(local_day(self._open_patient.date_of(image)))
            item.setData(_SHA256, image.image.sha256)
            item.setSizeHint(self._cell)
            item.setToolTip(self.tr("Show the photograph with its pins"))
            self.rows.addItem(item)
        self.rows.setVisible(self.rows.count() > 0)
        removed = len(self._open_patient.removed_overviews)
        self.removed.setText(self.tr("{count} removed…").format(count=removed))
        self.removed.setVisible(removed > 0)
        self._draw()

    def _show_removed(self) -> None:
        menu = self.menu = self.menu or QMenu(self)
        menu.clear()
        for image in self._open_patient.removed_overviews:
            day = local_day(self._open_patient.date_of(image))
            act = menu.addAction(
                for_key(self.tr("Put back that of {day}, {name}").format(day=day, name=image.image.name))
            )
            act.triggered.connect(lambda _checked=False, found=image: self.return_requested.emit(found))
        menu.popup(self.removed.mapToGlobal(self.removed.rect().bottomLeft()))

    def _draw(self) -> None:
        for row in range(self.rows.count()):
            item = self.rows.item(row)
            image = self._open_patient.image_of(item.data(_SHA256))
            picture = None if image is None else self._thumbnails.picture(image.image.sha256, image.image.path)
            item.setIcon(QIcon() if picture is None else untinted(picture))
