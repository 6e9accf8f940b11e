"""Changes to patients, their visits, lesions and images, as steps for the `UndoStack`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import AppError, UndoRefusedError
from desktop.core.late import Late
from desktop.core.marking import tr
from desktop.session.history_service import HistoryService
from desktop.session.open_patient import OpenPatient
from desktop.session.undo import Failed, Step

if TYPE_CHECKING:
    from desktop.core.records import patient_file, people
    from desktop.core.records.history import History
    from desktop.core.records.people import (
        ImageKind,
        Lesion,
        Patient,
        Pin,
        PlacedImage,
        Placement,
        RiskFactors,
        Sex,
        SkinType,
        YesNo,
    )
else:
    patient_file = Late("desktop.core.records.patient_file")
    people = Late("desktop.core.records.people")


class PatientEdits(QObject):
    """Writes changes to the open patient, which `OpenPatient` reloads after every write."""

    erasing = Signal(object)
    """A Patient is about to be erased for good: nothing more of them may be saved."""
    failed = Signal(object)  # AppError

    def __init__(
        self, open_patient: OpenPatient, history_service: HistoryService, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._open_patient = open_patient
        self._history_service = history_service

    def add_patient(
        self,
        pseudonym: str,
        sex: Sex,
        age_band: str,
        skin_type: SkinType = "",
        *,
        birth_year: int | None = None,
        patient_ids: set[int],
    ) -> Step:
        """Add a new patient and open them; undo moves them to the bin, unless something was saved for them.

        `patient_ids` gets the patient's id, and loses it while they are in the bin: redo opens them, whoever is open.
        """
        today = self._open_patient.date

        def work(history: History, by: str) -> Patient:
            patient = history.people.add_patient(pseudonym, sex, by=by, skin_type=skin_type, birth_year=birth_year)
            if age_band:
                history.people.begin_visit(patient.id, today, age_band, by=by)
            return patient

        def take(patient: Patient) -> None:
            patient_ids.add(patient.id)
            self._open_patient.open(patient)

        step = self._history_service.step(work, lambda patient: self._bin_patient(patient, patient_ids), take)
        return self._as_change_of_patient(step)

    def _bin_patient(self, patient: Patient, patient_ids: set[int]) -> Step:
        """Put a patient into the bin for whom nothing was saved: a hidden record would belong to the next of that name."""

        def work(history: History, by: str) -> None:
            _check_empty(history, patient.id)
            history.people.set_binned("patient", patient.id, binned=True, by=by)

        def take(_nothing: None) -> None:
            patient_ids.discard(patient.id)
            if self._open_patient.patient is not None and self._open_patient.patient.id == patient.id:
                self._open_patient.close()

        step = self._history_service.step(work, lambda _nothing: self._restore_patient(patient, patient_ids), take)
        return self._as_change_of_patient(step)

    def _restore_patient(self, patient: Patient, patient_ids: set[int]) -> Step:
        """Take a patient out of the bin and open them."""

        def take(_changed: bool) -> None:
            patient_ids.add(patient.id)
            self._open_patient.open(patient)

        step = self._history_service.step(
            lambda history, by: history.people.set_binned("patient", patient.id, binned=False, by=by),
            lambda _changed: self._bin_patient(patient, patient_ids),
            take,
        )
        return self._as_change_of_patient(step)

    def _as_change_of_patient(self, step: Step) -> Step:
        """Return a write after which another patient is open, or none: from its beginning, new images wait for that."""

        def carry_out(done: Callable[[Step | None], None], failed: Failed) -> None:
            end = self._open_patient.begin_change()

            def take(reverse: Step | None) -> None:
                done(reverse)
                end()

            def tell(error: AppError) -> None:
                failed(error)
                end()

            step(take, tell)

        return carry_out

    def correct_patient(
        self,
        patient: Patient,
        pseudonym: str,
        sex: Sex,
        age_bands: tuple[str, str] | None = None,
        *,
        skin_type: SkinType | None = None,
        risk: RiskFactors | None = None,
        training_use: YesNo | None = None,
        birth_year: int | Literal["kept"] | None = "kept",
    ) -> Step:
        """Correct a patient's data, and the age band at today's visit.

        Args:
            patient: the patient before the correction.
            pseudonym: the new pseudonym.
            sex: the new sex.
            age_bands: the old and the new age band at this visit; None leaves it unchanged.
            skin_type: the new skin type; None leaves it unchanged.
            risk: the new risk factors; None leaves them unchanged.
            training_use: whether the images may be used for training; None leaves it unchanged.
            birth_year: the new birth year, None if it is not known.
        """
        corrected = replace(
            patient,
            pseudonym=pseudonym,
            sex=sex,
            skin_type=patient.skin_type if skin_type is None else skin_type,
            risk=patient.risk if risk is None else risk,
            training_use=patient.training_use if training_use is None else training_use,
            birth_year=patient.birth_year if birth_year == "kept" else birth_year,
        )
        return self._correct_patient(patient, corrected, self._open_patient.date, age_bands)

    def _correct_patient(
        self, before: Patient, after: Patient, day: dt.date, age_bands: tuple[str, str] | None
    ) -> Step:
        def work(history: History, by: str) -> None:
            history.people.correct_patient(
                *(after.id, after.pseudonym, after.sex),
                by=by,
                skin_type=after.skin_type,
                risk=after.risk,
                training_use=after.training_use,
                birth_year=after.birth_year,
            )
            if age_bands is not None:
                history.people.begin_visit(after.id, day, age_bands[1], by=by)

        reversed_bands = None if age_bands is None else (age_bands[1], age_bands[0])
        return self._history_service.step(
            work, lambda _nothing: self._correct_patient(after, before, day, reversed_bands)
        )

    def begin_visit(self) -> None:
        """Begin today's visit of the open patient."""
        if self._open_patient.patient is not None:
            patient_id, today = self._open_patient.patient.id, self._open_patient.date
            self._history_service.write(
                lambda history, by: patient_file.visit_on(history, patient_id, today, by),
                lambda _visit: None,
                self.failed.emit,
            )

    def add_lesion(
        self,
        patient: Patient,
        site: str = "",
        then: Callable[[Lesion], object] = lambda _lesion: None,
        *,
        made: Callable[[Lesion], object] = lambda _lesion: None,
    ) -> Step:
        """Add a lesion and call `made`; if its patient is open, choose it and call `then`.

        Undo moves it to the bin, and its images to none: they would be hidden with it. It is refused once the lesion has
        an outcome or an assessment.
        """

        def work(history: History, by: str) -> Lesion:
            name = history.people.next_lesion_name(patient.id)
            return history.people.add_lesion(patient.id, name, site, by=by)

        def take(lesion: Lesion) -> None:
            made(lesion)
            if self._open_patient.take_lesion(lesion):
                then(lesion)

        return self._history_service.step(work, self.bin_lesion, take)

    def bin_lesion(self, lesion: Lesion) -> Step:
        """Put a lesion into the bin, unless it was assessed; its images stay with the patient, without a lesion."""
        today = self._open_patient.date

        def work(history: History, by: str) -> list[Placement]:
            if history.people.is_judged(lesion.id):
                raise UndoRefusedError(
                    tr("{lesion} of {pseudonym} has an assessment or an outcome, and stays."),
                    lesion=lesion.name,
                    pseudonym=history.people.patient(lesion.patient_id).pseudonym,
                )
            free = [
                replace(
                    one,
                    lesion_id=None,
                    visit_id=one.visit_id or patient_file.visit_on(history, lesion.patient_id, today, by).id,
                )
                for one in history.people.placements_of(lesion.id)
            ]
            earlier = history.people.put_back(free, by=by)
            history.people.set_binned("lesion", lesion.id, binned=True, by=by)
            return earlier

        return self._history_service.step(work, lambda earlier: self._restore_lesion(lesion, earlier))

    def _restore_lesion(self, lesion: Lesion, placements: list[Placement]) -> Step:
        """Take a lesion out of the bin, with the images that it had."""

        def work(history: History, by: str) -> None:
            history.people.set_binned("lesion", lesion.id, binned=False, by=by)
            history.people.put_back(placements, by=by)

        return self._history_service.step(work, lambda _nothing: self.bin_lesion(lesion))

    def correct_lesion(self, lesion: Lesion, *, name: str, site: str, pin: Pin | None) -> Step:
        """Correct a lesion's name, site and pin."""
        corrected = replace(lesion, name=name, site=site, pin=pin)
        return self._history_service.step(
            lambda history, by: history.people.correct_lesion(lesion.id, name=name, site=site, pin=pin, by=by),
            lambda _lesion: self.correct_lesion(corrected, name=lesion.name, site=lesion.site, pin=lesion.pin),
        )

    def place(self, patient: Patient, images: Iterable[PlacedImage], lesion_id: int | None) -> Step:
        """Assign images of a patient to one of their lesions; each stays with its visit."""
        today = self._open_patient.date
        wanted = [people.Placement(image.image_id, image.kind, lesion_id, image.visit_id) for image in images]

        def work(history: History, by: str) -> list[Placement]:
            visit_id = None
            if any(placement.visit_id is None for placement in wanted):
                visit_id = patient_file.visit_on(history, patient.id, today, by).id
            placements = [replace(one, visit_id=one.visit_id or visit_id) for one in wanted]
            return history.people.put_back(placements, by=by)

        return self._history_service.step(work, self._put_back)

    def declare(self, images: Iterable[PlacedImage], kind: ImageKind) -> Step:
        """Set the kind of images: dermoscopy or clinical photograph."""
        wanted = [people.Placement(one.image_id, kind, one.lesion_id, one.visit_id) for one in images]
        return self._history_service.step(lambda history, by: history.people.put_back(wanted, by=by), self._put_back)

    def adopt(self, patient: Patient, sha256: str, lesion_id: int | None) -> Step:
        """Place an unassigned image of the history with a patient, at today's visit."""
        today = self._open_patient.date

        def work(history: History, by: str) -> list[Placement]:
            image_id = history.people.image_id_of(sha256)
            if image_id is None:
                return []
            visit = patient_file.visit_on(history, patient.id, today, by)
            return history.people.move([image_id], lesion_id, visit.id, by=by)

        return self._history_service.step(work, self._put_back)

    def move(self, images: Iterable[PlacedImage], patient: Patient, lesion_id: int | None) -> Step:
        """Move images of the open patient to another, each to that patient's visit of the same day."""
        wanted = [(image, self._open_patient.date_of(image)) for image in images]

        def work(history: History, by: str) -> list[Placement]:
            visits = {day: patient_file.visit_on(history, patient.id, day, by).id for _image, day in wanted}
            placements = [people.Placement(one.image_id, one.kind, lesion_id, visits[day]) for one, day in wanted]
            return history.people.put_back(placements, by=by)

        return self._history_service.step(work, self._put_back)

    def _put_back(self, placements: list[Placement]) -> Step | None:
        """Return the step that puts images back where they were, None if there are none."""
        if not placements:
            return None
        return self._history_service.step(
            lambda history, by: history.people.put_back(placements, by=by), self._put_back
        )

    def erase(self, patient: Patient, done: Callable[[], None]) -> None:
        """Erase a patient for good, with all images, answers and assessments, whoever is open by now."""
        self.erasing.emit(patient)
        if self._open_patient.patient is not None and self._open_patient.patient.id == patient.id:
            self._open_patient.close()
        self._history_service.erase_patient(patient.id, lambda _nothing: done(), self.failed.emit)


def _check_empty(history: History, patient_id: int) -> None:
    """Check that nothing but visits was saved for a patient.

    Raises:
        UndoRefusedError: there are images, lesions, assessments or outcomes.
    """
    pseudonym, images = history.people.patient(patient_id).pseudonym, history.people.image_count(patient_id)
    if images == 1:
        raise UndoRefusedError(
            tr("{pseudonym} has an image. Move it to another patient, or erase the patient."), pseudonym=pseudonym
        )
    if images:
        raise UndoRefusedError(
            tr("{pseudonym} has {count} images. Move them to another patient, or erase the patient."),
            pseudonym=pseudonym,
            count=images,
        )
    if history.people.has_findings(patient_id):
        raise UndoRefusedError(
            tr("{pseudonym} has a lesion or an outcome. To remove the patient, erase them."), pseudonym=pseudonym
        )
