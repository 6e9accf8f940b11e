"""Exports lesions to train a model, off the GUI thread; the history notes it when the folder is whole."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.errors import AppError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.session.history_service import HistoryService
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from desktop.core.exchange import training_folder
    from desktop.core.exchange.training_folder import WrittenExport
    from desktop.core.practice import follow_up
    from desktop.core.records import practice_reading
    from desktop.core.records.history import History
    from desktop.core.records.people import Outcome
    from desktop.core.records.practice_reading import RawRows
    from desktop.core.records.training_plan import TrainingPlan
else:
    training_folder = Late("desktop.core.exchange.training_folder")
    follow_up = Late("desktop.core.practice.follow_up")
    practice_reading = Late("desktop.core.records.practice_reading")


class _StoppedError(Exception):
    """Raised between two images to end the work."""


@frozen
class ModelToImprove:
    """The model for which lesions are exported: its labels, its SHA-256 and its day, as its file gives it."""

    labels: tuple[str, ...]
    sha256: str
    made: str


@frozen
class FoundLesions:
    """A plan for an export, and the lesions of the history that are benign by follow-up, with their outcomes by id."""

    plan: TrainingPlan
    followed: Mapping[int, Outcome]


def find_lesions(
    tasks: Tasks,
    history_service: HistoryService,
    model: ModelToImprove,
    months: int,
    done: Callable[[FoundLesions], None],
    failed: Callable[[AppError], None],
) -> None:
    """Find what may be exported; `months` is the least time of a follow-up that shows a lesion to be benign."""

    def assemble(raw: RawRows) -> None:
        tasks.run(
            Lane.IMAGES,
            lambda _task: follow_up.benign_lesions(practice_reading.assembled(raw), months),
            plan,
            failed,
        )

    def plan(followed: Mapping[int, Outcome]) -> None:
        plan_with(history_service, model, followed, (), lambda made: done(FoundLesions(made, followed)), failed)

    history_service.ask(lambda history: history.practice_rows(), assemble, failed)


def plan_with(
    history_service: HistoryService,
    model: ModelToImprove,
    followed: Mapping[int, Outcome],
    photographs: Collection[str],
    done: Callable[[TrainingPlan], None],
    failed: Callable[[AppError], None],
) -> None:
    """Plan the export with these clinical photographs, by their SHA-256."""
    history_service.ask(
        lambda history: history.training_exports.plan(model.labels, model.sha256, model.made, followed, photographs),
        done,
        failed,
    )


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
