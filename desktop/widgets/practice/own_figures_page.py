"""The workspace Practice: own figures as cards, plain words first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from desktop.core.practice.cases import Case
from desktop.session.own_figures import FoundFigures
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.empty_state import EmptyState
from desktop.widgets.common.message_bar import MessageBar
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.practice.cases_sheet import CasesSheet
from desktop.widgets.practice.figure_cards import FigureCards

_WIDEST = 1100
"""Greatest width of the cards in points: a figure must stand near its name."""


class OwnFiguresPage(QWidget):
    """Shows what it is given; `case_opened` has the lesion that was chosen behind a figure."""

    case_opened = Signal(object)  # Case
    model_chosen = Signal(str)
    """The SHA-256 of the model whose answers are to be counted."""
    shown = Signal()
    hidden = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages = MessageBar(self)
        self._cards = FigureCards(self.show_cases)
        title = PlainLabel(self.tr("Practice"), self)
        title.setObjectName("title")
        self.models = ChoiceBox(self)
        self.models.setAccessibleName(self.tr("Model whose answers are counted"))
        self.models.setToolTip(self.models.accessibleName())
        self.models.activated.connect(lambda _place: self.model_chosen.emit(self.models.currentData()))
        self.models.hide()
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.models)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._empty = EmptyState(
            "practice",
            self.tr("No answers yet"),
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
                    "Here will be counted what the model is worth on your patients: its alerts and your own diagnoses, before "
                    "and after them, against the histology."
                )
            )
            self._states.setCurrentWidget(self._empty)
            return
        place = self._scroll.verticalScrollBar().value()
        content = QWidget()
        column = QVBoxLayout()
        column.setSpacing(14)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self._cards.in_words(found, figures))
        for target in figures.targets:
            if target.judges or target.agreement is not None:
                column.addWidget(self._cards.of_target(target))
        if figures.calibration is not None:
            column.addWidget(self._cards.calibration(figures.calibration))
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

    def show_cases(self, title: str, cases: Sequence[Case]) -> None:
        """List the lesions behind a figure."""
        sheet = CasesSheet(title, cases, self.window())
        sheet.opened.connect(self.case_opened)
        sheet.open()

    def _list_models(self, found: FoundFigures) -> None:
        self.models.clear()
        for model in found.models:
            self.models.addItem(model.name, model.sha256)
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
