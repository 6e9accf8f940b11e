"""How far a long step is and how long it will take, for a terminal and for a log file alike."""

import sys
import time
from typing import TextIO

_REDRAW_SECONDS = 0.1


def clock(seconds: float) -> str:
    """Return a duration as people read it: `0:07`, `12:40`, `1:02:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class Progress:
    """One step of a known number of parts: a line that redraws itself in a terminal, whole lines elsewhere.

    The time left is that of the parts done in this process, so that a resumed run does not flatter itself.
    """

    def __init__(self, what: str, total: int, done: int = 0, stream: TextIO | None = None) -> None:
        self._what = what
        self._total = total
        self._done = self._first = done
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._began = time.monotonic()
        self._drawn = 0.0

    def advance(self, parts: int = 1, detail: str = "") -> None:
        """Count `parts` as done and, in a terminal, redraw the line, ending with `detail`."""
        self._done += parts
        now = time.monotonic()
        if self._live and (now - self._drawn >= _REDRAW_SECONDS or self._done == self._total):
            self._drawn = now
            share = f"{self._done}/{self._total}"
            self._stream.write(f"\r\x1b[2K{'  '.join(filter(None, (self._what, share, self.left(), detail)))}")
            self._stream.flush()

    def left(self) -> str:
        """Return the time left in words; empty before the first part and after the last."""
        done = self._done - self._first
        if not done or self._done >= self._total:
            return ""
        return f"{clock((time.monotonic() - self._began) / done * (self._total - self._done))} left"

    def note(self, line: str) -> None:
        """Write a whole line that stays, in place of the redrawn one."""
        self._stream.write(f"\r\x1b[2K{line}\n" if self._live else f"{line}\n")
        self._stream.flush()

    def finish(self) -> None:
        """Say that the step is done and how long it took."""
        self.note(f"{self._what}: {self._done} in {clock(time.monotonic() - self._began)}")
