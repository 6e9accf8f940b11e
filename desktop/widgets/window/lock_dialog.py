"""The dialog before a locked program: it takes the passphrase, or ends the program."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QWidget

from desktop.widgets.window.passphrase_dialogs import PassphraseEntry


class LockDialog(PassphraseEntry):
    """Modal for all windows. It cannot be cancelled: only `done` closes it, or the end of its window."""

    entered = Signal(object)
    """The Passphrase."""
    quit_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            "LesionLens",
            self.tr("LesionLens is locked. Enter the passphrase of the history."),
            [self.tr("Passphrase:")],
            self.tr("Unlock"),
            parent,
        )
        self._window = parent
        self.setModal(True)
        self.unlock = next(
            button
            for button in self.findChildren(QPushButton)
            if self.buttons.buttonRole(button) == QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.buttons.removeButton(self.buttons.button(QDialogButtonBox.StandardButton.Cancel))
        self.quit = self.buttons.addButton(self.tr("Quit LesionLens"), QDialogButtonBox.ButtonRole.ActionRole)
        self.quit.setAutoDefault(False)
        self.quit.clicked.connect(self.quit_requested)

    def accept(self) -> None:
        """Hand the passphrase over, and forget it; `refuse` asks again."""
        (field,) = self.fields
        if not field.text() or not field.isEnabled():
            return
        self._enable(False)
        self.refusal.setText(self.tr("The passphrase is being checked…"))
        self.entered.emit(field.taken())

    def refuse(self, why: str) -> None:
        """Say why the passphrase does not open the lock, and ask again."""
        self._enable(True)
        self.refusal.setText(why)
        self.fields[0].setFocus()

    def say(self, text: str) -> None:
        """Say what goes on behind the lock, unless a passphrase is being checked."""
        if self.fields[0].isEnabled():
            self.refusal.setText(text)

    def _enable(self, is_enabled: bool) -> None:
        for widget in (self.fields[0], self.unlock, self.shown):
            widget.setEnabled(is_enabled)

    def reject(self) -> None:
        """Stay: Esc opens nothing."""

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._window.isVisible():
            event.ignore()
            self.quit_requested.emit()
