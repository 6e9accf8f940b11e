"""The images that were opened together, or those of the chosen lesion, small, below the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDrag,
    QGuiApplication,
    QIcon,
    QImage,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import (
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.tasks import Lane, Task, Tasks
from desktop.widgets.icons import icon, untinted
from desktop.widgets.image_drag import drag_data
from desktop.widgets.wording import sentence

if TYPE_CHECKING:
    from desktop.core.imaging import opening
else:
    opening = Late("desktop.core.imaging.opening")

Index = QModelIndex | QPersistentModelIndex

_SIDE = 64
_CAPTION = 18
_MARGIN = 4
_BADGE = 44
"""Of the sign of a clinical photograph, in pixels of a thumbnail, which has twice as many as points."""
_IMAGE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class StripImage:
    """One image of the strip; `key` is what it is found again by, `subject` what is told when it is chosen."""

    key: str
    name: str
    path: Path
    subject: object
    caption: str = ""
    is_clinical: bool = False


@dataclass(frozen=True)
class StripGroup:
    """Images under one heading."""

    heading: str
    images: tuple[StripImage, ...]


class FilmStrip(QListWidget):
    """Hidden while there is nothing to choose among."""

    image_chosen = Signal(object)
    """A Path, or what else the image's subject is."""
    menu_requested = Signal(QPoint)
    """Where on the screen: what can be done with the selected images."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._under_way: list[Task] = []
        self._thumbnails: dict[str, QIcon] = {}
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setWordWrap(True)
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setAcceptDrops(False)  # what is dropped here is for the window
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setItemDelegate(_Drawn(self))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportMargins(8, 5, 8, 0)  # below, a scroll bar has its room
        self.setAccessibleName(self.tr("Images opened together"))
        self.currentItemChanged.connect(self._choose)
        self.hide()

    def show_images(self, paths: list[Path], current: int = 0) -> None:
        """Show image files, one of them as the current one."""
        images = tuple(StripImage(str(path), path.name, path, path) for path in paths)
        self._show((StripGroup("", images),), images[current].key if images else "")
        self.setVisible(len(paths) > 1)

    def show_groups(self, groups: Sequence[StripGroup], current: str) -> None:
        """Show groups of images, that with the key `current` as the current one."""
        self._show(groups, current)
        self.setVisible(any(group.images for group in groups))

    def unfold(self, path: Path, frames: tuple[Path, ...]) -> None:
        """Show the frames of a file in its place, the first of them as the current one."""
        subjects = [image.subject for image in self.images()]
        if path in subjects:
            row = subjects.index(path)
            paths = [subject for subject in subjects if isinstance(subject, Path)]
            self.show_images([*paths[:row], *frames, *paths[row + 1 :]], row)

    def images(self) -> list[StripImage]:
        """Return the images, in their order."""
        held = (self.item(row).data(_IMAGE) for row in range(self.count()))
        return [image for image in held if image is not None]

    def selected_images(self) -> list[StripImage]:
        """Return the selected images, in their order."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [image for row in rows if (image := self.item(row).data(_IMAGE)) is not None]

    def select(self, key: str) -> None:
        """Light an image without choosing it; none where there is none with that key."""
        self.blockSignals(True)
        self.setCurrentIndex(QModelIndex())
        self.clearSelection()
        for row in range(self.count()):
            image = self.item(row).data(_IMAGE)
            if image is not None and image.key == key:
                self.setCurrentRow(row)
        self.blockSignals(False)
        self.viewport().update()

    def step(self, steps: int) -> None:
        """Go to a following (or, if negative, an earlier) image, not past the ends."""
        row = self.currentRow() + steps
        while 0 <= row < self.count() and self.item(row).data(_IMAGE) is None:
            row += steps
        if 0 <= row < self.count():
            self.setCurrentRow(row)

    def _show(self, groups: Sequence[StripGroup], current: str) -> None:
        for task in self._under_way:
            task.abandon()
        self._under_way.clear()
        has_captions = any(image.caption for group in groups for image in group.images)
        self.setFixedHeight(_SIDE + 26 + (_CAPTION if has_captions else 0))
        height = _SIDE + 2 * _MARGIN + (_CAPTION if has_captions else 0)
        self.blockSignals(True)
        self.clear()
        blank = QPixmap(_SIDE, _SIDE)
        blank.fill(QColor(128, 128, 128, 60))
        keys = {image.key for group in groups for image in group.images}
        self._thumbnails = {key: made for key, made in self._thumbnails.items() if key in keys}
        wanted: list[tuple[QListWidgetItem, StripImage]] = []
        for group in groups:
            if group.heading and group.images:
                self.addItem(_heading(group.heading, height))
            for image in group.images:
                item = QListWidgetItem(self._thumbnails.get(image.key, QIcon(blank)), image.caption)
                item.setData(_IMAGE, image)
                spoken = ", ".join(filter(None, (group.heading, image.caption, image.name)))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
                item.setToolTip(image.name)
                item.setSizeHint(QSize(_SIDE + (20 if has_captions else 2 * _MARGIN), height))
                self.addItem(item)
                if image.key not in self._thumbnails:
                    wanted.append((item, image))
        self.blockSignals(False)
        self.select(current)
        if len(keys) > 1 or has_captions:
            for item, image in wanted:
                self._load(item, image)

    def _load(self, item: QListWidgetItem, image: StripImage) -> None:
        self._under_way.append(
            self._tasks.run(
                Lane.THUMBNAILS,
                lambda _task: thumbnail(image.path, 2 * _SIDE),
                partial(self._take, item, image),
                lambda error: self._mark_failed(item, error),
            )
        )

    def _take(self, item: QListWidgetItem, image: StripImage, picture: QImage) -> None:
        made = untinted(_marked(picture) if image.is_clinical else QPixmap.fromImage(picture))
        self._thumbnails[image.key] = made
        item.setIcon(made)

    @staticmethod
    def _mark_failed(item: QListWidgetItem, error: AppError) -> None:
        item.setToolTip(sentence(error))

    def _choose(self, item: QListWidgetItem | None) -> None:
        image = None if item is None else item.data(_IMAGE)
        if image is not None:
            self.image_chosen.emit(image.subject)

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


class _Drawn(QStyledItemDelegate):
    """Draws a thumbnail over its caption, a heading as muted words; the chosen image is framed, its colours untouched."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect = option.rect.adjusted(1, 1, -1, -1)
        text = index.data(Qt.ItemDataRole.DisplayRole) or ""
        palette = QGuiApplication.palette()  # the style sheet dyes the one of the option
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        image = index.data(_IMAGE)
        if image is None:
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), text)
            painter.restore()
            return
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_selected or option.state & QStyle.StateFlag.State_MouseOver:
            ground = palette.color(QPalette.ColorRole.Highlight)
            painter.setPen(QPen(ground, 2) if is_selected else Qt.PenStyle.NoPen)
            ground.setAlpha(40)
            painter.setBrush(ground)
            painter.drawRoundedRect(rect, 6, 6)
        place = QRect(rect.left() + _MARGIN, rect.top() + _MARGIN - 1, rect.width() - 2 * _MARGIN, _SIDE)
        index.data(Qt.ItemDataRole.DecorationRole).paint(painter, place)
        if text:
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            below = QRect(rect.left(), place.bottom(), rect.width(), _CAPTION)
            painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), text)
        painter.restore()


def _heading(text: str, height: int) -> QListWidgetItem:
    item = QListWidgetItem(text)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    item.setSizeHint(QSize(66, height))
    return item


def _marked(picture: QImage) -> QPixmap:
    """Return the thumbnail of a clinical photograph with its sign in a corner."""
    pixmap = QPixmap.fromImage(picture)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(255, 255, 255, 225))
    top = pixmap.height() - _BADGE - 2
    painter.drawRoundedRect(2, top, _BADGE, _BADGE, 8, 8)
    sign = icon("clinical", "#1b2024").pixmap(32, 32)
    painter.drawPixmap(2 + (_BADGE - 32) // 2, top + (_BADGE - 32) // 2, 32, 32, sign)
    painter.end()
    return pixmap


def thumbnail(path: Path, side: int) -> QImage:
    """Decode an image small, its longer side at most `side` pixels. Slow: to be run off the GUI thread.

    Raises:
        ImageError: the file is no image that can be opened.
    """
    image = opening.decode(opening.read_file(path), path.name, at_least=side)
    image.thumbnail((side, side))
    view = QImage(image.tobytes(), image.width, image.height, 3 * image.width, QImage.Format.Format_RGB888)
    return view.copy()
