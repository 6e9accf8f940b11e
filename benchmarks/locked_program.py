"""The program, driven by commands on its standard input: for benchmarks/locked_memory.py, which looks into its memory.

    python benchmarks/locked_program.py FOLDER

Each line is a command and is answered by one line. Passphrases are typed character by character, so that this script never
holds one: what is found in the memory is what the program has left there.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLineEdit, QMessageBox, QWidget

import desktop.__main__ as program
from desktop.widgets.window.main_window import MainWindow
from desktop.widgets.window.passphrase_dialogs import PassphraseEntry, UnlockDialog

_HOUR = 3600


class Driver(QObject):
    """Carries commands out on the GUI thread, also while a dialog runs a loop of its own."""

    told = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.parts: program.Parts | None = None
        self._is_saved = False
        self._acts: dict[str, Callable[[str], object]] = {
            "state": lambda _nothing: self._state(),
            "type": self._type,
            "field": lambda number: _top().findChildren(QLineEdit)[int(number)].setFocus(),
            "show": lambda _nothing: _entry().shown.setChecked(True),
            "accept": lambda _nothing: _accept(),
            "press": _press,
            "action": self._trigger,
            "open": lambda path: self._window().open_files([Path(path)]),
            "idle": lambda _nothing: self._sleep(),
        }
        self.told.connect(self._carry_out, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._listen, daemon=True).start()

    def use(self, parts: program.Parts) -> None:
        """Drive these parts."""
        self.parts = parts
        parts.open_image.saved.connect(self._note_saved)

    def _note_saved(self) -> None:
        self._is_saved = True

    def _listen(self) -> None:
        for line in sys.stdin:
            self.told.emit(line.rstrip("\n"))

    def _carry_out(self, line: str) -> None:
        act, _, detail = line.partition(" ")
        try:
            answer = self._acts[act](detail)
        except Exception as error:  # noqa: BLE001 - it would wait behind the window for crashes
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)

    def _state(self) -> dict[str, object]:
        modal = QApplication.activeModalWidget()
        state: dict[str, object] = {"modal": type(modal).__name__, "at rest": False, "text": "", "message": ""}
        if isinstance(modal, PassphraseEntry):
            state["text"] = modal.refusal.text()
        if self.parts is not None:
            is_ready = self.parts.model.classifier is not None and not self.parts.tasks._jobs  # noqa: SLF001
            lock, workspaces = self.parts.lock, self.parts.window.workspaces
            state |= {"at rest": is_ready, "locked": lock.is_locked, "key": lock.has_key}
            state["message"] = workspaces.messages.text()
            state["saved"] = self._is_saved
        return state

    def _window(self) -> MainWindow:
        if self.parts is None:
            raise RuntimeError("there is no window yet")
        return self.parts.window

    def _type(self, code: str) -> None:
        field = _top().focusWidget()
        if not isinstance(field, QLineEdit):
            raise TypeError(field)
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, chr(int(code)))
            QApplication.sendEvent(field, event)

    def _trigger(self, action: str) -> None:
        actions = self._window().menus.actions
        QTimer.singleShot(0, actions[action].trigger)  # some run a dialog

    def _sleep(self) -> None:
        """Have the computer sleep for an hour, with the lock set to come after five minutes."""
        watch = self._window().features.lock._input  # noqa: SLF001
        if watch is None:
            raise RuntimeError("the history is not encrypted")
        clock = time.time
        watch.wait(5)
        time.time = lambda: clock() + _HOUR
        try:
            watch._is_idle()  # noqa: SLF001
        finally:
            time.time = clock


def _top() -> QWidget:
    window = QApplication.activeModalWidget() or QApplication.activeWindow()
    if window is None:
        raise RuntimeError("there is no window")
    return window


def _entry() -> PassphraseEntry:
    dialog = _top()
    if not isinstance(dialog, PassphraseEntry):
        raise TypeError(dialog)
    return dialog


def _accept() -> None:
    """Press the dialog's own button."""
    (box,) = _top().findChildren(QDialogButtonBox)
    (button,) = (one for one in box.buttons() if box.buttonRole(one) == QDialogButtonBox.ButtonRole.AcceptRole)
    QTimer.singleShot(0, button.click)


def _press(beginning: str) -> None:
    dialog = _top()
    if isinstance(dialog, UnlockDialog):
        QTimer.singleShot(0, dialog.recovery.click)
    elif isinstance(dialog, QMessageBox):
        button = next(one for one in dialog.buttons() if one.text().replace("&", "").startswith(beginning))
        QTimer.singleShot(0, button.click)
    else:
        raise TypeError(dialog)


def main() -> int:
    """Run the program until its standard input ends."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    driver = Driver()
    compose = program.compose

    def composed(*arguments: Any, **options: Any) -> program.Parts:
        parts = compose(*arguments, **options)
        driver.use(parts)
        return parts

    program.compose = composed
    return program.main(["--data-dir", sys.argv[1]])


if __name__ == "__main__":
    sys.exit(main())
