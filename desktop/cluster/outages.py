"""Waits for a scheduler that has gone: it may be started again, at the same address."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from distributed import CancelledError
from distributed.client import ClosedClientError

from desktop.core.ctrl_c import ctrl_c_later
from desktop.core.errors import UsageError
from desktop.core.marking import tr
from desktop.core.progress import WaitProgress

LONGEST_OUTAGE = 1800.0
"""Seconds that a scheduler is waited for: a machine starts anew in a few minutes, somebody who is called does it in more."""

_SECONDS_BETWEEN_LOOKS = 1.0
_SECONDS_TO_KNOCK = 5.0


SIGNS = (CancelledError, asyncio.CancelledError, ClosedClientError, OSError)
"""What Dask raises when the scheduler is gone; the second is of a call that is under way."""


class SchedulerGoneError(Exception):
    """The scheduler has ended or cannot be reached, and with it everything that it was given."""


class Outage:
    """The time in which a scheduler is gone: from the moment that this is found until an answer comes again."""

    def __init__(self, address: str, longest: float) -> None:
        """Take the scheduler's address and the seconds after which it is given up."""
        self._address = address
        self._longest = longest
        self._began: float | None = None

    @property
    def is_on(self) -> bool:
        """Whether no answer has come since the scheduler went."""
        return self._began is not None

    def end(self) -> None:
        """Let the next outage last as long again: an answer has come."""
        self._began = None

    def seconds_left(self) -> float:
        """Return how long the scheduler and its workers are still waited for."""
        return self._longest - self._seconds()

    def wait(self) -> None:
        """Wait until somebody listens at the scheduler's address.

        Raises:
            UsageError: nobody does, until the scheduler is given up.
            KeyboardInterrupt: Ctrl-C was pressed.
        """
        if self._began is None:
            self._began = time.monotonic()
        with (
            WaitProgress(tr("The scheduler is gone. Waiting for it."), self._longest) as progress,
            ctrl_c_later() as ctrl_c,
        ):
            while self.seconds_left() > 0:
                progress.show(self._seconds())
                if ctrl_c.wait(min(_SECONDS_BETWEEN_LOOKS, max(self.seconds_left(), 0))) or _listens(self._address):
                    return
        raise UsageError(
            tr("The scheduler at {address} is gone. What has a row stays: carry on with --resume."),
            address=self._address,
        )

    def _seconds(self) -> float:
        return 0.0 if self._began is None else time.monotonic() - self._began


@contextmanager
def told_as_gone() -> Iterator[None]:
    """Raise `SchedulerGoneError` for its signs."""
    try:
        yield
    except SIGNS as error:
        raise SchedulerGoneError from error


def _listens(address: str) -> bool:
    """Tell whether somebody listens there: a client of Dask's that does not connect leaves a thread behind."""
    where = urlsplit(address)

    async def knock() -> None:
        _reader, writer = await asyncio.open_connection(where.hostname, where.port)
        writer.close()
        await writer.wait_closed()

    try:
        asyncio.run(asyncio.wait_for(knock(), _SECONDS_TO_KNOCK))
    except OSError:
        return False
    return True
