"""The alignment of two opened images, computed off the GUI thread."""

from __future__ import annotations

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop.core.errors import AppError
from desktop.core.registration.registering import register
from desktop.core.registration.similarity import Similarity
from desktop.session.picture import Picture, pixels_of
from desktop.system.tasks import Lane, Task, Tasks

_ENOUGH = 512
"""Pixels of the longer side that registration uses; it gets the smallest level that has as many."""


class Alignment(QObject):
    """Aligns one pair of images at a time; the outcome for an earlier pair is dropped."""

    found = Signal(object)
    """The Similarity that maps the pixels of the first image to those of the second."""

    failed = Signal(object)  # AppError

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._task: Task | None = None

    @property
    def is_running(self) -> bool:
        """Whether an alignment is being computed."""
        return self._task is not None

    def align(self, first: Picture, second: Picture) -> None:
        """Align two images, in place of any others; `found` or `failed` reports the outcome."""
        self.stop()
        self._task = self._tasks.run(
            Lane.IMAGES, lambda _task: aligned(first.levels, second.levels), self._take, self._tell
        )

    def stop(self) -> None:
        """Drop the alignment that is being computed."""
        if self._task is not None:
            self._task.abandon()
            self._task = None

    def _take(self, transform: Similarity) -> None:
        self._task = None
        self.found.emit(transform)

    def _tell(self, error: AppError) -> None:
        self._task = None
        self.failed.emit(error)


def aligned(first: tuple[QImage, ...], second: tuple[QImage, ...]) -> Similarity:
    """Return the transform between two images, each given as full size and halved sizes, in full-size pixels. Slow.

    Raises:
        RegistrationError: they could not be aligned with certainty.
    """
    used = [next(level for level in reversed(levels) if _is_enough(level, levels)) for levels in (first, second)]
    found = register(*(Image.fromarray(np.ascontiguousarray(pixels_of(level))) for level in used)).transform
    return found.resized(first[0].width() / used[0].width(), second[0].width() / used[1].width())


def _is_enough(level: QImage, levels: tuple[QImage, ...]) -> bool:
    return level is levels[0] or max(level.width(), level.height()) >= _ENOUGH
