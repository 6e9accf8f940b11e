"""The probabilities of one answer, grouped by what must not be missed, each with its bar."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from desktop.core.inference.contract import Contract, Group, Label
from desktop.core.inference.judgement import Judgement
from desktop.core.labels import BY_ID, Malignancy
from desktop.widgets.wording import KINDS, in_order, label_name, percent, translated


class ProbabilityBar(QWidget):
    """A bar from zero to one in the one hue that all bars have."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_value(self, value: float) -> None:
        """Show a probability from 0 to 1."""
        self._value = value
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(90, 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().alternateBase())
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        if self._value > 0:
            painter.setBrush(self.palette().highlight())
            painter.drawRoundedRect(QRectF(0, 0, max(self._value * self.width(), 2.0), self.height()), 3, 3)


class _Bracket(QWidget):
    """The line that holds the labels of a group together."""

    def sizeHint(self) -> QSize:
        return QSize(10, 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().placeholderText().color())
        painter.drawLine(5, 0, 5, self.height() - 8)
        painter.drawLine(5, self.height() - 8, 9, self.height() - 8)


class ProbabilityTable(QWidget):
    """Built once for a model's labels; every answer then only changes the figures, so that nothing jumps."""

    def __init__(self, contract: Contract, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._contract = contract
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(3, 1)
        self._marks: dict[tuple[str, ...], QLabel] = {}
        self._names: dict[tuple[str, ...], QLabel] = {}
        self._bars: dict[tuple[str, ...], ProbabilityBar] = {}
        self._values: dict[tuple[str, ...], QLabel] = {}
        self._sums: dict[tuple[str, ...], QLabel] = {}
        for kind in KINDS:
            labels = [label for label in in_order(contract.labels) if label.malignancy is kind]
            if labels:
                self._add_kind(kind, labels)

    def show_answer(self, probabilities: tuple[float, ...], judgement: Judgement, *, name_top: bool) -> None:
        """Show the probabilities; the most probable label is named as such only if `name_top`."""
        by_id = dict(zip(self._contract.label_ids, probabilities, strict=True))
        for ids, value in self._values.items():
            probability = min(sum(by_id[label] for label in ids), 1.0)
            value.setText(percent(probability))
            self._bars[ids].show_value(probability)
            self._mark(ids, top=name_top and ids == (judgement.top,))
        for ids, total in self._sums.items():
            total.setText(percent(min(sum(by_id[label] for label in ids), 1.0)))

    def show_nothing(self) -> None:
        """Show empty bars: the answer is not there yet."""
        for ids, value in self._values.items():
            value.setText("–")
            self._bars[ids].show_value(0)
            self._mark(ids, top=False)
        for total in self._sums.values():
            total.setText("")

    def _mark(self, ids: tuple[str, ...], *, top: bool) -> None:
        self._marks[ids].setText("▸" if top else "")
        for label in (self._names[ids], self._values[ids]):
            font = label.font()
            font.setBold(top)
            label.setFont(font)

    def _add_kind(self, kind: Malignancy, labels: list[Label]) -> None:
        row = self._grid.rowCount()
        if row > 1:
            self._grid.setRowMinimumHeight(row, 8)
            row += 1
        heading = QLabel(translated(KINDS[kind]).upper(), self)
        heading.setObjectName("kind")
        self._grid.addWidget(heading, row, 0, 1, 4)
        total = QLabel(self)
        total.setObjectName("kind")
        total.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(total, row, 4)
        self._sums[tuple(label.id for label in labels)] = total
        shown: set[str] = set()
        for label in labels:
            if label.id in shown:
                continue
            group = next((group for group in self._contract.groups if label.id in group.labels), None)
            members = [other for other in labels if group is not None and other.id in group.labels]
            if group is not None and len(members) > 1:
                self._add_group(group, members)
                shown.update(member.id for member in members)
            else:
                self._add_row((label.id,), self._name(label))

    def _add_group(self, group: Group, members: list[Label]) -> None:
        self._add_row(tuple(member.id for member in members), translated(group.name))
        first = self._grid.rowCount()
        for member in members:
            self._add_row((member.id,), self._name(member), inside=True)
        self._grid.addWidget(_Bracket(self), first, 1, len(members), 1)

    def _add_row(self, ids: tuple[str, ...], name: str, *, inside: bool = False) -> None:
        row = self._grid.rowCount()
        self._marks[ids] = QLabel(self)
        self._marks[ids].setFixedWidth(12)
        self._names[ids] = QLabel(name, self)
        self._bars[ids] = ProbabilityBar(self)
        self._values[ids] = QLabel("–", self)
        self._values[ids].setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._values[ids].setMinimumWidth(self.fontMetrics().horizontalAdvance("> 99 %") + 6)
        self._values[ids].setAccessibleName(name)
        known = BY_ID.get(ids[0]) if len(ids) == 1 else None
        if known is not None:
            self._names[ids].setToolTip(translated(known.description))
        if inside:
            self._grid.addWidget(self._names[ids], row, 2)
        else:
            self._grid.addWidget(self._names[ids], row, 1, 1, 2)
        self._grid.addWidget(self._marks[ids], row, 0)
        self._grid.addWidget(self._bars[ids], row, 3)
        self._grid.addWidget(self._values[ids], row, 4)
        if known is not None and known.remark:
            remark = QLabel(f"({translated(known.remark)})", self)
            remark.setWordWrap(True)
            remark.setProperty("muted", True)
            remark.setProperty("small", True)
            self._grid.addWidget(remark, row + 1, 1, 1, 4)

    def _name(self, label: Label) -> str:
        return label_name(self._contract, label.id)
