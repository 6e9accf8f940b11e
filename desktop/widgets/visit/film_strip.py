"""The film strip below the picture: the images that were opened together, or those of the chosen lesion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDrag,
    QIcon,
    QImage,
    QPixmap,
)
from PySide6.QtWidgets import (
    QListView,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from desktop.core.errors import AppError
from desktop.core.frozen import frozen
from desktop.session.opening_request import OpeningRequest, of_file
from desktop.system.tasks import Lane, Task, Tasks
from desktop.widgets.common.icons import untinted
from desktop.widgets.common.plain_text import for_tip
from desktop.widgets.common.strip_pictures import CAPTION, IMAGE, MARGIN, SIDE, StripDelegate, marked, thumbnail
from desktop.widgets.common.wording import sentence
from desktop.widgets.visit.image_drag import drag_data

_ALONE = QItemSelectionModel.SelectionFlag.ClearAndSelect
"""How the program chooses an image. What Qt would do of itself goes by the mouse and keys that it saw last."""


@frozen
class StripImage:
    """One image of the strip; `key` identifies it, `request` opens it."""

    key: str
    name: str
    request: OpeningRequest
    caption: str = ""
    is_clinical: bool = False


@frozen
class StripGroup:
    """Images under one heading."""

    heading: str
    images: tuple[StripImage, ...]


class FilmStrip(QListWidget):
    """Hidden while there is nothing to choose from."""

    image_chosen = Signal(object)  # OpeningRequest
    menu_requested = Signal(QPoint)
    """The screen position for the menu of actions for the selected images."""

    def __init__(self, tasks: Tasks, read: Callable[[OpeningRequest], bytes], parent: QWidget | None = None) -> None:
        """`read` returns an image's bytes; it is called off the GUI thread."""
        super().__init__(parent)
        self._tasks = tasks
        self._read = read
        self._under_way: list[Task] = []
        self._thumbnails: dict[str, QIcon] = {}
        self._is_wanted = self._is_aside = False
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setWordWrap(True)
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setAcceptDrops(False)  # the window handles drops
        self.setIconSize(QSize(SIDE, SIDE))
        self.setItemDelegate(StripDelegate(self))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportMargins(8, 5, 8, 0)  # the scroll bar needs the space below
        self.setAccessibleName(self.tr("Images opened together"))
        self.currentItemChanged.connect(self._choose)
        self.hide()

    def show_files(self, requests: Sequence[OpeningRequest], current: int = 0) -> None:
        """Show files that were opened together, and make one the current one."""
        images = tuple(StripImage(one.key, one.name, one) for one in requests if one.path is not None)
        self._show((StripGroup("", images),), images[current].key if images else "")
        self._want(len(images) > 1)

    def show_groups(self, groups: Sequence[StripGroup], current: str) -> None:
        """Show groups of images, and make the one with the key `current` the current one."""
        self._show(groups, current)
        self._want(any(group.images for group in groups))

    def stand_aside(self, wanted: bool) -> int:
        """Be put away for the line of a tool, or not any more; return the height in points that this leaves free."""
        self._is_aside = wanted
        self._want(self._is_wanted)
        return self.minimumHeight() if wanted and self._is_wanted else 0

    def _want(self, wanted: bool) -> None:
        self._is_wanted = wanted
        self.setVisible(wanted and not self._is_aside)

    def unfold(self, path: Path, frames: tuple[Path, ...]) -> None:
        """Replace a file by its frames, and make the first the current one."""
        requests = [image.request for image in self.images()]
        row = next((row for row, one in enumerate(requests) if one.path == path and one.patient is None), None)
        if row is not None:
            self.show_files([*requests[:row], *(of_file(frame) for frame in frames), *requests[row + 1 :]], row)

    def images(self) -> list[StripImage]:
        """Return the images in order."""
        held = (self.item(row).data(IMAGE) for row in range(self.count()))
        return [image for image in held if image is not None]

    def selected_images(self) -> list[StripImage]:
        """Return the selected images in order."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [image for row in rows if (image := self.item(row).data(IMAGE)) is not None]

    def select(self, key: str) -> None:
        """Select an image without choosing it; none if there is no such key. Others that are selected with it stay so."""
        if key and key in {image.key for image in self.selected_images()} and self._key_of(self.currentItem()) == key:
            return
        self.blockSignals(True)
        self.setCurrentIndex(QModelIndex())
        self.clearSelection()
        for row in range(self.count()):
            image = self.item(row).data(IMAGE)
            if image is not None and image.key == key:
                self.setCurrentRow(row, _ALONE)
        self.blockSignals(False)
        self.viewport().update()

    def _select_all(self, keys: set[str]) -> None:
        """Select images beside the current one, which must be among them."""
        if self._key_of(self.currentItem()) in keys:
            self.blockSignals(True)
            for row in range(self.count()):
                self.item(row).setSelected(self._key_of(self.item(row)) in keys)
            self.blockSignals(False)

    @staticmethod
    def _key_of(item: QListWidgetItem | None) -> str | None:
        image = None if item is None else item.data(IMAGE)
        return None if image is None else image.key

    def step(self, steps: int) -> None:
        """Go forward (or, if negative, back) by a number of images, not past the ends."""
        row = self.currentRow() + steps
        while 0 <= row < self.count() and self.item(row).data(IMAGE) is None:
            row += steps
        if 0 <= row < self.count():
            self.setCurrentRow(row, _ALONE)

    def _show(self, groups: Sequence[StripGroup], current: str) -> None:
        for task in self._under_way:
            task.abandon()
        self._under_way.clear()
        selected = {image.key for image in self.selected_images()}
        has_captions = any(image.caption for group in groups for image in group.images)
        self.setFixedHeight(SIDE + 26 + (CAPTION if has_captions else 0))
        height = SIDE + 2 * MARGIN + (CAPTION if has_captions else 0)
        self.blockSignals(True)
        self.clear()
        blank = QPixmap(SIDE, SIDE)
        blank.fill(QColor(128, 128, 128, 60))
        keys = {image.key for group in groups for image in group.images}
        self._thumbnails = {key: made for key, made in self._thumbnails.items() if key in keys}
        wanted: list[tuple[QListWidgetItem, StripImage]] = []
        for group in groups:
            if group.heading and group.images:
                self.addItem(_heading(group.heading, height))
            for image in group.images:
                item = QListWidgetItem(self._thumbnails.get(image.key, QIcon(blank)), image.caption)
                item.setData(IMAGE, image)
                spoken = ", ".join(filter(None, (group.heading, image.caption, image.name)))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
                item.setToolTip(for_tip(image.name))
                room = self.fontMetrics().horizontalAdvance(image.caption) + 2 * MARGIN
                item.setSizeHint(QSize(max(SIDE + (20 if has_captions else 2 * MARGIN), room), height))
                self.addItem(item)
                if image.key not in self._thumbnails:
                    wanted.append((item, image))
        self.blockSignals(False)
        self.select(current)
        self._select_all(selected)
        if len(keys) > 1 or has_captions:
            for item, image in wanted:
                self._load(item, image)

    def _load(self, item: QListWidgetItem, image: StripImage) -> None:
        self._under_way.append(
            self._tasks.run(
                Lane.THUMBNAILS,
                lambda _task: thumbnail(self._read(image.request), image.name, 2 * SIDE),
                partial(self._take, item, image),
                lambda error: self._mark_failed(item, error),
            )
        )

    def _take(self, item: QListWidgetItem, image: StripImage, picture: QImage) -> None:
        made = untinted(marked(picture) if image.is_clinical else QPixmap.fromImage(picture))
        self._thumbnails[image.key] = made
        item.setIcon(made)

    @staticmethod
    def _mark_failed(item: QListWidgetItem, error: AppError) -> None:
        item.setToolTip(for_tip(sentence(error)))

    def _choose(self, item: QListWidgetItem | None) -> None:
        image = None if item is None else item.data(IMAGE)
        if image is not None:
            self.image_chosen.emit(image.request)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.selected_images():
            self.menu_requested.emit(event.globalPos())

    def startDrag(self, _supported: Qt.DropAction) -> None:
        images = self.selected_images()
        if images:
            drag = QDrag(self)
            drag.setMimeData(drag_data([image.key for image in images]))
            item = self.currentItem()
            if item is not None:
                drag.setPixmap(item.icon().pixmap(48, 48))
            drag.exec(Qt.DropAction.CopyAction)


def _heading(text: str, height: int) -> QListWidgetItem:
    item = QListWidgetItem(text)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    item.setSizeHint(QSize(66, height))
    return item
