"""The rows of a batch as a table model, most urgent first."""

import bisect
import operator
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal

from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.contract import Contract
from desktop.core.inference.prior import prior_for
from desktop.session.blinding import Blinding
from desktop.widgets.answer.adjusted_words import for_practice_text
from desktop.widgets.batch.batch_rows import (
    COLUMNS,
    FILE,
    FOR_PRACTICE,
    IMAGE,
    KEYS,
    LABEL,
    MALIGNANT,
    PROBABILITY,
    REMARKS,
    STATE,
    BatchTableRow,
    Urgency,
    practice_text,
    row_of,
)
from desktop.widgets.common.icons import icon
from desktop.widgets.common.plain_text import for_tip
from desktop.widgets.common.thumbnails import Index, Thumbnails, ThumbnailTable

ANSWER_ROLE = Qt.ItemDataRole.UserRole

_SAYING = frozenset({STATE, LABEL, PROBABILITY, MALIGNANT, REMARKS, FOR_PRACTICE})
"""The columns that reveal the answer."""

_SIGN = 18
"""Size of the sign before a state in points: smaller than the thumbnails, which set the table's icon size."""

_SIGNS = {
    Urgency.FAILED: ("error", "#c0453d"),
    Urgency.FLAGGED: ("warning", "#c98a00"),
    Urgency.ABSTAINED: ("question", "#76808a"),
    Urgency.UNCERTAIN: ("question", "#76808a"),
    Urgency.CONCEALED: ("eye", "#76808a"),
}

_Placed = tuple[Any, ...]
"""A row preceded by its sort keys, which end with its number. Computed once, so that inserting rows among 100,000 does not
freeze the window."""


class BatchTable(ThumbnailTable):
    """One row per file: failed, alerted, not answered, uncertain, no alert, until the user sorts by another column."""

    COLUMNS = COLUMNS
    FIGURES = frozenset({PROBABILITY, MALIGNANT, FOR_PRACTICE})
    figures_changed = Signal()
    """Whether there are figures for a practice, or for which, has changed."""

    def __init__(self, thumbnails: Thumbnails, blinding: Blinding, parent: QObject | None = None) -> None:
        super().__init__(thumbnails, parent)
        self._blinding = blinding
        self._rows: list[BatchTableRow] = []
        self._shown: list[_Placed] = []
        self._contract: Contract | None = None
        self._shares: Mapping[str, float] | None = None
        self._column = STATE
        self._is_descending = False
        self._words: list[str] = []
        self._state: Urgency | None = None
        self.counts: Counter[Urgency] = Counter()

    @property
    def total(self) -> int:
        """The number of rows, shown or not."""
        return len(self._rows)

    def start(self, contract: Contract) -> None:
        """Clear the table for a model's answers."""
        self.beginResetModel()
        self._rows = []
        self._shown = []
        self._contract = contract
        self.counts = Counter()
        self.endResetModel()
        self.figures_changed.emit()

    def use_shares(self, shares: Mapping[str, float] | None) -> None:
        """Show figures for a practice with these shares of labels beside the model's own, or none."""
        self._shares = shares
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, FOR_PRACTICE, FOR_PRACTICE)
        if self._shown:
            self.dataChanged.emit(self.index(0, FOR_PRACTICE), self.index(len(self._shown) - 1, FOR_PRACTICE))
        self.figures_changed.emit()

    @property
    def has_figures_for_practice(self) -> bool:
        """Whether the practice has shares of its own, and the model a prior that they can replace."""
        return self._shares is not None and self._contract is not None and self._contract.prior is not None

    def add(self, answers: Iterable[FileAnswer]) -> None:
        """Insert rows in order."""
        first = len(self._rows)
        self._rows += [self._make_row(answer) for answer in answers]
        self.counts.update(row.urgency for row in self._rows[first:])
        fitting = self._fitting(first)
        if fitting:
            self.beginInsertRows(QModelIndex(), len(self._shown), len(self._shown) + len(fitting) - 1)
            self._shown += fitting
            self.endInsertRows()
            self._put_in_order(self._shown)

    def answers(self) -> list[FileAnswer]:
        """Return all rows, shown or not, concealed or not."""
        return [row.answer for row in self._rows]

    def open_answers(self) -> list[FileAnswer]:
        """Return the rows that are not concealed, shown or not."""
        return [row.answer for row in self._rows if not row.is_concealed]

    def look_again(self) -> None:
        """Rebuild the rows whose concealment has changed."""
        changed = False
        for place, row in enumerate(self._rows):
            if self._conceals(row.answer) != row.is_concealed:
                self._rows[place] = self._make_row(row.answer)
                changed = True
        if changed:
            self.counts = Counter(row.urgency for row in self._rows)
            self.narrow(" ".join(self._words), self._state)

    def narrow(self, text: str, state: Urgency | None) -> None:
        """Show only rows that match every word of `text`, and have `state` if it is given."""
        self.beginResetModel()
        self._words = text.casefold().split()
        self._state = state
        self._shown = sorted(self._fitting(0), reverse=self._is_descending)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._shown)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column = column if column in KEYS else STATE
        self._is_descending = order == Qt.SortOrder.DescendingOrder
        key = KEYS[self._column]
        self._put_in_order([(*key(row), number, row) for *_, number, row in self._shown])

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object | None:
        is_named = section == FOR_PRACTICE and orientation is Qt.Orientation.Horizontal
        if is_named and role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self._practice_name()
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object | None:
        row: BatchTableRow = self._shown[index.row()][-1]
        column = index.column()
        if role == ANSWER_ROLE:
            return row.answer
        if role == Qt.ItemDataRole.DisplayRole:
            if column in _SAYING and row.judgement is not None:
                self._blinding.note_row_shown(row.answer.sha256 or "")
            return self._practice_text(row) if column == FOR_PRACTICE else row.texts[column]
        if role == Qt.ItemDataRole.ToolTipRole and column in {FILE, REMARKS}:
            return for_tip(row.path if column == FILE else row.texts[column])
        if role == Qt.ItemDataRole.DecorationRole and column == IMAGE:
            answer = row.answer
            can_be_seen = answer.sha256 is not None and answer.prediction is not None
            return self._thumbnails.icon(answer.sha256 or "", answer.path) if can_be_seen else None
        if role == Qt.ItemDataRole.DecorationRole and column == STATE and row.urgency in _SIGNS:
            return icon(*_SIGNS[row.urgency]).pixmap(_SIGN, _SIGN)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in self.FIGURES:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _practice_name(self) -> str:
        own = None if self._contract is None else self._contract.prior
        if self._contract is None or own is None or self._shares is None:
            return ""
        return for_practice_text(prior_for(own, self._shares), self._contract)

    def _practice_text(self, row: BatchTableRow) -> str:
        if self._contract is None or self._shares is None:
            return ""
        return practice_text(row, self._contract, self._shares)

    def _put_in_order(self, rows: list[_Placed]) -> None:
        """Show these rows, including those shown already, in order; the selection is kept."""
        self.layoutAboutToBeChanged.emit()
        chosen = self.persistentIndexList()
        placed = [rows[index.row()] for index in chosen]
        self._shown = rows
        self._shown.sort(reverse=self._is_descending)
        if chosen:
            moved = [self.index(self._place(row), index.column()) for row, index in zip(placed, chosen, strict=True)]
            self.changePersistentIndexList(chosen, moved)
        self.layoutChanged.emit()

    def _place(self, wanted: _Placed) -> int:
        is_reached = operator.le if self._is_descending else operator.ge
        places = range(len(self._shown))
        return bisect.bisect_left(places, True, key=lambda place: is_reached(self._shown[place], wanted))

    def _fitting(self, first: int) -> list[_Placed]:
        """Return the rows from the `first` on that match, with their sort keys."""
        key = KEYS[self._column]
        return [(*key(row), number, row) for number, row in enumerate(self._rows[first:], first) if self._fits(row)]

    def _fits(self, row: BatchTableRow) -> bool:
        if self._state is not None and row.urgency is not self._state:
            return False
        return all(word in row.searched for word in self._words)

    def _make_row(self, answer: FileAnswer) -> BatchTableRow:
        return row_of(answer, self._contract, is_concealed=self._conceals(answer))

    def _conceals(self, answer: FileAnswer) -> bool:
        return answer.judgement is not None and self._blinding.conceals(answer.sha256 or "")
