"""`LesionLens --self-test`: tries each part of the installation that the user relies on, and prints a line for each."""

import json
import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer

from desktop.core.encryption.keys import MASTER_BYTES, Key
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.errors import AppError
from desktop.core.imaging.opening import decode
from desktop.core.inference.classifier import Classifier
from desktop.core.inference.loading import load_model
from desktop.core.paths import SAMPLES, SHIPPED_MODEL
from desktop.core.records.converting import encrypt_history
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.core.records.key_file import Protection, protection, unlock_history
from desktop.session import dicom_network
from desktop.session.lock import Lock
from desktop.session.model_choice import ModelChoice
from desktop.session.open_image import OpenImage
from desktop.system.settings import Settings
from desktop.widgets.window.main_window import MainWindow

logger = logging.getLogger(__name__)

GOLDEN = SAMPLES / "golden.json"
TOLERANCE = 1e-4
"""Largest permitted difference from a stored probability. Processors sum in different orders, which changes it by < 1e-6."""

_ENTRY = b"\x72\x0e\x0a\x09self-test\x12\x01x"
"""An extra metadata entry (ModelProto.metadata_props). Appended to a model, it makes a different file with the same answers."""

_PATIENCE = 60_000
"""Milliseconds until the window must have saved its answer: a cold disk under a virus scanner is slow."""


class TestedParts(Protocol):
    """The parts of the application that the self-test uses."""

    @property
    def window(self) -> MainWindow: ...  # noqa: D102

    @property
    def model(self) -> ModelChoice: ...  # noqa: D102

    @property
    def open_image(self) -> OpenImage: ...  # noqa: D102

    @property
    def lock(self) -> Lock: ...  # noqa: D102

    def close(self) -> None:
        """End the threads."""


Compose = Callable[[Path, Settings, Key | None], TestedParts]


class FailedError(Exception):
    """A part of the installation does not work."""


@dataclass(frozen=True)
class GoldenAnswers:
    """The shipped model's answers for the bundled samples, stored when it was shipped."""

    model_sha256: str
    probabilities: dict[str, dict[str, float]]
    """By sample file name, then by label id."""


def read_golden() -> GoldenAnswers:
    """Read the file that is shipped with the samples; `scripts/write_golden.py` writes it."""
    content = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return GoldenAnswers(content["model_sha256"], content["probabilities"])


def answers(classifier: Classifier) -> dict[str, dict[str, float]]:
    """Return the probabilities of the bundled samples, by file name and label id."""
    found = {}
    for path in sorted(SAMPLES.glob("*.png")):
        (prediction,) = classifier.predict(classifier.prepare(path.read_bytes(), path.name)[None])
        found[path.name] = dict(zip(classifier.contract.label_ids, prediction.probabilities, strict=True))
    return found


def largest_difference(found: dict[str, dict[str, float]], golden: GoldenAnswers) -> float:
    """Return the largest difference between two sets of probabilities.

    Raises:
        FailedError: the sets have different samples or labels.
    """
    if {name: row.keys() for name, row in found.items()} != {
        name: row.keys() for name, row in golden.probabilities.items()
    }:
        raise FailedError("the samples or the labels are not those of the golden file")
    return max(abs(found[name][label] - p) for name, row in golden.probabilities.items() for label, p in row.items())


def run(compose: Compose) -> int:
    """Print a line for each part that works; return 0, or 1 at the first that does not."""
    with tempfile.TemporaryDirectory(prefix="lesionlens-self-test-") as folder:
        try:
            for line in _steps(compose, Path(folder)):
                _say(f"ok: {line}")
        except (FailedError, AppError) as error:
            _say(f"FAILED: {error}")
            return 1
        except Exception as error:
            logger.exception("the self-test met something unexpected")
            _say(f"FAILED: {type(error).__name__}: {error}")
            return 1
    return 0


def _steps(compose: Compose, folder: Path) -> Iterator[str]:
    golden = read_golden()
    classifier = Classifier(SHIPPED_MODEL)
    if classifier.sha256 != golden.model_sha256:
        raise FailedError(f"the model is {classifier.sha256}, shipped was {golden.model_sha256}")
    yield f"model: the one that was shipped, SHA-256 {classifier.sha256}"

    difference = largest_difference(answers(classifier), golden)
    if not difference <= TOLERANCE:
        raise FailedError(f"the samples' probabilities are up to {difference:.1e} from those that were stored")
    yield f"samples: all {len(golden.probabilities)} answered as stored, at most {difference:.1e} apart"

    another = folder / "another.onnx"
    another.write_bytes(SHIPPED_MODEL.read_bytes() + _ENTRY)
    if load_model(another).sha256 == classifier.sha256:
        raise FailedError("a model that is not the shipped one is taken for it")
    yield "trial: another model was tried in a process of its own"

    sample = min(SAMPLES.glob("*.png"))
    image = folder / "image.png"  # re-encoded: a sample is recognised by its bytes, and never saved
    decode(sample.read_bytes(), sample.name).save(image)
    _use_window(compose, folder / "data", image)
    yield "window: opened, an image answered, closed"

    _read_history(folder / "data", image, None)
    yield "history: written, closed, read again with its image"

    passphrase = Passphrase(token_hex())
    encrypt_history(folder / "data", Key.new(MASTER_BYTES), passphrase)
    if protection(folder / "data") is not Protection.ENCRYPTED:
        raise FailedError("the history is plain after it was encrypted")
    key = unlock_history(folder / "data", passphrase)
    _read_history(folder / "data", image, key)
    yield "encryption: the history encrypted, unlocked, read again with its image"

    _use_lock(compose, folder / "data", key, passphrase)
    yield "lock: the window covered, the key forgotten, a wrong passphrase refused, opened by the right one"

    has_network = dicom_network.load()
    yield f"network: {'DICOM is there, loaded, and connects to nobody' if has_network else 'DICOM is not installed'}"


def _read_history(data: Path, image: Path, key: Key | None) -> None:
    with History.open(data, key=key) as history:
        entries = history.entries()
    if [entry.image.name for entry in entries] != [image.name]:
        raise FailedError(f"the history holds {len(entries)} entries, not the one that was kept")
    if ImageStore(data, key).read(entries[0].image.sha256) != image.read_bytes():
        raise FailedError("the image store gave back other bytes than it was given")


def _use_window(compose: Compose, data: Path, image: Path) -> None:
    """Open the window, classify and save an image, close the window.

    Raises:
        AppError: the error that the window would have shown.
        FailedError: no answer came in time.
    """
    settings = Settings.open(data)
    parts = compose(data, settings, None)
    wait = _Wait(parts.window)
    fail, open_image = wait.fail, parts.open_image
    open_image.saved.connect(lambda _saved: wait.end())
    open_image.open_failed.connect(lambda _name, error: fail(error))
    open_image.answer_failed.connect(fail)
    open_image.save_failed.connect(fail)
    parts.model.load_failed.connect(fail)
    parts.window.show()
    parts.model.load(SHIPPED_MODEL)
    parts.window.open_files([image])
    wait.run("gave no answer")
    _end(parts)
    wait.tell()


def _use_lock(compose: Compose, data: Path, key: Key, passphrase: Passphrase) -> None:
    """Lock the window, and open it again.

    Raises:
        FailedError: the window could be seen or opened without the passphrase, or not opened with it.
    """
    parts = compose(data, Settings.open(data), key)
    lock, window, wait = parts.lock, parts.window, _Wait(parts.window)
    window.show()
    lock.key_forgotten.connect(wait.end)
    lock.lock()
    wait.run("was not locked")
    covered = window.workspaces
    if covered.isVisible() or lock.has_key:
        wait.fail(FailedError("the locked window shows its content, or has its key"))
    refused = lock.refused.connect(lambda _error: wait.end())
    lock.unlock(Passphrase("not this one"))
    wait.run("did not refuse a wrong passphrase")
    lock.refused.disconnect(refused)
    lock.refused.connect(wait.fail)
    lock.changed.connect(wait.end)
    if not lock.is_locked:
        wait.fail(FailedError("a wrong passphrase opened the lock"))
    lock.unlock(passphrase)
    wait.run("was not opened by its passphrase")
    if not covered.isVisible():
        wait.fail(FailedError("the window stays covered once it was opened"))
    _end(parts)
    wait.tell()


def _end(parts: TestedParts) -> None:
    """Close the window and delete it: one that stayed locked would cover all that come after it."""
    parts.window.close()
    parts.close()
    QCoreApplication.sendPostedEvents(parts.window, QEvent.Type.DeferredDelete)


class _Wait:
    """Waits for the window, and remembers what failed first; after that it waits no more."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._loop = QEventLoop()
        self._failures: list[Exception] = []
        self._has_ended = False

    def end(self) -> None:
        self._has_ended = True
        self._loop.quit()

    def fail(self, error: Exception) -> None:
        self._failures.append(error)
        self.end()

    def run(self, otherwise: str) -> None:
        """Process events until `end` or `fail`; `otherwise` is what the window did if neither is called in time."""
        timer = QTimer(self._window)
        timer.setSingleShot(True)
        late = FailedError(f"the window {otherwise} within {_PATIENCE // 1000} seconds")
        timer.timeout.connect(lambda: self.fail(late))
        timer.start(_PATIENCE)
        if not (self._has_ended or self._failures):
            self._loop.exec()
        timer.stop()
        self._has_ended = False

    def tell(self) -> None:
        """Raise what failed first, if anything."""
        if self._failures:
            raise self._failures[0]


def _say(line: str) -> None:
    logger.info("self-test: %s", line)
    if sys.stdout is not None:  # a windowed program on Windows has none
        print(line, flush=True)
