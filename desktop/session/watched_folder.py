"""New images in a watched folder, which are counted and opened only on request."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.inference import watch
else:
    watch = Late("desktop.core.inference.watch")


class WatchedFolder(QObject):
    """Watches one folder. No image is classified, shown or placed before the user opens it."""

    changed = Signal()
    """Different images wait, or another folder is watched, or none."""
    passed_over = Signal(object)
    """list[str]: the kind of each new image that the program does not open."""
    failed = Signal(object)  # AppError

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._task: Task | None = None
        self._waiting: dict[Path, None] = {}
        self.folder: Path | None = None
        self.is_watching = False
        """Whether the first scan of the folder is done; images found by it are not new."""

    @property
    def count(self) -> int:
        """How many images wait."""
        return len(self._waiting)

    def watch(self, folder: Path) -> None:
        """Watch a folder in place of any other; images that wait already stay."""
        self.stop()
        self.folder = folder
        self._task = self._tasks.run(
            Lane.WATCH, lambda task: _watch(folder, task), lambda _nothing: None, self._fail, self._receive
        )
        self.changed.emit()

    def stop(self) -> None:
        """Stop watching; images that wait stay."""
        if self._task is not None:
            self._task.abandon()
            self._task = None
            self.folder = None
            self.is_watching = False
            self.changed.emit()

    def waiting(self) -> list[Path]:
        """Return the images that wait, in order of arrival."""
        return list(self._waiting)

    def discard(self, path: Path) -> None:
        """Remove an image that has been opened."""
        if path in self._waiting:
            del self._waiting[path]
            self.changed.emit()

    def _receive(self, found: object) -> None:
        if isinstance(found, tuple):
            images, kinds = found
            self.is_watching = True
            self._waiting |= dict.fromkeys(images)
            self.changed.emit()
            if kinds:
                self.passed_over.emit(kinds)

    def _fail(self, error: AppError) -> None:
        self._task = None
        self.folder = None
        self.is_watching = False
        self.failed.emit(error)
        self.changed.emit()


def _watch(folder: Path, task: Task) -> None:
    images = watch.NewImages(folder)
    task.report(([], []))  # the first scan is done: images from here on are new
    for found in images.until(task.cancelled):
        task.report((found.images, list(found.passed_over.values())))
