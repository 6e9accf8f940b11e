"""The dialogs of the window and the folders that it opens; each dialog is created on first use."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMainWindow

from desktop.core.late import Late
from desktop.core.paths import log_folder
from desktop.session.assessment_drafts import AssessmentDrafts
from desktop.session.audit_trail import AuditTrail
from desktop.session.batch_run import BatchRun
from desktop.session.history_service import HistoryService
from desktop.session.import_queue import ImportQueue
from desktop.session.lock import Lock
from desktop.session.open_image import OpenImage
from desktop.session.training_run import TrainingRun
from desktop.system.settings import Settings
from desktop.system.tasks import Tasks
from desktop.widgets.common.confirming import is_confirmed
from desktop.widgets.common.form_entries import FormEntries
from desktop.widgets.common.wording import numbered
from desktop.widgets.window.workspaces import Workspaces

if TYPE_CHECKING:
    from desktop.widgets.audit import audit_presenter
    from desktop.widgets.window import about, backup_presenter, encryption_presenter, handbook, history_check, shortcuts
else:
    audit_presenter = Late("desktop.widgets.audit.audit_presenter")
    about = Late("desktop.widgets.window.about")
    backup_presenter = Late("desktop.widgets.window.backup_presenter")
    encryption_presenter = Late("desktop.widgets.window.encryption_presenter")
    handbook = Late("desktop.widgets.window.handbook")
    history_check = Late("desktop.widgets.window.history_check")
    shortcuts = Late("desktop.widgets.window.shortcuts")


class WindowDialogs(QObject):
    """The dialogs of the whole window."""

    restart_requested = Signal()

    def __init__(
        self,
        window: QMainWindow,
        tasks: Tasks,
        settings: Settings,
        open_image: OpenImage,
        batch: BatchRun,
        history_service: HistoryService,
        drafts: AssessmentDrafts,
        import_queue: ImportQueue,
        training: TrainingRun,
        workspaces: Workspaces,
        audit: AuditTrail,
        lock: Lock,
    ) -> None:
        super().__init__(window)
        self._audit = audit
        self._lock = lock
        self._tasks = tasks
        self._workspaces = workspaces
        self._drafts = drafts
        self._import_queue = import_queue
        self._training = training
        self._window = window
        self._settings = settings
        self._open_image = open_image
        self._batch = batch
        self._history_service = history_service
        self._reasons: list[Callable[[], str]] = []

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the actions of the menu entries, by id."""
        return {
            "handbook": self.show_handbook,
            "shortcuts": self.show_shortcuts,
            "audit": self.show_audit_log,
            "moving": self.show_moving,
            "check history": self.show_history_check,
            "data": self.open_data_folder,
            "log": self.open_log_folder,
            "about": self.show_about,
            "back up": self.back_up,
            "back up encrypted": self.back_up_encrypted,
            "restore": self.restore_backup,
            "encryption": self.manage_encryption,
        }

    def show_about(self) -> None:
        """Show what this program is."""
        about.AboutDialog(self._window).exec()

    def show_handbook(self) -> None:
        """Show the handbook beside the window."""
        self._handbook.show()
        self._handbook.raise_()
        self._handbook.activateWindow()

    def show_shortcuts(self) -> None:
        """Show all keyboard shortcuts."""
        shortcuts.ShortcutsDialog(self._window.findChildren(QAction), self._window).exec()

    def show_history_check(self) -> None:
        """Offer to compare the history with its seal; the window stays in use beside it."""
        history_check.HistoryCheckDialog(self._tasks, self._history_service, self._window).show()

    def back_up(self) -> None:
        """Write the history with its images to one file."""
        self._backups.back_up()

    def back_up_encrypted(self) -> None:
        """Write the history with its images to one file, encrypted by a passphrase."""
        self._backups.back_up_encrypted()

    def restore_backup(self) -> None:
        """Replace the history with a backup, unless the present one still has unsaved changes."""
        if self._is_saved():
            self._backups.restore()

    def manage_encryption(self) -> None:
        """Encrypt the history or change its encryption, unless it still has unsaved changes."""
        if self._is_saved():
            self._encryption.manage()

    def _is_saved(self) -> bool:
        """Return whether nothing is on its way into the history; say so otherwise."""
        is_unsaved = self._open_image.unsaved + self._batch.unsaved or any(reason() for reason in self._reasons)
        if self._batch.is_running or self._import_queue.waiting or is_unsaved:
            text = self.tr(
                "A folder is being classified, images are on their way into the history, or answers or assessments are not "
                "saved yet. See to that first, then try again."
            )
            self._workspaces.messages.say(text, error=False)
            return False
        return True

    def show_audit_log(self) -> None:
        """Show who did or saw what, and when."""
        self._audit_log.show()

    def show_moving(self) -> None:
        """Explain how to move everything to another computer."""
        QtWidgets.QMessageBox.information(
            self._window,
            self.tr("Moving to a new computer"),
            self.tr(
                "1. Here: File, Back up the history. Put the file on a drive that you can carry.\n"
                "2. There: install LesionLens, start it, and choose File, Restore a backup.\n"
                "3. There: look whether the entries are as many as here. Only then delete anything here.\n\n"
                "Images of whole folders are linked, not copied: take those folders along as well, and press Locate "
                "when an image is asked for. A model file of your own and the settings are not in the backup."
            ),
        )

    @cached_property
    def _handbook(self) -> "handbook.HandbookDialog":
        return handbook.HandbookDialog(self._window)

    @cached_property
    def _audit_log(self) -> "audit_presenter.AuditPresenter":
        return audit_presenter.AuditPresenter(
            self._audit,
            self._history_service,
            self._tasks,
            self._settings,
            lambda: self._workspaces.messages,
            self._window,
        )

    @cached_property
    def _backups(self) -> "backup_presenter.BackupPresenter":
        made = backup_presenter.BackupPresenter(
            self._window,
            self._tasks,
            self._history_service,
            self._settings,
            self._drafts,
            lambda: self._workspaces.messages,
            self._audit,
        )
        made.restored.connect(self.restart_requested)
        self._lock.key_forgotten.connect(made.forget_keys)
        return made

    @cached_property
    def _encryption(self) -> "encryption_presenter.EncryptionPresenter":
        made = encryption_presenter.EncryptionPresenter(
            self._window,
            self._tasks,
            self._history_service,
            self._drafts,
            self._audit,
            lambda: self._workspaces.messages,
        )
        made.converted.connect(self.restart_requested)
        return made

    def open_data_folder(self) -> None:
        """Show the data folder in the system's file manager."""
        _open_folder(self._history_service.folder)

    def open_log_folder(self) -> None:
        """Show the log and the crash reports in the system's file manager."""
        _open_folder(log_folder())

    def ask_before_closing(self, reason: Callable[[], str]) -> None:
        """Ask before the window closes as long as `reason` returns a sentence: what would be lost or left undone."""
        self._reasons.append(reason)

    def may_close(self) -> bool:
        """Return whether the window may close; ask if that would stop a batch or lose unsaved answers."""
        reasons = []
        if self._batch.is_running:
            reasons.append(self.tr("A folder is being classified; what was done so far is kept."))
        if self._training.state.is_running:
            reasons.append(
                self.tr("A new model is being made; it is stopped, and “Go on” in Practice carries it on where it was.")
            )
        unsaved = self._open_image.unsaved + self._batch.unsaved
        if unsaved and not self._batch.is_running:
            one, several = (
                self.tr("1 answer could not be saved yet."),
                self.tr("{count} answers could not be saved yet."),
            )
            reasons.append(numbered(unsaved, one, several))
        if self._import_queue.waiting:
            one = self.tr("1 image is still on its way into the history.")
            several = self.tr("{count} images are still on their way into the history.")
            reasons.append(numbered(len(self._import_queue.waiting), one, several))
        reasons += filter(None, (reason() for reason in self._reasons))
        if any(one.are_unsaved for one in self._window.findChildren(FormEntries)):
            reasons.append(self.tr("A form is open in which something was entered."))
        if not self._drafts.save():
            reasons.append(self.tr("An assessment that you have begun could not be saved."))
        if self._lock.has_waiting_writes:
            reasons.append(
                self.tr("Something that came while LesionLens was locked is not saved yet; unlock it first.")
            )
        if not reasons:
            return True
        question = "\n".join((*reasons, self.tr("Close all the same?")))
        # Of the lock's dialog, if there is one: all others are covered.
        parent = QApplication.activeModalWidget() or self._window
        return is_confirmed(parent, question)


def _open_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(folder)))
