"""One image at a time: opened, answered, kept. The widgets show what these steps bring."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal
from PySide6.QtGui import QImage, QImageWriter

from desktop.bookkeeping import Bookkeeping, Saved
from desktop.core.errors import AppError
from desktop.core.imaging.opening import Header, decode, read_file, read_header
from desktop.core.imaging.preprocessing import Box, seen_box
from desktop.core.inference.classifier import Classifier, Prediction
from desktop.core.inference.contract import Contract
from desktop.core.inference.judgement import Judgement, judge
from desktop.core.paths import SAMPLES
from desktop.core.records.values import Entry
from desktop.tasks import Lane, Task, Tasks

_SMALLEST_LEVEL = 512
"""The picture is halved, for drawing it small, until its longer side is at most this many pixels."""


@dataclass(frozen=True)
class Picture:
    """An opened image: its bytes, and its pixels at full size and halved again and again for drawing."""

    name: str
    path: Path | None
    data: bytes
    sha256: str
    header: Header
    levels: tuple[QImage, ...]
    is_sample: bool

    @property
    def width(self) -> int:
        """Width of the upright image in pixels."""
        return self.levels[0].width()

    @property
    def height(self) -> int:
        """Height of the upright image in pixels."""
        return self.levels[0].height()


@dataclass(frozen=True)
class Answer:
    """What one model says of the picture, and the part of the picture that it saw.

    `entry` is set where the answer is not new but is shown as the history kept it.
    """

    prediction: Prediction
    judgement: Judgement
    contract: Contract
    seen: Box
    entry: Entry | None = None


class Consultation(QObject):
    """Opens an image, has it answered by the model and keeps the answer; every slow step is off the GUI thread."""

    opening = Signal(str)
    opened = Signal(object)  # Picture
    answering = Signal()
    answered = Signal(object)  # Answer
    kept = Signal(object)  # Saved
    open_failed = Signal(str, object)  # name, AppError
    original_missing = Signal(object)
    """The Entry whose linked image is not where it was."""
    answer_failed = Signal(object)  # AppError
    keep_failed = Signal(object)  # AppError

    def __init__(self, tasks: Tasks, bookkeeping: Bookkeeping, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._bookkeeping = bookkeeping
        self._classifier: Classifier | None = None
        self._under_way: Task | None = None
        self._entry_id: int | None = None
        self._is_disclosed = False
        self.picture: Picture | None = None
        self.answer: Answer | None = None

    def use(self, classifier: Classifier) -> None:
        """Answer with this model from now on; an open picture gets its answer, unless a kept one is shown."""
        self._classifier = classifier
        if self.picture is not None and (self.answer is None or self.answer.entry is None):
            self._classify()

    def open_file(self, path: Path) -> None:
        """Open an image file."""
        self._open(path.name, path, lambda: read_file(path))

    def open_pasted(self, image: QImage, name: str) -> None:
        """Open a pasted image: what is classified and kept is the PNG file that it becomes."""
        self._open(name, None, lambda: png_bytes(image))

    def open_entry(self, entry: Entry) -> None:
        """Open an image of the history; an answer of another model is shown as it was given then."""
        self._open(entry.image.name, None, lambda: self._bookkeeping.read_image(entry), entry)

    def keep_again(self) -> None:
        """Try again to keep the answer that is shown."""
        if self.picture is not None and self.answer is not None and self.answer.entry is None:
            self._keep(self.picture, self.answer)

    def disclose(self) -> None:
        """Record that the answer is looked at although the model abstained: now, or as soon as it is kept."""
        if not self._is_disclosed:
            self._is_disclosed = True
            self._record_disclosure()

    def retry(self) -> None:
        """Ask the model in use for the picture that is open."""
        if self.picture is not None:
            self._classify()

    def _open(self, name: str, path: Path | None, read: Callable[[], bytes], entry: Entry | None = None) -> None:
        self._abandon()
        self.picture = None
        self._forget_answer()
        self.opening.emit(name)
        self._under_way = self._tasks.run(
            Lane.IMAGES,
            lambda _task: load_picture(name, path, read()),
            lambda picture: self._show(picture, entry),
            lambda error: self._report_failure(name, error, entry),
        )

    def _report_failure(self, name: str, error: AppError, entry: Entry | None) -> None:
        self.open_failed.emit(name, error)
        if entry is not None and not entry.image.stored:
            self.original_missing.emit(entry)

    def _show(self, picture: Picture, entry: Entry | None) -> None:
        self.picture = picture
        self.opened.emit(picture)
        if entry is None or (self._classifier is not None and self._classifier.sha256 == entry.answer.model_sha256):
            self._classify()
        else:
            self.answering.emit()
            self._bookkeeping.contract_of(
                entry, lambda contract: self._show_kept(picture, entry, contract), self.answer_failed.emit
            )

    def _show_kept(self, picture: Picture, entry: Entry, contract: Contract) -> None:
        if self.picture is picture:
            prediction = entry.answer.prediction
            seen = seen_box(picture.width, picture.height, contract.fit)
            self.answer = Answer(prediction, judge(prediction, contract), contract, seen, entry)
            self._entry_id = entry.id
            self.answered.emit(self.answer)

    def _classify(self) -> None:
        picture, classifier = self.picture, self._classifier
        self._forget_answer()
        self.answering.emit()
        if picture is None or classifier is None:
            return
        self._abandon()
        self._under_way = self._tasks.run(
            Lane.MODEL,
            lambda _task: answer_picture(picture, classifier),
            self._take_answer,
            self.answer_failed.emit,
        )

    def _take_answer(self, answer: Answer) -> None:
        self.answer = answer
        self.answered.emit(answer)
        if self.picture is not None:
            self._keep(self.picture, answer)

    def _keep(self, picture: Picture, answer: Answer) -> None:
        if not picture.is_sample:
            self._bookkeeping.keep(
                picture.data,
                picture.name,
                picture.sha256,
                picture.header,
                answer.prediction,
                answer.judgement,
                answer.contract,
                partial(self._report_kept, answer),
                self.keep_failed.emit,
            )

    def _report_kept(self, answer: Answer, saved: Saved) -> None:
        if answer is self.answer:
            self._entry_id = saved.kept.entry_id
            if self._is_disclosed:
                self._record_disclosure()
        self.kept.emit(saved)

    def _record_disclosure(self) -> None:
        if self._entry_id is not None:
            self._bookkeeping.disclose(self._entry_id)

    def _forget_answer(self) -> None:
        self.answer = None
        self._entry_id = None
        self._is_disclosed = False

    def _abandon(self) -> None:
        if self._under_way is not None:
            self._under_way.abandon()


def png_bytes(image: QImage) -> bytes:
    """Return an image as the bytes of a PNG file. Slow: to be run off the GUI thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def load_picture(name: str, path: Path | None, data: bytes) -> Picture:
    """Decode an image for the screen. Slow: to be run off the GUI thread.

    Raises:
        ImageError: the bytes are no image that can be opened.
    """
    header = read_header(data, name)
    image = decode(data, name)
    levels = [_to_qimage(image)]
    while max(image.size) > _SMALLEST_LEVEL:
        image = image.reduce(2)
        levels.append(_to_qimage(image))
    return Picture(
        name=name,
        path=path,
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        header=header,
        levels=tuple(levels),
        is_sample=path is not None and path.resolve().is_relative_to(SAMPLES.resolve()),
    )


def answer_picture(picture: Picture, classifier: Classifier) -> Answer:
    """Have a model answer a picture. Slow: to be run off the GUI thread.

    Raises:
        ImageError: the picture's bytes cannot be decoded.
    """
    image = classifier.prepare(picture.data, picture.name)
    prediction = classifier.predict(image[None])[0]
    contract = classifier.contract
    seen = seen_box(picture.width, picture.height, contract.fit)
    return Answer(prediction, judge(prediction, contract), contract, seen)


def _to_qimage(image: Image.Image) -> QImage:
    width, height = image.size
    view = QImage(image.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return view.convertToFormat(QImage.Format.Format_RGB32)
