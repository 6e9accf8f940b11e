"""The menu entries for undo and redo, and what is asked or said about them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from desktop.core.errors import AppError
from desktop.session.history_service import HistoryService
from desktop.session.undo import UndoStack
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.plain_text import for_key
from desktop.widgets.common.wording import sentence


def add_undo(menu: QMenu, undo_stack: UndoStack, owner: QObject) -> None:
    """Add Undo and Redo, named by their change, at the top of a menu; they are disabled while a change is being written."""
    undo, redo = QAction(owner), QAction(owner)
    undo.setShortcuts(QKeySequence.StandardKey.Undo)
    redo.setShortcuts(QKeySequence.StandardKey.Redo)
    undo.triggered.connect(undo_stack.undo)
    redo.triggered.connect(undo_stack.redo)

    def show() -> None:
        undo.setText(owner.tr("&Undo {change}").format(change=for_key(undo_stack.undo_text)).rstrip())
        redo.setText(owner.tr("&Redo {change}").format(change=for_key(undo_stack.redo_text)).rstrip())
        undo.setEnabled(not undo_stack.is_writing and bool(undo_stack.undo_text or undo_stack.has_ended))
        redo.setEnabled(not undo_stack.is_writing and bool(undo_stack.redo_text))

    undo_stack.changed.connect(show)
    show()
    menu.insertActions(menu.actions()[0], [undo, redo])


class UndoQuestions(QObject):
    """Asks before a change of a patient who is not open is undone or redone, and says why nothing is."""

    def __init__(
        self,
        undo_stack: UndoStack,
        history_service: HistoryService,
        messages: Callable[[], MessageBar],
        parent: QObject,
    ) -> None:
        """`messages` returns the message bar of the current page."""
        super().__init__(parent)
        self._undo_stack = undo_stack
        self._history_service = history_service
        self._messages = messages
        self._said: tuple[MessageBar, object] | None = None
        """The bar with the question or the refusal, and its token."""
        undo_stack.changed.connect(self._withdraw)
        undo_stack.confirmation_needed.connect(self._read_names)
        undo_stack.refused.connect(self._refuse)

    def _read_names(self, patient_ids: Sequence[int], is_redo: bool, go_on: Callable[[], None]) -> None:
        self._history_service.ask(
            lambda history: [history.people.patient(one).pseudonym for one in patient_ids],
            lambda names: self._ask(names, go_on, is_redo=is_redo),
            lambda error: self._messages().tell(error),
        )

    def _ask(self, names: Sequence[str], go_on: Callable[[], None], *, is_redo: bool) -> None:
        if is_redo:
            change = self.tr("Redo “{change}”?").format(change=self._undo_stack.redo_text)
        else:
            change = self.tr("Undo “{change}”?").format(change=self._undo_stack.undo_text)
        if len(names) == 1:
            whose = self.tr("{patient} is not open.").format(patient=names[0])
        elif len(names) == 2:
            whose = self.tr("{first} and {second} are not open.").format(first=names[0], second=names[1])
        else:
            whose = self.tr("{count} patients are not open.").format(count=len(names))
        text = f"{change} {whose}"
        yes = self.tr("Redo") if is_redo else self.tr("Undo")
        messages = self._messages()
        messages.say(text, choice=[(yes, go_on), (self.tr("Cancel"), lambda: None)])
        self._said = messages, messages.newest

    def _withdraw(self) -> None:
        """Withdraw a question or a refusal once another change is the newest: it is of the one before."""
        if self._said is not None:
            messages, said = self._said
            self._said = None
            if messages.is_showing(said):
                messages.hide()

    def _refuse(self, reason: str | AppError) -> None:
        messages = self._messages()
        messages.say(sentence(reason) if isinstance(reason, AppError) else reason, error=False)
        self._said = messages, messages.newest
