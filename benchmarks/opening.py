"""The time from opening an image until its probabilities are on the screen, step by step.

    python benchmarks/opening.py [DATA] [--rounds 3]

The images of a folder (by default the project's drawings) are opened one after the other in the real window. Each round has its
own window and history, and one image is opened before, unmeasured: imports at the first image are measured by `make
bench-start`. Each image is compared with the minimum that any program needs, from the same bytes in the same process: Pillow
decodes every pixel and shrinks them, and the model runs once. Blind-first is off.
"""

import argparse
import functools
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from PIL import Image
from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from benchmarks.material import copies, described, images_of
from benchmarks.measuring import load, machine
from benchmarks.plain import plain_input
from benchmarks.window import application, pause, wait, window
from desktop.__main__ import Parts
from desktop.core.imaging import opening, quality
from desktop.core.inference import classifier as inference
from desktop.core.inference.classifier import Classifier
from desktop.core.paths import SAMPLES, SHIPPED_MODEL
from desktop.core.records.history import History
from desktop.core.records.images import ImageStore
from desktop.session import picture

_BETWEEN_MS = 300
"""Pause between two images, in which the work of the previous one ends."""

READ, DISPLAY, SHOWN, PREPARE, MODEL, SMALL, FULL, PAINTED, STORED, KEPT = (
    "file read",
    "decoded for the screen, and halved again and again",
    "image on the screen",
    "decoded and shrunk for the model",
    "model",
    "quality of the model's input",
    "quality at full size",
    "probabilities on the screen",
    "copied to the image store",
    "written to the history",
)


@dataclass(frozen=True)
class Step:
    """One step of one image, in milliseconds: wall-clock time, processor time of its thread, and its end after the opening."""

    took: float
    core: float
    ended: float


@dataclass(frozen=True)
class Opened:
    """One image: its steps, its processor time, and the wall-clock and processor time of the minimum, in milliseconds."""

    steps: dict[str, Step]
    core: float
    least: float
    least_core: float

    @property
    def clock(self) -> float:
        """Milliseconds from opening the image to its probabilities on the screen."""
        return self.steps[PAINTED].ended


class Stopwatch(QObject):
    """Records the steps of the image being opened, in any thread."""

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._begun = self._begun_here = self._begun_core = 0.0
        self.steps: dict[str, Step] = {}
        self.core = 0.0
        self._awaited: dict[QObject, str] = {}

    def begin(self) -> None:
        """Start timing another image."""
        self.steps = {}
        self._begun, self._begun_here, self._begun_core = time.perf_counter(), time.thread_time(), time.process_time()

    def time(self, owner: object, name: str, step: str) -> None:
        """Record each call of a function as a step."""
        work: Callable[..., object] = getattr(owner, name)

        @functools.wraps(work)
        def timed(*arguments: object, **named: object) -> object:
            begun, core = time.perf_counter(), time.thread_time()
            try:
                return work(*arguments, **named)
            finally:
                self._note(step, begun, core)

        setattr(owner, name, timed)

    def await_paint(self, widget: QWidget, step: str) -> None:
        """Record the next paint of a widget, and all that is painted with it, as a step."""
        self._awaited[widget] = step
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Wait for the painting."""
        if event.type() == QEvent.Type.Paint and watched in self._awaited:
            watched.removeEventFilter(self)
            step = self._awaited.pop(watched)
            QTimer.singleShot(0, self, lambda: self._note_painted(step))
        return False

    def _note_painted(self, step: str) -> None:
        self._note(step, self._begun, self._begun_here)
        if step == PAINTED:
            self.core = 1000 * (time.process_time() - self._begun_core)
            self.painted.emit()

    def _note(self, step: str, begun: float, core: float) -> None:
        now, here = time.perf_counter(), time.thread_time()
        self.steps[step] = Step(1000 * (now - begun), 1000 * (here - core), 1000 * (now - self._begun))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "data", type=Path, nargs="?", default=SAMPLES, help="folder of images (default: the drawn samples)"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL)
    options = parser.parse_args(arguments)
    originals = images_of(options.data)
    print(machine(["PySide6-Essentials", "onnxruntime", "pillow"]))
    print(f"{described(originals)}, {options.rounds} rounds; model “{options.model.name}”\n", flush=True)
    made = application()
    watch = _stopwatch()
    least = Classifier(options.model)
    found: list[Opened] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Copies under other names, each with a byte more: the drawn samples themselves would not be kept.
        images = copies(folder / "images", len(originals), originals)
        for image in images:
            with image.open("ab") as file:
                file.write(b"\0")
        for number in range(options.rounds):
            with window(folder / f"data-{number}", options.model) as parts:
                if not number:
                    _open(parts, watch, images[0])
                    _least(images[0], least)
                    parts.open_image.close()
                found += [_measure(parts, watch, image, least) for image in images[1:] + images[:1]]
    del made
    _print_tables(found)
    return 0


def _stopwatch() -> Stopwatch:
    watch = Stopwatch()
    for owner, name, step in (
        (opening, "read_file", READ),
        (picture, "load_picture", DISPLAY),
        (Classifier, "prepare", PREPARE),
        (Classifier, "run", MODEL),
        (inference, "measure", SMALL),
        (quality, "measure_full", FULL),
        (ImageStore, "add", STORED),
        (History, "save", KEPT),
    ):
        watch.time(owner, name, step)
    return watch


def _open(parts: Parts, watch: Stopwatch, image: Path) -> None:
    """Open an image; return once its probabilities are on the screen and its entry is in the history."""
    view, panel = parts.window.visit_page.view.viewport(), parts.window.visit_page.result_panel
    is_kept: list[None] = []
    shown = parts.open_image.opened.connect(lambda _picture: watch.await_paint(view, SHOWN))
    answered = parts.open_image.answered.connect(lambda _answer: watch.await_paint(panel, PAINTED))
    kept = parts.open_image.saved.connect(lambda _saved: is_kept.append(None))
    watch.begin()
    QTimer.singleShot(0, parts.window, lambda: parts.window.open_files([image]))
    wait(watch.painted)
    if not is_kept:
        wait(parts.open_image.saved)
    for connection in (shown, answered, kept):
        QObject.disconnect(connection)
    pause(_BETWEEN_MS)


def _measure(parts: Parts, watch: Stopwatch, image: Path, least: Classifier) -> Opened:
    _open(parts, watch, image)
    steps, core = dict(watch.steps), watch.core
    begun, begun_core = time.perf_counter(), time.process_time()
    _least(image, least)
    return Opened(steps, core, 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - begun_core))


def _least(path: Path, least: Classifier) -> None:
    size, fit = least.contract.input_size, least.contract.fit
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        small = plain_input(image.convert("RGB"), size, fit)
    least.run(small[np.newaxis])


def _print_tables(found: list[Opened]) -> None:
    print("| step | ms, median | worst | of a core, median | ended after ms, median |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for step in (READ, DISPLAY, SHOWN, PREPARE, MODEL, SMALL, FULL, PAINTED, STORED, KEPT):
        taken = [one.steps[step] for one in found if step in one.steps]
        if taken:
            took, core, ended = ([getattr(one, part) for one in taken] for part in ("took", "core", "ended"))
            print(
                f"| {step} | {statistics.median(took):.1f} | {max(took):.1f} | {statistics.median(core):.1f} "
                f"| {statistics.median(ended):.0f} |"
            )
    print("\n| | median | worst |\n| --- | ---: | ---: |")
    for words, figures, form in (
        ("opening to probabilities on the screen, ms", [one.clock for one in found], ".0f"),
        ("the same, ms of the cores", [one.core for one in found], ".0f"),
        ("Pillow and one run of the model, ms", [one.least for one in found], ".0f"),
        ("the same, ms of the cores", [one.least_core for one in found], ".0f"),
        ("ratio by the clock", [one.clock / one.least for one in found], ".2f"),
        ("ratio of the cores' time", [one.core / one.least_core for one in found], ".2f"),
    ):
        print(f"| {words} | {statistics.median(figures):{form}} | {max(figures):{form}} |")
    print(f"\n{len(found)} images opened{load('at the end')}")


if __name__ == "__main__":
    sys.exit(main())
