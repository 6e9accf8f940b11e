"""Ctrl-C where threads share locks, processes start, or work goes on until it is pressed.

Python raises `KeyboardInterrupt` between any two steps of the main thread. Inside `threading.Condition`, just after it has
taken its lock, that lock is never released, and the threads that need it wait for ever. Inside the callback of a weak
reference, as when a thread is forgotten, Python prints the exception and goes on: Ctrl-C is lost.
"""

import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class CtrlC:
    """Whether Ctrl-C was pressed in a block of `ctrl_c_later`. It is also the handler of the signal."""

    def __init__(self) -> None:
        self.is_pressed = False
        # No event: its lock may be held by the very thread that the handler interrupts.
        self._presses: SimpleQueue[None] = SimpleQueue()

    def __call__(self, *_: object) -> None:
        """Note that Ctrl-C was pressed."""
        self.is_pressed = True
        self._presses.put(None)

    def obey(self) -> None:
        """End the block here where Ctrl-C was pressed.

        Raises:
            KeyboardInterrupt: it was.
        """
        if self.is_pressed:
            raise KeyboardInterrupt

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until Ctrl-C is pressed; return whether it was."""
        if not self.is_pressed:
            with suppress(Empty):
                self._presses.get(timeout=seconds)
        return self.is_pressed


@contextmanager
def ctrl_c_later() -> Iterator[CtrlC]:
    """Raise `KeyboardInterrupt` when the block has ended, not inside it.

    Yields what tells whether Ctrl-C was pressed, so that a long block can end early. A block inside another raises it too.
    Nothing changes where Ctrl-C is ignored or has another handler, nor in other threads: Python tells only the main thread.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed, and the block raised nothing.
    """
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT) if is_main else None
    ctrl_c = before if isinstance(before, CtrlC) else CtrlC()
    is_outermost = before is signal.default_int_handler
    if is_outermost:
        signal.signal(signal.SIGINT, ctrl_c)
    try:
        yield ctrl_c
    finally:
        if is_outermost:
            signal.signal(signal.SIGINT, signal.default_int_handler)
    if ctrl_c.is_pressed:
        raise KeyboardInterrupt


def on_every_core(work: Callable[[Item], Result], items: Iterable[Item]) -> Generator[Result, None, None]:
    """Yield the result of each item, in order, while every core works ahead; Ctrl-C ends it after the next result.

    Close it if you stop early: then no further item is begun.
    """
    with ctrl_c_later() as ctrl_c, ThreadPoolExecutor(os.cpu_count()) as pool:
        for result in pool.map(work, items):
            yield result
            if ctrl_c.is_pressed:
                return
