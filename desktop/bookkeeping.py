"""The history on its own thread: the window asks and writes here, and is told when something has changed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from desktop import __version__
from desktop.core.errors import AppError, RecordsError
from desktop.core.imaging.opening import Header, read_file
from desktop.core.imaging.preprocessing import PREPROCESSING_VERSION
from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.classifier import Classifier, Prediction
from desktop.core.inference.contract import Contract
from desktop.core.inference.judgement import Judgement
from desktop.core.marking import tr
from desktop.core.records.history import History, utc_now
from desktop.core.records.images import ImageStore
from desktop.core.records.values import Answer, BatchRow, BatchRun, Entry, EntryFilter, Kept, KeptImage
from desktop.tasks import Lane, Tasks

T = TypeVar("T")


@dataclass(frozen=True)
class Saved:
    """An answer that is in the history now, or was already."""

    kept: Kept
    time: datetime


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
    """An entry was added, put into the bin or restored, or a run was kept."""
    failed = Signal(object)  # AppError
    """A write that nobody waits for has failed."""

    def __init__(self, tasks: Tasks, folder: Path, initials: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._tasks = tasks
        self._initials = initials
        self._store = ImageStore(folder)
        self._history: History | None = None  # touched on the records' thread alone, as is the run
        self._run: tuple[int, Contract] | None = None

    def open(self) -> None:
        """Open the history, so that what is wrong with it is said at the start and not at the first image."""
        self._ask(lambda _history: None, lambda _nothing: self.changed.emit(), self.failed.emit)

    def keep(
        self,
        data: bytes,
        name: str,
        sha256: str,
        header: Header,
        prediction: Prediction,
        judgement: Judgement,
        contract: Contract,
        done: Callable[[Saved], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Copy an image to the image store and keep its prediction."""
        by = self._initials()

        def work(history: History) -> Saved:
            path = self._store.add(data, header.format)
            image = KeptImage.of(sha256, len(data), header, path, name=name, stored=True)
            answer = Answer.of(prediction, judgement, contract.label_ids, __version__)
            return Saved(history.keep(image, answer, contract, by=by), utc_now())

        def tell(saved: Saved) -> None:
            done(saved)
            if not saved.kept.was_known or saved.kept.was_binned:
                self.changed.emit()

        self._ask(work, tell, failed)

    def entries(
        self, wanted: EntryFilter, done: Callable[[list[Entry]], None], failed: Callable[[AppError], None]
    ) -> None:
        """Find every entry that a filter lets through, newest first."""
        self._ask(lambda history: history.entries(wanted), done, failed)

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
            return Page(history.entries(wanted, limit=limit, offset=offset), history.count(wanted))

        self._ask(work, done, failed)

    def contract_of(self, entry: Entry, done: Callable[[Contract], None], failed: Callable[[AppError], None]) -> None:
        """Find the contract of the model that gave an entry its answer."""
        self._ask(lambda history: history.contract_of(entry.answer.model_sha256), done, failed)

    def locate(
        self, entry: Entry, path: Path, done: Callable[[Entry], None], failed: Callable[[AppError], None]
    ) -> None:
        """Link the image of an entry anew, after its file was moved."""
        by = self._initials()
        self._ask(lambda history: history.locate(entry.id, path, by=by), done, failed)

    def bin(self, entry_ids: Iterable[int]) -> None:
        """Put entries into the bin."""
        by, ids = self._initials(), list(entry_ids)
        self._write(lambda history: history.bin(ids, by=by))

    def restore(self, entry_ids: Iterable[int]) -> None:
        """Take entries out of the bin."""
        by, ids = self._initials(), list(entry_ids)
        self._write(lambda history: history.restore(ids, by=by))

    def disclose(self, entry_id: int) -> None:
        """Record that an answer was looked at although the model abstained."""
        by = self._initials()
        self._write(lambda history: history.disclose(entry_id, "despite abstention", by=by))

    def read_image(self, entry: Entry) -> bytes:
        """Return the bytes of an entry's image. Slow: to be run off the GUI thread.

        Raises:
            AppError: the image is missing, or is not what it was.
        """
        if entry.image.stored:
            return self._store.read(entry.image.sha256)
        return read_file(entry.image.path)

    def thumbnail(self, sha256: str, path: Path, done: Callable[[bytes | None], None]) -> None:
        """Make, or find, the small picture of an image that lies at `path`; None where it cannot be made."""
        self._tasks.run(Lane.IMAGES, lambda _task: self._store.thumbnail(sha256, path), done, self.failed.emit)

    def start_run(self, folder: Path, files: int, classifier: Classifier) -> None:
        """Begin to keep a batch run; the rows that follow belong to it."""
        by = self._initials()

        def work(history: History) -> None:
            self._run = None
            run = history.runs.start(
                folder,
                files,
                classifier.contract,
                model_sha256=classifier.sha256,
                preprocessing_version=PREPROCESSING_VERSION,
                app_version=__version__,
                by=by,
            )
            self._run = run, classifier.contract

        self._ask(work, lambda _nothing: None, self.failed.emit)

    def add_rows(self, answers: Iterable[FileAnswer]) -> None:
        """Keep rows of the run that was begun last; none are kept if it could not be begun."""
        by, rows = self._initials(), list(answers)

        def work(history: History) -> None:
            if self._run is not None and rows:
                history.runs.add(self._run[0], rows, self._run[1], by=by)

        self._ask(work, lambda _nothing: None, self.failed.emit)

    def finish_run(self, *, completed: bool) -> None:
        """End the run that was begun last."""
        by = self._initials()

        def work(history: History) -> None:
            if self._run is not None:
                history.runs.finish(self._run[0], "finished" if completed else "cancelled", by=by)

        self._write(work)

    def runs(self, done: Callable[[list[BatchRun]], None]) -> None:
        """Find the kept runs, newest first."""
        self._ask(lambda history: history.runs.all(), done, self.failed.emit)

    def old_run(self, run_id: int, done: Callable[[OldRun], None]) -> None:
        """Find a kept run with its rows."""

        def work(history: History) -> OldRun:
            run = next(run for run in history.runs.all() if run.id == run_id)
            return OldRun(run, history.runs.rows(run_id), history.contract_of(run.model_sha256))

        self._ask(work, done, self.failed.emit)

    def send_rows(self, run_id: int | None, paths: Iterable[Path], done: Callable[[list[Kept]], None]) -> None:
        """Send rows of a run, named by their files, to the history, their images linked; None is the run begun last."""
        by, chosen = self._initials(), {path.absolute() for path in paths}

        def work(history: History) -> list[Kept]:
            run = self._run[0] if run_id is None and self._run is not None else run_id
            if run is None:
                raise RecordsError(tr("This run was not kept, so its rows cannot be sent. Classify the folder again."))
            rows = [row.id for row in history.runs.rows(run) if row.path in chosen]
            return history.runs.send_to_history(run, rows, by=by)

        def tell(kept: list[Kept]) -> None:
            done(kept)
            self.changed.emit()

        self._ask(work, tell, self.failed.emit)

    def close(self) -> None:
        """Close the history once all that was asked for is written."""
        self._tasks.run(Lane.RECORDS, lambda _task: self._close(), lambda _nothing: None, self.failed.emit)

    def _write(self, work: Callable[[History], object]) -> None:
        self._ask(work, lambda _outcome: self.changed.emit(), self.failed.emit)

    def _ask(self, work: Callable[[History], T], done: Callable[[T], None], failed: Callable[[AppError], None]) -> None:
        def on_thread(_task: object) -> T:
            if self._history is None:
                self._history = History.open(self.folder)
            return work(self._history)

        self._tasks.run(Lane.RECORDS, on_thread, done, failed)

    def _close(self) -> None:
        if self._history is not None:
            self._history.close()
            self._history = None
