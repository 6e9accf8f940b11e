"""Progress and remaining time of a command: one line that is redrawn on a terminal, whole lines in a log.

A program that starts a command sets `ENVIRONMENT` for it, and reads its progress with `read_step`, in a line of its own each.
"""

import json
import os
import sys
import time
from typing import Self, TextIO

from desktop.core.frozen import frozen

ENVIRONMENT = "LESIONLENS_PROGRESS"
"""A variable with which, set to anything, `Progress` also prints lines for programs."""

MARK = "@progress "
"""How a line for programs begins."""

_SECONDS_BETWEEN_STEPS = 1.0

_REDRAW_SECONDS = 0.1
_SECONDS_BETWEEN_UPDATES = 0.2
_SECONDS_BETWEEN_LINES = 10.0
"""In a log each update is a line of its own, so there are fewer."""

_SECONDS_BETWEEN_WAITING_LINES = 60.0


def say(sentence: str) -> None:
    """Print a sentence to the standard error, if there is one: windowed programs have none. It replaces a redrawn line."""
    if sys.stderr is not None:
        print(f"\r\x1b[K{sentence}" if sys.stderr.isatty() else sentence, file=sys.stderr)


def clock(seconds: float) -> str:
    """Return a duration in readable form: `0:07`, `12:40`, `1:02:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@frozen
class Step:
    """How far a step of a command is: `done` of `total` parts; `seconds_left` is None before that can be told.

    `epoch` is the one of `epochs` that is under way, both 0 where the step has none.
    """

    name: str
    done: int
    total: int
    seconds_left: float | None = None
    epoch: int = 0
    epochs: int = 0

    def to_line(self) -> str:
        """Return what `read_step` reads."""
        return MARK + json.dumps(vars(self))


def read_step(line: str) -> Step | None:
    """Return the step that a line for programs tells, None if it is a line for people."""
    if not line.startswith(MARK):
        return None
    try:
        return Step(**json.loads(line.removeprefix(MARK)))
    except (ValueError, TypeError):  # of another version
        return None


class Progress:
    """Progress of a step with a known number of parts.

    The remaining time is estimated from parts done in this process, so a resumed run is not too optimistic.
    """

    def __init__(self, name: str, total: int, done: int = 0, stream: TextIO | None = None, epochs: int = 0) -> None:
        """`epochs` is how many equal parts the whole is told in, 0 if it has none."""
        self._name = name
        self._epochs = epochs
        self._total = total
        self._done = self._first = done
        self._stream = stream or sys.stderr
        self._is_terminal = self._stream.isatty()
        self._began = time.monotonic()
        self._drawn = 0.0
        self._is_told = ENVIRONMENT in os.environ
        self._told = 0.0
        self._tell(self._began)

    def advance(self, parts: int = 1, detail: str = "") -> None:
        """Count `parts` as done and, in a terminal, redraw the line, ending with `detail`."""
        self._done += parts
        now = time.monotonic()
        if self._is_terminal and (now - self._drawn >= _REDRAW_SECONDS or self._done == self._total):
            self._drawn = now
            share = f"{self._done}/{self._total}"
            self._stream.write(f"\r\x1b[2K{'  '.join(filter(None, (self._name, share, self.left(), detail)))}")
            self._stream.flush()
        if now - self._told >= _SECONDS_BETWEEN_STEPS or self._done == self._total:
            self._tell(now)

    def left(self) -> str:
        """Return the time left in words; empty before the first part and after the last."""
        seconds = self._seconds_left()
        return "" if seconds is None or self._done >= self._total else f"{clock(seconds)} left"

    def _seconds_left(self) -> float | None:
        """Return the time left, None before the first part."""
        done = self._done - self._first
        if not done:
            return None
        return (time.monotonic() - self._began) / done * max(self._total - self._done, 0)

    def _tell(self, now: float) -> None:
        """Print a line for the program that started this one, if it wants any."""
        if not self._is_told:
            return
        self._told = now
        epoch = min(self._done * self._epochs // max(self._total, 1) + 1, self._epochs)
        step = Step(self._name, self._done, self._total, self._seconds_left(), epoch, self._epochs)
        self._stream.write(f"{step.to_line()}\n")
        self._stream.flush()

    def note(self, line: str) -> None:
        """Replace the redrawn line by one that stays."""
        self._stream.write(f"\r\x1b[2K{line}\n" if self._is_terminal else f"{line}\n")
        self._stream.flush()

    def finish(self) -> None:
        """Say that the step is done and how long it took."""
        self.note(f"{self._name}: {self._done} in {clock(time.monotonic() - self._began)}")


class ClassificationProgress:
    """Images done of the total, their rate, the remaining time, and the images without an answer."""

    def __init__(self, total: int, done: int = 0, failed: int = 0) -> None:
        """Start the clock; `done` and `failed` are those of the interrupted run that is resumed."""
        self._total = total
        self._done = self._done_before = done
        self._failed = failed
        self._begin = self._shown = time.monotonic()
        self._is_terminal = sys.stderr is not None and sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    @property
    def failed(self) -> int:
        """How many images have no answer."""
        return self._failed

    def count(self, images: int = 1, *, failed: int) -> None:
        """Count images, and how many of them failed; redraw the line if the last redraw is long enough ago."""
        self._done += images
        self._failed += failed
        now = time.monotonic()
        if now - self._shown < (_SECONDS_BETWEEN_UPDATES if self._is_terminal else _SECONDS_BETWEEN_LINES):
            return
        self._shown = now
        rate = (self._done - self._done_before) / (now - self._begin)
        minutes, seconds = divmod(round((self._total - self._done) / rate), 60)
        line = (
            f"{self._done} of {self._total} images, {rate:.1f} a second, {minutes}:{seconds:02} left, "
            f"{self._failed} failed"
        )
        if self._is_terminal:
            # Back to the beginning of the line; "erase to its end" takes off what a longer one left.
            print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)
        else:
            say(line)

    def summary(self) -> str:
        """Return the closing sentence."""
        seconds = time.monotonic() - self._begin
        before = f", {self._done_before} of them before the interruption" if self._done_before else ""
        return (
            f"{self._done - self._failed} of {self._total} images classified, {self._failed} failed, "
            f"in {seconds:.1f} s{before}."
        )


class WaitProgress:
    """A wait for something that may come back: why, for how long so far, and for how long at most."""

    def __init__(self, why: str, at_most: float) -> None:
        """Take a sentence, and seconds."""
        self._why = why
        self._at_most = at_most
        self._shown: float | None = None
        self._is_terminal = sys.stderr is not None and sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def show(self, seconds: float) -> None:
        """Say how long it has lasted: on a terminal each time, in a log if the last line is long enough ago."""
        line = f"{self._why} {clock(seconds)} of at most {clock(self._at_most)}."
        if self._is_terminal:
            print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)
        elif self._shown is None or seconds - self._shown >= _SECONDS_BETWEEN_WAITING_LINES:
            self._shown = seconds
            say(line)
