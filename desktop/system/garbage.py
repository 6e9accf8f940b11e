"""Python's garbage, collected on the GUI thread alone.

Python collects reference cycles in whichever thread happens to allocate next, a lane's as well. A Qt object in a cycle then
ends on a thread that is not its own: its timers, if they run, stay on the GUI thread's list, and Qt's loop crashes over them.
"""

import gc

_DUE = (700, 10, 10)
"""How many allocations, and collections of the next younger generation, make a generation due: Python 3.11's own numbers."""


def keep_to_this_thread() -> None:
    """Have Python collect nothing by itself; the GUI thread then calls `collect_due` again and again."""
    gc.disable()


def collect_due() -> None:
    """Collect what is due by Python's own counts, on the thread that calls."""
    due = [
        generation for generation, (count, most) in enumerate(zip(gc.get_count(), _DUE, strict=True)) if count > most
    ]
    if due:
        gc.collect(max(due))
