"""The alignment of two opened images: read from the history, or computed off the GUI thread and kept there."""

from __future__ import annotations

import logging

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop.core.errors import AppError
from desktop.core.records.alignments import KeptAlignment
from desktop.core.registration.registering import Registration, register
from desktop.core.registration.similarity import Similarity
from desktop.session.history_service import HistoryService
from desktop.session.picture import Picture, pixels_of
from desktop.system.tasks import Lane, Task, Tasks

logger = logging.getLogger(__name__)

_ENOUGH = 512
"""Pixels of the longer side that registration uses; it gets the smallest level that has as many."""


class Alignment(QObject):
    """Aligns one pair of images at a time; the outcome for an earlier pair is dropped."""

    found = Signal(object)
    """The KeptAlignment that maps the pixels of the first image to those of the second."""

    failed = Signal(object)  # AppError

    def __init__(self, tasks: Tasks, history_service: HistoryService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._history_service = history_service
        self._task: Task | None = None

    @property
    def is_running(self) -> bool:
        """Whether an alignment is being read or computed."""
        return self._task is not None

    def align(self, first: Picture, second: Picture) -> None:
        """Align two images, in place of any others; `found` or `failed` reports the outcome."""
        self.stop()
        hashes = (first.sha256, second.sha256)
        self._task = self._history_service.ask(
            lambda history: history.alignments.of(*hashes),
            lambda kept: self._compute(first, second) if kept is None else self._take(kept),
            lambda _error: self._compute(first, second),  # one that cannot be read is computed anew
        )

    def set_by_hand(self, first: Picture, second: Picture, transform: Similarity) -> None:
        """Keep an alignment that was set by hand, and report it as `found`."""
        self.stop()
        hashes = (first.sha256, second.sha256)
        self._history_service.write(
            lambda history, by: history.alignments.keep_by_hand(*hashes, transform, by=by),
            lambda _none: None,
            _note_not_kept,
            is_shown=False,
        )
        self.found.emit(KeptAlignment(transform, None))

    def stop(self) -> None:
        """Drop the alignment that is being computed."""
        if self._task is not None:
            self._task.abandon()
            self._task = None

    def _compute(self, first: Picture, second: Picture) -> None:
        hashes = (first.sha256, second.sha256)

        def take(found: Registration) -> None:
            self._history_service.write(
                lambda history, by: history.alignments.keep(*hashes, found, by=by),
                lambda _none: None,
                _note_not_kept,
                is_shown=False,
            )
            self._take(KeptAlignment(found.transform, found.agreement))

        self._task = self._tasks.run(Lane.IMAGES, lambda _task: aligned(first.levels, second.levels), take, self._tell)

    def _take(self, found: KeptAlignment) -> None:
        self._task = None
        self.found.emit(found)

    def _tell(self, error: AppError) -> None:
        self._task = None
        self.failed.emit(error)


def aligned(first: tuple[QImage, ...], second: tuple[QImage, ...]) -> Registration:
    """Align two images, each given as full size and halved sizes, in full-size pixels. Slow.

    Raises:
        RegistrationError: they could not be aligned with certainty.
    """
    used = [next(level for level in reversed(levels) if _is_enough(level, levels)) for levels in (first, second)]
    found = register(*(Image.fromarray(np.ascontiguousarray(pixels_of(level))) for level in used))
    larger = (first[0].width() / used[0].width(), second[0].width() / used[1].width())
    return Registration(found.transform.resized(*larger), found.agreement)


def _is_enough(level: QImage, levels: tuple[QImage, ...]) -> bool:
    return level is levels[0] or max(level.width(), level.height()) >= _ENOUGH


def _note_not_kept(error: AppError) -> None:
    """Leave it at the log: the alignment is shown, and will be computed anew."""
    logger.warning("an alignment is not kept: %s", error)
