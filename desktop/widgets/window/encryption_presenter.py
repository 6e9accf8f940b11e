"""Encrypts the history, changes its passphrase, and decrypts it again, at the user's wish."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow, QMessageBox

from desktop.core.encryption.keys import MASTER_BYTES, Key
from desktop.core.errors import AppError, PassphraseError
from desktop.core.records.audit_acts import Action
from desktop.core.records.converting_images import is_under_way
from desktop.session import encryption
from desktop.session.assessment_drafts import AssessmentDrafts
from desktop.session.audit_trail import AuditTrail
from desktop.session.history_service import HistoryService
from desktop.system.tasks import Tasks
from desktop.widgets.common.confirming import is_confirmed
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.progress_dialog import ProgressDialog
from desktop.widgets.common.wording import sentence
from desktop.widgets.window.passphrase_dialogs import NewPassphraseDialog, PassphraseDialog
from desktop.widgets.window.recovery_key_dialog import RecoveryKeyDialog


class EncryptionPresenter(QObject):
    """The action of the menu entry; results are shown in `messages`."""

    converted = Signal()
    """The history was encrypted or decrypted: the program must start again."""

    def __init__(
        self,
        window: QMainWindow,
        tasks: Tasks,
        history_service: HistoryService,
        drafts: AssessmentDrafts,
        audit: AuditTrail,
        messages: Callable[[], MessageBar],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._tasks = tasks
        self._history_service = history_service
        self._drafts = drafts
        self._audit = audit
        self._messages = messages

    def manage(self) -> None:
        """Encrypt a plain history; ask what is to be done with an encrypted one."""
        if self._history_service.key is None:
            self._encrypt()
            return
        box = QMessageBox(self._window)
        box.setWindowTitle("LesionLens")
        box.setText(
            self.tr("Some images are not encrypted yet. Close all windows of LesionLens and start it again.")
            if is_under_way(self._history_service.folder)
            else self.tr("The history, its images and your drafts are encrypted.")
        )
        change = box.addButton(self.tr("Change the passphrase…"), QMessageBox.ButtonRole.ActionRole)
        off = box.addButton(self.tr("Decrypt…"), QMessageBox.ButtonRole.ActionRole)
        box.addButton(QMessageBox.StandardButton.Close)
        box.exec()
        if box.clickedButton() is change:
            self._change()
        elif box.clickedButton() is off:
            self._decrypt()
        box.deleteLater()

    def _encrypt(self) -> None:
        passphrase = NewPassphraseDialog(
            self.tr(
                "The history, its images and your drafts will be encrypted on this computer. LesionLens will ask for this "
                "passphrase at each start. If you lose both the passphrase and the recovery key, the data are lost for "
                "good.\n\n"
                "Not encrypted: backups made before, saved reports, tables and pictures, images of folders that are only "
                "linked, the settings, the log, and what the system keeps on the disk of deleted files and of memory.\n\n"
                "Make a backup first. Encryption needs free space for a second copy of the history, without its images."
            ),
            self._window,
        ).ask()
        if passphrase is None:
            return
        key = Key.new(MASTER_BYTES)
        dialog = RecoveryKeyDialog(key, self._window)
        is_typed = dialog.exec()
        dialog.deleteLater()
        if not is_typed:
            return
        self._drafts.save()
        progress = self._progress(self.tr("The history and its images are being encrypted and compared…"))
        progress.follow(
            lambda tell: encryption.encrypt(
                self._history_service, key, passphrase, progress.end(self._end_program), progress.fail, tell
            )
        )

    def _change(self, refusal: str = "") -> None:
        old = PassphraseDialog(self.tr("Enter the present passphrase."), refusal, self._window).ask()
        if old is None:
            return
        new = NewPassphraseDialog(
            self.tr(
                "Choose the new passphrase. The recovery key stays the same. Earlier backups keep the old passphrase."
            ),
            self._window,
        ).ask()
        if new is None:
            return

        def fail(error: AppError) -> None:
            if isinstance(error, PassphraseError):
                self._audit.note(Action.UNLOCK_REFUSED, {"of": "history"})
                self._change(sentence(error))
            else:
                self._messages().tell(error)

        encryption.change_passphrase(
            self._tasks,
            self._history_service,
            old,
            new,
            self._say_changed,
            fail,
        )

    def _say_changed(self, _nothing: None) -> None:
        self._audit.note(Action.PASSPHRASE_CHANGED)
        self._messages().say(self.tr("The new passphrase opens the history."), error=False)

    def _decrypt(self) -> None:
        question = self.tr(
            "LesionLens will no longer ask for a passphrase. Whoever can read the files of this computer will be able to read "
            "the history. Decrypt it?"
        )
        if not is_confirmed(self._window, question):
            return
        self._drafts.save()
        progress = self._progress(self.tr("The history and its images are being decrypted and compared…"))
        progress.follow(
            lambda tell: encryption.decrypt(self._history_service, progress.end(self._end_program), progress.fail, tell)
        )

    def _progress(self, text: str) -> ProgressDialog:
        return ProgressDialog(text, self._messages(), self._window)

    def _end_program(self, _is_converted: bool) -> None:
        """Close the window, whose parts hold what they read in the other form."""
        is_plain = self._history_service.key is None
        self._drafts.use_key(self._history_service.key)
        self._audit.note(Action.DECRYPTED if is_plain else Action.ENCRYPTED)
        text = (
            self.tr("The history is no longer encrypted. LesionLens will restart.")
            if is_plain
            else self.tr("The history is encrypted. LesionLens will restart and ask for the passphrase.")
        )
        QMessageBox.information(self._window, "LesionLens", text)
        self.converted.emit()
        self._window.close()
