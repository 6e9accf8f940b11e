"""Brings the history to its page, and carries out there what the user does on it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoStack

from desktop.bookkeeping import Bookkeeping
from desktop.core.errors import AppError
from desktop.core.records.values import Entry, EntryFilter
from desktop.widgets.history_page import HistoryPage
from desktop.widgets.undo import Change
from desktop.widgets.wording import sentence


class HistoryPresenter(QObject):
    """Every change goes onto the undo stack."""

    def __init__(self, page: HistoryPage, bookkeeping: Bookkeeping, undo: QUndoStack, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self._bookkeeping = bookkeeping
        self._undo = undo
        self._wanted = EntryFilter()
        page.filter_changed.connect(self._narrow)
        page.bin_requested.connect(self._bin)
        page.restore_requested.connect(self._restore)
        bookkeeping.changed.connect(self._refresh)

    def _narrow(self, wanted: EntryFilter) -> None:
        self._wanted = wanted
        self._refresh()

    def _refresh(self) -> None:
        self._bookkeeping.entries(self._wanted, partial(self._show, self._wanted), self._tell)

    def _show(self, wanted: EntryFilter, entries: list[Entry]) -> None:
        if wanted == self._wanted:
            self._page.show_entries(entries)

    def _bin(self, ids: list[int]) -> None:
        self._change(self.tr("to the bin"), ids, self._bookkeeping.bin, self._bookkeeping.restore)

    def _restore(self, ids: list[int]) -> None:
        self._change(self.tr("restore"), ids, self._bookkeeping.restore, self._bookkeeping.bin)

    def _change(
        self, text: str, ids: list[int], do: Callable[[list[int]], None], take_back: Callable[[list[int]], None]
    ) -> None:
        if ids:
            self._undo.push(Change(text, partial(do, ids), partial(take_back, ids)))

    def _tell(self, error: AppError) -> None:
        self._page.messages.say(sentence(error), action=(self.tr("Try again"), self._refresh))
