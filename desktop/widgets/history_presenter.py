"""Brings the history to its page, and carries out there what the user does on it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoStack

from desktop.bookkeeping import Bookkeeping, Page
from desktop.core.errors import AppError
from desktop.core.records.tables import TableRow
from desktop.core.records.values import Entry, EntryFilter
from desktop.widgets.files import Files
from desktop.widgets.history_page import HistoryPage
from desktop.widgets.undo import Change
from desktop.widgets.wording import sentence

_PAGE = 500
"""Entries that are fetched at once: far more than a screen shows, and 10 ms of reading."""


class HistoryPresenter(QObject):
    """Every change goes onto the undo stack."""

    def __init__(
        self, page: HistoryPage, bookkeeping: Bookkeeping, files: Files, undo: QUndoStack, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._bookkeeping = bookkeeping
        self._files = files
        self._undo = undo
        self._wanted = EntryFilter()
        page.filter_changed.connect(self._narrow)
        page.bin_requested.connect(self._bin)
        page.restore_requested.connect(self._restore)
        page.export_requested.connect(self._export)
        page.table.more_requested.connect(self._fetch_more)
        bookkeeping.changed.connect(self._refresh)

    def _narrow(self, wanted: EntryFilter) -> None:
        self._wanted = wanted
        self._refresh()

    def _refresh(self) -> None:
        shown = max(_PAGE, self._page.table.rowCount())
        self._bookkeeping.page(self._wanted, 0, shown, partial(self._show, self._wanted), self._tell)

    def _show(self, wanted: EntryFilter, found: Page) -> None:
        if wanted == self._wanted:
            self._page.show_entries(found.entries, found.total)

    def _fetch_more(self) -> None:
        offset = self._page.table.rowCount()
        self._bookkeeping.page(self._wanted, offset, _PAGE, partial(self._add, self._wanted, offset), self._tell)

    def _add(self, wanted: EntryFilter, offset: int, found: Page) -> None:
        if wanted == self._wanted and offset == self._page.table.rowCount():
            self._page.table.add_entries(found.entries)

    def _export(self, chosen: list[Entry]) -> None:
        if chosen:
            self._save(chosen)
        else:
            self._bookkeeping.entries(self._wanted, self._save, self._tell)

    def _save(self, entries: list[Entry]) -> None:
        rows = [TableRow.of_entry(entry) for entry in entries]
        self._files.save_table(rows, None, self.tr("history.csv"), self._page.messages)

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
