"""Whether the window freezes while a folder is classified, measured by a heartbeat on the GUI thread.

    python benchmarks/heartbeat.py [DATA] [--files 500] [--rounds 1] [--where]

A timer fires every 5 ms in the GUI thread of the real window; a gap is the time from one beat to the next. Each round has four
phases: nothing happens; a folder of 500 images is classified, its page in sight; another folder is classified while images are
opened one after the other; images are opened alone. The table splits the longest gap into processor time of the GUI thread and
its waiting for a core. DATA is a folder of images; `--where` prints the lines in which the GUI thread was during long gaps.
"""

import argparse
import itertools
import os
import statistics
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QObject, Qt, QTimer

from benchmarks.material import ROOT, copies, described, images_of, sources
from benchmarks.measuring import load, machine
from benchmarks.window import application, pause, wait, window
from desktop.__main__ import Parts
from desktop.core.paths import SHIPPED_MODEL

_BEAT_MS = 5
_LIMIT_MS = 50
_IDLE_MS = 10_000
_LOOK_MS = 400
"""How long a user looks at an answer before opening the next image."""

_LONG = 0.03
"""Seconds without a beat after which `--where` samples the GUI thread."""

_SCHEDSTAT = Path("/proc/thread-self/schedstat")


@dataclass(frozen=True)
class Gap:
    """The time from one beat to the next, in milliseconds; `waited` is the wait for a core, if the system reports it."""

    clock: float
    core: float
    waited: float

    @property
    def own(self) -> float:
        """The gap without the wait for a core."""
        return self.clock - self.waited


class Heartbeat(QObject):
    """Records each beat of a timer in the thread that creates it."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[Gap] = []
        self.last = time.perf_counter()
        self._waits = os.open(_SCHEDSTAT, os.O_RDONLY) if _SCHEDSTAT.exists() else None
        self._before = self._now()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(_BEAT_MS)

    def take(self) -> list[Gap]:
        """Return the gaps since the last call."""
        gaps, self.gaps = self.gaps, []
        return gaps

    def _beat(self) -> None:
        now = self._now()
        self.gaps.append(Gap(*(1000 * (new - old) for new, old in zip(now, self._before, strict=True))))
        self._before, self.last = now, now[0]

    def _now(self) -> tuple[float, float, float]:
        waited = 0.0
        if self._waits is not None:
            waited = int(os.pread(self._waits, 100, 0).split()[1]) / 1e9
        return time.perf_counter(), time.thread_time(), waited


@dataclass
class Lookout:
    """Samples the GUI thread's stack from another thread while the heartbeat is missing."""

    heart: Heartbeat
    seen: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Sample within a `with` block."""
        stop, watched = threading.Event(), threading.get_ident()

        def look() -> None:
            while not stop.wait(_BEAT_MS / 1000):
                if time.perf_counter() - self.heart.last > _LONG:
                    stack = traceback.extract_stack(sys._current_frames()[watched])  # noqa: SLF001 - Python has no other way
                    own = [
                        f"{Path(one.filename).relative_to(ROOT)}:{one.lineno} {one.name}"
                        for one in stack
                        if one.filename.startswith(str(ROOT / "desktop"))
                    ]
                    self.seen[" < ".join(own[:-4:-1]) or "Qt alone"] += 1

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure all phases; return 0 if no gap was longer than 50 ms."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path, nargs="?", help="folder of images (default: as in the other benchmarks)")
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL)
    parser.add_argument("--where", action="store_true")
    options = parser.parse_args(arguments)
    originals = sources() if options.data is None else images_of(options.data)
    print(machine(["PySide6-Essentials", "onnxruntime"]))
    print(f"{options.files} files made from {described(originals)}; a beat every {_BEAT_MS} ms\n", flush=True)
    made = application()
    spells: dict[str, list[Gap]] = {}
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        folders = [work / f"folder-{number}" for number in range(2 * options.rounds)]
        for folder in folders:
            copies(folder, options.files, originals)
        copies(work / "warm", 16, originals)
        with window(work / "data", options.model) as parts:
            heart = Heartbeat()
            lookout = Lookout(heart)
            with lookout.watching() if options.where else nullcontext():
                _warm_up(parts, work / "warm", originals[0])
                for number in range(options.rounds):
                    for words, gaps in _spells(parts, heart, folders[2 * number : 2 * number + 2], originals):
                        spells.setdefault(words, []).extend(gaps)
    del made
    is_met = _print_table(spells)
    for line, count in lookout.seen.most_common(25):
        print(f"{count:5} {line}")
    return 0 if is_met else 1


def _warm_up(parts: Parts, folder: Path, image: Path) -> None:
    """Open a first image and a first folder: their imports and objects are created only once."""
    parts.window.open_files([image])
    wait(parts.open_image.saved)
    parts.window.open_files([folder])
    wait(parts.batch.saved)
    pause(1000)


def _spells(
    parts: Parts, heart: Heartbeat, folders: Sequence[Path], images: list[Path]
) -> Iterator[tuple[str, list[Gap]]]:
    heart.take()
    pause(_IDLE_MS)
    yield "nothing happens", heart.take()
    parts.window.open_files([folders[0]])
    wait(parts.batch.saved)
    pause(500)
    yield "a folder is classified, in sight", heart.take()
    parts.window.open_files([folders[1]])
    opened = _open_until_saved(parts, images)
    yield f"a folder is classified, {opened} images are opened", heart.take()
    for image in itertools.islice(itertools.cycle(images), opened):
        _open(parts, image)
    yield f"{opened} images are opened", heart.take()


def _open_until_saved(parts: Parts, images: list[Path]) -> int:
    ended: list[None] = []
    parts.batch.saved.connect(lambda: ended.append(None))
    turns = itertools.cycle(images)
    opened = 0
    while not ended:
        _open(parts, next(turns))
        opened += 1
    return opened


def _open(parts: Parts, image: Path) -> None:
    parts.window.open_files([image])
    wait(parts.open_image.answered)
    pause(_LOOK_MS)


def _print_table(spells: dict[str, list[Gap]]) -> bool:
    """Print a line for each phase; return whether all keep the limit."""
    print(
        f"| gaps, ms | beats | median | 99th percentile | longest | over {_LIMIT_MS} "
        f"| longest without the wait for a core | over {_LIMIT_MS} | most time of a core |"
    )
    print("| --- |" + " ---: |" * 8)
    is_met = True
    for words, gaps in spells.items():
        clocks, own = (sorted(getattr(gap, part) for gap in gaps) for part in ("clock", "own"))
        over, own_over = (sum(one > _LIMIT_MS for one in some) for some in (clocks, own))
        print(
            f"| {words} | {len(gaps)} | {statistics.median(clocks):.1f} | {clocks[int(len(clocks) * 0.99)]:.1f} "
            f"| {clocks[-1]:.0f} | {over} | {own[-1]:.0f} | {own_over} | {max(gap.core for gap in gaps):.0f} |"
        )
        is_met &= not over
    print(f"no gap over {_LIMIT_MS} ms: {'met' if is_met else 'MISSED'}{load('at the end')}")
    return is_met


if __name__ == "__main__":
    sys.exit(main())
