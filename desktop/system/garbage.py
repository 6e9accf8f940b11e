"""Garbage collection on the GUI thread only.

Python collects reference cycles on whichever thread allocates next, which may be a worker. A Qt object in a cycle would then
be destroyed on the wrong thread: its running timers stay on the GUI thread's list, and the event loop crashes on them.
"""

import gc

_DUE = (700, 10, 10)
"""The thresholds at which a generation is due, as in Python 3.11."""


def keep_to_this_thread() -> None:
    """Disable automatic collection; the GUI thread must then call `collect_due` regularly."""
    gc.disable()


def collect_due() -> None:
    """Collect the generations that are due by Python's own counts, on the calling thread."""
    due = [
        generation for generation, (count, most) in enumerate(zip(gc.get_count(), _DUE, strict=True)) if count > most
    ]
    if due:
        gc.collect(max(due))
