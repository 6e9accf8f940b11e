"""Merges the patients of a folder into a history: what is there is not added again, and nothing is overwritten.

The result does not depend on which of two histories was there first, except for what a conflict decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from desktop.core.exchange.conflicts import Conflicts
from desktop.core.exchange.contents import ImageContents, LesionContents, PatientContents
from desktop.core.exchange.merging_statements import statements_to_add
from desktop.core.marking import tr
from desktop.core.place_words import recognised
from desktop.core.records.entries import Authorship
from desktop.core.records.exchanged import ExchangedRows
from desktop.core.records.exchanged_values import LesionRow, PatientRow
from desktop.core.records.people import Lesion, Placement, RiskFactors
from desktop.core.records.placements import Placements
from desktop.core.records.statements import Statement, StatementKind, Subject
from desktop.core.records.values import KeptImage
from desktop.core.text_matching import identity


@dataclass
class Added:
    """How many there are that the history did not have."""

    patients: int = 0
    lesions: int = 0
    images: int = 0
    findings: int = 0
    """Assessments and outcomes."""
    others: int = 0
    """Withdrawals, steps, treatments and pregnancies."""
    answers: int = 0


class Merging:
    """One merge, within one transaction of the history."""

    def __init__(
        self,
        rows: ExchangedRows,
        placements: Placements,
        files: Mapping[str, KeptImage],
        conflicts: Conflicts,
        by: str,
    ) -> None:
        """Begin a merge.

        Args:
            rows: of the history.
            placements: of the history's images.
            files: the images of the folder that can be read, by their path in it.
            conflicts: takes what contradicts the history.
            by: the initials of whoever imports.
        """
        self.added = Added()
        self.made_elsewhere: list[int] = []
        """The ids of the written assessments of which the file does not say whether they came before a model's answer."""
        self._rows = rows
        self._placements = placements
        self._files = files
        self._conflicts = conflicts
        self._by = by
        self._patients: dict[str, PatientRow] = {}
        for row in rows.patients():
            known = self._patients.get(identity(row.patient.pseudonym))
            if known is None or known.patient.is_binned:  # one in the bin only where there is no other
                self._patients[identity(row.patient.pseudonym)] = row

    def merge_patient(self, theirs: PatientContents) -> None:
        """Merge one patient with all that belongs to them."""
        patient_id = self._patient(theirs)
        if patient_id is None:
            return
        self._merge_visits(patient_id, theirs)
        self.added.others += self._rows.merge_influences(theirs.influences, patient_id=patient_id)
        lesions = self._merge_lesions(patient_id, theirs)
        for image in theirs.images:
            self.merge_image(image, patient_id, lesions, theirs.patient.pseudonym)
        for lesion in theirs.lesions:
            lesion_id = lesions[lesion.key]
            if lesion_id is not None:
                self.added.others += self._rows.merge_influences(lesion.influences, lesion_id=lesion_id)
                name = f"{theirs.patient.pseudonym}, {lesion.lesion.name}"
                self._say(Subject(lesion_id=lesion_id), lesion.statements, name, patient_id)

    def merge_image(
        self, theirs: ImageContents, patient_id: int | None, lesions: Mapping[str, int | None], name: str
    ) -> None:
        """Merge one image; `lesions` are the ids of the patient's lesions by the keys of the folder."""
        image = self._files.get(theirs.file)
        lesion_id = lesions.get(theirs.lesion_key)
        if image is None or (theirs.lesion_key and lesion_id is None):
            return
        image_id = self._placements.image_id_of(image.sha256)
        is_new = image_id is None
        if image_id is None:
            image_id = self._rows.add_image(image, theirs.written)
            self.added.images += 1
        visit_id = None
        if patient_id is not None and theirs.day:
            visit_id = self._rows.visit_on(patient_id, theirs.day, theirs.written).id
        wanted = Placement(image_id, theirs.kind, lesion_id, visit_id)
        here = self._placements.placement(image_id)
        is_free = here.lesion_id is None and here.visit_id is None
        if wanted != here and (is_new or (is_free and not (lesion_id is None and visit_id is None))):
            self._rows.place(wanted, theirs.written)
        elif wanted != here and not (lesion_id is None and visit_id is None):
            self._conflicts.meet(
                tr("{name}: “{image}” is filed elsewhere here, and stays there").format(name=name, image=theirs.name)
            )
        self._rows.set_measures(image_id, theirs.measures, theirs.written)
        self._rows.merge_pins(image_id, theirs.pins, lesions)
        self._say(Subject(image_id=image_id), theirs.statements, theirs.name, patient_id)

    def _patient(self, theirs: PatientContents) -> int | None:
        """Return the id of the history's patient, made if there is none; None if nothing of the patient is imported."""
        pseudonym = theirs.patient.pseudonym
        known = self._patients.get(identity(pseudonym))
        if known is None:
            return self._add_patient(theirs, pseudonym)
        if known.made != theirs.made and _differ(known.patient.sex, theirs.patient.sex):
            apart = self._apart(theirs)
            if not isinstance(apart, PatientRow):
                sentence = tr("{name}: {own} here, {other} in the folder, perhaps not the same person").format(
                    name=pseudonym, own=known.patient.sex, other=theirs.patient.sex
                )
                return self._add_patient(theirs, apart) if self._conflicts.meet(sentence) else None
            known = apart
        if known.patient.is_binned:
            if not self._conflicts.meet(tr("{name}: in the bin here").format(name=pseudonym)):
                return None
            self._rows.restore_from_bin("patient", known.patient.id, self._by)
        self._merge_details(known, theirs)
        return known.patient.id

    def _apart(self, theirs: PatientContents) -> PatientRow | str:
        """Return the patient whom an earlier import added beside one of the same pseudonym; else a free pseudonym."""
        number = 2
        while True:
            pseudonym = f"{theirs.patient.pseudonym} ({number})"
            known = self._patients.get(identity(pseudonym))
            if known is None:
                return pseudonym
            if known.made == theirs.made:
                return known
            number += 1

    def _add_patient(self, theirs: PatientContents, pseudonym: str) -> int:
        patient = replace(theirs.patient, pseudonym=pseudonym)
        patient_id = self._rows.add_patient(patient, theirs.made, theirs.changed)
        self._patients[identity(pseudonym)] = PatientRow(replace(patient, id=patient_id), theirs.made, theirs.changed)
        self.added.patients += 1
        return patient_id

    def _merge_details(self, ours: PatientRow, theirs: PatientContents) -> None:
        own, other = ours.patient, theirs.patient

        def settled(name: str, own_value: str, other_value: str, empty: str = "") -> str:
            return self._conflicts.settle(
                f"{own.pseudonym}, {name}", (own_value, ours.changed), (other_value, theirs.changed), empty
            )

        details: dict[str, Any] = {
            "sex": settled("sex", own.sex, other.sex, "unknown"),
            "skin_type": settled("skin type", own.skin_type, other.skin_type),
        }
        years = ["" if one.birth_year is None else str(one.birth_year) for one in (own, other)]
        birth_year = settled("birth year", *years)
        details["birth_year"] = int(birth_year) if birth_year else None
        risk: dict[str, Any] = {
            part.name: settled(
                part.name.replace("_", " "), getattr(own.risk, part.name), getattr(other.risk, part.name)
            )
            for part in fields(RiskFactors)
        }
        merged = replace(own, is_binned=False, risk=RiskFactors(**risk), **details)
        if merged != replace(own, is_binned=False):
            self._rows.change_patient(merged, _later(ours.changed, theirs.changed))

    def _merge_visits(self, patient_id: int, theirs: PatientContents) -> None:
        here = {visit.date.isoformat(): (visit, changed) for visit, changed in self._rows.visits(patient_id)}
        for other in theirs.visits:
            if other.day not in here:
                self._rows.visit_on(patient_id, other.day, other.changed, other.age_band)
                continue
            visit, changed = here[other.day]
            name = f"{theirs.patient.pseudonym}, {other.day}"
            band = self._conflicts.settle(name, (visit.age_band, changed), (other.age_band, other.changed), "")
            if band != visit.age_band:
                self._rows.change_age_band(visit, band, _later(changed, other.changed))

    def _merge_lesions(self, patient_id: int, theirs: PatientContents) -> dict[str, int | None]:
        """Return the history's lesions by the keys of the folder; None for one of which nothing is imported."""
        here = self._rows.lesions(patient_id)
        return {lesion.key: self._lesion(patient_id, lesion, theirs, here) for lesion in theirs.lesions}

    def _lesion(
        self, patient_id: int, theirs: LesionContents, patient: PatientContents, here: Sequence[LesionRow]
    ) -> int | None:
        pseudonym, name = patient.patient.pseudonym, theirs.lesion.name
        known = next((one for one in here if one.key == theirs.key), None) or self._of_same_image(
            here, theirs, patient.images
        )
        if known is None:
            known = next((one for one in here if identity(one.lesion.name) == identity(name)), None)
            if known is None:
                return self._add_lesion(patient_id, theirs, name)
            sentence = tr("{name}: perhaps not the same lesion here and in the folder")
            if not self._conflicts.meet(sentence.format(name=f"{pseudonym}, {name}")):
                return None
            names = {identity(one.lesion.name) for one in self._rows.lesions(patient_id)}
            number = 2
            while identity(f"{name} ({number})") in names:
                number += 1
            return self._add_lesion(patient_id, theirs, f"{name} ({number})")
        if known.lesion.is_binned:
            if not self._conflicts.meet(tr("{name}: in the bin here").format(name=f"{pseudonym}, {name}")):
                return None
            self._rows.restore_from_bin("lesion", known.lesion.id, self._by)
        self._merge_lesion_details(known, theirs, pseudonym)
        return known.lesion.id

    def _of_same_image(
        self, here: Sequence[LesionRow], theirs: LesionContents, images: Sequence[ImageContents]
    ) -> LesionRow | None:
        """Return the lesion that has an image of the folder's lesion."""
        by_id = {one.lesion.id: one for one in here}
        for image in images:
            if image.lesion_key == theirs.key and image.file in self._files:
                image_id = self._placements.image_id_of(self._files[image.file].sha256)
                lesion_id = None if image_id is None else self._placements.placement(image_id).lesion_id
                if lesion_id in by_id:
                    return by_id[lesion_id]
        return None

    def _add_lesion(self, patient_id: int, theirs: LesionContents, name: str) -> int:
        self.added.lesions += 1
        return self._rows.add_lesion(
            replace(theirs.lesion, patient_id=patient_id, name=name), theirs.key, theirs.changed
        )

    def _merge_lesion_details(self, ours: LesionRow, theirs: LesionContents, pseudonym: str) -> None:
        other = theirs.lesion
        own = replace(ours.lesion, site=recognised(ours.lesion.site) or ours.lesion.site)
        name = f"{pseudonym}, {own.name}"
        site = self._conflicts.settle(name, (own.site, ours.changed), (other.site, theirs.changed), "")
        called = own.name
        if ours.key == theirs.key and not own.name.startswith(f"{other.name} ("):  # which an import called it
            called = self._conflicts.settle(name, (own.name, ours.changed), (other.name, theirs.changed), "")
        pin = own.pin
        if own.pin is None and site == other.site:
            pin = other.pin
        elif site != own.site:
            pin = None if site != other.site else other.pin
        merged = Lesion(own.id, own.patient_id, called, site, pin=pin)
        if merged != replace(ours.lesion, is_binned=False):
            self._rows.change_lesion(merged, _later(ours.changed, theirs.changed))

    def _say(self, subject: Subject, theirs: Sequence[Statement], name: str, patient_id: int | None) -> None:
        new = statements_to_add(self._rows, subject, theirs, name, self._conflicts)
        self.made_elsewhere += self._rows.add_statements(subject, new, patient_id, self._by)
        findings = sum(one.kind in {StatementKind.ASSESSMENT, StatementKind.OUTCOME} for one in new)
        self.added.findings += findings
        self.added.others += len(new) - findings


def _differ(own: str, other: str) -> bool:
    return own != other and "unknown" not in {own, other}


def _later(one: Authorship, other: Authorship) -> Authorship:
    return max(one, other, key=lambda written: (written.time, written.initials))
