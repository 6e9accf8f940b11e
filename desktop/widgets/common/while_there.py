"""What is to be done with an outcome that comes late: a dialog may be closed, and deleted, before its request is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

from PySide6.QtCore import QObject
from shiboken6 import isValid

P = ParamSpec("P")


def while_there(shown: QObject, act: Callable[P, object]) -> Callable[P, None]:
    """Return a function that does `act` as long as `shown` exists, and then nothing: nobody would see it.

    A method of a deleted Qt object raises an exception, which would be told as a crash.
    """

    def act_if_there(*given: P.args, **named: P.kwargs) -> None:
        if isValid(shown):
            act(*given, **named)

    return act_if_there
