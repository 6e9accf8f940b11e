"""The dialog that withdraws an outcome, for example one that was entered for the wrong lesion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QDialog, QDialogButtonBox, QRadioButton, QVBoxLayout, QWidget

from desktop.core.records.people import WithdrawalReason
from desktop.widgets.common.content_scroll import ContentScroll, on_screen
from desktop.widgets.common.form_entries import FormEntries
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import local_day
from desktop.widgets.visit.assessment_words import outcome_text, withdrawal_reason

if TYPE_CHECKING:
    from desktop.core.records.people import Outcome
    from desktop.widgets.visit.outcome_subject import PlannedBiopsy

_WIDTH = 460


class WithdrawDialog(QDialog):
    """`outcomes` and `reason` are the choice; both are required. `choices` and `reasons` are the buttons.

    A follow-up is withdrawn with the earlier ones: the first of two entries for a wrong lesion must not count again.
    """

    def __init__(
        self,
        subject: str,
        outcomes: Sequence[Outcome],
        biopsies: Sequence[PlannedBiopsy],
        parent: QWidget | None = None,
    ) -> None:
        """Ask which of the `outcomes` that stand is withdrawn.

        `subject` is the name of their lesion or image, and `biopsies` are those whose findings may be among them.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Withdraw an outcome"))
        self.setMinimumWidth(_WIDTH)
        standing = [one for one in outcomes if one.correction(outcomes) is None]
        self._chains = [(one, *one.withdrawn_with(outcomes)) for one in standing]
        self._outcomes, self._biopsies = outcomes, biopsies
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        heading = PlainLabel(subject, inside)
        heading.setObjectName("heading")
        heading.setWordWrap(True)
        column.addWidget(heading)
        self.choices = self._add_outcomes(column, inside)
        column.addWidget(PlainLabel(self.tr("Why?"), inside))
        self.reasons: dict[WithdrawalReason, QRadioButton] = {}
        whys = QButtonGroup(self)
        for reason in get_args(WithdrawalReason):
            text = withdrawal_reason(reason)
            button = QRadioButton(text[:1].upper() + text[1:], inside)
            self.reasons[reason] = button
            whys.addButton(button)
            column.addWidget(button)
        self._note = PlainLabel(self)  # where it is seen, however much is scrolled
        self._note.setProperty("muted", True)
        self._note.setProperty("small", True)
        self._note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._withdraw = buttons.addButton(self.tr("Withdraw"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(22, 18, 22, 16)
        outer.setSpacing(14)
        outer.addWidget(ContentScroll(inside, 120, self))
        outer.addWidget(self._note)
        outer.addWidget(buttons)
        for choice in (*self.choices, *self.reasons.values()):
            choice.toggled.connect(self._fit)
        self._fit()
        self._entries = FormEntries(self)
        self.resize(on_screen(self, self.sizeHint()))
        next(iter((*self.choices, *self.reasons.values()))).setFocus()

    def _add_outcomes(self, column: QVBoxLayout, inside: QWidget) -> list[QRadioButton]:
        """Show each outcome as whole text, and return the buttons to choose one; there are none for a single outcome."""
        buttons: list[QRadioButton] = []
        names = {
            "histopathology": self.tr("The histopathology of {day}"),
            "follow-up": self.tr("The finding at follow-up of {day}"),
        }
        group = QButtonGroup(self)
        for newest, *earlier in self._chains:
            if len(self._chains) > 1:
                button = QRadioButton(names[newest.kind].format(day=local_day(newest.date)), inside)
                buttons.append(button)
                group.addButton(button)
                column.addWidget(button)
            text = PlainLabel(outcome_text(replace(newest, note="")), inside)
            text.setProperty("strong", True)
            text.setWordWrap(True)
            column.addWidget(text)
            for one in earlier:
                what = outcome_text(replace(one, note=""))
                corrected = PlainLabel(
                    self.tr("The earlier entry is withdrawn too: {outcome}").format(outcome=what), inside
                )
                corrected.setWordWrap(True)
                column.addWidget(corrected)
        return buttons

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What is withdrawn, the newest first: the chosen outcome and all that it corrects; empty until one was chosen."""
        if not self.choices:
            (only,) = self._chains
            return only
        chosen = (chain for chain, button in zip(self._chains, self.choices, strict=True) if button.isChecked())
        return next(chosen, ())

    @property
    def reason(self) -> WithdrawalReason | None:
        """Why, None until it was said."""
        return next((reason for reason, button in self.reasons.items() if button.isChecked()), None)

    def _fit(self) -> None:
        outcomes = self.outcomes
        if len(outcomes) > 1:
            text = self.tr("They stay in the record, struck out, and count nowhere.")
        else:
            text = self.tr("It stays in the record, struck out, and counts nowhere.")
        if any(one.corrected_by in {chosen.id for chosen in outcomes} for one in self._outcomes):
            text += " " + self.tr("What it corrects does not count again.")
        for one in self._biopsies:
            if not one.is_closed and one.finding and one.finding.outcome_id in {chosen.id for chosen in outcomes}:
                text += " " + self._open_again(one)
        self._note.setText(text)
        self._withdraw.setEnabled(bool(outcomes) and self.reason is not None)

    def _open_again(self, biopsy: PlannedBiopsy) -> str:
        if biopsy.taken is not None:
            return self.tr("Its histology is open again.")
        if biopsy.is_reexcision:
            return self.tr("The planned re-excision is open again.")
        return self.tr("The planned biopsy is open again.")

    def reject(self) -> None:
        if self._entries.may_be_discarded():
            super().reject()
