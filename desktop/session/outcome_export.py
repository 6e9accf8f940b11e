"""Exports the lesions that histology proved, for a recalibration of the model, off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.imaging import preprocessing
    from desktop.core.inference.contract import Contract
    from desktop.core.records import outcome_export
    from desktop.core.records.outcome_export import Exported, ProvedImages
else:
    preprocessing = Late("desktop.core.imaging.preprocessing")
    outcome_export = Late("desktop.core.records.outcome_export")


def export_outcomes(
    tasks: Tasks,
    history_service: HistoryService,
    found: ProvedImages,
    contract: Contract,
    target: Path,
    done: Callable[[Exported | None], None],
    failed: Callable[[AppError], None],
    progress: Callable[[object], None],
) -> Task:
    """Write the images with the detail that a model with this contract needs; the history stays in use meanwhile.

    `progress` gets (images done, images in all); `done` gets None if the task was cancelled, and then nothing is left.
    """

    def work(task: Task) -> Exported | None:
        return outcome_export.export_images(
            found,
            target,
            history_service.read_image,
            at_least=preprocessing.pixels_needed(contract.input_size, contract.effective_resolution),
            progress=lambda now, total: task.report((now, total)),
            is_stopped=task.cancelled.is_set,
        )

    return tasks.run(Lane.BACKUP, work, done, failed, progress)
