"""A new model is made of an exported folder, in a process of its own: the window never loads what trains."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections import deque
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.errors import AppError, DataError
from desktop.core.frozen import frozen
from desktop.core.labelled_images.improve_command import ImproveCommand
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.system.programs import module_process
from desktop.system.settings import TRAINING, Settings

if TYPE_CHECKING:
    from desktop.core import progress
    from desktop.core.progress import Step
else:
    progress = Late("desktop.core.progress")

logger = logging.getLogger(__name__)

_MODULE = "training.start"
"""What `lesionlens-train` runs."""

_NICENESS = 10
"""Niceness relative to the window: it must stay in use while every core trains for hours."""

_UNTIL_KILLED = 15_000
_UNTIL_KILLED_AT_END = 5_000
"""Milliseconds in which a process that was asked to end may do so by itself. A kill leaves every file whole as well."""

_TAIL = 40
"""Lines of what the process said that are kept for the log."""


@frozen
class TrainingState:
    """How far the training is: `command` makes the model, None without one.

    While it runs, `step` is how far its step is, None before the first, and `line` the last that it said. `is_done` is whether
    the new model and its page are there.
    """

    command: ImproveCommand | None = None
    is_running: bool = False
    is_stopping: bool = False
    step: Step | None = None
    line: str = ""
    is_done: bool = False


class TrainingRun(QObject):
    """Makes one model at a time; a training of before that is neither done nor given up is there again after a restart."""

    changed = Signal()
    """`state` is another."""
    done = Signal()
    """The page is there."""
    failed = Signal(object)  # AppError

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._process: QtCore.QProcess | None = None
        self._lines: deque[str] = deque(maxlen=_TAIL)
        self._unread = b""
        self.state = TrainingState(_kept(settings.get(TRAINING)))

    def begin(self, command: ImproveCommand) -> None:
        """Start a command, unless one runs. Where it was begun before, it goes on where it was."""
        if self._process is None:
            model = "" if command.model is None else str(command.model)
            self._settings.put(TRAINING, [str(command.data), model])
            self._start(command)

    def go_on(self) -> None:
        """Start the command of `state` again."""
        if self._process is None and self.state.command is not None:
            self._start(self.state.command)

    def stop(self) -> None:
        """Ask the process to end; what was learned is kept."""
        process = self._process
        if process is None or self.state.is_stopping:
            return
        self._show(replace(self.state, is_stopping=True))
        _interrupt(process)
        QTimer.singleShot(_UNTIL_KILLED, process, process.kill)

    def drop(self) -> None:
        """Offer no longer to go on; the folder stays as it is."""
        if self._process is None:
            self._settings.put(TRAINING, [])
            self._show(TrainingState())

    def close(self) -> None:
        """End the process at the end of the program; what was learned is kept."""
        process, self._process = self._process, None
        if process is None:
            return
        _interrupt(process)
        if not process.waitForFinished(_UNTIL_KILLED_AT_END):
            process.kill()
            process.waitForFinished(_UNTIL_KILLED_AT_END)

    def _start(self, command: ImproveCommand) -> None:
        process = module_process(_MODULE, command.arguments(is_resumed=command.out.exists()), self)
        environment = process.processEnvironment()
        for name in (progress.ENVIRONMENT, "PYTHONUNBUFFERED", "PYTHONUTF8"):
            environment.insert(name, "1")
        process.setProcessEnvironment(environment)
        process.setProcessChannelMode(QtCore.QProcess.ProcessChannelMode.MergedChannels)
        process.setStandardInputFile(QtCore.QProcess.nullDevice())
        process.started.connect(partial(_give_way, process))
        process.readyRead.connect(self._read)
        process.finished.connect(self._end)
        process.errorOccurred.connect(self._refuse)
        self._process = process
        self._unread = b""
        self._lines.clear()
        self._show(TrainingState(command, is_running=True))
        process.start()

    def _show(self, state: TrainingState) -> None:
        self.state = state
        self.changed.emit()

    def _read(self) -> None:
        """Take up what the process has said; its last line may not be complete yet."""
        if self._process is None:
            return
        *lines, self._unread = (self._unread + self._process.readAll().data()).split(b"\n")
        step, last = self.state.step, self.state.line
        for line in (one.decode("utf-8", "replace").strip() for one in lines):
            step = progress.read_step(line) or step
            if line and not line.startswith(progress.MARK):
                self._lines.append(line)
                last = line
        if (step, last) != (self.state.step, self.state.line):
            self._show(replace(self.state, step=step, line=last))

    def _end(self, code: int, status: QtCore.QProcess.ExitStatus) -> None:
        self._read()
        process, self._process = self._process, None
        if process is None:
            return
        process.deleteLater()
        was_stopping = self.state.is_stopping
        is_done = code == 0 and status is QtCore.QProcess.ExitStatus.NormalExit
        self._show(TrainingState(self.state.command, is_done=is_done))
        if is_done:
            self.done.emit()
        elif not was_stopping:
            logger.warning("the training ended with %s:\n%s", code, "\n".join(self._lines))
            text = tr("No new model was made. What the training said last: {detail}")
            self.failed.emit(DataError(text, detail=self._lines[-1] if self._lines else code))

    def _refuse(self, problem: QtCore.QProcess.ProcessError) -> None:
        """Tell that the process cannot be started; of all other errors `_end` hears."""
        if problem is not QtCore.QProcess.ProcessError.FailedToStart or self._process is None:
            return
        process, self._process = self._process, None
        process.deleteLater()
        self._show(TrainingState(self.state.command))
        error: AppError = DataError(
            tr("The training cannot be started ({detail}). Copy the command and give it in a terminal."),
            detail=process.errorString(),
        )
        self.failed.emit(error)


def _kept(setting: list[str]) -> ImproveCommand | None:
    if len(setting) != 2:
        return None
    data, model = setting
    return ImproveCommand(Path(data), Path(model) if model else None)


def _give_way(process: QtCore.QProcess) -> None:
    """Lower the priority of a process before it makes threads. Only where there is such a call."""
    if not hasattr(os, "setpriority"):
        return
    with suppress(ProcessLookupError):  # it has ended already
        os.setpriority(os.PRIO_PROCESS, process.processId(), os.getpriority(os.PRIO_PROCESS, 0) + _NICENESS)


def _interrupt(process: QtCore.QProcess) -> None:
    """End a process as Ctrl-C does. Windows has nothing like it for a process without a console."""
    number = process.processId()
    if sys.platform == "win32" or not number:  # 0 would be this program
        process.kill()
        return
    with suppress(ProcessLookupError):  # it has just ended by itself
        os.kill(number, signal.SIGINT)
