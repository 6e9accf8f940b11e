"""Ctrl-C where threads share locks or processes start.

Python raises `KeyboardInterrupt` between any two steps of the main thread, even inside `threading.Condition` just after it has
taken its lock. That lock is never released, the threads that need it wait for ever, and the program never ends.
"""

import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@contextmanager
def ctrl_c_later() -> Iterator[Callable[[], bool]]:
    """Raise `KeyboardInterrupt` when the block has ended, not inside it.

    Yields a function that tells whether Ctrl-C was pressed, so that a long block can end early. Nothing changes where Ctrl-C is
    ignored or has another handler, nor in other threads: Python tells only the main thread of it.

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


def on_every_core(work: Callable[[Item], Result], items: Iterable[Item]) -> Generator[Result, None, None]:
    """Yield the result of each item, in order, while every core works ahead; Ctrl-C ends it after the next result.

    Close it if you stop early: then no further item is begun.
    """
    with ctrl_c_later() as is_pressed, ThreadPoolExecutor(os.cpu_count()) as pool:
        for result in pool.map(work, items):
            yield result
            if is_pressed():
                return
