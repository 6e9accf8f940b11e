"""The images that were opened together, small, below the picture."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.tasks import Lane, Task, Tasks
from desktop.widgets.icons import untinted

if TYPE_CHECKING:
    from desktop.core.imaging import opening
else:
    opening = Late("desktop.core.imaging.opening")

_SIDE = 64


class FilmStrip(QListWidget):
    """Hidden while fewer than two images are open."""

    image_chosen = Signal(object)  # Path

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._under_way: list[Task] = []
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setFixedHeight(_SIDE + 26)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Images opened together"))
        self.currentItemChanged.connect(self._choose)
        self.hide()

    def show_images(self, paths: list[Path], current: int = 0) -> None:
        """Show these images, one of them as the current one."""
        for task in self._under_way:
            task.abandon()
        self._under_way.clear()
        self.blockSignals(True)
        self.clear()
        blank = QPixmap(_SIDE, _SIDE)
        blank.fill(QColor(128, 128, 128, 60))
        for path in paths:
            item = QListWidgetItem(QIcon(blank), "")
            item.setData(Qt.ItemDataRole.UserRole, path)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, path.name)
            item.setToolTip(path.name)
            self.addItem(item)
        self.setCurrentRow(current)
        self.blockSignals(False)
        self.setVisible(len(paths) > 1)
        if len(paths) > 1:
            for row, path in enumerate(paths):
                self._load(row, path)

    def unfold(self, path: Path, frames: tuple[Path, ...]) -> None:
        """Show the frames of a file in its place, the first of them as the current one."""
        paths: list[Path] = [self.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.count())]
        if path in paths:
            row = paths.index(path)
            self.show_images([*paths[:row], *frames, *paths[row + 1 :]], row)

    def step(self, steps: int) -> None:
        """Go to a following (or, if negative, an earlier) image, not past the ends."""
        row = self.currentRow() + steps
        if 0 <= row < self.count():
            self.setCurrentRow(row)

    def _load(self, row: int, path: Path) -> None:
        self._under_way.append(
            self._tasks.run(
                Lane.THUMBNAILS,
                lambda _task: thumbnail(path, 2 * _SIDE),
                lambda image: self.item(row).setIcon(untinted(QPixmap.fromImage(image))),
                lambda error: self._mark_failed(row, error),
            )
        )

    def _mark_failed(self, row: int, error: AppError) -> None:
        self.item(row).setToolTip(str(error))

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.image_chosen.emit(item.data(Qt.ItemDataRole.UserRole))


def thumbnail(path: Path, side: int) -> QImage:
    """Decode an image small, its longer side at most `side` pixels. Slow: to be run off the GUI thread.

    Raises:
        ImageError: the file is no image that can be opened.
    """
    image = opening.decode(opening.read_file(path), path.name, at_least=side)
    image.thumbnail((side, side))
    view = QImage(image.tobytes(), image.width, image.height, 3 * image.width, QImage.Format.Format_RGB888)
    return view.copy()
