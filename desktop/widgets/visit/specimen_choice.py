"""The question whether a histopathology corrects one that is recorded, or is of another specimen of the lesion."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from desktop.core.diagnoses import diagnosis_name
from desktop.widgets.common.plain_text import PlainLabel, for_key, for_tip
from desktop.widgets.common.wording import local_day, translated

if TYPE_CHECKING:
    from desktop.core.records.people import Outcome

_WIDEST = 430
"""Of a button's text in points, which cannot wrap."""


class SpecimenChoice(QWidget):
    """Asks for one of them, and presets none unless it is known.

    A scar without tumour must not correct a melanoma, nor a wrong finding stand beside the right one.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: list[Outcome] = []
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.buttons: list[QRadioButton] = []
        """One for each finding that may be corrected, the oldest first, then that for another specimen."""

    def show_findings(self, outcomes: Sequence[Outcome], before: QWidget, *, is_of_another: bool = False) -> None:
        """Offer to correct each histopathology among the outcomes that is not corrected yet; offer nothing if there is none.

        Tab comes to the buttons from `before`. That for another specimen is chosen if the entry is known to be of one.
        """
        self._findings = [one for one in outcomes if one.kind == "histopathology" and one.corrected_by is None]
        if not self._findings:
            return
        corrects = self.tr("Corrects the finding of {day}: {diagnosis}")
        texts = [
            corrects.format(day=local_day(one.date), diagnosis=translated(diagnosis_name(one.diagnosis)))
            for one in self._findings
        ]
        self._column.addWidget(PlainLabel(self.tr("This entry"), self))
        for text in (*texts, self.tr("Is of another specimen, such as a re-excision")):
            shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, _WIDEST)
            button = QRadioButton(for_key(shown), self)
            button.setToolTip("" if shown == text else for_tip(text))
            button.setAccessibleName(text)
            button.toggled.connect(self.changed)
            self._group.addButton(button)
            self._column.addWidget(button)
            self.buttons.append(button)
        self.setFocusProxy(self.buttons[0])
        for earlier, later in pairwise((before, *self.buttons)):
            QWidget.setTabOrder(earlier, later)
        self.buttons[-1].setChecked(is_of_another)

    @property
    def is_asked(self) -> bool:
        """Whether there is a finding that may be corrected."""
        return bool(self._findings)

    @property
    def is_open(self) -> bool:
        """Whether it is asked and not answered."""
        return self.is_asked and self._group.checkedButton() is None

    @property
    def corrects(self) -> Outcome | None:
        """The finding that is corrected, None if none is."""
        chosen = (one for one, button in zip(self._findings, self.buttons, strict=False) if button.isChecked())
        return next(chosen, None)

    @property
    def has_other_finding(self) -> bool:
        """Whether a finding stands beside the one that is entered: one that is not corrected by it."""
        corrected = self.corrects
        return any(one != corrected for one in self._findings)
