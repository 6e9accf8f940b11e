"""The workspace Practice: own figures as cards, plain words first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.practice.cases import Case
from desktop.session.own_figures import FoundFigures
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.empty_state import EmptyState
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.plain_text import PlainLabel, for_key
from desktop.widgets.practice import practice_words as words
from desktop.widgets.practice.cases_sheet import CasesSheet
from desktop.widgets.practice.change_cards import ChangeCards
from desktop.widgets.practice.drift_card import drift_card
from desktop.widgets.practice.figure_cards import FigureCards
from desktop.widgets.practice.training_bar import TrainingBar

_MONTHS = (12, 18, 24, 36)
"""Months of follow-up to choose from."""

_WIDEST = 1100
"""Greatest width of the cards in points: a figure must stand near its name."""


class OwnFiguresPage(QWidget):
    """Shows what it is given; `case_opened` has the lesion that was chosen behind a figure."""

    case_opened = Signal(object)  # Case
    model_chosen = Signal(str)
    """The SHA-256 of the model whose answers are to be counted."""
    mine_chosen = Signal(bool)
    """Whether only the assessments with the initials in use are to be counted."""
    months_chosen = Signal(int)
    """After how many months of follow-up an unchanged lesion is to count as benign."""
    export_requested = Signal()
    """Lesions are to be exported for training."""
    shown = Signal()
    hidden = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages = MessageBar(self)
        self.training_bar = TrainingBar(self)
        self._cards = FigureCards(self.show_cases)
        self._change_cards = ChangeCards(self.show_cases)
        title = PlainLabel(self.tr("Practice"), self)
        title.setObjectName("title")
        self.models = ChoiceBox(self)
        self.models.setAccessibleName(self.tr("Model whose answers are counted"))
        self.models.setToolTip(self.models.accessibleName())
        self.models.activated.connect(lambda _place: self.model_chosen.emit(self.models.currentData()))
        self.models.hide()
        self.months = ChoiceBox(self)
        self.months.setAccessibleName(self.tr("Shortest follow-up that counts a lesion as benign"))
        self.months.setToolTip(self.months.accessibleName())
        for months in _MONTHS:
            self.months.addItem(self.tr("Follow-up from {months} months").format(months=months), months)
        self.months.activated.connect(lambda _place: self.months_chosen.emit(self.months.currentData()))
        self._whole, self._mine = self._segment(self.tr("Practice")), self._segment("")
        whose = QButtonGroup(self)
        whose.addButton(self._whole)
        whose.addButton(self._mine)
        self._whole.clicked.connect(lambda: self.mine_chosen.emit(False))
        self._mine.clicked.connect(lambda: self.mine_chosen.emit(True))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(title)
        head.addSpacing(12)
        head.addWidget(self._whole)
        head.addWidget(self._mine)
        head.addStretch(1)
        head.addWidget(self.months)
        head.addWidget(self.models)
        self.export = QPushButton(self.tr("Export for training…"), self)
        self.export.setProperty("slim", True)
        self.export.setToolTip(self.tr("Write lesions with histology into a folder, to make a model of your own"))
        self.export.clicked.connect(self.export_requested)
        head.addWidget(self.export)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._empty = EmptyState(
            "practice",
            self.tr("What is the model worth on your patients?"),
            self.tr("Reading the history…"),
            parent=self,
        )
        self._states = QStackedLayout()
        self._states.addWidget(self._empty)
        self._states.addWidget(self._scroll)
        inside = QVBoxLayout()
        inside.setContentsMargins(22, 16, 22, 16)
        inside.setSpacing(12)
        inside.addLayout(head)
        inside.addWidget(self.training_bar)
        inside.addLayout(self._states, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.messages)
        layout.addLayout(inside, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_figures(self, found: FoundFigures) -> None:
        """Show figures in place of the others, at the same place of the page."""
        self._list_models(found)
        figures = found.figures
        if figures is None:
            self._empty.say(
                self.tr(
                    "No answers yet. The model's alerts, and your diagnoses before and after them, will be counted here "
                    "against the histology."
                )
            )
            self._states.setCurrentWidget(self._empty)
            return
        place = self._scroll.verticalScrollBar().value()
        content = QWidget()
        column = QVBoxLayout()
        column.setSpacing(14)
        column.setContentsMargins(0, 0, 8, 0)
        if found.initials:
            note = PlainLabel(words.mine_note(found.initials), content)
            note.setWordWrap(True)
            column.addWidget(note)
        column.addWidget(self._cards.in_words(found, figures))
        for target in figures.targets:
            if target.judges or target.agreement is not None:
                column.addWidget(self._cards.of_target(target))
        if figures.calibration is not None:
            column.addWidget(self._cards.calibration(figures.calibration, figures.proved))
        column.addWidget(self._change_cards.follow_up(figures))
        if figures.switches is not None:
            column.addWidget(self._change_cards.switches(figures.switches))
        if figures.images is not None:
            column.addWidget(self._change_cards.images(figures.images, figures))
            column.addWidget(drift_card(figures, self.show_cases))
        column.addStretch(1)
        cards = QWidget(content)
        cards.setLayout(column)
        cards.setMaximumWidth(_WIDEST)
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(cards, 1)
        row.addStretch(0)
        self._scroll.setWidget(content)
        self._states.setCurrentWidget(self._scroll)
        self._scroll.verticalScrollBar().setValue(place)

    def forget(self) -> None:
        """Show nothing of the history, until its figures are shown anew."""
        self._empty.say(self.tr("Reading the history…"))
        self._states.setCurrentWidget(self._empty)
        self._scroll.setWidget(QWidget())

    def offer_mine(self, initials: str, *, is_mine: bool) -> None:
        """Offer the figures of whoever uses the program beside those of the practice; nothing with empty initials."""
        for button in (self._whole, self._mine):
            button.setVisible(bool(initials))
        self._mine.setText(for_key(self.tr("Mine ({initials})").format(initials=initials)))
        self._whole.setChecked(not is_mine)
        self._mine.setChecked(is_mine)

    def show_months(self, months: int) -> None:
        """Show after how many months of follow-up an unchanged lesion counts as benign."""
        self.months.setCurrentIndex(max(self.months.findData(months), 0))

    def show_cases(self, title: str, cases: Sequence[Case]) -> None:
        """List the lesions behind a figure."""
        sheet = CasesSheet(title, cases, self.window())
        sheet.opened.connect(self.case_opened)
        sheet.open()

    def _segment(self, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setCheckable(True)
        button.setProperty("segment", True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _list_models(self, found: FoundFigures) -> None:
        self.models.clear()
        names = [model.name for model in found.models]
        for model in found.models:
            is_alone = names.count(model.name) == 1
            self.models.addItem(model.name if is_alone else f"{model.name} ({model.sha256[:8]})", model.sha256)
        if found.figures is not None:
            self.models.setCurrentIndex(self.models.findData(found.figures.model.sha256))
        self.models.setVisible(len(found.models) > 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.hidden.emit()
