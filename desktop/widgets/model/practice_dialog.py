"""My practice: the shares of diagnoses for which figures are shown, with what that does to the leading diagnosis."""

from __future__ import annotations

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.core.errors import UsageError
from desktop.core.inference.contract import Contract
from desktop.core.inference.prior import LEAST, MOST, check_shares, counted
from desktop.core.labels import MELANOMA
from desktop.core.records.practice_count import PracticeCount
from desktop.session.practice import PracticePrior
from desktop.widgets.answer.adjusted_words import share_text
from desktop.widgets.common.day_edit import DayEdit
from desktop.widgets.common.number_field import NumberField
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.sheet import Sheet
from desktop.widgets.common.wording import sentence
from desktop.widgets.model.other_shares import OtherShares
from desktop.widgets.model.prior_table import PriorTable

_WIDTH, _HEIGHT = 660, 640
_PRESETS = (1, 3, 5, 10, 20)
"""Per cent."""
_FIRST = 3.0
_MOST_LESIONS = 1_000_000


class PracticeDialog(Sheet):
    """Asks for the prior; `chosen` is emitted once it is accepted."""

    chosen = Signal(object)
    """The PracticePrior, None for the model's own."""
    count_requested = Signal(object, object)
    """The first and the last day (date) of a period to count in the history."""

    def __init__(self, contract: Contract, now: PracticePrior | None, parent: QWidget | None = None) -> None:
        """Ask for a prior in place of `now`; the contract must have a prior of its own."""
        super().__init__(parent)
        self._own = contract.prior or {}
        self.setAccessibleName(self.tr("My practice"))
        self.resize(_WIDTH, _HEIGHT)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(10)
        column.addWidget(self._text(self._introduction()))
        self._choices = QButtonGroup(self)
        self.own = self._choice(self.tr("The model's own: {share}").format(share=share_text(self._own[MELANOMA])))
        self.typed = self._choice(self.tr("Among the images that I classify, so many are melanomas:"))
        self.counted = self._choice(self.tr("Counted: melanomas proven by histology, of all lesions classified"))
        column.addWidget(self.own)
        column.addWidget(self.typed)
        column.addLayout(self._typed_row(now))
        column.addWidget(self.counted)
        column.addLayout(self._counted_rows(now))
        self.others = OtherShares(contract, {} if now is None else now.others, inside)
        self.others.changed.connect(self._show)
        self._interval = self._text("")
        self._interval.setContentsMargins(26, 0, 0, 0)
        column.addWidget(self._interval)
        column.addWidget(self.others)
        self._fault = self._text("")
        column.addWidget(self._fault)
        self.table = PriorTable(contract, inside)
        column.addWidget(self.table)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        title = PlainLabel(self.tr("My practice"), self)
        title.setObjectName("title")
        self.use = QPushButton(self.tr("Use"), self)
        self.use.setProperty("prominent", True)
        self.use.setDefault(True)
        self.use.clicked.connect(self._accept)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 18, 18)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addWidget(scroll, 1)
        layout.addLayout(buttons)
        choice = self.own if now is None else self.typed if now.lesions is None else self.counted
        choice.setChecked(True)
        self._choices.buttonToggled.connect(lambda _button, is_on: self._show() if is_on else None)
        self._show()
        self.setFocusProxy(choice)

    def show_count(self, count: PracticeCount) -> None:
        """Take over what was counted in the history."""
        self.found.setValue(count.melanomas)
        self.lesions.setValue(count.lesions)

    @property
    def prior(self) -> PracticePrior | None:
        """The prior as it stands in the dialog.

        Raises:
            UsageError: what was counted is no share, or the shares do not fit together.
        """
        if self.own.isChecked():
            return None
        if self.typed.isChecked():
            chosen = PracticePrior(round(self.share.value() / 100, 4), others=self.others.shares)
        else:
            found, lesions = round(self.found.value()), round(self.lesions.value())
            chosen = PracticePrior(counted(found, lesions).value, found, lesions, self.others.shares)
        check_shares(chosen.shares, tuple(self._own))
        return chosen

    def _introduction(self) -> str:
        return self.tr(
            "The model's percentages assume {share} melanomas among the images. They can be shown for other shares. Only "
            "figures change: alerts, uncertain and missing answers, the order and the marked diagnosis stay as tested. A "
            "batch shows both figures; other lists and the summary of several images keep those of the image alone."
        ).format(share=share_text(self._own[MELANOMA]))

    def _text(self, text: str) -> QLabel:
        label = PlainLabel(text, self)
        label.setWordWrap(True)
        return label

    def _choice(self, text: str) -> QRadioButton:
        button = QRadioButton(text, self)
        self._choices.addButton(button)
        return button

    def _typed_row(self, now: PracticePrior | None) -> QHBoxLayout:
        self.share = NumberField(self)
        self.share.setRange(100 * LEAST, 100 * MOST)
        self.share.setDecimals(1)
        self.share.setSuffix(" %")
        self.share.setAccessibleName(self.tr("Share of melanomas"))
        self.share.setValue(_FIRST if now is None else 100 * now.melanomas)
        self.share.input_changed.connect(lambda: self._turn_to(self.typed))
        row = QHBoxLayout()
        row.setContentsMargins(26, 0, 0, 0)
        row.addWidget(self.share)
        for per_cent in _PRESETS:
            button = QPushButton(f"{per_cent} %", self)
            button.clicked.connect(lambda _checked=False, value=per_cent: self.share.setValue(value))
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _counted_rows(self, now: PracticePrior | None) -> QGridLayout:
        self.found, self.lesions = NumberField(self), NumberField(self)
        named = (
            (self.found, self.tr("melanomas proven by histology"), None if now is None else now.found),
            (self.lesions, self.tr("all lesions classified in the same period"), None if now is None else now.lesions),
        )
        grid = QGridLayout()
        grid.setContentsMargins(26, 0, 0, 0)
        grid.setColumnStretch(4, 1)
        for row, (box, name, value) in enumerate(named):
            box.setDecimals(0)
            box.setRange(0, _MOST_LESIONS)
            box.setAccessibleName(name)
            box.setValue(value or 0)
            box.input_changed.connect(lambda: self._turn_to(self.counted))
            grid.addWidget(box, row, 0)
            grid.addWidget(PlainLabel(name, self), row, 1, 1, 4)
        today = QDate.currentDate()
        self.since, self.until = DayEdit(today.addYears(-1), self), DayEdit(today, self)
        for column, (day, name) in enumerate(((self.since, self.tr("from")), (self.until, self.tr("to")))):
            day.setAccessibleName(name)
            day.input_changed.connect(self._fit_count)
            grid.addWidget(day, 2, column)
        self.count = QPushButton(self.tr("Count in the history"), self)
        self.count.clicked.connect(self._request_count)
        grid.addWidget(self.count, 2, 2)
        return grid

    def _turn_to(self, choice: QRadioButton) -> None:
        choice.setChecked(True)
        self._show()

    def _fit_count(self) -> None:
        refusal = self.since.refusal() or self.until.refusal()
        self.count.setEnabled(not refusal)
        self.count.setToolTip(refusal)

    def _request_count(self) -> None:
        self.count_requested.emit(self.since.day(), self.until.day())

    def _show(self) -> None:
        """Show the interval of a count, or why the choice is refused, and what the prior does."""
        self.others.setEnabled(not self.own.isChecked())
        refusal, interval, chosen = self._refusal(), "", None
        if not refusal:
            try:
                chosen = self.prior
            except UsageError as error:
                refusal = sentence(error)
        if chosen is not None and chosen.found is not None and chosen.lesions is not None:
            share = counted(chosen.found, chosen.lesions)
            text = self.tr("{share} of the lesions (95 % interval {low:.1f} to {high:.1f} %)")
            interval = text.format(share=share_text(share.value), low=100 * share.low, high=100 * share.high)
        for label, text in ((self._interval, interval), (self._fault, refusal)):
            label.setText(text)
            label.setVisible(bool(text))
        self.use.setEnabled(not refusal)
        if not refusal:
            self.table.show_prior(
                self._own[MELANOMA] if chosen is None else chosen.melanomas, has_others=bool(chosen and chosen.others)
            )

    def _refusal(self) -> str:
        """Return why a number of the chosen row is refused, empty if none is."""
        others = self.others.fields
        used = {self.typed: (self.share, *others), self.counted: (self.found, self.lesions, *others)}
        for choice, fields in used.items():
            if choice.isChecked():
                return next((field.refusal() for field in fields if field.refusal()), "")
        return ""

    def _accept(self) -> None:
        self.chosen.emit(self.prior)
        self.accept()
