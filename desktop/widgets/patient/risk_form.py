"""What raises a patient's risk of melanoma, four questions of one choice each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.patient_words import NAEVUS_COUNTS, YES_NO, naevi_name, yes_no_name
from desktop.widgets.common.plain_text import PlainLabel

if TYPE_CHECKING:
    from desktop.core.records.people import RiskFactors


class RiskForm(QWidget):
    """Each question stays “not asked” until it is answered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.own = self._yes_no()
        self.family = self._yes_no()
        self.immunosuppressed = self._yes_no()
        self.naevi = ChoiceBox(self)
        for count in NAEVUS_COUNTS:
            self.naevi.addItem(naevi_name(count), count)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(4, 1)
        questions = (
            (self.tr("Melanoma before"), self.own),
            (self.tr("In the family"), self.family),
            (self.tr("Immunosuppressed"), self.immunosuppressed),
            (self.tr("Naevi"), self.naevi),
        )
        for number, (question, box) in enumerate(questions):
            row, column = divmod(number, 2)
            label = PlainLabel(question, self)
            label.setBuddy(box)
            box.setAccessibleName(question)
            grid.addWidget(label, row, 2 * column)
            grid.addWidget(box, row, 2 * column + 1)

    @property
    def risk(self) -> RiskFactors:
        """The chosen answers."""
        from desktop.core.records.people import RiskFactors  # noqa: PLC0415 - not needed at the start

        return RiskFactors(
            self.own.currentData(),
            self.family.currentData(),
            self.immunosuppressed.currentData(),
            self.naevi.currentData(),
        )

    def show_values(self, risk: RiskFactors) -> None:
        """Show these answers."""
        for box, value in (
            (self.own, risk.own_melanoma),
            (self.family, risk.family_melanoma),
            (self.immunosuppressed, risk.immunosuppressed),
            (self.naevi, risk.naevi),
        ):
            box.setCurrentIndex(box.findData(value))

    def _yes_no(self) -> ChoiceBox:
        box = ChoiceBox(self)
        for answer in YES_NO:
            box.addItem(yes_no_name(answer), answer)
        return box
