"""Whether an open window keeps memory: the same work again and again, with what the process holds after each round.

    python benchmarks/growth.py [WORK ...] [--rounds 6] [--images 50] [--files 2000] [--data FOLDER] [--types]

Each work runs in a window of its own: images are opened, folders classified, films of lesions shown, patients opened, dialogs
opened and closed. After each round Python's garbage is collected and Qt's cache of pictures, which has a limit, is cleared.
Then what the process holds is read: resident memory, the bytes that its heap has given out (with glibc), Python's objects, Qt's
objects of the window, threads and open files. The first rounds fill other caches; growth is what is left from the middle round
to the last, for each thing that was done. `--types` prints which types of objects have become more meanwhile.
"""

import argparse
import ctypes
import datetime as dt
import gc
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QAction, QPixmapCache
from PySide6.QtWidgets import QApplication, QDialog
from shiboken6 import isValid

from benchmarks.material import described, images_of, sources
from benchmarks.measuring import load, machine
from benchmarks.window import application, pause, wait, window
from desktop.__main__ import Parts
from desktop.core.paths import SHIPPED_MODEL
from desktop.core.records.history import History
from desktop.core.records.people import Patient

LOOK_MS = 60
"""Pause after each thing that was done, in which what it has begun ends."""

LESIONS = 100
PATIENTS = 20
DIALOGS = ("about", "shortcuts", "report", "patient choose", "filters", "practice", "check history", "similar", "due")
"""Menu entries that open a dialog."""


@dataclass(frozen=True)
class Held:
    """What the process holds: resident memory and the heap's bytes in use in MB, and numbers of things."""

    resident: float
    heap: float
    python: int
    qt: int
    threads: int
    files: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each work and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("work", nargs="*", choices=[[], *WORKS], help="what is done (default: each in turn)")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--images", type=int, default=50, help="things that are done in a round")
    parser.add_argument("--files", type=int, default=2000, help="files of a folder, of which a round classifies one")
    parser.add_argument("--data", type=Path, help="folder of images (default: as in the other benchmarks)")
    parser.add_argument("--types", action="store_true")
    options = parser.parse_args(arguments)
    originals = sources() if options.data is None else images_of(options.data)
    print(machine(["PySide6-Essentials", "onnxruntime"]))
    print(f"copies of {described(originals)}; {options.rounds} rounds\n", flush=True)
    made = application()
    for name in options.work or WORKS:
        with tempfile.TemporaryDirectory() as folder:
            _measure(name, Path(folder), originals, options)
    del made
    print(load("at the end").lstrip(", "))
    return 0


def _measure(name: str, folder: Path, originals: list[Path], options: argparse.Namespace) -> None:
    with window(folder / "data", SHIPPED_MODEL) as parts:
        count = 1 if name == "folders" else options.images
        steps = WORKS[name](parts, folder, originals, options.files)
        print(f"| {name}, {count} a round | resident MB | heap MB | Python objects | Qt objects | threads | files |")
        print("| --- |" + " ---: |" * 6)
        rounds: list[Held] = []
        middle = options.rounds // 2
        for number in range(1, options.rounds + 1):
            for _ in islice(steps, count):
                pause(LOOK_MS)
            rounds.append(_held(parts))
            print(f"| {number} | {_row(astuple(rounds[-1]))} |", flush=True)
            if options.types and number == middle:
                before = _types()
        done = (options.rounds - middle) * count
        first, last = astuple(rounds[middle - 1]), astuple(rounds[-1])
        print(f"| **for each** | {_row([(b - a) / done for a, b in zip(first, last, strict=True)], 3)} |\n", flush=True)
        if options.types:
            for kind, more in (_types() - before).most_common(25):
                print(f"{more:7} {kind}")


def _row(values: Sequence[float], digits: int = 0) -> str:
    return " | ".join(f"{value:,.{max(digits, int(place < 2))}f}" for place, value in enumerate(values))


def _held(parts: Parts) -> Held:
    """Return what is held once everything that was begun has ended, and garbage and Qt's cache of pictures are cleared."""
    pause(600)
    QPixmapCache.clear()  # it has a limit of 128 MB, which hides what grows below it
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for _ in range(3):
        gc.collect()
    process = psutil.Process()
    return Held(
        process.memory_info().rss / 1e6,
        _heap_mb(),
        len(gc.get_objects()),
        len(parts.window.findChildren(QObject)) + len(QApplication.topLevelWidgets()),
        threading.active_count(),
        len(process.open_files()),
    )


class _Mallinfo(ctypes.Structure):
    """glibc's `struct mallinfo2` (man 3 mallinfo2)."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    ]


def _heap_mb() -> float:
    """Return the megabytes that malloc has given out; not a number where glibc does not tell."""
    mallinfo = getattr(ctypes.CDLL(None), "mallinfo2", None) if sys.platform == "linux" else None
    if mallinfo is None:
        return float("nan")
    mallinfo.restype = _Mallinfo
    told = mallinfo()
    return float(told.uordblks + told.hblkhd) / 1e6


def _types() -> Counter[str]:
    return Counter(f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects())


Work = Callable[[Parts, Path, list[Path], int], Iterator[None]]


def _open_images(parts: Parts, folder: Path, originals: list[Path], _files: int) -> Iterator[None]:
    """Open one new image after the other."""
    for number, original in enumerate(cycle(originals)):
        path = _copy(original, folder / "images", number)
        parts.window.open_files([path])
        wait(parts.open_image.saved)
        path.unlink()
        yield


def _classify_folders(parts: Parts, folder: Path, originals: list[Path], files: int) -> Iterator[None]:
    for turn in range(1_000_000):
        images = folder / f"folder-{turn}"
        for number, original in enumerate(islice(cycle(originals), files)):
            _copy(original, images, turn * files + number)
        parts.window.open_files([images])
        wait(parts.batch.saved)
        yield


def _show_films(parts: Parts, folder: Path, originals: list[Path], _files: int) -> Iterator[None]:
    """Show the films of one patient's lesions in turn."""
    (patient,) = _make_patients(parts, folder, originals, patients=1, lesions=LESIONS)
    _open(parts, patient)
    film = parts.window.workspaces.follow_up.film
    parts.window.show_workspace("follow_up")
    for lesion in cycle(parts.open_patient.lesions):
        QTimer.singleShot(0, parts.window, lambda lesion=lesion: parts.open_patient.choose(lesion.id))
        wait(film.shown)
        yield


def _open_patients(parts: Parts, folder: Path, originals: list[Path], _files: int) -> Iterator[None]:
    """Open patients in turn, and one of their lesions."""
    patients = _make_patients(parts, folder, originals, patients=PATIENTS, lesions=3)
    for patient in cycle(patients):
        _open(parts, patient)
        pause(LOOK_MS)
        parts.open_patient.choose(parts.open_patient.lesions[0].id)
        yield


def _open_dialogs(parts: Parts, folder: Path, originals: list[Path], _files: int) -> Iterator[None]:
    """Open and close dialogs in turn."""
    (patient,) = _make_patients(parts, folder, originals, patients=1, lesions=3)
    parts.window.open_files([_copy(originals[0], folder / "images", 10_000)])
    wait(parts.open_image.saved)
    _open(parts, patient)
    closing = QTimer(parts.window)
    closing.timeout.connect(lambda: _close_dialogs(parts))
    closing.start(LOOK_MS)
    acts = parts.window.findChildren(QAction)
    named = parts.window.menus.actions
    for name in cycle(DIALOGS):
        if named[name] in acts:
            named[name].trigger()
        yield


def _close_dialogs(parts: Parts) -> None:
    for dialog in parts.window.findChildren(QDialog):  # a sheet is inside the window, not a window of its own
        if isValid(dialog) and dialog.isVisible():
            dialog.close()


WORKS: dict[str, Work] = {
    "images": _open_images,
    "folders": _classify_folders,
    "films": _show_films,
    "patients": _open_patients,
    "dialogs": _open_dialogs,
}


def _copy(original: Path, folder: Path, number: int) -> Path:
    """Write a copy of a JPEG with the same pixels and other bytes: with a comment of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    data, comment = original.read_bytes(), f"{number:06}".encode()
    path = folder / f"{number:06}.jpg"
    path.write_bytes(data[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + data[2:])
    return path


def _make_patients(parts: Parts, folder: Path, originals: list[Path], patients: int, lesions: int) -> list[Patient]:
    """Make patients with lesions, each with an image of an earlier and one of a later visit."""
    made, turns = [], cycle(originals)
    days = dt.date(2025, 3, 12), dt.date(2026, 3, 12)
    for number in range(patients):
        people: list[tuple[int, str]] = []
        for index in range(2 * lesions):
            parts.window.open_files([_copy(next(turns), folder / "kept", 1000 * number + index)])
            wait(parts.open_image.saved)
            picture = parts.open_image.picture
            people.append((index, "" if picture is None else picture.sha256))
        with History.open(parts.history_service.folder) as history:
            patient = history.people.add_patient(f"P-{number:04}", "female", by="MK")
            visits = [history.people.begin_visit(patient.id, day, "", by="MK").id for day in days]
            kept = [history.people.add_lesion(patient.id, f"L{one}", "back", by="MK").id for one in range(lesions)]
            for index, sha256 in people:
                image_id = history.people.image_id_of(sha256) or 0
                history.people.place(
                    image_id, kind="dermoscopy", lesion_id=kept[index // 2], visit_id=visits[index % 2], by="MK"
                )
        made.append(patient)
    return made


def _open(parts: Parts, patient: Patient) -> None:
    parts.open_patient.open(patient)
    wait(parts.open_patient.patient_changed)


if __name__ == "__main__":
    sys.exit(main())
