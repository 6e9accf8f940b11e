"""Into the bin and out of it: undoable once written, and tried again where writing failed."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoStack

from desktop.core.errors import AppError
from desktop.session.history_service import Bookkeeping
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.undo import Change
from desktop.widgets.common.wording import sentence


class BinChanges(QObject):
    """The only way in which the window bins and restores entries."""

    def __init__(self, bookkeeping: Bookkeeping, undo: QUndoStack, parent: QObject) -> None:
        super().__init__(parent)
        self._bookkeeping = bookkeeping
        self._undo = undo

    def bin(self, ids: list[int], messages: MessageBar) -> None:
        """Put entries into the bin."""
        self._write(
            ids, True, messages, lambda changed: self.offer_undo(self.tr("to the bin"), changed, True, messages)
        )

    def restore(self, ids: list[int], messages: MessageBar) -> None:
        """Take entries out of the bin."""
        self._write(ids, False, messages, lambda changed: self.offer_undo(self.tr("restore"), changed, False, messages))

    def offer_undo(self, text: str, ids: list[int], binned: bool, messages: MessageBar) -> None:
        """Let a change that was just written be taken back: these entries were put into the bin, or came out of it."""
        if ids:
            again = partial(self._write, ids, binned, messages)
            take_back = partial(self._write, ids, not binned, messages)
            self._undo.push(Change(text, again, take_back))

    def _write(
        self,
        ids: list[int],
        binned: bool,
        messages: MessageBar,
        done: Callable[[list[int]], None] = lambda _changed: None,
    ) -> None:
        write = self._bookkeeping.bin if binned else self._bookkeeping.restore

        def tell(error: AppError) -> None:
            again = partial(self._write, ids, binned, messages, done)
            messages.say(sentence(error), action=(self.tr("Try again"), again))

        write(ids, done, tell)
