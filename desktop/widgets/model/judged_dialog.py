"""One page on what a model is worth on own images: plain words first, then figures, then the worst mistakes as pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.core.inference.contract import ReliabilityCurve, ReliabilityPoint
from desktop.core.judging.figures import FEWEST
from desktop.core.judging.judged import Judged
from desktop.core.judging.words import alert_sentences, left_out_sentences
from desktop.session.trying_out import TriedOut
from desktop.widgets.common.card import Card
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.sentences import in_words
from desktop.widgets.common.wording import DISCLAIMER, translated
from desktop.widgets.model import judged_words
from desktop.widgets.model.mistakes_card import MistakesCard
from desktop.widgets.model.reliability_diagram import ReliabilityDiagram
from desktop.widgets.model.working_point_card import WorkingPointCard

_SIZE = QSize(1040, 780)
_AROUND = QSize(24, 56)
"""Points of the window that stay free around the page, its frame and title bar."""


class JudgedDialog(QDialog):
    """Emits `pdf_requested` and `json_requested`; `messages` tells what came of it."""

    pdf_requested = Signal()
    json_requested = Signal()

    def __init__(self, found: TriedOut, later: MessageBar, parent: QWidget) -> None:
        """`later` tells what came of it if the dialog is closed by then."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        judged = found.judged
        self.setWindowTitle(self.tr("Try on own images"))
        self.messages = MessageBar(self, later)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(4, 4, 12, 4)
        column.setSpacing(14)
        column.addWidget(self._words_card(judged))
        self.limits: WorkingPointCard | None = None
        if judged.lesions.alerts:
            self.limits = WorkingPointCard(judged.lesions, self)
            column.addWidget(self.limits)
        column.addWidget(self._figures_card(judged))
        if judged.figures.reliability:
            column.addWidget(self._calibration_card(judged))
        if found.pictures:
            column.addWidget(MistakesCard(found, self))
        left_out = [in_words(sentence) for sentence in left_out_sentences(judged.images)]
        if left_out:
            column.addWidget(self._text_card(self.tr("Left out and found"), left_out))
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.addWidget(self.messages)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._buttons())
        self.resize(_SIZE.boundedTo(parent.size() - _AROUND))

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        for text, requested in (
            (self.tr("Save as &PDF…"), self.pdf_requested),
            (self.tr("Save as &JSON…"), self.json_requested),
        ):
            button = QPushButton(text, self)
            button.setAutoDefault(False)
            button.clicked.connect(requested)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        return buttons

    def _words_card(self, judged: Judged) -> Card:
        """Put what the figures do not cover first, then what each alert does here and what follows from it."""
        card = Card(self.tr("{model} on “{data}”").format(model=judged.contract.name, data=judged.data))
        for sentence in judged.first_words():
            self._add_text(card, in_words(sentence), is_strong=True)
        for alert in judged.figures.alerts:
            *counted, follows = alert_sentences(alert, knows_training=judged.images.knows_training)
            self._add_text(card, " ".join(map(in_words, counted)))
            self._add_text(card, in_words(follows), is_strong=True)
        for sentence in judged.remarks():
            self._add_text(card, in_words(sentence))
        card.add_note(translated(DISCLAIMER))
        return card

    def _text_card(self, title: str, texts: Iterable[str]) -> Card:
        card = Card(title)
        for text in texts:
            self._add_text(card, text)
        return card

    def _add_text(self, card: Card, text: str, *, is_strong: bool = False) -> None:
        label = PlainLabel(text, card)
        label.setWordWrap(True)
        label.setProperty("strong", is_strong)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        card.column.addWidget(label)

    def _figures_card(self, judged: Judged) -> Card:
        figures = judged.figures
        card = Card(self.tr("Figures, with 95 % intervals"))
        if figures.alerts:
            counts = (self.tr("alert"), self.tr("found"), self.tr("raised in others"))
            card.column.addLayout(
                _grid((*counts, *self._measures()), list(map(judged_words.alert_row, figures.alerts)))
            )
        told = [one for one in (*figures.classes, *figures.groups) if one.n]
        head = (self.tr("diagnosis"), self.tr("lesions"), self.tr("named"), self.tr("expected"))
        card.column.addLayout(_grid((*head, *self._measures()), list(map(judged_words.class_row, told))))
        rows = [(self.tr("Named right"), judged_words.share(figures.accuracy))]
        if figures.groups:
            text = self.tr("Named right, the labels of a group as one")
            rows.append((text, judged_words.share(figures.accuracy_of_groups)))
        rows.append((self.tr("Mean sensitivity of the diagnoses"), judged_words.share(figures.balanced_accuracy)))
        card.column.addLayout(_grid((), rows))
        card.add_note(
            self.tr(
                "Fewer than {fewest} lesions have counts and no per cent. Expected: the sum of the percentages of that "
                "diagnosis; where it is far from the number of lesions, percentages do not hold here."
            ).format(fewest=FEWEST)
        )
        return card

    def _measures(self) -> tuple[str, str, str]:
        return self.tr("sensitivity"), self.tr("specificity"), self.tr("AUC")

    def _calibration_card(self, judged: Judged) -> Card:
        figures = judged.figures
        card = Card(self.tr("Calibration"))
        diagram = ReliabilityDiagram(card)
        points = tuple(ReliabilityPoint(said, came, n) for said, came, n in figures.reliability)
        diagram.show_curve(ReliabilityCurve("top", judged.data, points))
        card.column.addWidget(diagram, 0, Qt.AlignmentFlag.AlignLeft)
        card.add_note(
            self.tr("How often the named diagnosis was right. Mean distance from the line: {error:.0f} points.").format(
                error=100 * (figures.ece or 0)
            )
        )
        return card


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> QGridLayout:
    """Lay out a table: the first column is text, the others are figures."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(0, 1)
    for row, cells in enumerate([head, *rows] if head else rows):
        for column, text in enumerate(cells):
            label = PlainLabel(text)
            label.setProperty("muted", bool(head) and row == 0)
            if column:
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(label, row, column)
    return grid
