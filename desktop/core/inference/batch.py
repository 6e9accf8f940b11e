"""Classifies whole folders: prepares images on every core, runs the model on batches, yields answers in order.

A bad file is one answer with an error and never stops the rest, whatever exception it causes. The look-ahead and the pixels
decoded at a time bound the memory, whatever a folder contains.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.ctrl_c import ctrl_c_later
from desktop.core.errors import AppError, ImageError
from desktop.core.imaging.faults import as_image_error
from desktop.core.imaging.opening import ImageHeader, read_file, read_header
from desktop.core.imaging.preprocessing import seen_box
from desktop.core.inference.classifier import Classifier, Prediction
from desktop.core.inference.image_files import is_folder
from desktop.core.inference.judgement import Judgement, judge
from desktop.core.inference.pixel_budget import PIXELS_A_WORKER, PixelBudget
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.core.paths import reachable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = Late("numpy")

BATCH_SIZE = 4
"""Images per run of the model. On one thread, more are not faster and take more memory (docs/performance.md)."""

_BATCHES_AHEAD = 8
"""Batches, for each worker, that are begun before their turn: a slow file keeps nobody waiting; one prepared input of 224
pixels takes 150 kB."""

_SCALED = frozenset({"JPEG", "MPO"})
"""The formats that are decoded scaled down; the others are decoded whole."""

_PATIENCE = 1.0
"""The longest wait for `calm`, in seconds: a busy window slows a folder down, but never stops it."""

_SECONDS_BETWEEN_LOOKS = 0.02
"""Seconds between two looks, while a slow file is waited for, at whether the answers are to stop."""


@dataclass(frozen=True)
class FileAnswer:
    """The result of one file: a prediction with its judgement, or the error that explains why there is none.

    `sha256`, `byte_size` and `header` are set as far as the file could be read.
    """

    path: Path
    error: AppError | None = None
    sha256: str | None = None
    byte_size: int | None = None
    header: ImageHeader | None = None
    prediction: Prediction | None = None
    judgement: Judgement | None = None

    @property
    def message(self) -> str:
        """The sentence of the error, empty if there is none."""
        return "" if self.error is None else str(self.error)


@dataclass(frozen=True)
class _Prepared:
    answer: FileAnswer
    pixels: NDArray[np.uint8] | None = None
    side: int = 0
    is_damaged: bool = False


def classify_files(
    paths: Iterable[Path],
    classifier: Classifier,
    *,
    cancelled: threading.Event | None = None,
    workers: int | None = None,
    calm: threading.Event | None = None,
    read: Callable[[Path], bytes] | None = None,
) -> Generator[FileAnswer, None, None]:
    """Answer for each file, in the order of `paths`.

    Args:
        paths: the files, consumed lazily.
        classifier: the model.
        cancelled: when set, the answers end; files that are being decoded are left to end by themselves.
        workers: files that are prepared at a time, and as many runs of the model; None means one for each core that may be
            used.
        calm: while it is not set, other work goes first: each file and each run of the model starts only after a wait.
        read: returns the bytes of a file, from several threads at a time, or raises `AppError`; None reads the file itself.

    Raises:
        KeyboardInterrupt: instead of the next answer, once Ctrl-C was pressed; see `ctrl_c_later`.
    """
    calm = calm or _always()
    remaining = iter(paths)
    coming: deque[Future[list[FileAnswer]]] = deque()
    workers = workers or usable_cores()
    budget = PixelBudget(workers * PIXELS_A_WORKER)
    with ctrl_c_later() as ctrl_c:

        def is_stopped() -> bool:
            return ctrl_c.is_pressed or (cancelled is not None and cancelled.is_set())

        preparing = ThreadPoolExecutor(workers, thread_name_prefix="prepare")
        # As many runs as cores, each on one thread.
        answering = ThreadPoolExecutor(workers, thread_name_prefix="answer")
        is_finished = False
        try:
            while not is_stopped():
                while len(coming) < workers * _BATCHES_AHEAD and (batch := list(islice(remaining, BATCH_SIZE))):
                    prepared = [
                        preparing.submit(_prepare, path, classifier, budget, calm, read or read_path) for path in batch
                    ]
                    coming.append(answering.submit(_answer, prepared, classifier, calm))
                if not coming:
                    is_finished = True
                    return
                if not _is_done(coming[0], is_stopped):
                    return
                for answer in coming.popleft().result():
                    if is_stopped():
                        return
                    yield answer
        finally:
            preparing.shutdown(wait=is_finished, cancel_futures=True)
            answering.shutdown(wait=is_finished, cancel_futures=True)


def usable_cores() -> int:
    """Return how many processor cores this process may use; a container may have fewer than the machine."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _is_done(answers: Future[list[FileAnswer]], is_stopped: Callable[[], bool]) -> bool:
    """Wait for answers; False if they were stopped before they were there."""
    while not is_stopped():
        if wait([answers], timeout=_SECONDS_BETWEEN_LOOKS).done:
            return True
    return False


def _always() -> threading.Event:
    calm = threading.Event()
    calm.set()
    return calm


def _prepare(
    path: Path, classifier: Classifier, budget: PixelBudget, calm: threading.Event, read: Callable[[Path], bytes]
) -> _Prepared:
    calm.wait(_PATIENCE)
    answer = FileAnswer(path)
    try:
        with as_image_error(path.name):
            data = read(path)
            answer = replace(answer, sha256=hashlib.sha256(data).hexdigest(), byte_size=len(data))
            header = read_header(data, path.name)
            answer = replace(answer, header=header)
            # A JPEG is decoded scaled down, so that its size hardly matters.
            with budget.taken(0 if header.format in _SCALED else header.width * header.height):
                side = seen_box(header.width, header.height, classifier.contract.fit).side
                pixels, is_damaged = classifier.prepare_checked(data, path.name)
                return _Prepared(answer, pixels, side, is_damaged)
    except AppError as error:
        return _Prepared(replace(answer, error=error))


def read_path(path: Path) -> bytes:
    """Return the bytes of an image file on this machine's disks, or on what is mounted there.

    Raises:
        ImageError: see `read_file`; or it is a folder that cannot be listed.
    """
    if is_folder(path):  # see `find_images`
        raise ImageError(tr("The folder “{name}” cannot be read. Check its permissions."), name=path.name)
    return read_file(reachable(path))


def _answer(files: list[Future[_Prepared]], classifier: Classifier, calm: threading.Event) -> list[FileAnswer]:
    """Wait for a batch of files to be prepared, then run the model once on all that could be.

    If the model fails, each file is run alone, so that the others of its batch keep their answers.
    """
    prepared = [file.result() for file in files]
    calm.wait(_PATIENCE)
    whole = [one for one in prepared if one.pixels is not None]
    try:
        predictions = iter(_predict(whole, classifier) if whole else [])
        return [
            one.answer if one.pixels is None else _with_judgement(one.answer, next(predictions), classifier)
            for one in prepared
        ]
    except Exception:  # noqa: BLE001 - raised again, and told, for the file that it comes from
        return [one.answer if one.pixels is None else _answer_alone(one, classifier) for one in prepared]


def _answer_alone(one: _Prepared, classifier: Classifier) -> FileAnswer:
    try:
        with as_image_error(one.answer.path.name):
            (prediction,) = _predict([one], classifier)
            return _with_judgement(one.answer, prediction, classifier)
    except AppError as error:
        return replace(one.answer, error=error)


def _predict(prepared: list[_Prepared], classifier: Classifier) -> list[Prediction]:
    inputs = np.stack([one.pixels for one in prepared if one.pixels is not None])
    return classifier.predict(inputs, [one.side for one in prepared], [one.is_damaged for one in prepared])


def _with_judgement(answer: FileAnswer, prediction: Prediction, classifier: Classifier) -> FileAnswer:
    judgement = judge(prediction, classifier.contract, classifier.working_points)
    return replace(answer, prediction=prediction, judgement=judgement)
