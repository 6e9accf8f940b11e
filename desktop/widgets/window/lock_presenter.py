"""Locks the window at the user's wish or after a time without input, and asks for the passphrase that opens it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6 import QtWidgets
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.errors import AppError
from desktop.core.late import Late
from desktop.core.records.audit_acts import Action
from desktop.session.audit_trail import AuditTrail
from desktop.session.lock import Lock
from desktop.system.settings import IDLE_LOCK, Settings
from desktop.system.user_input import UserInput
from desktop.widgets.common.wording import sentence
from desktop.widgets.window.covers import Covers
from desktop.widgets.window.menus import COMMANDS

if TYPE_CHECKING:
    from desktop.widgets.window import lock_dialog
else:
    lock_dialog = Late("desktop.widgets.window.lock_dialog")

MINUTES = (0, 5, 10, 15, 30)
"""The times without input to choose from; 0 is never."""


class LockPresenter(QObject):
    """The actions of the menu entries. Only an encrypted history has a lock; of a plain one they say why."""

    def __init__(
        self, window: QWidget, lock: Lock, settings: Settings, audit: AuditTrail, encrypt: Callable[[], None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._lock = lock
        self._settings = settings
        self._audit = audit
        self._encrypt = encrypt
        self._covers = Covers(self)
        self._covers.appeared.connect(self._come_forward, Qt.ConnectionType.QueuedConnection)
        self._dialog: lock_dialog.LockDialog | None = None
        self._later: list[Callable[[], None]] = []
        self._input: UserInput | None = None
        lock.changed.connect(self._show)
        lock.key_forgotten.connect(self._say_forgotten)
        lock.refused.connect(self._refuse)
        if lock.has_key:
            key = next(command.key for command in COMMANDS if command.id == "lock")
            self._input = UserInput(QKeySequence(key), self)
            self._input.pressed.connect(self.lock)
            self._input.idle.connect(lambda: self._lock.lock(self._minutes))
            self._input.wait(self._minutes)

    def acts(self) -> dict[str, Callable[..., object]]:
        """Return the action of the menu entry, by id."""
        return {"lock": self.lock}

    def idle_menu(self, title: str, parent: QWidget) -> QMenu:
        """Return the menu of the times after which the window locks itself."""
        menu = QMenu(title, parent)
        group = QActionGroup(menu)
        for minutes in MINUTES:
            action = group.addAction(
                self.tr("After {minutes} minutes").format(minutes=minutes) if minutes else self.tr("Off")
            )
            action.setCheckable(True)
            action.setChecked(minutes == self._minutes)
            action.triggered.connect(lambda _checked, chosen=minutes: self._choose(chosen, group))
            menu.addAction(action)
        return menu

    def lock(self) -> None:
        """Lock now, or say why that is not possible."""
        if self._input is None:
            self._offer_encryption()
        else:
            self._lock.lock()

    def when_open(self, act: Callable[[], None]) -> None:
        """Do something now, or once the lock is opened."""
        if self._lock.is_locked:
            self._later.append(act)
        else:
            act()

    @property
    def _minutes(self) -> int:
        chosen = self._settings.get(IDLE_LOCK)
        return chosen if chosen in MINUTES else 0

    def _choose(self, minutes: int, group: QActionGroup) -> None:
        if self._input is None:
            group.actions()[MINUTES.index(self._minutes)].setChecked(True)
            if minutes:
                self._offer_encryption()
            return
        self._settings.put(IDLE_LOCK, minutes)
        self._audit.note_change(Action.IDLE_LOCK_CHANGED, minutes, otherwise=0)
        self._input.wait(minutes)

    def _offer_encryption(self) -> None:
        box = QtWidgets.QMessageBox(self._window)
        box.setWindowTitle("LesionLens")
        box.setText(
            self.tr(
                "Only an encrypted history can be locked. This one is not encrypted: whoever uses this computer could read its "
                "files beside the lock."
            )
        )
        begin = box.addButton(self.tr("Encrypt the history…"), QtWidgets.QMessageBox.ButtonRole.ActionRole)
        box.addButton(QtWidgets.QMessageBox.StandardButton.Close)
        box.exec()
        is_wanted = box.clickedButton() is begin
        box.deleteLater()
        if is_wanted:
            self._encrypt()

    def _show(self) -> None:
        if self._lock.is_locked:
            self._close()
        else:
            self._open()

    def _close(self) -> None:
        self._dialog = dialog = lock_dialog.LockDialog(self._window)
        dialog.entered.connect(self._lock.unlock)
        dialog.quit_requested.connect(self._quit)
        dialog.say(self.tr("What is under way is being finished; until then the key stays in memory."))
        self._covers.cover(dialog)
        dialog.show()
        self._come_forward()
        if self._input is not None:
            self._input.wait(0)  # it would discard the first letter of the passphrase after the computer woke up

    def _open(self) -> None:
        self._covers.uncover()
        if self._dialog is not None:
            self._dialog.done(lock_dialog.LockDialog.DialogCode.Accepted)
            self._dialog.deleteLater()
            self._dialog = None
        if self._input is not None:
            self._input.wait(self._minutes)
        later, self._later = self._later, []
        for act in later:
            act()

    def _say_forgotten(self) -> None:
        if self._dialog is not None:
            self._dialog.say("")

    def _refuse(self, error: AppError) -> None:
        if self._dialog is not None:
            self._dialog.refuse(sentence(error))

    def _come_forward(self) -> None:
        """Show the dialog anew, so that no window that came later blocks it."""
        if self._dialog is not None:
            self._dialog.hide()
            self._dialog.show()
            self._dialog.raise_()
            self._dialog.activateWindow()
            self._dialog.fields[0].setFocus()

    def _quit(self) -> None:
        """Close all windows, which ends the program, if the user still wants to once told what is lost."""
        if not self._window.close():
            return
        for window in self._covers.windows:
            window.close()
        self._covers.uncover()
        if self._dialog is not None:
            self._dialog.done(lock_dialog.LockDialog.DialogCode.Rejected)
