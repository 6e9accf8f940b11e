"""The entries of the history as a table model."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop.core.labels import BY_ID
from desktop.core.marking import tr
from desktop.core.records.values import Entry
from desktop.widgets.thumbnails import Thumbnails
from desktop.widgets.wording import local_time, percent, translated

Index = QModelIndex | QPersistentModelIndex

ENTRY_ROLE = Qt.ItemDataRole.UserRole

COLUMNS = (
    tr("Image"), tr("Time"), tr("File"), tr("Highest probability"), tr("Probability"), tr("Malignant, sum"), tr("Remarks"),
    tr("Model"),
)  # fmt: skip
IMAGE, TIME, FILE, LABEL, PROBABILITY, MALIGNANT, REMARKS, MODEL = range(len(COLUMNS))


class HistoryTable(QAbstractTableModel):
    """One row an entry, newest first; a long history comes page by page, as the view is scrolled."""

    more_requested = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        thumbnails.arrived.connect(self._redraw)
        self._entries: list[Entry] = []
        self._rows_of: dict[str, list[int]] = {}
        self._total = 0
        self._is_fetching = False

    def show_entries(self, entries: list[Entry], total: int) -> None:
        """Replace the rows by the first of `total`."""
        self.beginResetModel()
        self._entries = []
        self._rows_of = {}
        self._append(entries)
        self._total = total
        self._is_fetching = False
        self.endResetModel()

    def add_entries(self, entries: list[Entry]) -> None:
        """Append the rows that were asked for."""
        self._is_fetching = False
        if entries:
            self.beginInsertRows(QModelIndex(), len(self._entries), len(self._entries) + len(entries) - 1)
            self._append(entries)
            self.endInsertRows()

    def entries(self) -> list[Entry]:
        """Return the rows that are there."""
        return list(self._entries)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._is_fetching and len(self._entries) < self._total

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._is_fetching = True
            self.more_requested.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object | None:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return translated(COLUMNS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole and section in {PROBABILITY, MALIGNANT}:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object | None:
        entry, column = self._entries[index.row()], index.column()
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(entry, column)
        if role == Qt.ItemDataRole.DecorationRole and column == IMAGE:
            return self._thumbnails.icon(entry.image.sha256, entry.image.path)
        if role == Qt.ItemDataRole.ToolTipRole and column in {FILE, REMARKS, MODEL}:
            return self._text(entry, column)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == IMAGE:
            return entry.image.name
        if role == Qt.ItemDataRole.TextAlignmentRole and column in {PROBABILITY, MALIGNANT}:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _append(self, entries: list[Entry]) -> None:
        for row, entry in enumerate(entries, len(self._entries)):
            self._rows_of.setdefault(entry.image.sha256, []).append(row)
        self._entries += entries

    def _redraw(self, sha256: str) -> None:
        for row in self._rows_of.get(sha256, []):
            index = self.index(row, IMAGE)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def _text(self, entry: Entry, column: int) -> str:
        answer = entry.answer
        match column:
            case 1:
                return local_time(entry.time)
            case 2:
                return entry.image.name
            case 3:
                known = BY_ID.get(answer.top)
                return answer.top if known is None else translated(known.name)
            case 4:
                return percent(answer.top_probability)
            case 5:
                return "" if answer.malignant_probability is None else percent(answer.malignant_probability)
            case 6:
                return self._remarks(entry)
            case 7:
                return entry.model_name
        return ""

    def _remarks(self, entry: Entry) -> str:
        flags = ", ".join(flag.replace("_", " ") for flag in entry.answer.flags)
        words = [self.tr("flag: {names}").format(names=flags)] if flags else []
        if entry.answer.abstention is not None:
            words.append(self.tr("abstained: {reason}").format(reason=entry.answer.abstention))
        if not entry.image.stored:
            words.append(self.tr("image linked"))
        return "; ".join(words)
