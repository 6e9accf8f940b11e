"""How far a command is, on the standard error: one line that is rewritten on a terminal, a line now and then in a log."""

import sys
import time
from typing import Self

_SECONDS_BETWEEN_UPDATES = 0.2
_SECONDS_BETWEEN_LINES = 10.0
"""In a log file each one is a line of its own, so there are fewer."""


def say(sentence: str) -> None:
    """Print a sentence to the standard error, where there is one: windowed programs have none."""
    if sys.stderr is not None:
        print(sentence, file=sys.stderr)


class Progress:
    """How many of so many images are done, how fast it goes and how long still."""

    def __init__(self, total: int, done: int = 0, failed: int = 0) -> None:
        """Begin to count the time; `done` and `failed` are those of an interrupted run that is carried on."""
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

    def count(self, *, failed: bool) -> None:
        """Count one more image; show it if the last time is long enough ago."""
        self._done += 1
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
        """Say what came of it all."""
        seconds = time.monotonic() - self._begin
        before = f", {self._done_before} of them before the interruption" if self._done_before else ""
        return (
            f"{self._done - self._failed} of {self._total} images classified, {self._failed} failed, "
            f"in {seconds:.1f} s{before}."
        )
