"""Waiting in tests for what the program does by itself, without a clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pytestqt.exceptions import TimeoutError as WaitedTooLong
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import SignalBlocker

_TURN = 10
"""Milliseconds that one turn of the event loop waits for events."""

PATIENCE = 60_000
"""Milliseconds that the turns of one wait take together on an idle machine; a busy one takes longer for as many."""


class PatientBot(QtBot):
    """A `qtbot` whose waits end after so many turns of the event loop, not when a clock says so.

    A machine that stands still for a minute, as a virtual one may, or whose clock is set meanwhile, fails no test.
    """

    def waitUntil(self, callback: Callable[[], object], *, timeout: int = PATIENCE) -> None:  # noqa: N802
        """Process events until a condition holds; one that fails an assertion does not hold yet."""
        __tracebackhide__ = True
        lacking: AssertionError | None = None
        for _ in range(timeout // _TURN):
            try:
                if callback():
                    return
            except AssertionError as error:
                lacking = error
            self.wait(_TURN)
        raise WaitedTooLong(f"it did not come about in {timeout // _TURN} turns of the event loop") from lacking

    @contextmanager
    def waitSignal(self, signal: object) -> Iterator[SignalBlocker]:  # type: ignore[override]  # noqa: N802
        """Process events at the end of the block until the signal has come since its beginning."""
        __tracebackhide__ = True
        with super().waitSignal(signal, timeout=None) as received:
            yield received
            self.waitUntil(lambda: received.signal_triggered)
