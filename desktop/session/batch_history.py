"""Batch runs in the history: saves them as they go, reads them, and turns their rows into entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop import __version__
from desktop.core.errors import AppError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.core.samples import sample_hashes
from desktop.session.history_service import HistoryService

if TYPE_CHECKING:
    from desktop.core.imaging import preprocessing
    from desktop.core.inference.alerts import WorkingPoints
    from desktop.core.inference.batch import FileAnswer
    from desktop.core.inference.contract import Contract
    from desktop.core.records.history import History
    from desktop.core.records.values import BatchRow, SavedEntry, StoredRun
else:
    preprocessing = Late("desktop.core.imaging.preprocessing")


@dataclass
class RunBeingSaved:
    """A batch run that is being saved; `id` is set on the records' thread once the run is in the history."""

    folder: Path
    files: int
    contract: Contract
    model_sha256: str
    working_points: WorkingPoints
    id: int | None = None


@frozen
class OldRun:
    """A batch run from the history with its rows and the contract of its model."""

    run: StoredRun
    rows: list[BatchRow]
    contract: Contract


class BatchHistory(QObject):
    """The batch runs of the history."""

    changed = Signal()
    """A run has begun or ended, or another history is open."""

    def __init__(self, history_service: HistoryService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history_service = history_service
        history_service.opened.connect(self.changed)

    def save(
        self,
        run: RunBeingSaved,
        answers: Iterable[FileAnswer],
        completed: bool | None,
        done: Callable[[object], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Save rows of a run, its beginning and its end; rows that are saved already are left out.

        Args:
            run: the run.
            answers: the rows.
            completed: True if the run has finished, False if it was cancelled, None while it goes on.
            done: called once everything is on the disk.
            failed: called if some of it could not be written.
        """
        rows = list(answers)

        def work(history: History, by: str) -> bool:
            is_new = run.id is None
            if run.id is None:
                run.id = history.runs.start(
                    run.folder,
                    run.files,
                    run.contract,
                    model_sha256=run.model_sha256,
                    preprocessing_version=preprocessing.PREPROCESSING_VERSION,
                    app_version=__version__,
                    by=by,
                    working_points=run.working_points,
                )
            if rows:
                history.runs.add(run.id, rows, run.contract, by=by)
            if completed is not None:
                history.runs.finish(run.id, "finished" if completed else "cancelled", by=by)
            return is_new or completed is not None

        def tell(has_changed: bool) -> None:
            done(None)
            if has_changed:
                self.changed.emit()

        # The beginning of the run must stay even if these rows fail, because `run` holds its id.
        self._history_service.write(work, tell, failed, is_shown=False, is_whole=False)

    def all(self, done: Callable[[list[StoredRun]], None]) -> None:
        """Read the saved runs, newest first."""
        self._history_service.ask(lambda history: history.runs.all(), done, self._history_service.failed.emit)

    def read(self, run_id: int, done: Callable[[OldRun], None]) -> None:
        """Read a saved run with its rows."""

        def work(history: History) -> OldRun:
            run = next(run for run in history.runs.all() if run.id == run_id)
            return OldRun(run, history.runs.rows(run_id), history.contract_of(run.model_sha256))

        self._history_service.ask(work, done, self._history_service.failed.emit)

    def send(
        self,
        run_id: int,
        paths: Iterable[Path],
        done: Callable[[list[SavedEntry]], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Add rows of a run, named by their files, to the history with links to their images; samples are left out."""
        chosen = {path.absolute() for path in paths}

        def work(history: History, by: str) -> list[SavedEntry]:
            rows = [
                row.id for row in history.runs.rows(run_id) if row.path in chosen and row.sha256 not in sample_hashes()
            ]
            return history.runs.send_to_history(run_id, rows, by=by)

        self._history_service.write(work, done, failed)
