"""The entries of the history as a table model."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal

from desktop.core.marking import tr
from desktop.core.records.values import Entry, Order
from desktop.widgets.common.icons import icon
from desktop.widgets.common.plain_text import for_tip
from desktop.widgets.common.thumbnails import Index, Thumbnails, ThumbnailTable
from desktop.widgets.common.wording import MALIGNANT_ALONE, PROBABILITY_ALONE, local_time
from desktop.widgets.history.history_words import EntryWords

ENTRY_ROLE = Qt.ItemDataRole.UserRole

_COLUMNS = (
    tr("Image"), tr("Time"), tr("Patient"), tr("File"), tr("Highest probability"), PROBABILITY_ALONE,
    MALIGNANT_ALONE, tr("My assessment"), tr("Outcome"), tr("Remarks"), tr("Model"),
)  # fmt: skip
IMAGE, TIME, PATIENT, FILE, LABEL, PROBABILITY, MALIGNANT, ASSESSMENT, OUTCOME, REMARKS, MODEL = range(len(_COLUMNS))

ORDERS = {
    TIME: Order.TIME,
    PATIENT: Order.PATIENT,
    FILE: Order.NAME,
    LABEL: Order.LABEL,
    PROBABILITY: Order.PROBABILITY,
    MALIGNANT: Order.MALIGNANT,
}
"""The columns by which the history can be sorted."""

_SIGN = 18
"""Size of the signs before label and file in points: smaller than the thumbnails, which set the table's icon size."""


class HistoryTable(ThumbnailTable):
    """One row per entry, in the given order; a long history is fetched in pages as the view scrolls."""

    COLUMNS = _COLUMNS
    FIGURES = frozenset({PROBABILITY, MALIGNANT})
    PRIVATE = frozenset({PATIENT})

    more_requested = Signal()
    sort_requested = Signal(object, bool)  # Order, whether the greatest comes first

    def __init__(self, thumbnails: Thumbnails, words: EntryWords, parent: QObject | None = None) -> None:
        super().__init__(thumbnails, parent)
        self._words = words
        self._sayings: dict[int, Callable[[Entry], str]] = {
            TIME: lambda entry: local_time(entry.time),
            PATIENT: words.place,
            FILE: lambda entry: entry.image.name,
            LABEL: words.label,
            PROBABILITY: words.probability_alone,
            MALIGNANT: words.malignant_alone,
            ASSESSMENT: words.assessment,
            OUTCOME: words.outcome,
            REMARKS: words.remarks,
            MODEL: lambda entry: entry.model_name,
        }
        self._entries: list[Entry] = []
        self._total = 0
        self._is_fetching = False

    def show_entries(self, entries: list[Entry], total: int) -> None:
        """Replace the rows by the first of `total`."""
        self.beginResetModel()
        self._entries = list(entries)
        self._total = total
        self._is_fetching = False
        self.endResetModel()

    def add_entries(self, entries: list[Entry]) -> None:
        """Append the requested rows."""
        self._is_fetching = False
        if entries:
            self.beginInsertRows(QModelIndex(), len(self._entries), len(self._entries) + len(entries) - 1)
            self._entries += entries
            self.endInsertRows()

    def stop_fetching(self) -> None:
        """Allow rows to be requested again after a request has failed."""
        self._is_fetching = False

    def redraw(self) -> None:
        """Redraw the same entries: other parts of them may be shown now."""
        if self._entries:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._entries) - 1, len(_COLUMNS) - 1))

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._is_fetching and len(self._entries) < self._total

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._is_fetching = True
            self.more_requested.emit()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if column in ORDERS:
            self.sort_requested.emit(ORDERS[column], order == Qt.SortOrder.DescendingOrder)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object | None:
        entry, column = self._entries[index.row()], index.column()
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(entry, column)
        if role == Qt.ItemDataRole.DecorationRole and column == IMAGE:
            return self._thumbnails.icon(entry.image.sha256, entry.image.path)
        if role == Qt.ItemDataRole.DecorationRole and column in {FILE, LABEL}:
            sign = self._words.sign(entry) if column == LABEL else self._words.part_sign(entry)
            return icon(*sign).pixmap(_SIGN, _SIGN) if sign is not None else None
        if role == Qt.ItemDataRole.ToolTipRole and column == FILE:
            return for_tip(", ".join(filter(None, (self._text(entry, column), self._words.part(entry)))))
        if role == Qt.ItemDataRole.ToolTipRole and column == PATIENT:
            return for_tip(self._words.full_place(entry))
        if role == Qt.ItemDataRole.ToolTipRole and column == LABEL:
            return for_tip("\n".join(filter(None, (self._words.alert(entry), self._text(entry, column)))))
        if role == Qt.ItemDataRole.ToolTipRole and column not in {IMAGE, TIME, *self.FIGURES}:
            return for_tip(self._text(entry, column))
        if role == Qt.ItemDataRole.ToolTipRole and column == IMAGE:
            return for_tip(self._words.summary(entry))
        if role == Qt.ItemDataRole.AccessibleTextRole and column == IMAGE:
            return self._words.summary(entry)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in self.FIGURES:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, entry: Entry, column: int) -> str:
        """Return a cell; withheld and concealed answers are in none of the window's tables."""
        say = self._sayings.get(column)
        return "" if say is None else say(entry)
