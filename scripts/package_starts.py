"""Checks of the built application's starts: a second start finds the first, and nothing leaves this machine."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drawn_files import SAMPLES
from expecting import expect
from frozen import COMMAND, PATIENCE, WINDOW, Frozen, screen
from package_answers import FOLDER
from socket_trace import judge, trace

READY, ANSWERED = "the window takes input", "an answer is on the screen"
HELD_BACK = "an answer waits for the clinician's own view"
"""Milestones of the log, see desktop/start_times.py."""


def one_instance(frozen: Frozen) -> str:
    """A second start hands its file to the first; after a crash the next start is the first again.

    At first blind-first is on, as after installing, and the answer waits for an assessment; then it is off, and the answer is
    shown.
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
    """A self-test, a batch and a hand-over open only local sockets."""
    image = SAMPLES / "synthetic-1-pigment-network.png"
    copy = frozen.work / "traced.png"
    shutil.copy(image, copy)
    data = ("--data-dir", frozen.work / "data-traced")
    own = 0
    with screen() as display:
        runs = (
            (WINDOW, ("--self-test",)),
            (COMMAND, (frozen.work / FOLDER,)),
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


@contextmanager
def started(frozen: Frozen, *arguments: str | Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the window within a `with` block, and clean up after it."""
    process = subprocess.Popen(frozen.command(WINDOW, *arguments), env=frozen.environment(**more), cwd=frozen.work)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(frozen: Frozen, window: subprocess.Popen[bytes], words: str, times: int = 1) -> None:
    """Wait until the log has a sentence this many times.

    Raises:
        FailedError: the sentence does not appear in time, or the window has ended.
    """
    end = time.monotonic() + PATIENCE
    while not (frozen.log.exists() and frozen.log.read_text(encoding="utf-8").count(words) >= times):
        expect(window.poll() is None, f"the window ended with {window.returncode} and did not say “{words}”")
        expect(time.monotonic() < end, f"the log does not say “{words}” in {PATIENCE} s")
        time.sleep(0.05)
