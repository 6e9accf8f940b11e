"""The history on its own thread: the window asks and writes here, and is told when something has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop import __version__
from desktop.core.errors import AppError, RecordsError
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.core.samples import sample_hashes
from desktop.picture import Picture
from desktop.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from desktop.core.imaging import opening, preprocessing
    from desktop.core.inference.batch import FileAnswer
    from desktop.core.inference.classifier import Prediction
    from desktop.core.inference.contract import Contract
    from desktop.core.inference.judgement import Judgement
    from desktop.core.records import backup, backup_file, images, restoring, values
    from desktop.core.records import history as records
    from desktop.core.records.backup import BackedUp
    from desktop.core.records.history import History
    from desktop.core.records.restoring import Restored
    from desktop.core.records.values import BatchRow, BatchRun, Entry, EntryFilter, Kept, KeptImage
else:
    sqlite3 = Late("sqlite3")
    opening = Late("desktop.core.imaging.opening")
    preprocessing = Late("desktop.core.imaging.preprocessing")
    records = Late("desktop.core.records.history")
    backup = Late("desktop.core.records.backup")
    backup_file = Late("desktop.core.records.backup_file")
    restoring = Late("desktop.core.records.restoring")
    images = Late("desktop.core.records.images")
    values = Late("desktop.core.records.values")

T = TypeVar("T")


@dataclass(frozen=True)
class Saved:
    """An answer that is in the history now, or was already."""

    kept: Kept
    time: datetime


@dataclass
class RunInHistory:
    """A batch run as it is being kept; its `id` is set on the records' thread once it has been begun there."""

    folder: Path
    files: int
    contract: Contract
    model_sha256: str
    id: int | None = None


@dataclass(frozen=True)
class Page:
    """Some of the entries that a filter lets through, newest first, and how many there are in all."""

    entries: list[Entry]
    total: int


@dataclass(frozen=True)
class OldRun:
    """A batch run of the history with its rows and the contract of its model."""

    run: BatchRun
    rows: list[BatchRow]
    contract: Contract


class Bookkeeping(QObject):
    """Everything that is kept. A history that could not be opened is tried again at each request."""

    changed = Signal()
    """An entry was added, put into the bin or restored."""
    runs_changed = Signal()
    """A batch run was begun or ended."""
    failed = Signal(object)  # AppError
    """The history could not be opened or read for something that nobody waits for."""
    erased = Signal(object)
    """A patient was erased for good: the SHA-256 (a list) of each image that went with them. Their files go after this."""
    disclosure_failed = Signal(int, object)
    """That an entry's answer was shown despite an abstention could not be recorded: its id, and the AppError."""

    def __init__(self, tasks: Tasks, folder: Path, initials: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._tasks = tasks
        self._initials = initials
        self._history: History | None = None  # touched on the records' thread alone

    @cached_property
    def _store(self) -> images.ImageStore:
        return images.ImageStore(self.folder)

    def open(self) -> None:
        """Open the history, so that what is wrong with it is said at the start and not at the first image."""
        self.ask(lambda history: history.erasures.unfinished(), self._tell_opened, self.failed.emit)

    def _tell_opened(self, erased: list[str]) -> None:
        self.changed.emit()
        self.runs_changed.emit()
        self._finish_erasing(lambda _nothing: None, self.failed.emit, erased)

    def ask(self, work: Callable[[History], T], done: Callable[[T], None], failed: Callable[[AppError], None]) -> Task:
        """Read from the history: `work` runs on its thread, `done` or `failed` on this one."""

        def on_thread(_task: Task) -> T:
            if self._history is None:
                self._history = records.History.open(self.folder)
            try:
                return work(self._history)
            except RecordsError as error:
                if isinstance(error.__cause__, sqlite3.Error):
                    self._close()  # a drive that was unplugged comes back as another file: the next try opens it anew
                raise

        return self._tasks.run(Lane.RECORDS, on_thread, done, failed)

    def write(
        self, work: Callable[[History, str], T], done: Callable[[T], None], failed: Callable[[AppError], None]
    ) -> Task:
        """Write to the history: as `ask`, but `work` gets the initials of who writes, and `changed` is told after it."""
        by = self._initials()

        def tell(outcome: T) -> None:
            done(outcome)
            self.changed.emit()

        return self.ask(lambda history: work(history, by), tell, failed)

    def keep(
        self,
        picture: Picture,
        prediction: Prediction,
        judgement: Judgement,
        contract: Contract,
        done: Callable[[Saved], None],
        failed: Callable[[AppError], None],
        *,
        region: str = "",
    ) -> None:
        """Copy an image to the image store and keep its prediction, or that of a region of it, `left,top,right,bottom`."""
        by = self._initials()

        def work(history: History) -> Saved:
            kept = self.keep_in(history, picture, prediction, judgement, contract, by=by, region=region)
            return Saved(kept, records.utc_now())

        def tell(saved: Saved) -> None:
            done(saved)
            if not saved.kept.was_known or saved.kept.was_binned:
                self.changed.emit()

        self.ask(work, tell, failed)

    def keep_in(
        self,
        history: History,
        picture: Picture,
        prediction: Prediction,
        judgement: Judgement,
        contract: Contract,
        *,
        by: str,
        region: str = "",
    ) -> Kept:
        """Do what `keep` does, within the work of `ask` or `write`.

        Raises:
            RecordsError: it could not be written.
        """
        answer = values.Answer.of(prediction, judgement, contract.label_ids, __version__)
        return history.keep(self.store(picture), answer, contract, by=by, region=region)

    def store(self, picture: Picture) -> KeptImage:
        """Copy an image to the image store. Slow: to be run off the GUI thread.

        Raises:
            RecordsError: it could not be written.
        """
        path = self._store.add(picture.data, picture.header.format)
        return values.KeptImage.of(
            picture.sha256, len(picture.data), picture.header, path, name=picture.name, stored=True
        )

    def entries(
        self, wanted: EntryFilter, done: Callable[[list[Entry]], None], failed: Callable[[AppError], None]
    ) -> None:
        """Find every entry that a filter lets through, newest first."""
        self.ask(lambda history: history.entries(wanted), done, failed)

    def page(
        self,
        wanted: EntryFilter,
        offset: int,
        limit: int,
        done: Callable[[Page], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Find `limit` entries after leaving out `offset`: a long history must not keep a new entry waiting."""

        def work(history: History) -> Page:
            return Page(*history.page(wanted, limit=limit, offset=offset))

        self.ask(work, done, failed)

    def contract_of(self, entry: Entry, done: Callable[[Contract], None], failed: Callable[[AppError], None]) -> Task:
        """Find the contract of the model that gave an entry its answer."""
        return self.ask(lambda history: history.contract_of(entry.answer.model_sha256), done, failed)

    def locate(
        self, entry: Entry, path: Path, done: Callable[[Entry], None], failed: Callable[[AppError], None]
    ) -> None:
        """Link the image of an entry anew, after its file was moved."""
        by = self._initials()
        self.ask(lambda history: history.locate(entry.id, path, by=by), done, failed)

    def bin(
        self, entry_ids: Iterable[int], done: Callable[[list[int]], None], failed: Callable[[AppError], None]
    ) -> None:
        """Put entries into the bin; `done` gets those that were not in it."""
        ids = list(entry_ids)
        self.write(lambda history, by: history.bin(ids, by=by), done, failed)

    def restore(
        self, entry_ids: Iterable[int], done: Callable[[list[int]], None], failed: Callable[[AppError], None]
    ) -> None:
        """Take entries out of the bin; `done` gets those that were in it."""
        ids = list(entry_ids)
        self.write(lambda history, by: history.restore(ids, by=by), done, failed)

    def disclose(self, entry_id: int) -> None:
        """Record that an answer was looked at although the model abstained."""
        self.write(
            lambda history, by: history.disclose(entry_id, "despite abstention", by=by),
            lambda _nothing: None,
            lambda error: self.disclosure_failed.emit(entry_id, error),
        )

    def erase_patient(self, patient_id: int, done: Callable[[None], None], failed: Callable[[AppError], None]) -> None:
        """Erase a patient for good. Where the program ends before all files are gone, the next start goes on with it."""
        self.write(
            lambda history, by: history.erasures.erase_patient(patient_id, by=by),
            partial(self._finish_erasing, done, failed),
            failed,
        )

    def _finish_erasing(
        self, done: Callable[[None], None], failed: Callable[[AppError], None], hashes: list[str]
    ) -> None:
        """Let everybody forget erased images before their files go, by which the next start would know of them."""
        if hashes:
            self.erased.emit(hashes)
        self.ask(lambda history: history.erasures.finish(), done, failed)

    def labels(self, done: Callable[[dict[str, str]], None], *, is_blind: bool = False) -> None:
        """Find id and name of every label that leads some entry, or, with `is_blind`, of every label that is known."""
        self.ask(lambda history: history.labels(is_blind=is_blind), done, self.failed.emit)

    def read_image(self, image: KeptImage) -> bytes:
        """Return the bytes of a kept image. Slow: to be run off the GUI thread.

        Raises:
            AppError: the image is missing, or is not what it was.
        """
        if image.stored:
            return self._store.read(image.sha256)
        data = opening.read_file(image.path)
        if hashlib.sha256(data).hexdigest() != image.sha256:
            raise RecordsError(
                tr("“{name}” is not the image that was classified: the file was changed since."), name=image.name
            )
        return data

    def thumbnail(self, sha256: str, path: Path, done: Callable[[bytes | None], None]) -> None:
        """Make, or find, the small picture of an image that lies at `path`; None where it cannot be made."""
        self._tasks.run(Lane.THUMBNAILS, lambda _task: self._store.thumbnail(sha256, path), done, self.failed.emit)

    def keep_run(
        self,
        run: RunInHistory,
        answers: Iterable[FileAnswer],
        completed: bool | None,
        done: Callable[[object], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Keep some rows of a run, and that it began and how it ended; what is there already is not kept twice.

        Args:
            run: the run.
            answers: the rows.
            completed: whether the run came to its end or was cancelled; None while it goes on.
            done: called when all of it is safe on the disk.
            failed: called when some of it is not.
        """
        by, rows = self._initials(), list(answers)

        def work(history: History) -> bool:
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
                )
            if rows:
                history.runs.add(run.id, rows, run.contract, by=by)
            if completed is not None:
                history.runs.finish(run.id, "finished" if completed else "cancelled", by=by)
            return is_new or completed is not None

        def tell(has_changed: bool) -> None:
            done(None)
            if has_changed:
                self.runs_changed.emit()

        self.ask(work, tell, failed)

    def note_shown(self, hashes: Iterable[str], failed: Callable[[AppError], None]) -> None:
        """Record that answers to images with these SHA-256 stood in the rows of a batch."""
        by, shown = self._initials(), list(hashes)
        self.ask(lambda history: history.views.note_shown(shown, by=by), lambda _nothing: None, failed)

    def runs(self, done: Callable[[list[BatchRun]], None]) -> None:
        """Find the kept runs, newest first."""
        self.ask(lambda history: history.runs.all(), done, self.failed.emit)

    def old_run(self, run_id: int, done: Callable[[OldRun], None]) -> None:
        """Find a kept run with its rows."""

        def work(history: History) -> OldRun:
            run = next(run for run in history.runs.all() if run.id == run_id)
            return OldRun(run, history.runs.rows(run_id), history.contract_of(run.model_sha256))

        self.ask(work, done, self.failed.emit)

    def send_rows(
        self,
        run_id: int,
        paths: Iterable[Path],
        done: Callable[[list[Kept]], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Send rows of a run, named by their files, to the history, their images linked; samples are left out."""
        chosen = {path.absolute() for path in paths}

        def work(history: History, by: str) -> list[Kept]:
            rows = [
                row.id for row in history.runs.rows(run_id) if row.path in chosen and row.sha256 not in sample_hashes()
            ]
            return history.runs.send_to_history(run_id, rows, by=by)

        self.write(work, done, failed)

    def back_up(
        self,
        target: Path,
        done: Callable[[BackedUp | None], None],
        failed: Callable[[AppError], None],
        progress: Callable[[object], None],
    ) -> Task:
        """Write the history with its images into one file, while it goes on being used; see `write_backup`.

        `progress` gets (bytes done, bytes in all); `done` gets None where the task was cancelled, and nothing was written.
        """

        def work(task: Task) -> BackedUp | None:
            try:
                return backup.write_backup(
                    self.folder,
                    target,
                    app_version=__version__,
                    now=records.utc_now(),
                    progress=lambda now, total: task.report((now, total)),
                    is_stopped=task.cancelled.is_set,
                )
            except backup_file.Stopped:
                return None

        return self._tasks.run(Lane.BACKUP, work, done, failed, progress)

    def restore_backup(
        self,
        path: Path,
        done: Callable[[Restored | None], None],
        failed: Callable[[AppError], None],
        progress: Callable[[object], None],
    ) -> Task:
        """Make a backup the history; what is there now is kept beside. See the core's `restore_backup`, and `back_up`."""

        def work(task: Task) -> Restored | None:
            self._close()
            try:
                return restoring.restore_backup(
                    path,
                    self.folder,
                    now=records.utc_now().astimezone(),
                    progress=lambda now, total: task.report((now, total)),
                    is_stopped=task.cancelled.is_set,
                )
            except backup_file.Stopped:
                return None

        def tell(restored: Restored | None) -> None:
            done(restored)
            if restored is not None:
                self.open()

        return self._tasks.run(Lane.RECORDS, work, tell, failed, progress)

    def close(self) -> None:
        """Close the history once all that was asked for is written."""
        self._tasks.run(Lane.RECORDS, lambda _task: self._close(), lambda _nothing: None, self.failed.emit)

    def _close(self) -> None:
        if self._history is not None:
            self._history.close()
            self._history = None
