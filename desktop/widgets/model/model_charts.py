"""Charts of a model's figures: calibration, and sensitivity per label."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from desktop.core.inference.contract import Contract, Recall, ReliabilityCurve
from desktop.widgets.answer.measured_on import measured_on
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.card import Card
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import count, in_order, label_name, translated
from desktop.widgets.model.reliability_diagram import ReliabilityDiagram

_HEIGHT = 18
_BAR = 8
_CAP = 3.5


class RecallBar(QWidget):
    """A share as a bar, with its 95 % interval as a line over it."""

    def __init__(self, recall: Recall, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recall = recall
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(90)

    def sizeHint(self) -> QSize:
        return QSize(180, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        recall = self._recall
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(0, (self.height() - _BAR) / 2, self.width(), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().alternateBase())
        painter.drawRoundedRect(track, 3, 3)
        if recall.n:
            painter.setBrush(self.palette().highlight())
            painter.drawRoundedRect(QRectF(0, track.top(), track.width() * recall.k / recall.n, _BAR), 3, 3)
        if recall.low is not None and recall.high is not None:
            ends = [QPointF(2 + share * (track.width() - 4), track.center().y()) for share in (recall.low, recall.high)]
            for colour, thickness in ((self.palette().base().color(), 3.5), (self.palette().text().color(), 1.5)):
                painter.setPen(QPen(colour, thickness))
                painter.drawLine(*ends)
                for end in ends:
                    painter.drawLine(end - QPointF(0, _CAP), end + QPointF(0, _CAP))


_MOST = 420
"""Maximum width of the diagram in points."""


def reliability_card(contract: Contract, parent: QWidget) -> Card:
    """Draw a model's reliability diagrams, one at a time; it must have at least one."""
    card = Card(parent.tr("Calibration"))
    which = ChoiceBox(card)
    which.setAccessibleName(parent.tr("Diagram"))
    which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    which.setMinimumContentsLength(20)  # the box is as wide as the card, whatever its longest line
    diagram = ReliabilityDiagram(card)
    diagram.setMaximumWidth(_MOST)
    note = PlainLabel(card)
    note.setWordWrap(True)
    note.setProperty("muted", True)
    note.setProperty("small", True)

    def show(position: int) -> None:
        curve = contract.reliability[position]
        diagram.show_curve(curve)
        note.setText(_note(curve, parent))

    for curve in contract.reliability:
        where = measured_on(curve.measured_on)
        which.addItem(parent.tr("{name}, {where}").format(name=_name(curve, contract, parent), where=where))
    which.currentIndexChanged.connect(show)
    which.setVisible(len(contract.reliability) > 1)
    row = QHBoxLayout()
    row.addWidget(diagram)
    row.addStretch(1)
    card.column.addWidget(which)
    card.column.addLayout(row)
    card.column.addWidget(note)
    show(0)
    return card


def recalls_card(contract: Contract, parent: QWidget) -> Card:
    """Draw the sensitivity per label on each set of images; the model must have such figures."""
    card = Card(parent.tr("Sensitivity per diagnosis"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(1, 1)
    order = {label.id: place for place, label in enumerate(in_order(contract.labels))}
    for where in dict.fromkeys(recall.measured_on for recall in contract.recalls):
        heading = PlainLabel(measured_on(where))
        heading.setProperty("muted", True)
        grid.addWidget(heading, grid.rowCount(), 0, 1, 3)
        measured = [recall for recall in contract.recalls if recall.measured_on == where]
        for recall in sorted(measured, key=lambda recall: order[recall.label]):
            row = grid.rowCount()
            name, value, bar = (
                PlainLabel(label_name(contract, recall.label)),
                PlainLabel(_share(recall)),
                RecallBar(recall),
            )
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setAccessibleName(f"{name.text()}: {value.text()}")
            for column, widget in enumerate((name, bar, value)):
                grid.addWidget(widget, row, column)
    card.column.addLayout(grid)
    card.add_note(parent.tr("The line, and the brackets: the 95 % interval."))
    if contract.groups:
        names = ", ".join(translated(group.name) for group in contract.groups)
        card.add_note(
            parent.tr(
                "Counted as the result names it: labels under one line ({names}) count as one, by their sum. With each label "
                "by itself the counts are slightly different."
            ).format(names=names)
        )
    return card


def _share(recall: Recall) -> str:
    found = f"{count(recall.k)} / {count(recall.n)}"
    share = f"{100 * recall.k / recall.n:.0f} %, {found}" if recall.n else found
    if recall.low is None or recall.high is None:
        return share
    return f"{share} ({100 * recall.low:.0f} – {100 * recall.high:.0f} %)"


def _name(curve: ReliabilityCurve, contract: Contract, parent: QWidget) -> str:
    known = {"top": parent.tr("Most probable label"), "malignant": parent.tr("Malignant, sum")}
    return known.get(curve.name) or label_name(contract, curve.name)


def _note(curve: ReliabilityCurve, parent: QWidget) -> str:
    words = parent.tr(
        "Measured on {where}, n = {n}. Below the dashed line the model says too much, above it too little."
    ).format(n=count(sum(point.n for point in curve.points)), where=measured_on(curve.measured_on))
    if curve.ece is not None:
        words += " " + parent.tr("On average it is off by {ece:.1f} points.").format(ece=100 * curve.ece)
    return words
