"""Exports lesions to train a model, off the GUI thread; the history notes it when the folder is whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.exchange import training_folder
    from desktop.core.exchange.training_folder import WrittenExport
    from desktop.core.records.history import History
    from desktop.core.records.training_exports import TrainingPlan
else:
    training_folder = Late("desktop.core.exchange.training_folder")


class _StoppedError(Exception):
    """Raised between two images to end the work."""


def export_for_training(
    tasks: Tasks,
    history_service: HistoryService,
    plan: TrainingPlan,
    target: Path,
    done: Callable[[WrittenExport | None], None],
    failed: Callable[[AppError], None],
    progress: Callable[[object], None],
) -> Task:
    """Write the folder; the history stays in use meanwhile.

    `progress` gets (images done, images in all); `done` gets None if the task was cancelled, and then nothing is left.
    """

    def work(task: Task) -> WrittenExport | None:
        def advance(now: int, total: int) -> None:
            if task.cancelled.is_set():
                raise _StoppedError
            task.report((now, total))

        try:
            return training_folder.write_training_folder(plan, target, history_service.read_image, advance)
        except _StoppedError:
            return None

    def note(written: WrittenExport | None) -> None:
        if written is None:
            done(None)
            return

        def noted(history: History, by: str) -> WrittenExport:
            history.training_exports.note(plan, written.lesions, by=by)
            written.name_folder()
            return written

        def fail(error: AppError) -> None:
            written.discard()
            failed(error)

        history_service.write(noted, done, fail)

    return tasks.run(Lane.BACKUP, work, note, failed, progress)
