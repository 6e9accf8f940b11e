"""The history on its own thread: the window reads and writes through this service, which signals every change."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakSet

from PySide6.QtCore import QObject, Signal

from desktop import __version__
from desktop.core.errors import AppError, RecordsError
from desktop.core.frozen import frozen
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.system.tasks import Lane, Task, Tasks

if TYPE_CHECKING:
    from datetime import datetime

    from desktop.core.encryption.keys import Key
    from desktop.core.imaging import regions
    from desktop.core.inference import similarity
    from desktop.core.inference.adjusted import Adjusted
    from desktop.core.inference.contract import Contract
    from desktop.core.records import connecting, images, values
    from desktop.core.records import history as records
    from desktop.core.records.history import History
    from desktop.core.records.values import Entry, KeptImage, SavedEntry
    from desktop.session.answers import Answer
    from desktop.session.picture import Picture
    from desktop.session.undo import Step
else:
    connecting = Late("desktop.core.records.connecting")
    records = Late("desktop.core.records.history")
    images = Late("desktop.core.records.images")
    values = Late("desktop.core.records.values")
    regions = Late("desktop.core.imaging.regions")
    similarity = Late("desktop.core.inference.similarity")

T = TypeVar("T")


@frozen
class SavedAnswer:
    """An answer that was saved now, or was in the history already."""

    entry: SavedEntry
    time: datetime
    image: str
    """The name of its image."""


class HistoryService(QObject):
    """Access to the history. A history that could not be opened is retried at each request."""

    opened = Signal()
    """The history was opened, or another one has taken its place."""
    changed = Signal()
    """An entry was added, binned or restored, or something else was written."""
    failed = Signal(object)  # AppError
    """The AppError of a request for which no caller handles errors."""
    erased = Signal(object)
    """A patient was erased for good: the list of their images' SHA-256. The files are deleted after this signal."""
    disclosure_failed = Signal(int, object)
    """It could not be recorded that an answer was shown despite an abstention: the entry's id, and the AppError."""

    def __init__(
        self,
        tasks: Tasks,
        folder: Path,
        initials: Callable[[], str],
        key: Key | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.folder = folder
        self.key = key
        """The history's key, if it is encrypted."""
        self._tasks = tasks
        self._writes: WeakSet[Task] = WeakSet()
        self._initials = initials
        self._history: History | None = None  # touched on the records' thread alone
        self.is_alone = True
        """Whether no other program used the data folder when the history was opened."""
        self.is_being_replaced = False
        """Whether a `replace` is under way."""

    @property
    def initials(self) -> str:
        """The initials of whoever uses the program now."""
        return self._initials()

    def use_key(self, key: Key | None) -> None:
        """Use another key from now on. Only the `work` of `replace` may call this, or whoever holds the lanes that use it."""
        self.key = key

    @property
    def image_store(self) -> images.ImageStore:
        """The images of the history; to be used off the GUI thread.

        Not kept as an attribute: Qt's signals read the attributes of their object without Python's lock, so that no other
        thread may add one.
        """
        return images.ImageStore(self.folder, self.key)

    def open(self) -> None:
        """Open the history, so that a fault in it is reported at the start and not at the first image."""

        def work(history: History) -> tuple[bool, list[str]]:
            return history.sweep(), history.erasures.unfinished()

        self.ask(work, self._tell_opened, self.failed.emit)

    def _tell_opened(self, found: tuple[bool, list[str]]) -> None:
        self.is_alone, erased = found
        self.opened.emit()
        self.changed.emit()
        self._finish_erasing(lambda _nothing: None, self.failed.emit, erased)

    def ask(self, work: Callable[[History], T], done: Callable[[T], None], failed: Callable[[AppError], None]) -> Task:
        """Read from the history: `work` runs on its thread, `done` or `failed` on this one."""

        def on_thread(_task: Task) -> T:
            if self._history is None:
                self._history = records.History.open(self.folder, key=self.key)
            try:
                return work(self._history)
            except RecordsError as error:
                if isinstance(error.__cause__, connecting.sqlite_errors()):
                    self._close()  # an unplugged drive comes back as another file: the next request reopens it
                raise

        return self._tasks.run(Lane.RECORDS, on_thread, done, failed)

    def write(
        self,
        work: Callable[[History, str], T],
        done: Callable[[T], None],
        failed: Callable[[AppError], None],
        *,
        is_shown: bool = True,
        is_whole: bool = True,
    ) -> Task:
        """Write to the history: like `ask`, but `work` also gets the user's initials, and `changed` is emitted afterwards.

        `work` runs in one transaction; with `is_whole=False`, each of its writes is a transaction of its own. With
        `is_shown=False`, `changed` is not emitted: for writes that alter nothing on the screen.
        """
        by = self.initials

        def on_thread(history: History) -> T:
            with history.together() if is_whole else nullcontext():
                return work(history, by)

        def tell(outcome: T) -> None:
            done(outcome)
            if is_shown:
                self.changed.emit()

        return self._note_write(self.ask(on_thread, tell, failed))

    def _note_write(self, task: Task) -> Task:
        self._writes.add(task)
        return task

    @property
    def has_waiting_writes(self) -> bool:
        """Whether something is to be written once the lock is open."""
        return any(self._tasks.is_waiting(task) for task in self._writes)

    def step(
        self,
        work: Callable[[History, str], T],
        reverse: Callable[[T], Step | None],
        then: Callable[[T], object] = lambda _outcome: None,
    ) -> Step:
        """Return an undoable write: `work` as in `write`, then `then`; `reverse` turns the outcome into the undo step."""

        def carry_out(done: Callable[[Step | None], None], failed: Callable[[AppError], None]) -> None:
            def take(outcome: T) -> None:
                then(outcome)
                done(reverse(outcome))

            self.write(work, take, failed)

        return carry_out

    def save(
        self,
        picture: Picture,
        answer: Answer,
        done: Callable[[SavedAnswer], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Copy an image to the image store and save its answer, or that of a region of it."""
        by = self.initials

        def work(history: History) -> SavedAnswer:
            image = self.store(picture)  # slow, and meanwhile others may write
            with history.together():
                kept = self.save_in(history, picture, image, answer, by=by)
            return SavedAnswer(kept, records.utc_now(), picture.name)

        def tell(saved: SavedAnswer) -> None:
            done(saved)
            if not saved.entry.was_known or saved.entry.was_binned:
                self.changed.emit()

        self._note_write(self.ask(work, tell, failed))

    def save_in(self, history: History, picture: Picture, image: KeptImage, answer: Answer, *, by: str) -> SavedEntry:
        """Do what `save` does with a picture that is in the store as `image`, inside the `work` of `ask` or `write`.

        With the answer goes how the image looks to the model, so that similar pictures are found without a look at it again.

        Raises:
            RecordsError: the image or the entry could not be written.
        """
        if not image.path.exists():  # another program erased the patient to whom it belonged
            image = self.store(picture)
        prediction, contract = answer.prediction, answer.contract
        stored = values.StoredAnswer.of(prediction, answer.judgement, contract.label_ids, __version__)
        kept = history.save(image, stored, contract, by=by, region=regions.region_text(answer.region))
        if answer.vector is not None:
            kind = similarity.VectorKind(prediction.model_sha256, prediction.preprocessing_version)
            history.embeddings.keep(image.sha256, kind, answer.vector, by=by)
        return kept

    def store(self, picture: Picture) -> KeptImage:
        """Copy an image to the image store. Slow: to be run off the GUI thread.

        Raises:
            RecordsError: the image could not be written.
        """
        path = self.image_store.add(picture.data, picture.header.format)
        return values.KeptImage.of(
            picture.sha256, len(picture.data), picture.header, path, name=picture.name, stored=True
        )

    def contract_of(self, entry: Entry, done: Callable[[Contract], None], failed: Callable[[AppError], None]) -> Task:
        """Read the contract of the model that answered an entry; this fails if the stored answer is damaged."""

        def work(history: History) -> Contract:
            if entry.answer.is_damaged:
                raise RecordsError(
                    tr(
                        "What the model said of “{name}” is damaged and cannot be read. The image can be classified again."
                    ),
                    name=entry.image.name,
                )
            return history.contract_of(entry.answer.model_sha256)

        return self.ask(work, done, failed)

    def locate(
        self, entry: Entry, path: Path, done: Callable[[Entry], None], failed: Callable[[AppError], None]
    ) -> None:
        """Link an entry to its image again after the file was moved."""
        by = self.initials
        self.ask(lambda history: history.locate(entry.id, path, by=by), done, failed)

    def note_adjusted(self, entry_id: int, adjusted: Adjusted, patient_id: int | None) -> None:
        """Save the figures for patient and practice that stand beside an entry's answer; see `Adjustments.note`."""
        by = self.initials
        self.ask(
            lambda history: history.adjustments.note(entry_id, adjusted, patient_id=patient_id, by=by),
            lambda is_written: self.changed.emit() if is_written else None,
            self.failed.emit,
        )

    def disclose(self, entry_id: int) -> None:
        """Record that an answer was shown although the model abstained."""
        self.write(
            lambda history, by: history.disclosures.disclose(entry_id, "despite abstention", by=by),
            lambda _nothing: None,
            lambda error: self.disclosure_failed.emit(entry_id, error),
        )

    def erase_patient(self, patient_id: int, done: Callable[[None], None], failed: Callable[[AppError], None]) -> None:
        """Erase a patient for good. If the program ends before all files are deleted, the next start continues."""
        self.write(
            lambda history, by: history.erasures.erase_patient(patient_id, by=by),
            partial(self._finish_erasing, done, failed),
            failed,
        )

    def _finish_erasing(
        self, done: Callable[[None], None], failed: Callable[[AppError], None], hashes: list[str]
    ) -> None:
        """Emit `erased`, then delete the files: while they exist, the next start repeats an interrupted erasure."""
        if hashes:
            self.erased.emit(hashes)
        self.ask(lambda history: history.erasures.finish(), done, failed)

    def read_image(self, image: KeptImage) -> bytes:
        """Return the bytes of a kept image. Slow: to be run off the GUI thread.

        Raises:
            AppError: the image is missing or has changed.
        """
        return self.image_store.read_kept(image)

    def thumbnail(self, sha256: str, path: Path, done: Callable[[bytes | None], None]) -> None:
        """Make or find the thumbnail of the image at `path`; `done` gets None if it cannot be made."""
        self._tasks.run(Lane.THUMBNAILS, lambda _task: self.image_store.thumbnail(sha256, path), done, self.failed.emit)

    def replace(
        self,
        work: Callable[[Task], T | None],
        done: Callable[[T | None], None],
        failed: Callable[[AppError], None],
        progress: Callable[[object], None],
    ) -> Task:
        """Close the history and run `work` on its thread; `work` may replace it, and returns None if it did not."""

        def on_thread(task: Task) -> T | None:
            self._close()
            return work(task)

        def tell(outcome: T | None) -> None:
            self.is_being_replaced = False
            done(outcome)
            if outcome is not None:
                self.open()

        def fail(error: AppError) -> None:
            self.is_being_replaced = False
            failed(error)

        self.is_being_replaced = True
        return self._tasks.run(Lane.RECORDS, on_thread, tell, fail, progress)

    def close(self) -> None:
        """Close the history after all pending requests."""
        self._tasks.run(Lane.RECORDS, lambda _task: self._close(), lambda _nothing: None, self.failed.emit)

    def _close(self) -> None:
        if self._history is not None:
            self._history.close()
            self._history = None
