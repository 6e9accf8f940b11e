"""Backup and restore: asks for the file, shows progress, can be stopped, and reports the result."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMessageBox

from desktop.core.encryption.passphrase import Passphrase
from desktop.core.errors import AppError, PassphraseError
from desktop.core.records.audit_acts import Action
from desktop.core.records.backup import BackedUp
from desktop.core.records.backup_file import Manifest, read_manifest
from desktop.core.records.restoring import Restored
from desktop.core.records.unlocking import BackupKeys, needs_passphrase, unlock_backup
from desktop.session import backup
from desktop.session.assessment_drafts import AssessmentDrafts
from desktop.session.audit_trail import AuditTrail
from desktop.session.history_service import HistoryService
from desktop.system.settings import BACKUP_FOLDER, Settings
from desktop.system.tasks import Lane, Tasks
from desktop.widgets.common.confirming import is_confirmed
from desktop.widgets.common.file_dialogs import ask_target
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.plain_text import for_tip
from desktop.widgets.common.progress_dialog import ProgressDialog
from desktop.widgets.common.wording import count, local_time, sentence
from desktop.widgets.window.passphrase_dialogs import NewPassphraseDialog, PassphraseDialog

_ENCRYPTED = ".llbackup"
"""Extension of an encrypted backup: no other program opens it."""


class BackupPresenter(QObject):
    """The actions of the menu entries; results are shown in `messages`."""

    restored = Signal()
    """A backup is the history now: the program must start again."""

    def __init__(
        self,
        window: QMainWindow,
        tasks: Tasks,
        history_service: HistoryService,
        settings: Settings,
        drafts: AssessmentDrafts,
        messages: Callable[[], MessageBar],
        audit: AuditTrail,
    ) -> None:
        super().__init__(window)
        self._audit = audit
        self._window = window
        self._tasks = tasks
        self._history_service = history_service
        self._settings = settings
        self._drafts = drafts
        self._messages = messages
        self._keys: BackupKeys | None = None
        """Those of the backup that is about to be restored; nothing else holds them while the user is asked."""

    def forget_keys(self) -> None:
        """Forget a backup's keys, which may be the history's: the program is locked."""
        self._keys = None

    def back_up(self) -> None:
        """Ask for a file and write the history with its images to it."""
        self._back_up(".zip", self.tr("Backups (*.zip)"), None)

    def back_up_encrypted(self) -> None:
        """Ask for a passphrase and a file, and write the history with its images to it, encrypted.

        The backup of an encrypted history is encrypted without that, and opens with the history's passphrase.
        """
        if self._history_service.key is not None:
            self.back_up()
            return
        passphrase = NewPassphraseDialog(
            self.tr(
                "The backup is encrypted with this passphrase. Without it nobody can read or restore the backup. LesionLens "
                "keeps no copy of the passphrase: write it down, and keep it apart from the backup."
            ),
            self._window,
        ).ask()
        if passphrase is not None:
            self._back_up(_ENCRYPTED, self.tr("Encrypted backups (*.llbackup)"), passphrase)

    def _back_up(self, suffix: str, form: str, passphrase: Passphrase | None) -> None:
        name = self.tr("LesionLens backup {date}").format(date=f"{datetime.now().astimezone():%Y-%m-%d}")
        offered = self._folder() / (name + suffix)
        target = ask_target(self._window, self.tr("Back up the history"), offered, form)
        if target is None:
            return
        self._settings.put(BACKUP_FOLDER, str(target.parent))
        self._drafts.save()
        progress = ProgressDialog(
            self.tr("The history and its images are being backed up, then read back…"), self._messages(), self._window
        )

        def begin(fail: Callable[[AppError | None], None]) -> None:
            progress.follow(
                lambda tell: backup.back_up(
                    self._tasks,
                    self._history_service.folder,
                    target,
                    progress.end(self._say_backed_up, lambda: fail(None)),
                    fail,
                    tell,
                    passphrase,
                    self._history_service.key,
                )
            )

        is_encrypted = passphrase is not None or self._history_service.key is not None
        self._audit.attempt(Action.BACKED_UP, {"encrypted": is_encrypted}, begin, progress.fail)

    def restore(self) -> None:
        """Ask for a backup, show what it contains, and replace the history with it."""
        chosen, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Restore a backup"),
            str(self._folder()),
            self.tr("Backups (*.zip *.llbackup);;All files (*)"),
        )
        if chosen:
            self._begin(Path(chosen))

    def _begin(self, path: Path) -> None:
        self._tasks.run(
            Lane.BACKUP,
            lambda _task: needs_passphrase(path),
            lambda is_encrypted: self._unlock(path) if is_encrypted else self._use(path, BackupKeys()),
            self._messages().tell,
        )

    def _unlock(self, path: Path, refusal: str = "") -> None:
        """Ask for an encrypted backup's passphrase until it is right."""
        text = self.tr("“{name}” is encrypted. Enter its passphrase.").format(name=path.name)
        passphrase = PassphraseDialog(text, refusal, self._window).ask()
        if passphrase is None:
            return

        def fail(error: AppError) -> None:
            if isinstance(error, PassphraseError):
                self._audit.note(Action.UNLOCK_REFUSED, {"of": "backup"})
                self._unlock(path, sentence(error))
            else:
                self._messages().tell(error)

        self._tasks.run(
            Lane.BACKUP,
            lambda _task: unlock_backup(path, passphrase),
            lambda keys: self._use(path, keys),
            fail,
        )

    def _use(self, path: Path, keys: BackupKeys) -> None:
        self._keys = keys
        self._tasks.run(
            Lane.BACKUP,
            lambda _task: None if self._keys is None else read_manifest(path, self._keys.file),
            lambda manifest: self._begin(path) if manifest is None else self._ask(path, manifest),
            self._messages().tell,
        )

    def _ask(self, path: Path, manifest: Manifest) -> None:
        question = self.tr(
            "The backup of {time} holds {what}.\n\n"
            "It takes the place of the present history, which is kept in a folder of its own beside it. Everything entered "
            "after this backup will be missing. Patients erased since then stay erased.\n\n"
            "{encryption}"
            "Restore it?"
        ).format(time=local_time(manifest.time), what=self._content(manifest), encryption=self._encryption())
        is_wanted = is_confirmed(self._window, question)
        keys, self._keys = self._keys, None
        if not is_wanted:
            return
        if keys is None:  # locked meanwhile
            self._begin(path)
            return
        self._drafts.save()  # they belong to the present history, which is not written from here on
        progress = ProgressDialog(self.tr("The backup is being unpacked and checked…"), self._messages(), self._window)
        progress.follow(
            lambda tell: backup.restore(
                self._history_service, path, progress.end(self._end_program), progress.fail, tell, keys
            )
        )

    def _say_backed_up(self, outcome: BackedUp) -> None:
        text = self.tr("Backed up in “{file}”, and read back: {what}.").format(
            file=outcome.path, what=self._content(outcome.manifest)
        )
        missing = len(outcome.missing)
        if missing:
            one, many = (
                self.tr("1 image was missing"),
                self.tr("{count} images were missing").format(count=count(missing)),
            )
            text += " " + self.tr("{images} already, or damaged.").format(images=one if missing == 1 else many)
        if outcome.damaged:
            text += " " + (
                self.tr("1 row of the history is damaged, and is so in the backup.")
                if outcome.damaged == 1
                else self.tr("{count} rows of the history are damaged, and are so in the backup.").format(
                    count=count(outcome.damaged)
                )
            )
        self._messages().say(text, error=bool(outcome.missing or outcome.damaged))

    def _end_program(self, outcome: Restored) -> None:
        """Close the window, which still shows data of the previous history."""
        self._drafts.use_key(self._history_service.key)
        text = self.tr("Restored. LesionLens will restart.")
        if outcome.before is not None:
            text += " " + self.tr("Your previous data are kept in “{folder}”.").format(folder=outcome.before)
        if outcome.is_other:
            text += " " + self.tr(
                "The backup is of another history than your previous one. It was not searched for patients erased from the "
                "previous one."
            )
        QMessageBox.information(self._window, "LesionLens", for_tip(text))
        self.restored.emit()
        self._window.close()

    def _encryption(self) -> str:
        """Return what is to be told of the passphrase that opens the restored history."""
        if self._keys is not None and self._keys.history is not None:
            return self.tr(
                "The backup is of an encrypted history. From then on it opens with the passphrase that you entered.\n\n"
            )
        if self._history_service.key is not None:
            return self.tr(
                "The present history is encrypted. The restored one will be too, with the same passphrase.\n\n"
            )
        return ""

    def _content(self, manifest: Manifest) -> str:
        entries, patients = manifest.entries, manifest.patients
        parts = (
            self.tr("1 entry") if entries == 1 else self.tr("{count} entries").format(count=count(entries)),
            self.tr("1 patient") if patients == 1 else self.tr("{count} patients").format(count=count(patients)),
        )
        return self.tr("{entries} and {patients}").format(entries=parts[0], patients=parts[1])

    def _folder(self) -> Path:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return Path(self._settings.get(BACKUP_FOLDER) or documents or Path.home())
