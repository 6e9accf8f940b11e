"""The rows of a batch as a table model, and the order in which they are read."""

from collections import Counter
from collections.abc import Iterable
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.contract import Contract
from desktop.core.marking import tr
from desktop.widgets.icons import icon
from desktop.widgets.thumbnails import Thumbnails
from desktop.widgets.wording import label_name, percent, translated

Index = QModelIndex | QPersistentModelIndex

SORT_ROLE = Qt.ItemDataRole.UserRole
ANSWER_ROLE = Qt.ItemDataRole.UserRole + 1


class Urgency(IntEnum):
    """What is read first: the default order of a batch."""

    FAILED = 0
    FLAGGED = 1
    ABSTAINED = 2
    REST = 3


URGENCY_WORDS = {
    Urgency.FAILED: tr("failed"),
    Urgency.FLAGGED: tr("flagged"),
    Urgency.ABSTAINED: tr("abstained"),
    Urgency.REST: tr("rest"),
}

COLUMNS = (
    tr("Image"),
    tr("State"),
    tr("File"),
    tr("Highest probability"),
    tr("Probability"),
    tr("Malignant, sum"),
    tr("Remarks"),
)
IMAGE, STATE, FILE, LABEL, PROBABILITY, MALIGNANT, REMARKS = range(len(COLUMNS))


def urgency(answer: FileAnswer) -> Urgency:
    """Return what a row counts as; a raised flag survives an abstention."""
    judgement = answer.judgement
    if judgement is None:
        return Urgency.FAILED
    if judgement.flags:
        return Urgency.FLAGGED
    return Urgency.ABSTAINED if judgement.abstention is not None else Urgency.REST


class BatchTable(QAbstractTableModel):
    """One row a file, in the order in which they were answered."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._rows_of: dict[str, list[int]] = {}
        thumbnails.arrived.connect(self._redraw)
        self._answers: list[FileAnswer] = []
        self._contract: Contract | None = None
        self.counts: Counter[Urgency] = Counter()

    def start(self, contract: Contract) -> None:
        """Empty the table for the answers of a model."""
        self.beginResetModel()
        self._answers = []
        self._rows_of = {}
        self._contract = contract
        self.counts = Counter()
        self.endResetModel()

    def add(self, answers: Iterable[FileAnswer]) -> None:
        """Append rows."""
        new = list(answers)
        if new:
            first = len(self._answers)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._answers += new
            for row, answer in enumerate(new, first):
                if answer.sha256 is not None:
                    self._rows_of.setdefault(answer.sha256, []).append(row)
            self.counts.update(map(urgency, new))
            self.endInsertRows()

    def answers(self) -> list[FileAnswer]:
        """Return all rows."""
        return list(self._answers)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._answers)

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
        answer, column = self._answers[index.row()], index.column()
        if role == ANSWER_ROLE:
            return answer
        if role == SORT_ROLE:
            return self._sort_key(answer, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(answer, column)
        if role == Qt.ItemDataRole.ToolTipRole and column in {FILE, REMARKS}:
            return str(answer.path) if column == FILE else self._text(answer, column)
        if role == Qt.ItemDataRole.DecorationRole and column == IMAGE:
            if answer.sha256 is None or answer.prediction is None:
                return None
            return self._thumbnails.icon(answer.sha256, answer.path)
        if role == Qt.ItemDataRole.DecorationRole and column == STATE:
            return icon(*_SIGNS[urgency(answer)]).pixmap(_SIGN, _SIGN) if urgency(answer) in _SIGNS else None
        if role == Qt.ItemDataRole.TextAlignmentRole and column in {PROBABILITY, MALIGNANT}:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _redraw(self, sha256: str) -> None:
        for row in self._rows_of.get(sha256, []):
            index = self.index(row, IMAGE)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def _text(self, answer: FileAnswer, column: int) -> str:
        judgement, contract = answer.judgement, self._contract
        if column == IMAGE:
            return ""
        if column == STATE:
            return translated(URGENCY_WORDS[urgency(answer)])
        if column == FILE:
            return answer.path.name
        if judgement is None or contract is None:
            return answer.message if column == REMARKS else ""
        if column == LABEL:
            return label_name(contract, judgement.top)
        if column == PROBABILITY:
            return percent(judgement.top_probability)
        if column == MALIGNANT:
            return "" if judgement.malignant_probability is None else percent(judgement.malignant_probability)
        flags = ", ".join(translated(raised.flag.name) for raised in judgement.flags)
        words = [self.tr("not excluded: {names}").format(names=flags)] if flags else []
        if judgement.abstention is not None:
            words.append(self.tr("abstained: {reason}").format(reason=judgement.abstention))
        return "; ".join(words)

    def _sort_key(self, answer: FileAnswer, column: int) -> object:
        judgement = answer.judgement
        if column in {IMAGE, STATE}:
            return f"{urgency(answer).value} {answer.path}"
        if column == PROBABILITY:
            return -1.0 if judgement is None else judgement.top_probability
        if column == MALIGNANT:
            return -1.0 if judgement is None else judgement.malignant_probability or 0.0
        if column == FILE:
            return str(answer.path)
        return self._text(answer, column)


_SIGN = 18
"""Side of the sign before a state, in points: smaller than the thumbnails, which set the table's icon size."""

_SIGNS = {
    Urgency.FAILED: ("error", "#c0453d"),
    Urgency.FLAGGED: ("warning", "#c98a00"),
    Urgency.ABSTAINED: ("question", "#76808a"),
}


class BatchOrder(QSortFilterProxyModel):
    """The table as it is read: sorted by a column, held against the words of the search field and a state."""

    def __init__(self, source: BatchTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self._state: Urgency | None = None
        self.setSourceModel(source)
        self.setSortRole(SORT_ROLE)
        self.setDynamicSortFilter(True)
        self.sort(STATE, Qt.SortOrder.AscendingOrder)

    def narrow(self, text: str, state: Urgency | None) -> None:
        """Show only rows that hold every word of `text`, and only those of one state if it is given."""
        self.beginFilterChange()
        self._words = text.casefold().split()
        self._state = state
        self.endFilterChange()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        model = self.sourceModel()
        answer: FileAnswer = model.index(source_row, FILE, source_parent).data(ANSWER_ROLE)
        if self._state is not None and urgency(answer) is not self._state:
            return False
        texts = [str(answer.path)]
        texts += [str(model.index(source_row, column, source_parent).data()) for column in (STATE, LABEL, REMARKS)]
        whole = " ".join(texts).casefold()
        return all(word in whole for word in self._words)
