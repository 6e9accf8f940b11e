"""The dialog that withdraws an outcome, for example one that was entered for the wrong lesion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QRadioButton, QVBoxLayout, QWidget

from desktop.core.records.people import WithdrawalReason
from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.content_scroll import on_screen
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.visit.assessment_words import outcome_text, withdrawal_reason

if TYPE_CHECKING:
    from desktop.core.records.people import Outcome

_WIDTH = 460


class WithdrawDialog(QDialog):
    """`outcome` and `reason` are the choice; the reason is required."""

    def __init__(self, subject: str, outcomes: Sequence[Outcome], parent: QWidget | None = None) -> None:
        """Ask which of the `outcomes`, oldest first, is withdrawn; `subject` is the name of their lesion or image."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Withdraw an outcome"))
        self.setMinimumWidth(_WIDTH)
        heading = PlainLabel(subject, self)
        heading.setObjectName("heading")
        heading.setWordWrap(True)
        self._outcomes = tuple(sorted(outcomes, key=lambda one: one.id, reverse=True))
        self.outcomes = ChoiceBox(self)
        self.outcomes.setAccessibleName(self.tr("Outcome to withdraw"))
        self.outcomes.addItems([outcome_text(replace(one, note="", label=None)) for one in self._outcomes])
        self.outcomes.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        why = PlainLabel(self.tr("Why?"), self)
        self._reasons: dict[WithdrawalReason, QRadioButton] = {}
        for reason in get_args(WithdrawalReason):
            text = withdrawal_reason(reason)
            self._reasons[reason] = QRadioButton(text[:1].upper() + text[1:], self)
        note = PlainLabel(
            self.tr("It stays in the record, struck out, and counts nowhere. A planned biopsy is open again."), self
        )
        note.setProperty("muted", True)
        note.setProperty("small", True)
        note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        withdraw = buttons.addButton(self.tr("Withdraw"), QDialogButtonBox.ButtonRole.AcceptRole)
        withdraw.setEnabled(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(10)
        for part in (heading, self.outcomes, why, *self._reasons.values(), note, buttons):
            column.addWidget(part)
        for button in self._reasons.values():
            button.toggled.connect(lambda: withdraw.setEnabled(self.reason is not None))
        self.resize(on_screen(self, self.sizeHint()))
        next(iter(self._reasons.values())).setFocus()

    def choose(self, reason: WithdrawalReason) -> None:
        """Choose the reason."""
        self._reasons[reason].setChecked(True)

    @property
    def outcome(self) -> Outcome:
        """The outcome to withdraw, at first the newest."""
        return self._outcomes[self.outcomes.currentIndex()]

    @property
    def reason(self) -> WithdrawalReason | None:
        """Why, None until it was said."""
        return next((reason for reason, button in self._reasons.items() if button.isChecked()), None)
