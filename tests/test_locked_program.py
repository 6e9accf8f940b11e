"""The whole program in a process of its own: locked it holds no key, and quits, also while a dialog waits behind the lock."""

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.encryption.keys import MASTER_BYTES, Key
from desktop.core.records.converting import encrypt_history
from desktop.core.records.history import History
from tests.core.encryption.test_keys import PASSPHRASE, TYPED

PROGRAM = """
import gc, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
import desktop.__main__ as program
from desktop.core.encryption import keys
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.records.key_file import unlock_history
from desktop.widgets.window.lock_dialog import LockDialog

folder, passphrase, how = sys.argv[1:]
keys._COST = 2
QMessageBox.question = lambda *texts: print("asked:", texts[2])  # no answer: the program goes on
program.unlocking.ask_for_key = lambda folder: unlock_history(folder, Passphrase(passphrase))
compose = program.compose

def composed(*arguments, **options):
    parts = compose(*arguments, **options)

    def ask():
        box = QMessageBox(parts.window)
        QTimer.singleShot(0, parts.lock.lock)
        box.exec()
        print("dialog ended")

    def end():
        gc.unfreeze()
        gc.collect()
        held = [one for one in gc.get_objects() if type(one).__module__.startswith("desktop.core.encryption")]
        print("held:", held)
        (dialog,) = parts.window.findChildren(LockDialog)
        {"quit": dialog.quit.click, "close": dialog.close, "system": QApplication.quit, "window": parts.window.close}[how]()

    def look():
        if parts.model.classifier is not None and not parts.tasks._jobs:  # the start has ended, and all is logged
            at_rest.stop()
            ask()

    at_rest = QTimer(parts.window)
    at_rest.timeout.connect(look)
    at_rest.start(100)
    parts.lock.key_forgotten.connect(lambda: QTimer.singleShot(0, end))
    return parts

program.compose = composed
sys.exit(program.main(["--data-dir", folder]))
"""


@pytest.mark.parametrize("how", ["quit", "close", "system", "window"])
def test_locked_the_program_holds_no_key_and_can_be_ended(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "data"
    with History.open(folder):
        pass
    encrypt_history(folder, Key.new(MASTER_BYTES), PASSPHRASE)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, folder, TYPED, how],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    assert (done.returncode, done.stdout.splitlines()) == (0, ["held: []", "dialog ended"]), done.stderr
