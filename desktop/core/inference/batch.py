"""Whole folders: find the images, read and prepare them on every core, run the model on batches, answer in order.

One bad file is one answer with its sentence and never stops the rest. Memory is bounded by the look-ahead and by one decoded
image a worker, whatever a folder holds.
"""

import hashlib
import os
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import ImageError
from desktop.core.imaging.opening import EXTENSIONS, Header, read_file, read_header
from desktop.core.inference.classifier import Classifier, Prediction
from desktop.core.inference.judgement import Judgement, judge
from desktop.core.marking import tr

BATCH_SIZE = 16
"""Images a run of the model: enough to fill its threads, few enough for a cancel to be seen at once."""

_LOOK_AHEAD = 4 * BATCH_SIZE
"""Files that are read and prepared before their turn; one prepared input of 224 pixels takes 150 kB."""

_SECONDS_BETWEEN_LOOKS = 0.05
"""How often a wait for a slow file looks whether it was cancelled."""


@dataclass(frozen=True)
class FileAnswer:
    """What came of one file: a prediction with its judgement, or the error whose sentence says why there is none.

    `sha256`, `byte_size` and `header` are there as far as the file could be read.
    """

    path: Path
    error: ImageError | None = None
    sha256: str | None = None
    byte_size: int | None = None
    header: Header | None = None
    prediction: Prediction | None = None
    judgement: Judgement | None = None

    @property
    def message(self) -> str:
        """The sentence of the error, empty where there is none."""
        return "" if self.error is None else str(self.error)


@dataclass(frozen=True)
class _Prepared:
    answer: FileAnswer
    pixels: NDArray[np.uint8] | None


def find_images(paths: Iterable[Path]) -> list[Path]:
    """Return every image file under `paths`, sorted by path, none twice.

    A file named in `paths` is always taken. In a folder, and in the folders in it, files are taken by extension; names
    that begin with a dot are not (wastebaskets, thumbnails, macOS' resource files). A link leads to its target, unless
    that is found anyway; links in circles end. A folder that cannot be listed is returned itself, so that the
    classification answers for it with a sentence.
    """
    found: dict[str, Path] = {}
    folders: deque[Path] = deque()
    for path in paths:
        if _is_folder(path):
            folders.append(path)
        else:
            found.setdefault(os.path.realpath(path), path)
    visited: set[str] = set()
    links: list[Path] = []
    while folders or links:
        if folders:
            links += _list_folder(folders.popleft(), visited, folders, found)
            continue
        # Links come after all that is there in its own right, so that a file is listed under its own name.
        for link in sorted(links):
            if _is_folder(link):
                folders.append(link)
            elif link.suffix.lower() in EXTENSIONS:
                found.setdefault(os.path.realpath(link), link)
        links = []
    return sorted(found.values(), key=str)


def _list_folder(folder: Path, visited: set[str], folders: deque[Path], found: dict[str, Path]) -> list[Path]:
    """Put a folder's images into `found` and its folders into `folders`; return its links."""
    real = os.path.realpath(folder)
    if real in visited:
        return []
    visited.add(real)
    links = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                path = folder / entry.name
                if entry.name.startswith("."):
                    continue
                if entry.is_symlink():
                    links.append(path)
                elif entry.is_dir():
                    folders.append(path)
                elif path.suffix.lower() in EXTENSIONS and entry.is_file():  # a named pipe would be waited for
                    found.setdefault(os.path.join(real, entry.name), path)  # noqa: PTH118 - 100,000 strings, not Paths
    except OSError:
        found.setdefault(real, folder)
    return links


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # it cannot even be looked at: reading it as a file gives the sentence
        return False


def classify_files(
    paths: Iterable[Path],
    classifier: Classifier,
    *,
    cancelled: threading.Event | None = None,
    workers: int | None = None,
) -> Generator[FileAnswer, None, None]:
    """Answer for each file, in the order of `paths`.

    Args:
        paths: the files; read as the work goes on.
        classifier: the model.
        cancelled: when set, the answers end; files that are being decoded are left to end by themselves.
        workers: threads that read and prepare files; None means one for each core.
    """
    cancelled = cancelled or threading.Event()
    remaining = iter(paths)
    waiting: deque[Future[_Prepared]] = deque()
    pool = ThreadPoolExecutor(workers or os.cpu_count(), thread_name_prefix="prepare")
    is_finished = False
    try:
        while not cancelled.is_set():
            for path in islice(remaining, _LOOK_AHEAD - len(waiting)):
                waiting.append(pool.submit(_prepare, path, classifier))
            batch = [waiting.popleft() for _ in range(min(BATCH_SIZE, len(waiting)))]
            if not batch:
                is_finished = True
                return
            if not _are_ready(batch, cancelled):
                return
            for answer in _answer([future.result() for future in batch], classifier):
                if cancelled.is_set():
                    return
                yield answer
    finally:
        pool.shutdown(wait=is_finished, cancel_futures=True)


def _are_ready(batch: list[Future[_Prepared]], cancelled: threading.Event) -> bool:
    """Wait for files; False if it was cancelled before they were ready."""
    while not cancelled.is_set():
        if not wait(batch, timeout=_SECONDS_BETWEEN_LOOKS).not_done:
            return True
    return False


def _prepare(path: Path, classifier: Classifier) -> _Prepared:
    answer = FileAnswer(path)
    try:
        data = _read(path)
        answer = replace(answer, sha256=hashlib.sha256(data).hexdigest(), byte_size=len(data))
        answer = replace(answer, header=read_header(data, path.name))
        return _Prepared(answer, classifier.prepare(data, path.name))
    except ImageError as error:
        return _Prepared(replace(answer, error=error), None)


def _read(path: Path) -> bytes:
    if _is_folder(path):  # see `find_images`
        raise ImageError(tr("The folder “{name}” cannot be read. Check its permissions."), name=path.name)
    return read_file(path)


def _answer(prepared: list[_Prepared], classifier: Classifier) -> Iterator[FileAnswer]:
    """Run the model once on all the files that could be prepared."""
    inputs = [one.pixels for one in prepared if one.pixels is not None]
    predictions = iter(classifier.predict(np.stack(inputs)) if inputs else [])
    for one in prepared:
        if one.pixels is None:
            yield one.answer
        else:
            prediction = next(predictions)
            yield replace(one.answer, prediction=prediction, judgement=judge(prediction, classifier.contract))
