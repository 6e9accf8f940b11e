"""Starts the program again when it ends, if a part of the window has asked for that."""

import logging
import sys
from collections.abc import Sequence

from PySide6 import QtCore

from desktop.system.programs import is_packaged, module_process

logger = logging.getLogger(__name__)


class Restart:
    """A request to start the program again, with these arguments."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._arguments = list(arguments)
        self._is_requested = False

    def request(self) -> None:
        """Ask for a new start at the end of this program."""
        self._is_requested = True

    def start(self) -> None:
        """Start the program again if that was requested. Call this last: the new start wants the lock and the history."""
        if self._is_requested and not start_program(self._arguments):
            logger.warning("the program was not started again")


def start_program(arguments: Sequence[str]) -> bool:
    """Start another process of this program, from its sources or its package; return whether it runs."""
    if is_packaged():
        process = QtCore.QProcess()
        process.setProgram(sys.executable)
        process.setArguments(list(arguments))
    else:
        process = module_process("desktop", arguments)
    return process.startDetached()  # type: ignore[return-value] # the stub is that of the static function
