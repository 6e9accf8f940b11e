"""Asks for the passphrase of an encrypted history at the start, before there is a window."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from desktop.core.encryption.start_check import may_be_encrypted
from desktop.core.errors import AppError, PassphraseError
from desktop.core.late import Late
from desktop.system import crash
from desktop.widgets.common.plain_text import for_tip
from desktop.widgets.common.wording import sentence

if TYPE_CHECKING:
    from desktop.core.encryption import keys, recovery
    from desktop.core.encryption.keys import Key
    from desktop.core.encryption.passphrase import Passphrase
    from desktop.core.records import key_file, refused_tries
    from desktop.widgets.window import passphrase_dialogs
else:
    keys, recovery = Late("desktop.core.encryption.keys"), Late("desktop.core.encryption.recovery")
    key_file = Late("desktop.core.records.key_file")
    refused_tries = Late("desktop.core.records.refused_tries")
    passphrase_dialogs = Late("desktop.widgets.window.passphrase_dialogs")


class CancelledError(Exception):
    """The user does not open the history."""


def ask_for_key(folder: Path) -> "Key | None":
    """Return the key of a data folder's history, asking until it is right; None if the history is not encrypted.

    Raises:
        CancelledError: the user cancelled.
    """
    if not may_be_encrypted(folder):
        return None
    try:
        state = key_file.protection(folder)
    except AppError:  # the opening of the history says so in the window
        return None
    if state is key_file.Protection.PLAIN:
        return None
    crash.keep_memory_off_the_disk()
    refusal = ""
    while True:
        try:
            if state is key_file.Protection.ENCRYPTED:
                dialog = passphrase_dialogs.UnlockDialog(refusal)
                passphrase = dialog.ask()
                if not dialog.wants_recovery:
                    return _unlock(folder, passphrase)
            return _recover(folder, refusal if state is not key_file.Protection.ENCRYPTED else "")
        except AppError as error:
            if isinstance(error, PassphraseError):
                refused_tries.note_refused(folder, "history")
            refusal = sentence(error)


def _unlock(folder: Path, passphrase: "Passphrase | None") -> "Key":
    if passphrase is None:
        raise CancelledError
    QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        return key_file.unlock_history(folder, passphrase)
    finally:
        QGuiApplication.restoreOverrideCursor()


def _recover(folder: Path, refusal: str) -> "Key":
    """Ask for the recovery key, then for a new passphrase, which replaces the lost one."""
    typed = passphrase_dialogs.RecoveryDialog(refusal).ask()
    if typed is None:
        raise CancelledError
    key = recovery.read_recovery_text(typed)
    if not key_file.opens(folder, key):
        raise key_file.wrong_recovery_key()
    passphrase = passphrase_dialogs.NewPassphraseDialog(
        QCoreApplication.translate("unlocking", "The recovery key is correct. Choose a new passphrase for the history.")
    ).ask()
    if passphrase is None:
        raise CancelledError
    key_file.write_key_file(folder, key, passphrase)
    QMessageBox.information(
        None,
        "LesionLens",
        for_tip(
            QCoreApplication.translate(
                "unlocking", "The new passphrase opens the history. The recovery key stays the same."
            )
        ),
    )
    return key
