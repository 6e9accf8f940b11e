"""Brings the history to its page, and carries out there what the user does on it."""

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.bookkeeping import Bookkeeping, Page
from desktop.core.errors import AppError
from desktop.core.records.tables import TableRow
from desktop.core.records.values import Entry, EntryFilter
from desktop.widgets.bin_changes import BinChanges
from desktop.widgets.files import Files
from desktop.widgets.history_page import HistoryPage
from desktop.widgets.thumbnails import Thumbnails
from desktop.widgets.wording import sentence

_PAGE = 500
"""Entries that are fetched at once: far more than a screen shows, and 10 ms of reading."""


class HistoryPresenter(QObject):
    """Fetches what the filter asks for, page by page."""

    def __init__(
        self,
        bookkeeping: Bookkeeping,
        files: Files,
        bin_changes: BinChanges,
        thumbnails: Thumbnails,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.page = page = HistoryPage(thumbnails, parent)
        self._bookkeeping = bookkeeping
        self._files = files
        self._wanted = EntryFilter()
        page.filter.changed.connect(self._narrow)
        page.bin_requested.connect(lambda ids: bin_changes.bin(ids, page.messages))
        page.restore_requested.connect(lambda ids: bin_changes.restore(ids, page.messages))
        page.reload_requested.connect(bookkeeping.open)
        page.export_requested.connect(self._export)
        page.table.more_requested.connect(self._fetch_more)
        bookkeeping.changed.connect(self._read)
        bookkeeping.failed.connect(self._tell)
        self._read()

    def _read(self) -> None:
        self._bookkeeping.labels(self._name_labels)
        self._refresh()

    def _name_labels(self, names: dict[str, str]) -> None:
        self.page.filter.list_labels(names)
        self.page.table.name_labels(names)

    def _narrow(self, wanted: EntryFilter) -> None:
        self._wanted = wanted
        self._refresh()

    def _refresh(self) -> None:
        shown = max(_PAGE, self.page.table.rowCount())
        self._bookkeeping.page(self._wanted, 0, shown, partial(self._show, self._wanted), self._tell)

    def _show(self, wanted: EntryFilter, found: Page) -> None:
        if wanted == self._wanted:
            self.page.show_entries(found.entries, found.total)

    def _fetch_more(self) -> None:
        offset = self.page.table.rowCount()
        self._bookkeeping.page(self._wanted, offset, _PAGE, partial(self._add, self._wanted, offset), self._tell)

    def _add(self, wanted: EntryFilter, offset: int, found: Page) -> None:
        if wanted == self._wanted and offset == self.page.table.rowCount():
            self.page.table.add_entries(found.entries)
        else:
            self.page.table.stop_fetching()

    def _export(self, chosen: list[Entry]) -> None:
        if chosen:
            self._save(chosen)
        else:
            self._bookkeeping.entries(self._wanted, self._save, self._tell)

    def _save(self, entries: list[Entry]) -> None:
        rows = [TableRow.of_entry(entry) for entry in entries]
        self._files.save_table(rows, None, self.tr("history.csv"), self.page.messages)

    def _tell(self, error: AppError) -> None:
        self.page.table.stop_fetching()
        if not self.page.table.rowCount():
            self.page.show_unavailable(sentence(error))
            return
        self.page.messages.say(sentence(error), action=(self.tr("Try again"), self._refresh))
