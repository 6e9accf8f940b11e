"""What is recorded already of the lesion of an outcome, with the ways to its days and to a withdrawal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.records.people import worst_first
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.visit.assessment_words import outcome_text

if TYPE_CHECKING:
    from desktop.widgets.visit.outcome_subject import OutcomeSubject


class RecordedOutcomes(QWidget):
    """Hidden parts until there is something to show: the outcomes that count, and a button for each way."""

    days_requested = Signal()
    withdrawal_requested = Signal()
    reexcision_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = PlainLabel(self)
        self._text.setProperty("small", True)
        self._text.setWordWrap(True)
        self.days = self._make_button(self.days_requested)
        self.withdraw = self._make_button(self.withdrawal_requested)
        self.withdraw.setText(self.tr("Withdraw…"))
        self.withdraw.setToolTip(self.tr("Withdraw an outcome that was entered by mistake"))
        self.reexcision = self._make_button(self.reexcision_requested)
        self.reexcision.setText(self.tr("Plan re-excision…"))
        self.reexcision.setToolTip(self.tr("Margins are involved, and no re-excision is planned"))
        ways = QHBoxLayout()
        ways.addWidget(self.days)
        ways.addWidget(self.withdraw)
        ways.addWidget(self.reexcision)
        ways.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._text)
        column.addLayout(ways)
        for part in (self._text, self.days, self.withdraw, self.reexcision):
            part.hide()

    def show_subject(self, found: OutcomeSubject) -> None:
        """Show what is recorded."""
        lines = [outcome_text(replace(one, note="")) for one in worst_first(found.outcomes)]
        self._text.setText("\n".join(self.tr("Recorded: {outcome}").format(outcome=line) for line in lines))
        self._text.setVisible(bool(lines))
        self.withdraw.setVisible(bool(lines))
        self.days.setText(self.tr("Correct days…") if found.has_recorded_days else self.tr("Enter days…"))
        self.days.setToolTip(self._days_tip(found))
        self.days.setVisible(found.has_days)
        self.reexcision.setVisible(found.involved is not None)

    def _days_tip(self, found: OutcomeSubject) -> str:
        """Say which days can be entered: a biopsy that nobody planned has none."""
        if not found.biopsies:
            return self.tr("Enter or correct when and by whom the patient was told")
        if not found.results:
            return self.tr("Enter or correct when and by whom the biopsy was taken")
        return self.tr("Enter or correct when and by whom the biopsy was taken and the patient told")

    def _make_button(self, requested: SignalInstance) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("slim", True)
        button.setAutoDefault(False)
        button.clicked.connect(requested)
        return button
