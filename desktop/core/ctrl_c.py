"""Ctrl-C where threads share locks, and processes are begun.

Python raises `KeyboardInterrupt` between any two steps of the main thread: also inside `threading.Condition`, just after it has
taken its lock. That lock is never given back, the threads that want it wait for ever, and the program never ends.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@contextmanager
def ctrl_c_later() -> Iterator[Callable[[], bool]]:
    """Hear Ctrl-C when the block has ended; yield what tells whether it was pressed, so that a long block can end early.

    Nothing changes where Ctrl-C is ignored or handled by somebody else, and off the main thread, which alone hears it.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed, and the block raised nothing.
    """
    is_pressed = False

    def press(*_: object) -> None:
        nonlocal is_pressed
        is_pressed = True

    if threading.current_thread() is not threading.main_thread() or (
        signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield lambda: False
        return
    signal.signal(signal.SIGINT, press)
    try:
        yield lambda: is_pressed
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if is_pressed:
        raise KeyboardInterrupt


def on_every_core(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Yield the result of each item, in their order, while the cores work ahead; Ctrl-C ends it after the next one.

    What is not begun when the results end early is not begun any more.
    """
    with ctrl_c_later() as is_pressed, ThreadPoolExecutor(os.cpu_count()) as pool:
        for result in pool.map(work, items):
            yield result
            if is_pressed():
                return
