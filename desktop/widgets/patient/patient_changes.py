"""Adds and corrects patients, with a name for the undo menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject

from desktop.session.patient_edits import PatientEdits
from desktop.session.undo import Failed, UndoStack

if TYPE_CHECKING:
    from desktop.core.records.people import Patient, RiskFactors, Sex, SkinType, YesNo


class PatientChanges(QObject):
    """The window adds and corrects patients only through this class."""

    def __init__(self, edits: PatientEdits, undo_stack: UndoStack, parent: QObject) -> None:
        super().__init__(parent)
        self._edits = edits
        self._undo_stack = undo_stack

    def add(
        self,
        pseudonym: str,
        sex: Sex,
        age_band: str,
        failed: Failed,
        done: Callable[[], None] = lambda: None,
        *,
        skin_type: SkinType = "",
        birth_year: int | None = None,
    ) -> None:
        """Add a patient and open them; undo moves them to the bin."""
        text = self.tr("new patient {pseudonym}").format(pseudonym=pseudonym)
        patient_ids: set[int] = set()
        step = self._edits.add_patient(
            pseudonym, sex, age_band, skin_type, birth_year=birth_year, patient_ids=patient_ids
        )
        self._undo_stack.carry_out(text, step, done, failed, patient_ids=patient_ids)

    def correct(
        self,
        patient: Patient,
        before: str,
        pseudonym: str,
        sex: Sex,
        age_band: str,
        failed: Failed,
        done: Callable[[], None],
        *,
        skin_type: SkinType | None = None,
        risk: RiskFactors | None = None,
        training_use: YesNo | None = None,
        birth_year: int | Literal["kept"] | None = "kept",
    ) -> None:
        """Correct the data of a patient, and the age band at this visit; what is not given stays as it is.

        `patient` and `before`, the recorded age band, are as they were shown: another patient may be open by now. A
        `birth_year` of None is not known.
        """
        skin_type = patient.skin_type if skin_type is None else skin_type
        risk = patient.risk if risk is None else risk
        training_use = patient.training_use if training_use is None else training_use
        birth_year = patient.birth_year if birth_year == "kept" else birth_year
        corrected = (pseudonym, sex, age_band, skin_type, risk, training_use, birth_year)
        if corrected == (
            *(patient.pseudonym, patient.sex, before),
            *(patient.skin_type, patient.risk, patient.training_use, patient.birth_year),
        ):
            done()
            return
        age_bands = None if age_band == before else (before, age_band)
        step = self._edits.correct_patient(
            *(patient, pseudonym, sex, age_bands),
            skin_type=skin_type,
            risk=risk,
            training_use=training_use,
            birth_year=birth_year,
        )
        if pseudonym != patient.pseudonym:
            text = self.tr("new pseudonym of {before}: {after}").format(before=patient.pseudonym, after=pseudonym)
        else:
            changed = (
                (sex != patient.sex, self.tr("sex")),
                (age_band != before or birth_year != patient.birth_year, self.tr("age")),
                (skin_type != patient.skin_type, self.tr("skin type")),
                (risk != patient.risk, self.tr("risk")),
                (training_use != patient.training_use, self.tr("use for training")),
            )
            names = ", ".join(name for is_changed, name in changed if is_changed)
            text = self.tr("{facts} of {patient}").format(facts=names, patient=patient.pseudonym)
        self._undo_stack.carry_out(text, step, done, failed, patient_ids=(patient.id,))
