"""Images of the history as pictures, read off the GUI thread; those that were shown last are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.session.picture import Picture
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.records.values import KeptImage
    from desktop.session import picture as pictures
else:
    pictures = Late("desktop.session.picture")


class StoredPictures(QObject):
    """Serves one request at a time: a new one takes the place of the one before."""

    def __init__(self, tasks: Tasks, history_service: HistoryService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._history_service = history_service
        self._task: Task | None = None
        self._kept: dict[str, Picture] = {}
        history_service.erased.connect(self._forget)

    def read(
        self,
        images: Sequence[KeptImage],
        done: Callable[[list[Picture]], None],
        failed: Callable[[AppError], None],
        *,
        opened: Picture | None = None,
    ) -> None:
        """Read images as pictures, in this order; `opened` is one that is in memory already."""
        if self._task is not None:
            self._task.abandon()
        kept = dict(self._kept)
        if opened is not None:
            kept[opened.sha256] = opened
        open_picture, read = pictures.open_picture, self._history_service.read_image  # Qt is imported on this thread

        def work(_task: Task) -> list[Picture]:
            return [kept.get(one.sha256) or open_picture(one.name, None, partial(read, one)) for one in images]

        def take(found: list[Picture]) -> None:
            self._task = None
            self._kept = {one.sha256: one for one in found}
            done(found)

        def fail(error: AppError) -> None:
            self._task = None
            failed(error)

        self._task = self._tasks.run(Lane.IMAGES, work, take, fail)

    def _forget(self, hashes: Iterable[str]) -> None:
        for sha256 in hashes:
            self._kept.pop(sha256, None)
