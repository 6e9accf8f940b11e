"""The rows of a batch as a table model, in the order in which they are read."""

import bisect
import operator
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt

from desktop.blinding import Blinding
from desktop.core.inference.batch import FileAnswer
from desktop.core.inference.contract import Contract
from desktop.core.inference.judgement import Judgement
from desktop.core.marking import tr
from desktop.widgets.icons import icon
from desktop.widgets.thumbnails import Index, Thumbnails, ThumbnailTable
from desktop.widgets.wording import label_name, percent, translated

ANSWER_ROLE = Qt.ItemDataRole.UserRole


class Urgency(IntEnum):
    """What is read first: the default order of a batch."""

    FAILED = 0
    FLAGGED = 1
    ABSTAINED = 2
    REST = 3
    CONCEALED = 4


URGENCY_WORDS = {
    Urgency.FAILED: tr("failed"),
    Urgency.FLAGGED: tr("flagged"),
    Urgency.ABSTAINED: tr("abstained"),
    Urgency.REST: tr("rest"),
    Urgency.CONCEALED: tr("your view first"),
}

_COLUMNS = (
    tr("Image"), tr("State"), tr("File"), tr("Highest probability"), tr("Probability"), tr("Malignant, sum"), tr("Remarks"),
)  # fmt: skip
IMAGE, STATE, FILE, LABEL, PROBABILITY, MALIGNANT, REMARKS = range(len(_COLUMNS))

_SAYING = frozenset({STATE, LABEL, PROBABILITY, MALIGNANT, REMARKS})
"""The columns that say something of the answer: who has seen one has seen it."""

_SIGN = 18
"""Side of the sign before a state, in points: smaller than the thumbnails, which set the table's icon size."""

_SIGNS = {
    Urgency.FAILED: ("error", "#c0453d"),
    Urgency.FLAGGED: ("warning", "#c98a00"),
    Urgency.ABSTAINED: ("question", "#76808a"),
    Urgency.CONCEALED: ("eye", "#76808a"),
}


def urgency(answer: FileAnswer) -> Urgency:
    """Return what a row counts as; a raised flag survives an abstention."""
    judgement = answer.judgement
    if judgement is None:
        return Urgency.FAILED
    if judgement.flags:
        return Urgency.FLAGGED
    return Urgency.ABSTAINED if judgement.abstention is not None else Urgency.REST


@dataclass(frozen=True)
class _Row:
    """A file's answer with all that is shown, sorted and searched, made once: a batch may have 100,000 rows."""

    answer: FileAnswer
    urgency: Urgency
    path: str
    texts: tuple[str, ...]
    searched: str

    @property
    def is_concealed(self) -> bool:
        """Whether blind-first conceals the answer."""
        return self.urgency is Urgency.CONCEALED

    @property
    def judgement(self) -> Judgement | None:
        """What the row may be sorted by; None where there is nothing, or nothing that may be seen."""
        return None if self.is_concealed else self.answer.judgement


_Placed = tuple[Any, ...]
"""A row behind what it is sorted by, which ends with its number among all. Found once, so that putting new rows between
100,000 does not hold up the window."""


def _malignant(row: _Row) -> float:
    return -1.0 if row.judgement is None else row.judgement.malignant_probability or 0.0


_KEYS: dict[int, Callable[[_Row], tuple[float | str, ...]]] = {
    STATE: lambda row: (int(row.urgency), -_malignant(row), row.path),
    PROBABILITY: lambda row: (-1.0 if row.judgement is None else row.judgement.top_probability, row.path),
    MALIGNANT: lambda row: (_malignant(row), row.path),
    FILE: lambda row: (row.path, ""),
    LABEL: lambda row: (row.texts[LABEL], row.path),
    REMARKS: lambda row: (row.texts[REMARKS], row.path),
}


class BatchTable(ThumbnailTable):
    """One row a file; failed, flagged, abstained, rest, until the user sorts by another column."""

    COLUMNS = _COLUMNS
    FIGURES = frozenset({PROBABILITY, MALIGNANT})

    def __init__(self, thumbnails: Thumbnails, blinding: Blinding, parent: QObject | None = None) -> None:
        super().__init__(thumbnails, parent)
        self._blinding = blinding
        self._rows: list[_Row] = []
        self._shown: list[_Placed] = []
        self._contract: Contract | None = None
        self._column = STATE
        self._is_descending = False
        self._words: list[str] = []
        self._state: Urgency | None = None
        self.counts: Counter[Urgency] = Counter()

    @property
    def total(self) -> int:
        """How many rows there are, shown or not."""
        return len(self._rows)

    def start(self, contract: Contract) -> None:
        """Empty the table for the answers of a model."""
        self.beginResetModel()
        self._rows = []
        self._shown = []
        self._contract = contract
        self.counts = Counter()
        self.endResetModel()

    def add(self, answers: Iterable[FileAnswer]) -> None:
        """Put rows where they belong."""
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
        """Make the rows anew whose concealment has changed."""
        changed = False
        for place, row in enumerate(self._rows):
            if self._conceals(row.answer) != row.is_concealed:
                self._rows[place] = self._make_row(row.answer)
                changed = True
        if changed:
            self.counts = Counter(row.urgency for row in self._rows)
            self.narrow(" ".join(self._words), self._state)

    def narrow(self, text: str, state: Urgency | None) -> None:
        """Show only rows that hold every word of `text`, and only those of one state if it is given."""
        self.beginResetModel()
        self._words = text.casefold().split()
        self._state = state
        self._shown = sorted(self._fitting(0), reverse=self._is_descending)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._shown)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column = column if column in _KEYS else STATE
        self._is_descending = order == Qt.SortOrder.DescendingOrder
        key = _KEYS[self._column]
        self._put_in_order([(*key(row), number, row) for *_, number, row in self._shown])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object | None:
        row: _Row = self._shown[index.row()][-1]
        column = index.column()
        if role == ANSWER_ROLE:
            return row.answer
        if role == Qt.ItemDataRole.DisplayRole:
            if column in _SAYING and row.judgement is not None:
                self._blinding.note_row_shown(row.answer.sha256 or "")
            return row.texts[column]
        if role == Qt.ItemDataRole.ToolTipRole and column in {FILE, REMARKS}:
            return row.path if column == FILE else row.texts[column]
        if role == Qt.ItemDataRole.DecorationRole and column == IMAGE:
            answer = row.answer
            can_be_seen = answer.sha256 is not None and answer.prediction is not None
            return self._thumbnails.icon(answer.sha256 or "", answer.path) if can_be_seen else None
        if role == Qt.ItemDataRole.DecorationRole and column == STATE and row.urgency in _SIGNS:
            return icon(*_SIGNS[row.urgency]).pixmap(_SIGN, _SIGN)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in self.FIGURES:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _put_in_order(self, rows: list[_Placed]) -> None:
        """Show rows, those that are shown already, in their order; what is chosen stays chosen."""
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
        """Return which rows, from the `first` on, are to be shown, with what they are sorted by."""
        key = _KEYS[self._column]
        return [(*key(row), number, row) for number, row in enumerate(self._rows[first:], first) if self._fits(row)]

    def _fits(self, row: _Row) -> bool:
        if self._state is not None and row.urgency is not self._state:
            return False
        return all(word in row.searched for word in self._words)

    def _make_row(self, answer: FileAnswer) -> _Row:
        state = Urgency.CONCEALED if self._conceals(answer) else urgency(answer)
        texts = tuple(self._text(answer, state, column) for column in range(len(_COLUMNS)))
        path = str(answer.path)
        searched = " ".join((path, texts[STATE], texts[LABEL], texts[REMARKS])).casefold()
        return _Row(answer, state, path, texts, searched)

    def _conceals(self, answer: FileAnswer) -> bool:
        return answer.judgement is not None and self._blinding.conceals(answer.sha256 or "")

    def _text(self, answer: FileAnswer, state: Urgency, column: int) -> str:
        """Return a cell; what the model withheld, or blind-first conceals, stands nowhere in the window's tables."""
        judgement, contract = answer.judgement, self._contract
        if column == STATE:
            return translated(URGENCY_WORDS[state])
        if column == FILE:
            return answer.path.name
        if column == IMAGE or state is Urgency.CONCEALED:
            return ""
        if judgement is None or contract is None:
            return answer.message if column == REMARKS else ""
        is_withheld = judgement.abstention is not None
        if column == LABEL:
            return self.tr("withheld") if is_withheld else label_name(contract, judgement.top)
        if column == PROBABILITY:
            return "" if is_withheld else percent(judgement.top_probability)
        if column == MALIGNANT:
            if judgement.malignant_probability is None or (judgement.abstention and judgement.abstention.hides_figures):
                return ""
            return percent(judgement.malignant_probability)
        flags = ", ".join(translated(raised.flag.name) for raised in judgement.flags)
        words = [self.tr("not excluded: {names}").format(names=flags)] if flags else []
        if judgement.abstention is not None:
            words.append(self.tr("abstained: {reason}").format(reason=judgement.abstention))
        return "; ".join(words)
