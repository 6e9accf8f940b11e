"""The scene with the dialogs of encryption, from turning it on to the lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from desktop.core.encryption.keys import Key
from desktop.core.encryption.overwriting import SecretBytes
from desktop.core.encryption.passphrase import Passphrase
from desktop.core.encryption.recovery import recovery_text
from desktop.core.records.converting import encrypt_history
from desktop.widgets.window import unlocking
from desktop.widgets.window.lock_dialog import LockDialog
from desktop.widgets.window.passphrase_dialogs import NewPassphraseDialog, PassphraseDialog, UnlockDialog
from desktop.widgets.window.recovery_key_dialog import RecoveryKeyDialog
from screenshot_drawings import draw_images
from screenshot_patients import open_patient
from screenshot_steps import Setting, add_lesion, bring, in_its_loop, photograph_question
from studio import LARGE, StateNotReachedError, Studio

D = TypeVar("D", bound=QDialog)

_PASSPHRASE = "four words in a row"  # noqa: S105 - of a history that is drawn and deleted
_KEY = Key(SecretBytes(range(16)))


def encryption(given: Setting) -> None:
    """Turn encryption on, start, change the passphrase, turn it off, lock."""
    studio = given.studio("encryption")
    in_its_loop(lambda: photograph_question(studio, given.name("lock-not-encrypted")))
    studio.trigger("Lock")
    in_its_loop(lambda: _photograph_turning_on(studio, given))
    studio.trigger("Encryption of the history…")
    studio.write(lambda history, by: history.people.add_patient("P-0412", "female", by=by).id)
    open_patient(studio, "P-0412")
    add_lesion(studio, "scapula-left")
    bring(studio, *draw_images(given.work / "encryption", 2, first=21))
    studio.close()
    encrypt_history(studio.folder, _KEY, Passphrase(_PASSPHRASE))
    in_its_loop(lambda: _photograph_start(studio, given))
    key = unlocking.ask_for_key(studio.folder)
    studio = given.studio_again("encryption", key)
    _photograph_managing(studio, given)
    open_patient(studio, "P-0412")
    bring(studio, *draw_images(given.work / "encryption", 1, first=23))
    _photograph_lock(studio, given)
    studio.close()


def _modal(kind: type[D]) -> D:
    found = QApplication.activeModalWidget()
    if not isinstance(found, kind):
        raise StateNotReachedError(f"there is no {kind.__name__}")
    return found


def _photograph_turning_on(studio: Studio, given: Setting) -> None:
    dialog = _modal(NewPassphraseDialog)
    studio.take(given.name("encryption-on"), over=dialog)
    dialog.fields[0].setText("too short")
    dialog.accept()
    studio.take(given.name("encryption-too-short"), over=dialog)
    in_its_loop(lambda: _photograph_recovery(studio, given))
    for field in dialog.fields:
        field.setText(_PASSPHRASE)
    dialog.accept()


def _photograph_recovery(studio: Studio, given: Setting) -> None:
    dialog = _modal(RecoveryKeyDialog)
    dialog.text.setText(recovery_text(_KEY))  # the same in each run
    dialog.typed.setText("00410-61050-R3GG2")
    dialog.accept()
    studio.take(given.name("encryption-recovery-key"), over=dialog)
    dialog.reject()


def _photograph_start(studio: Studio, given: Setting) -> None:
    dialog = _modal(UnlockDialog)
    path = studio.out / f"{given.name('encryption-start')}.png"
    studio.settle()
    dialog.grab().save(str(path))
    print(path)
    dialog.fields[0].setText(_PASSPHRASE)
    dialog.accept()


def _photograph_managing(studio: Studio, given: Setting) -> None:
    def press(text: str, then: Callable[[], None]) -> None:
        box = _modal(QDialog)
        (button,) = (one for one in box.findChildren(QPushButton) if one.text().startswith(text))
        in_its_loop(then)
        button.click()

    def change() -> None:
        dialog = _modal(PassphraseDialog)
        studio.take(given.name("encryption-change"), over=dialog)
        dialog.reject()

    def manage() -> None:
        studio.take(given.name("encryption-manage"), over=_modal(QDialog))
        press("Change", change)

    in_its_loop(manage)
    studio.trigger("Encryption of the history…")
    in_its_loop(lambda: press("Decrypt", lambda: photograph_question(studio, given.name("encryption-off"))))
    studio.trigger("Encryption of the history…")


def _photograph_lock(studio: Studio, given: Setting) -> None:
    studio.trigger("Lock")
    dialog = studio.dialog(LockDialog)
    studio.wait(lambda: not studio.parts.lock.has_key, "the key is not forgotten")
    studio.take(given.name("lock"), over=dialog)
    studio.take(given.name("lock"), LARGE, over=dialog)
    QTest.keyClicks(dialog.fields[0], "not these words")
    QTest.keyClick(dialog.fields[0], Qt.Key.Key_Return)
    studio.wait(lambda: "wrong" in dialog.refusal.text(), "a wrong passphrase is not refused")
    studio.take(given.name("lock-refused"), over=dialog)
    QTest.keyClicks(dialog.fields[0], _PASSPHRASE)
    QTest.keyClick(dialog.fields[0], Qt.Key.Key_Return)
    studio.wait(lambda: not studio.parts.lock.is_locked, "the lock does not open")
    studio.take(given.name("lock-opened"))
