"""The table of one answer's probabilities, grouped by malignancy, each with a bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop.core.labels import BY_ID, Malignancy
from desktop.core.late import Late
from desktop.widgets.answer.shown_answer import ProbabilityGroup, ProbabilityRow
from desktop.widgets.common.elided_label import ElidedLabel
from desktop.widgets.common.plain_text import PlainLabel, for_tip
from desktop.widgets.common.probability_bar import ProbabilityBar
from desktop.widgets.common.wording import KINDS, in_order, label_name, percent, translated

if TYPE_CHECKING:
    from desktop.core.inference import judgement as judging
    from desktop.core.inference.contract import Contract, Label
    from desktop.core.inference.judgement import Judgement, RaisedFlag
    from desktop.core.inference.stability import Stability
else:
    judging = Late("desktop.core.inference.judgement")

_WIDEST = 18
"""Widths of an M that a label's name may take; those of the nine labels are narrower."""


class _Bracket(QWidget):
    """The bracket that joins the labels of a group."""

    def sizeHint(self) -> QSize:
        return QSize(10, 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().placeholderText().color())
        painter.drawLine(5, 0, 5, self.height() - 8)
        painter.drawLine(5, self.height() - 8, 9, self.height() - 8)


@dataclass
class _Row:
    """One line of the table: its labels, whose probabilities it sums, and its widgets by column."""

    ids: tuple[str, ...]
    mark: QLabel
    name: QLabel
    bar: ProbabilityBar
    value: QLabel
    remark: QLabel | None = None
    members: list[_Row] = field(default_factory=list)
    bracket: QWidget | None = None


@dataclass
class _Kind:
    """A heading with its sum, and the rows below it in fixed order."""

    heading: QLabel
    total: QLabel
    rows: list[_Row]


class ProbabilityTable(QWidget):
    """Built once for a model's labels; answers only change the figures, so that the layout is stable."""

    def __init__(self, contract: Contract, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._contract = contract
        self._by_size = False
        self._probabilities: dict[str, float] = {}
        self._own: dict[str, float] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(3, 1)
        self._kinds = [self._make_kind(kind, labels) for kind in KINDS if (labels := self._labels_of(kind))]
        self._place()

    def show_answer(
        self,
        shown: tuple[float, ...],
        own: tuple[float, ...],
        judgement: Judgement,
        raised: Sequence[RaisedFlag],
    ) -> None:
        """Show probabilities, marking the alerted label, or else the top label or group if it is certain.

        The model's `own` probabilities give the mark and the order; `raised` are the alerts that the image raises, alone or
        with what is known of the patient.
        """
        self._probabilities = dict(zip(self._contract.label_ids, shown, strict=True))
        self._own = dict(zip(self._contract.label_ids, own, strict=True))
        marked = self._marked(judgement, raised)
        for row in self._all_rows():
            probability = self._sum(row.ids)
            row.value.setText(percent(probability))
            row.bar.show_value(probability)
            row.value.setAccessibleName(f"{row.name.text()}: {row.value.text()}")
            _mark(row, top=row.ids == marked)
        for kind in self._kinds:
            kind.total.setText(percent(min(sum(self._sum(row.ids) for row in kind.rows), 1.0)))
        if self._by_size:
            self._place()

    def _marked(self, judgement: Judgement, raised: Sequence[RaisedFlag]) -> tuple[str, ...]:
        """Return the label or group to mark: the alerted label before what leads, and none in doubt."""
        if judgement.abstention is not None:
            return ()
        alerted = judging.alerted_label(raised, self._contract, self._own)
        if alerted is not None:
            return (alerted,)
        return () if judgement.kind_uncertain else judgement.leading

    def show_nothing(self) -> None:
        """Show empty bars until the answer arrives."""
        for row in self._all_rows():
            row.value.clear()
            row.value.setAccessibleName(row.name.text())
            row.bar.show_value(0)
            _mark(row, top=False)
        for kind in self._kinds:
            kind.total.setText("")

    def show_spreads(self, found: Stability) -> None:
        """Show on every bar its range over other views of the image."""
        for row in self._all_rows():
            row.bar.show_spread(found.spread_of(row.ids))

    def shown(self) -> tuple[ProbabilityGroup, ...]:
        """Return the content of the table in display order."""
        return tuple(
            ProbabilityGroup(
                kind.heading.text(),
                kind.total.text(),
                tuple(
                    self._shown_row(each, is_member=each is not row)
                    for row in self._ordered(kind.rows)
                    for each in (row, *self._ordered(row.members))
                ),
            )
            for kind in self._kinds
        )

    def _shown_row(self, row: _Row, *, is_member: bool) -> ProbabilityRow:
        remark = "" if row.remark is None else row.remark.text().strip("()")
        is_top = bool(row.mark.text())
        return ProbabilityRow(row.name.text(), row.value.text(), self._sum(row.ids), is_top, is_member, remark)

    def order_by_size(self, wanted: bool) -> None:
        """Sort each kind by probability, or use the same order for every image."""
        self._by_size = wanted
        self._place()

    def _labels_of(self, kind: Malignancy) -> list[Label]:
        return [label for label in in_order(self._contract.labels) if label.malignancy is kind]

    def _sum(self, ids: tuple[str, ...]) -> float:
        return min(sum(self._probabilities.get(label, 0.0) for label in ids), 1.0)

    def _all_rows(self) -> list[_Row]:
        rows = [row for kind in self._kinds for row in kind.rows]
        return [each for row in rows for each in (row, *row.members)]

    def _make_kind(self, kind: Malignancy, labels: list[Label]) -> _Kind:
        heading, total = PlainLabel(translated(KINDS[kind]).upper(), self), PlainLabel(self)
        heading.setObjectName("kind")
        total.setObjectName("kind")
        total.setAlignment(Qt.AlignmentFlag.AlignRight)
        rows: list[_Row] = []
        shown: set[str] = set()
        for label in labels:
            if label.id in shown:
                continue
            group = next((group for group in self._contract.groups if label.id in group.labels), None)
            members = [other for other in labels if group is not None and other.id in group.labels]
            if group is not None and len(members) > 1:
                row = self._make_row(tuple(member.id for member in members), translated(group.name))
                row.members = [self._make_row((member.id,), self._name(member)) for member in members]
                row.bracket = _Bracket(self)
                rows.append(row)
                shown.update(member.id for member in members)
            else:
                rows.append(self._make_row((label.id,), self._name(label)))
        return _Kind(heading, total, rows)

    def _make_row(self, ids: tuple[str, ...], name: str) -> _Row:
        row = _Row(ids, PlainLabel(self), ElidedLabel(self), ProbabilityBar(self), PlainLabel(self))
        row.name.setText(name)
        row.mark.setFixedWidth(12)
        row.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.value.setMinimumWidth(self.fontMetrics().horizontalAdvance("> 99 %") + 6)
        bold = row.name.font()
        bold.setBold(True)
        metrics = QFontMetrics(bold)
        width, most = metrics.horizontalAdvance(name) + 2, metrics.horizontalAdvance("M" * _WIDEST)
        row.name.setMinimumWidth(min(width, most))  # no bar moves when a name turns bold
        if width > most:
            row.name.setMaximumWidth(most)
            row.name.setToolTip(for_tip(name))
        known = BY_ID.get(ids[0]) if len(ids) == 1 else None
        if known is not None:
            row.name.setToolTip(translated(known.description))
        remark = next((label.remark for label in self._contract.labels if ids == (label.id,)), "")
        if remark:
            row.remark = PlainLabel(f"({remark})", self)
            row.remark.setWordWrap(True)
            row.remark.setProperty("muted", True)
            row.remark.setProperty("small", True)
        return row

    def _place(self) -> None:
        """Put every widget into the grid in the current order."""
        while self._grid.count():
            self._grid.takeAt(0)
        line = 0
        for kind in self._kinds:
            self._grid.setRowMinimumHeight(line, 8 if line else 0)
            self._grid.addWidget(kind.heading, line + 1, 0, 1, 4)
            self._grid.addWidget(kind.total, line + 1, 4)
            line += 2
            for row in self._ordered(kind.rows):
                line = self._place_row(row, line, inside=False)
                first = line
                for member in self._ordered(row.members):
                    line = self._place_row(member, line, inside=True)
                if row.bracket is not None:
                    self._grid.addWidget(row.bracket, first, 1, len(row.members), 1)

    def _ordered(self, rows: list[_Row]) -> list[_Row]:
        if not self._by_size:
            return rows
        return sorted(rows, key=lambda row: -sum(self._own.get(label, 0.0) for label in row.ids))

    def _place_row(self, row: _Row, line: int, *, inside: bool) -> int:
        self._grid.setRowMinimumHeight(line, 0)
        self._grid.addWidget(row.mark, line, 0)
        self._grid.addWidget(row.name, line, 2 if inside else 1, 1, 1 if inside else 2)
        self._grid.addWidget(row.bar, line, 3)
        self._grid.addWidget(row.value, line, 4)
        if row.remark is None:
            return line + 1
        self._grid.addWidget(row.remark, line + 1, 1, 1, 4)
        return line + 2

    def _name(self, label: Label) -> str:
        return label_name(self._contract, label.id)


def _mark(row: _Row, *, top: bool) -> None:
    """Mark a label with a sign and in bold."""
    row.mark.setText("▸" if top else "")
    for label in (row.name, row.value):
        font = label.font()
        font.setBold(top)
        label.setFont(font)
