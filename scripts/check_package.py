"""Check a built application: `python scripts/check_package.py`, or `make check-package`; one line for each thing that holds.

It is started as a user's machine would start it, with no Python on PATH, offscreen and, on Linux, under an X server. What it
answers is compared with what this checkout answers. On Linux its system calls are traced: it may open no socket but local
ones. `--root` checks it in another system, by chroot: scripts/check_debian.py makes one.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from pydicom import Dataset, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGBaseline8Bit, generate_uid

from frozen import COMMAND, PATIENCE, WINDOW, Frozen, run_source, screen
from package import APPLICATION, INSTALLERS, megabytes
from setup_environment import ROOT, install_packages

MOST_UNPACKED, MOST_PACKED = 230.0, 85.0
"""Millions of bytes, of the folder and of the .tar.xz."""
MOST_APART = 1e-5
"""How far a probability may be from what this checkout answers: the same libraries on the same machine."""
SNAPSHOT_DIGITS = 1e-6
"""--snapshot prints six digits."""
SAMPLES = ROOT / "resources" / "samples"
FILES = 50
LINES = 40
"""How much of the log is shown when something does not hold."""
READY, ANSWERED = "the window takes input", "an answer is on the screen"
HELD_BACK = "an answer waits for the clinician's own view"
"""Milestones of the log, see desktop/milestones.py."""
SCREENSHOTS = ("offscreen.png", "x11.png")
NEVER_INSIDE = re.compile(
    r"tensorflow|keras|tf2onnx|/onnx/|matplotlib|Qt6?(Qml|Quick|WebEngine|Pdf|Designer)|libgtk|libgdk|libcups|qsqlite|/tls/"
    r"|libssl[-.]|translations/(?!lesionlens_|qtbase_)"
)
LOCAL_SOCKETS = re.compile(r"AF_UNIX|AF_LOCAL")
TRACED = ("socket", "socketpair", "connect", "bind", "sendto")
OF_THE_DESKTOP = re.compile(r"/\.X11-unix/X\d+|/nscd/socket|dbus|at-spi|ibus|wayland-\d+")
"""The local sockets of others that a window talks to: X server, name service, message bus, input method."""


class FailedError(Exception):
    """The application is not what it should be."""


def expect(holds: object, sentence: str) -> None:
    """Go on if something holds.

    Raises:
        FailedError: it does not.
    """
    if not holds:
        raise FailedError(sentence)


def main() -> None:
    """Check everything that can be checked on this platform; end with 1 at the first thing that does not hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--application", type=Path, default=APPLICATION, help="folder of the two programs")
    parser.add_argument("--root", type=Path, help="root of another system that the application lies in")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="put the screenshots here")
    chosen = parser.parse_args()
    if sys.platform == "linux":
        programs = {"Xvfb": "xvfb", "strace": "strace"}
        if missing := [package for program, package in programs.items() if shutil.which(program) is None]:
            install_packages(missing)
    with tempfile.TemporaryDirectory(dir=None if chosen.root is None else chosen.root / "tmp") as work:
        frozen = Frozen(chosen.application, Path(work), chosen.root)
        for check in checks(on_linux=sys.platform == "linux"):
            begun = time.monotonic()
            try:
                line = check(frozen)
            except (FailedError, subprocess.TimeoutExpired) as error:
                waited = time.monotonic() - begun
                sys.exit(f"FAILED in {check.__name__} after {waited:.1f} s: {error}\n{tail_of_log(frozen)}")
            print(f"ok: {line} ({time.monotonic() - begun:.1f} s)", flush=True)
        if chosen.keep is not None:
            chosen.keep.mkdir(parents=True, exist_ok=True)
            for shot in SCREENSHOTS:
                if (frozen.work / shot).exists():  # only Linux has an X server
                    shutil.copy(frozen.work / shot, chosen.keep)


def tail_of_log(frozen: Frozen) -> str:
    """Return the end of the window's log, which tells how far it came."""
    if not frozen.log.exists():
        return "There is no log of the window."
    lines = frozen.log.read_text(encoding="utf-8").splitlines()
    return "\n".join(["The log of the window ends so:", *lines[-LINES:]])


def checks(*, on_linux: bool) -> list[Callable[[Frozen], str]]:
    """Return what is checked, in this order."""
    everywhere: list[Callable[[Frozen], str]] = [
        contents,
        bill_and_sums,
        versions,
        self_test_offscreen,
        snapshot_offscreen,
        fifty_files,
    ]
    return everywhere + ([self_test_and_snapshot_on_x11, one_instance, no_network] if on_linux else [])


def contents(frozen: Frozen) -> str:
    """Nothing inside that should not be, nothing too large, no link that leads nowhere."""
    paths = list(frozen.application.rglob("*"))
    for path in paths:
        inside = f"/{path.relative_to(frozen.application).as_posix()}"
        expect(not NEVER_INSIDE.search(inside), f"{inside} is inside")
        expect(path.exists(), f"{inside} leads nowhere")
    size = megabytes(frozen.application)
    expect(size <= MOST_UNPACKED, f"unpacked it is {size:.1f} MB, at most {MOST_UNPACKED:.0f} are wanted")
    said = f"{len(paths)} files and folders, unpacked {size:.1f} MB"
    for archive in INSTALLERS.glob("*.tar.xz"):
        packed = megabytes(archive)
        expect(packed <= MOST_PACKED, f"{archive.name} is {packed:.1f} MB, at most {MOST_PACKED:.0f} are wanted")
        said += f", packed {packed:.1f} MB"
    return said


def bill_and_sums(frozen: Frozen) -> str:
    """The bill of materials names every file inside with its hash, and the sums are those of what is handed out."""
    bills, sums = list(INSTALLERS.glob("*.cdx.json")), list(INSTALLERS.glob("*.sha256"))
    expect(len(bills) == len(sums) == 1, "dist/installers has not one bill of materials and one file of sums")
    content = json.loads(bills[0].read_text(encoding="utf-8"))
    components = [content["metadata"]["component"], *content["components"]]
    files = [file for component in components for file in component.get("components", ())]
    named = {file["name"]: file["hashes"][0]["content"] for file in files}
    inside = (file for file in frozen.application.rglob("*") if file.is_file() and not file.is_symlink())
    found = {file.relative_to(frozen.application).as_posix(): sha256(file) for file in inside}
    expect(found == named, f"the bill and the files differ: {sorted(found.items() ^ named.items())[:4]}")
    lines = [line.split("  ") for line in sums[0].read_text(encoding="utf-8").splitlines()]
    expect(all(sha256(INSTALLERS / name) == digest for digest, name in lines), "a sum is wrong")
    return f"a bill of {len(components)} components names all {len(found)} files; {len(lines)} sums are right"


def sha256(file: Path) -> str:
    """Return a file's SHA-256."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def versions(frozen: Frozen) -> str:
    """Both programs start and know their version."""
    asked = (run_source("desktop", "--version"), frozen.run(WINDOW, "--version"), frozen.run(COMMAND, "--version"))
    found = [done.stdout.split()[-1:] for done in asked]
    expect(found[0] and found[0] == found[1] == found[2], f"the versions are {found}: {asked[1].stderr}")
    return f"both programs are of version {found[0][0]}"


def self_test(frozen: Frozen, **more: str) -> int:
    """Run the self-test; return how many lines it said."""
    done = frozen.run(WINDOW, "--self-test", **more)
    lines = done.stdout.splitlines()
    expect(done.returncode == 0, f"the self-test ended with {done.returncode}: {done.stdout}{done.stderr}")
    expect(lines and all(line.startswith("ok: ") for line in lines), f"the self-test said: {done.stdout}")
    return len(lines)


def self_test_offscreen(frozen: Frozen) -> str:
    """The application's own test passes."""
    return f"self-test offscreen, {self_test(frozen)} lines"


def snapshot(frozen: Frozen, name: str, **more: str) -> float:
    """Have an image shown and answered; return how far the answer is from this checkout's."""
    image = SAMPLES / "synthetic-1-pigment-network.png"
    copy, shot = frozen.work / image.name, frozen.work / name
    shutil.copy(image, copy)
    data = frozen.work / f"data-{Path(name).stem}"
    done = frozen.run(WINDOW, copy, "--snapshot", shot, "--data-dir", data, **more)
    expect(done.returncode == 0, f"--snapshot ended with {done.returncode}: {done.stdout}{done.stderr}")
    with Image.open(shot) as picture:
        expect(picture.size == (1280, 800), f"the screenshot is {picture.size}")
        expect(len(picture.convert("RGB").getcolors(picture.width * picture.height) or ()) > 1000, "it shows no image")
    with tempfile.TemporaryDirectory() as other:
        source = run_source("desktop", copy, "--snapshot", Path(other) / "s.png", "--data-dir", Path(other) / "data")
    found, wanted = (dict(map(_name_and_probability, out.stdout.splitlines()[:-1])) for out in (done, source))
    expect(wanted and found.keys() == wanted.keys(), f"the labels are {[*found]}, not {[*wanted]}: {source.stderr}")
    apart = max(abs(found[label] - wanted[label]) for label in wanted)
    expect(apart <= MOST_APART + SNAPSHOT_DIGITS, f"the probabilities are up to {apart:.1e} from the source's")
    return apart


def _name_and_probability(line: str) -> tuple[str, float]:
    probability, _, label = line.partition("  ")
    return label, float(probability)


def snapshot_offscreen(frozen: Frozen) -> str:
    """An image on the command line is shown and answered as from source."""
    return f"an image on the command line, offscreen, at most {snapshot(frozen, SCREENSHOTS[0]):.0e} from the source"


def fifty_files(frozen: Frozen) -> str:
    """`lesionlens-classify` gives fifty files of every format the source's probabilities."""
    folder = frozen.work / "fifty"
    draw_files(folder)
    done = frozen.run(COMMAND, folder)
    expect(done.returncode == 0, f"{COMMAND} ended with {done.returncode}: {done.stderr}")
    source = run_source("desktop.cli", folder)
    found, wanted = (list(csv.DictReader(io.StringIO(out.stdout))) for out in (done, source))
    expect(len(found) == len(wanted) == FILES, f"{len(found)} rows, and {len(wanted)} from source: {source.stderr}")
    apart = 0.0
    for mine, other in zip(found, wanted, strict=True):
        expect(Path(mine["file"]).name == Path(other["file"]).name, "the files stand in another order")
        expect(mine["label"] == other["label"], f"{mine['file']} is {mine['label']}, not {other['label']}")
        columns = [column for column in other if column.startswith("p_")]
        apart = max(apart, *(abs(float(mine[column]) - float(other[column])) for column in columns))
    expect(apart <= MOST_APART, f"the probabilities are up to {apart:.1e} from the source's")
    return f"{COMMAND} on {FILES} files, at most {apart:.0e} from the source"


def draw_files(folder: Path) -> None:
    """Make fifty images out of the samples: turned, in six formats, small and large, grey and with an alpha channel."""
    folder.mkdir()
    samples = sorted(SAMPLES.glob("*.png"))
    suffixes = (".jpg", ".png", ".tif", ".bmp", ".webp", ".dcm")
    modes = ("RGB", "RGB", "RGB", "L", "RGB", "RGBA", "RGB")
    for number in range(FILES):
        suffix = suffixes[number % len(suffixes)]
        mode = modes[number % len(modes)]
        if mode == "RGBA" and suffix in {".jpg", ".bmp", ".dcm"}:
            mode = "RGB"
        with Image.open(samples[number % len(samples)]) as sample:
            turned = sample.convert("RGB").rotate(7 * number, Image.Resampling.BILINEAR, expand=True)
        width = 300 + 40 * number
        made = turned.resize((width, width * turned.height // turned.width)).convert(mode)
        if suffix == ".dcm":
            (folder / f"{number:02}{suffix}").write_bytes(as_dicom(made.convert("RGB")))
        else:
            made.save(folder / f"{number:02}{suffix}")


def as_dicom(image: Image.Image) -> bytes:
    """Return an image as a VL Photographic DICOM file that holds a baseline JPEG."""
    jpeg, file = io.BytesIO(), io.BytesIO()
    image.save(jpeg, "JPEG")
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.77.1.4", generate_uid()
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PlanarConfiguration = 3, "YBR_FULL_422", 0
    dataset.Columns, dataset.Rows = image.size
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 8, 8, 7, 0
    dataset.PixelData = encapsulate([jpeg.getvalue()])
    dataset["PixelData"].VR = "OB"
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    dcmwrite(file, dataset, enforce_file_format=True)
    return file.getvalue()


def self_test_and_snapshot_on_x11(frozen: Frozen) -> str:
    """The same under an X server."""
    with screen() as display:
        lines = self_test(frozen, **display)
        apart = snapshot(frozen, SCREENSHOTS[1], **display)
    return f"self-test ({lines} lines) and screenshot on X11, at most {apart:.0e} from the source"


@contextmanager
def started(frozen: Frozen, *arguments: str | Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start the window and leave it running; nothing of it is left afterwards."""
    process = subprocess.Popen(frozen.command(WINDOW, *arguments), env=frozen.environment(**more), cwd=frozen.work)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(frozen: Frozen, window: subprocess.Popen[bytes], words: str, times: int = 1) -> None:
    """Wait until the log has a sentence so many times.

    Raises:
        FailedError: it never has, or the window that should write it has ended.
    """
    end = time.monotonic() + PATIENCE
    while not (frozen.log.exists() and frozen.log.read_text(encoding="utf-8").count(words) >= times):
        expect(window.poll() is None, f"the window ended with {window.returncode} and did not say “{words}”")
        expect(time.monotonic() < end, f"the log does not say “{words}” in {PATIENCE} s")
        time.sleep(0.05)


def one_instance(frozen: Frozen) -> str:
    """A second start hands its file to the first; after a crash the next start is the first again.

    As after installing, blind-first is on and the answer waits for a view; then it is off, and the answer is shown.
    """
    image = frozen.work / "handed-over.png"
    shutil.copy(SAMPLES / "synthetic-2-globules.png", image)
    folder = frozen.work / "data-instance"
    data = ("--data-dir", folder)
    with screen() as display:
        frozen.log.unlink(missing_ok=True)
        with started(frozen, *data, **display) as first:
            wait_for(frozen, first, READY)
            done = frozen.run(WINDOW, image, *data, **display)
            expect(done.returncode == 0, f"the second start ended with {done.returncode}: {done.stderr}")
            wait_for(frozen, first, HELD_BACK)
            expect(ANSWERED not in frozen.log.read_text(encoding="utf-8"), "an answer was shown before any view")
            expect(first.poll() is None, "the first window is gone")
            first.kill()  # its socket and its lock stay behind
        (folder / "settings.ini").write_text("[user]\nblind_first=false\n", encoding="utf-8")
        with started(frozen, image, *data, **display) as next_one:
            wait_for(frozen, next_one, READY, 2)
            wait_for(frozen, next_one, ANSWERED)
            next_one.send_signal(signal.SIGINT)
            expect(next_one.wait(PATIENCE) == 0, f"the window ended with {next_one.returncode}")
    log = frozen.log.read_text(encoding="utf-8")
    expect(image.stem not in log, "the log names an image")
    return "a second start hands its file over; a crash does not keep the next one away; the log names no image"


def no_network(frozen: Frozen) -> str:
    """Through a whole self-test, a batch and a hand-over no socket is opened but local ones."""
    image = SAMPLES / "synthetic-1-pigment-network.png"
    copy = frozen.work / "traced.png"
    shutil.copy(image, copy)
    data = ("--data-dir", frozen.work / "data-traced")
    own = 0
    with screen() as display:
        runs = (
            (WINDOW, ("--self-test",)),
            (COMMAND, (frozen.work / "fifty",)),
            (WINDOW, (copy, *data, "--snapshot", frozen.work / "traced-shot.png")),
        )
        for program, arguments in runs:
            calls = trace(frozen, frozen.command(program, *arguments), **display)
            own += judge(calls)
        expect(own == 0, "a self-test, a batch or a snapshot made a socket of the single instance")
        frozen.log.unlink(missing_ok=True)
        with started(frozen, *data, **display) as window:
            wait_for(frozen, window, READY)
            own = judge(trace(frozen, frozen.command(WINDOW, copy, *data), **display))
        expect(own >= 1, "the hand-over was not seen in the trace")
    return "no socket but local ones: those of the desktop, and of the single instance where one start meets another"


def trace(frozen: Frozen, command: list[str], **more: str) -> list[str]:
    """Run a command under strace; return its calls that have to do with sockets."""
    file = frozen.work / "trace.txt"
    strace = [str(shutil.which("strace")), "-f", "-qq", "-e", f"trace={','.join(TRACED)}", "-o", str(file)]
    done = subprocess.run(
        [*strace, *command],
        env=frozen.environment(**more),
        cwd=frozen.work,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    expect(done.returncode == 0, f"traced, it ended with {done.returncode}: {done.stdout[-500:]}{done.stderr[-2000:]}")
    return file.read_text(encoding="utf-8").splitlines()


def judge(calls: list[str]) -> int:
    """Refuse every call that leads off this machine; return how many had to do with the single instance.

    Raises:
        FailedError: a socket is not local, or is nobody's that we know.
    """
    own = 0
    for call in calls:
        if re.search(r"\bsocket(pair)?\(", call):
            expect(LOCAL_SOCKETS.search(call), f"a socket that is not local: {call}")
        elif re.search(r"\b(connect|bind)\(", call):
            if "/lesionlens-" in call:
                own += 1
            else:
                expect(OF_THE_DESKTOP.search(call), f"a local socket of somebody else: {call}")
    return own


if __name__ == "__main__":
    main()
