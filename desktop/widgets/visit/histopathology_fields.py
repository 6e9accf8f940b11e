"""The fields of a histopathology beside diagnosis and thickness: ulceration, margins, number, biopsy taken, patient told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from desktop.widgets.common.calm_inputs import ChoiceBox
from desktop.widgets.common.plain_text import PlainLabel
from desktop.widgets.common.wording import local_day
from desktop.widgets.visit.assessment_words import day_and_person
from desktop.widgets.visit.optional_day import OptionalDay, PersonDay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from desktop.core.records.care_steps import CareStep
    from desktop.core.records.people import Margins, Outcome, Ulceration
    from desktop.widgets.visit.outcome_subject import PlannedBiopsy

_LONGEST_NUMBER = 40


@dataclass(frozen=True)
class EnteredDetails:
    """What was entered; None or empty where it was not given. `taken` is when the biopsy was, `told` when the patient was.

    `plans_reexcision` is whether a re-excision is to be planned next.
    """

    ulceration: Ulceration | None = None
    margins: Margins | None = None
    laboratory_number: str = ""
    taken: dt.date | None = None
    told: dt.date | None = None
    told_by: str = ""
    plans_reexcision: bool = False


NO_DETAILS = EnteredDetails()


class HistopathologyFields(QObject):
    """Rows of a form. Which are visible depends on the kind of the outcome, and on the biopsy that is chosen.

    Of which biopsies the finding may be depends on its day: the rows that say so come and go while that is typed.
    """

    changed = Signal()
    """Something was entered or chosen, by the user or with `presets`."""

    def __init__(self, form: QFormLayout, initials: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._form = form
        self._biopsies: list[PlannedBiopsy] = []
        self.ulceration = ChoiceBox(parent)
        margins = QWidget(parent)
        self.margins = ChoiceBox(margins)
        for box, rows in (
            (
                self.ulceration,
                ((self.tr("not given"), None), (self.tr("absent"), "absent"), (self.tr("present"), "present")),
            ),
            (
                self.margins,
                (
                    (self.tr("not given"), None),
                    (self.tr("clear"), "clear"),
                    (self.tr("involved"), "involved"),
                    (self.tr("not assessable"), "not assessable"),
                ),
            ),
        ):
            for text, value in rows:
                box.addItem(text, value)
        self._is_reexcision_planned = False
        self.reexcision = QCheckBox(self.tr("Plan re-e&xcision next"), margins)
        margins.setFocusProxy(self.margins)
        beside = QHBoxLayout(margins)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.margins, 1)
        beside.addWidget(self.reexcision)
        self.margins.currentIndexChanged.connect(self._fit_reexcision)
        self._fit_reexcision()
        self.number = QLineEdit(parent)
        self.number.setMaxLength(_LONGEST_NUMBER)
        self.specimen_of = ChoiceBox(parent)
        self.specimen_of.setPlaceholderText(self.tr("Choose"))
        self.taken = OptionalDay(self.tr("on"), parent)
        self._was_taken = PlainLabel(parent)
        self.told = PersonDay(self.tr("Initials of whoever told the patient"), initials, parent)
        form.addRow(self.tr("&Ulceration"), self.ulceration)
        form.addRow(self.tr("&Margins"), margins)
        form.addRow(self.tr("Laboratory &number"), self.number)
        form.addRow(self.tr("Sp&ecimen of"), self.specimen_of)
        form.addRow(self.tr("Biopsy taken"), self.taken)
        form.addRow(self.tr("Biopsy taken"), self._was_taken)
        self._was_told = PlainLabel(parent)
        form.addRow(self.tr("Patient told"), self._was_told)
        form.addRow(self.tr("&Patient told"), self.told)
        self._rows = (self.ulceration, margins, self.number, self.told)
        self.specimen_of.currentIndexChanged.connect(self._take_choice)
        for edited in (
            self.ulceration.currentIndexChanged,
            self.margins.currentIndexChanged,
            self.number.textChanged,
            self.taken.changed,
            self.told.changed,
        ):
            edited.connect(self.changed)

    @property
    def biopsy(self) -> PlannedBiopsy | None:
        """The biopsy of which the finding is; None if none is known, or none of several was chosen."""
        if not self.is_biopsy_asked:
            return next(iter(self._biopsies), None)
        chosen: int | None = self.specimen_of.currentData()
        return next((one for one in self._biopsies if one.assessment_id == chosen), None)

    @property
    def is_biopsy_asked(self) -> bool:
        """Whether the finding may be of several biopsies."""
        return len(self._biopsies) > 1

    @property
    def _asks_for_day(self) -> bool:
        biopsy = self.biopsy
        return biopsy is not None and biopsy.taken is None

    def fit(self, *, is_histopathology: bool, is_invasive: bool) -> None:
        """Show the fields that belong to the kind; ulceration is that of an invasive melanoma."""
        for row in self._rows:
            self._form.setRowVisible(row, is_histopathology)
        biopsy = self.biopsy
        taken = None if biopsy is None else biopsy.taken
        self._was_taken.setText("" if taken is None else day_and_person(taken.day, taken.person))
        name = self.tr("Biopsy taken")
        if biopsy is not None and biopsy.is_reexcision:
            name = self.tr("Re-excision taken")
        for row in (self.taken, self._was_taken):
            self._name(row, name)
        self._form.setRowVisible(self.specimen_of, is_histopathology and self.is_biopsy_asked)
        self._form.setRowVisible(self.taken, is_histopathology and self._asks_for_day)
        self._form.setRowVisible(self._was_taken, is_histopathology and taken is not None)
        self._form.setRowVisible(self._was_told, is_histopathology and bool(self._was_told.text()))
        self.ulceration.setEnabled(is_invasive)

    def know_reexcision(self, *, is_planned: bool) -> None:
        """Offer no plan of a re-excision where another one `is_planned`: the second would take the place of the first."""
        self._is_reexcision_planned = is_planned
        self._fit_reexcision()

    def _fit_reexcision(self) -> None:
        is_involved = self.margins.currentData() == "involved"
        self.reexcision.setEnabled(is_involved and not self._is_reexcision_planned)
        tip = self.tr("Can be ticked where margins are involved: choose that at the left")
        if is_involved:
            tip = self.tr("Once this is saved, a form asks for the plan")
        if self._is_reexcision_planned:
            tip = self.tr("A re-excision is already planned")
        self.reexcision.setToolTip(tip)

    def show_biopsies(self, biopsies: Sequence[PlannedBiopsy], chosen: int | None) -> bool:
        """Show of which biopsies the finding may be, and ask which if there are several; `fit` shows the day of that one.

        What was chosen before stays so; else that by the assessment `chosen` is. Return whether other biopsies are shown.
        """
        if list(biopsies) == self._biopsies:
            return False
        before: int | None = self.specimen_of.currentData()
        shown = self.biopsy
        self._biopsies = list(biopsies)
        ids = [one.assessment_id for one in biopsies]
        self.specimen_of.blockSignals(True)
        self.specimen_of.clear()
        for one in biopsies:
            self.specimen_of.addItem(_biopsy_name(one), one.assessment_id)
        wanted = before if before in ids else chosen
        self.specimen_of.setCurrentIndex(ids.index(wanted) if wanted in ids else -1)
        self.specimen_of.blockSignals(False)
        if shown is not None and (self.biopsy is None or self.biopsy.assessment_id != shown.assessment_id):
            self._leave_out_day()
        return True

    def _take_choice(self) -> None:
        self._leave_out_day()
        self.changed.emit()

    def _leave_out_day(self) -> None:
        """Untick the day of the biopsy: what was entered was that of another."""
        self.taken.is_given.setChecked(False)

    def show_telling(self, told: CareStep | None) -> None:
        """Say when the patient was told of the finding that is corrected, if that is known."""
        self._was_told.setText("" if told is None else day_and_person(told.day, told.person))
        self._name(self.told, self.tr("&Patient told") if told is None else self.tr("Told of t&his finding"))

    def _name(self, row: QWidget, name: str) -> None:
        label = self._form.labelForField(row)
        if isinstance(label, QLabel):
            label.setText(name)

    def take_over(self, other: HistopathologyFields) -> None:
        """Enter what was entered in the fields of another lesion's form; the day of a biopsy is the lesion's own."""
        self.ulceration.setCurrentIndex(other.ulceration.currentIndex())
        self.margins.setCurrentIndex(other.margins.currentIndex())
        self.reexcision.setChecked(other.reexcision.isChecked())
        self.number.setText(other.number.text())
        self.told.take_over(other.told)

    def presets(self, finding: Outcome | None) -> Iterator[tuple[QWidget, Callable[[], None]]]:
        """Yield the fields of a finding with what shows one in them, or leaves them empty for None."""
        for box, value in (
            (self.ulceration, None if finding is None else finding.ulceration),
            (self.margins, None if finding is None else finding.margins),
        ):
            yield box, partial(box.setCurrentIndex, box.findData(value))
        yield self.number, partial(self.number.setText, "" if finding is None else finding.laboratory_number)

    def refusal(self, *, is_histopathology: bool) -> str:
        """Return why a day that was typed is refused, in one sentence; empty if none is."""
        if not is_histopathology:
            return ""
        return (self.taken.refusal() if self._asks_for_day else "") or self.told.day.refusal()

    def details(self, *, is_histopathology: bool) -> EnteredDetails:
        """Return what was entered; nothing for another kind of outcome."""
        if not is_histopathology:
            return NO_DETAILS
        return EnteredDetails(
            self.ulceration.currentData() if self.ulceration.isEnabled() else None,
            self.margins.currentData(),
            self.number.text().strip(),
            self.taken.day() if self._asks_for_day else None,
            self.told.day.day(),
            self.told.person(),
            self.reexcision.isEnabled() and self.reexcision.isChecked(),
        )


def _biopsy_name(biopsy: PlannedBiopsy) -> str:
    """Return a biopsy with its day, as one of several to choose from."""
    if biopsy.taken is not None:
        text = _tr("Re-excision taken on {day}") if biopsy.is_reexcision else _tr("Biopsy taken on {day}")
        return text.format(day=local_day(biopsy.taken.day))
    text = _tr("Re-excision planned on {day}") if biopsy.is_reexcision else _tr("Biopsy planned on {day}")
    return text.format(day=local_day(biopsy.planned))


def _tr(text: str) -> str:
    return QCoreApplication.translate("HistopathologyFields", text)
