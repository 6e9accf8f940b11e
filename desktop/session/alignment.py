"""The alignment of two opened images: read from the history, or computed off the GUI thread and kept there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

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
from desktop.session.undo import Step
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.records.history import History

logger = logging.getLogger(__name__)

_ENOUGH = 512
"""Pixels of the longer side that registration uses; it gets the smallest level that has as many."""


class Alignment(QObject):
    """Aligns one pair of images at a time; the outcome for an earlier pair is dropped."""

    found = Signal(object)
    """The KeptAlignment that maps the pixels of the first image to those of the second."""

    failed = Signal(object)  # AppError

    lost = Signal()
    """An alignment by hand was undone, and none was found before: the images are not aligned."""

    changed_unseen = Signal()
    """An undo or a redo has changed how images are to be aligned that are not shown aligned."""

    def __init__(self, tasks: Tasks, history_service: HistoryService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._history_service = history_service
        self._task: Task | None = None
        self._pair: tuple[Picture, Picture] | None = None
        """The images that are aligned, or being aligned."""

    @property
    def is_running(self) -> bool:
        """Whether an alignment is being read or computed."""
        return self._task is not None

    def align(self, first: Picture, second: Picture) -> None:
        """Align two images, in place of any others; `found` or `failed` reports the outcome."""
        self.stop()
        self._pair = first, second
        hashes = (first.sha256, second.sha256)
        self._task = self._history_service.ask(
            lambda history: history.alignments.of(*hashes),
            lambda kept: self._compute(first, second) if kept is None else self._take(kept),
            lambda _error: self._compute(first, second),  # one that cannot be read is computed anew
        )

    def set_by_hand(self, first: Picture, second: Picture, transform: Similarity) -> Step:
        """Report an alignment that was set by hand as `found`; return the step that keeps it."""
        self.stop()
        self._pair = first, second
        self.found.emit(KeptAlignment(transform, None))
        return self._keep((first.sha256, second.sha256), transform, is_shown=True)

    def set_automatically(self, first: Picture, second: Picture) -> Step:
        """Return the step that has two images aligned automatically again: one set by hand no longer counts."""
        return self._keep((first.sha256, second.sha256), None, computes=True)

    def _keep(
        self, hashes: tuple[str, str], by_hand: Similarity | None, *, is_shown: bool = False, computes: bool = False
    ) -> Step:
        """Return the step that keeps an alignment by hand or, without one, withdraws it.

        Its reverse restores what counted before. `is_shown` is whether the alignment was reported already, `computes` whether
        one is found again in place of what is withdrawn. The step keeps no pixels: the undo stack holds it until the end.
        """

        def work(history: History, by: str) -> KeptAlignment | None:
            before = history.alignments.of(*hashes)
            if by_hand is None:
                history.alignments.withdraw(*hashes, by=by)
            else:
                history.alignments.keep_by_hand(*hashes, by_hand, by=by)
            return before

        def carry_out(done: Callable[[Step | None], None], failed: Callable[[AppError], None]) -> None:
            def take(before: KeptAlignment | None) -> None:
                pair = self._pair
                if not is_shown:
                    if pair is not None and hashes == (pair[0].sha256, pair[1].sha256):
                        self._show(*pair, by_hand, computes=computes)
                    else:
                        self.changed_unseen.emit()
                was_found = before is not None and before.agreement is not None
                by_hand_before = None if before is None or was_found else before.transform
                done(self._keep(hashes, by_hand_before, computes=was_found))

            self._history_service.write(work, take, failed, is_shown=False)

        return carry_out

    def _show(self, first: Picture, second: Picture, by_hand: Similarity | None, *, computes: bool) -> None:
        if by_hand is not None:
            self.stop()
            self.found.emit(KeptAlignment(by_hand, None))
        elif computes:
            self.align(first, second)
        else:
            self.stop()
            self.lost.emit()

    def leave(self) -> None:
        """Drop the alignment that is being computed, and forget the images, which are not shown as aligned any more."""
        self.stop()
        self._pair = None

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
