"""The entries of the history as a table model."""

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal

from desktop.core.marking import tr
from desktop.core.records.values import Entry
from desktop.widgets.thumbnails import Index, Thumbnails, ThumbnailTable
from desktop.widgets.wording import flag_name, label_name_of, local_time, percent

ENTRY_ROLE = Qt.ItemDataRole.UserRole

_COLUMNS = (
    tr("Image"), tr("Time"), tr("File"), tr("Highest probability"), tr("Probability"), tr("Malignant, sum"), tr("Remarks"),
    tr("Model"),
)  # fmt: skip
IMAGE, TIME, FILE, LABEL, PROBABILITY, MALIGNANT, REMARKS, MODEL = range(len(_COLUMNS))


class HistoryTable(ThumbnailTable):
    """One row an entry, newest first; a long history comes page by page, as the view is scrolled."""

    COLUMNS = _COLUMNS
    FIGURES = frozenset({PROBABILITY, MALIGNANT})

    more_requested = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(thumbnails, parent)
        self._entries: list[Entry] = []
        self._names: dict[str, str] = {}
        self._total = 0
        self._is_fetching = False

    def name_labels(self, names: dict[str, str]) -> None:
        """Take the names that the models give their labels, by id, for those that the app does not know."""
        self._names = names

    def show_entries(self, entries: list[Entry], total: int) -> None:
        """Replace the rows by the first of `total`."""
        self.beginResetModel()
        self._entries = list(entries)
        self._total = total
        self._is_fetching = False
        self.endResetModel()

    def add_entries(self, entries: list[Entry]) -> None:
        """Append the rows that were asked for."""
        self._is_fetching = False
        if entries:
            self.beginInsertRows(QModelIndex(), len(self._entries), len(self._entries) + len(entries) - 1)
            self._entries += entries
            self.endInsertRows()

    def stop_fetching(self) -> None:
        """Let rows be asked for again: those that were asked for did not come."""
        self._is_fetching = False

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._is_fetching and len(self._entries) < self._total

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._is_fetching = True
            self.more_requested.emit()

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
        if role == Qt.ItemDataRole.ToolTipRole and column in {FILE, REMARKS, MODEL}:
            return self._text(entry, column)
        if role == Qt.ItemDataRole.AccessibleTextRole and column == IMAGE:
            return entry.image.name
        if role == Qt.ItemDataRole.TextAlignmentRole and column in self.FIGURES:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, entry: Entry, column: int) -> str:
        """Return a cell; what the model withheld stands nowhere in the window's tables."""
        answer = entry.answer
        is_withheld = answer.abstention is not None
        match column:
            case 1:
                return local_time(entry.time)
            case 2:
                return entry.image.name
            case 3:
                return (
                    self.tr("withheld")
                    if is_withheld
                    else label_name_of(answer.top, self._names.get(answer.top, answer.top))
                )
            case 4:
                return "" if is_withheld else percent(answer.top_probability)
            case 5:
                if answer.malignant_probability is None or (answer.abstention and answer.abstention.hides_figures):
                    return ""
                return percent(answer.malignant_probability)
            case 6:
                return self._remarks(entry)
            case 7:
                return entry.model_name
        return ""

    def _remarks(self, entry: Entry) -> str:
        flags = ", ".join(map(flag_name, entry.answer.flags))
        words = [self.tr("not excluded: {names}").format(names=flags)] if flags else []
        if entry.answer.abstention is not None:
            words.append(self.tr("abstained: {reason}").format(reason=entry.answer.abstention))
        if not entry.image.stored:
            words.append(self.tr("image linked"))
        return "; ".join(words)
