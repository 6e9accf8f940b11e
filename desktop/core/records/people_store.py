"""The patients of a history, with their visits and lesions."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.records.damage import read_day
from desktop.core.records.database import as_list
from desktop.core.records.entries import Authorship, write_binning
from desktop.core.records.newest import LAST_VISIT, is_binned
from desktop.core.records.people import Lesion, Patient, Pin, RiskFactors, Sex, SkinType, Visit, YesNo
from desktop.core.records.people_rows import (
    LESIONS,
    LESIONS_OF,
    PATIENTS,
    VISITS,
    VISITS_OF,
    insert_row,
    read_lesion,
    read_patient,
    read_visit,
    write_lesion,
    write_patient,
    write_training_use,
)
from desktop.core.records.placements import Placements
from desktop.core.text_matching import folded, identity


class People(Placements):
    """The patients of a history and their images; a part of `History`, with the same thread, errors and transactions."""

    def add_patient(
        self, pseudonym: str, sex: Sex, *, by: str, skin_type: SkinType = "", birth_year: int | None = None
    ) -> Patient:
        """Add a patient; one in the bin with that pseudonym is restored, with everything that belongs to them.

        Raises:
            RecordsError: the pseudonym is empty or taken: two patients must never be confused.
        """
        written = Authorship.by(by, self._now)
        pseudonym = _tidied(pseudonym)
        with self._database.writing() as connection:
            known = self._called(pseudonym)
            if known is None:
                patient_id = insert_row(connection, "patient", written)
                added = Patient(patient_id, pseudonym, sex, skin_type=skin_type, birth_year=birth_year)
                write_patient(connection, added, written)
            elif known.is_binned:
                patient_id = known.id
                write_binning(connection, patient_id, binned=False, written=written, subject="patient")
                restored = replace(
                    known,
                    sex=known.sex if sex == "unknown" else sex,
                    skin_type=skin_type or known.skin_type,
                    birth_year=birth_year or known.birth_year,
                )
                if restored != known:
                    write_patient(connection, restored, written)
            else:
                raise _taken(known)
        return self.patient(patient_id)

    def correct_patient(
        self,
        patient_id: int,
        pseudonym: str,
        sex: Sex,
        *,
        by: str,
        skin_type: SkinType | None = None,
        risk: RiskFactors | None = None,
        training_use: YesNo | None = None,
        birth_year: int | Literal["kept"] | None = "kept",
    ) -> Patient:
        """Correct a patient's details; the earlier ones stay in the file. What is not given stays as it is.

        A `birth_year` of None is not known.

        Raises as `add_patient`.
        """
        written = Authorship.by(by, self._now)
        pseudonym = _tidied(pseudonym)
        with self._database.writing() as connection:
            before = self.patient(patient_id)
            if identity(before.pseudonym) != identity(pseudonym):
                other = self._called(pseudonym)
                if other is not None:
                    raise _taken(other)
            corrected = replace(
                before,
                pseudonym=pseudonym,
                sex=sex,
                skin_type=before.skin_type if skin_type is None else skin_type,
                risk=before.risk if risk is None else risk,
                birth_year=before.birth_year if birth_year == "kept" else birth_year,
            )
            if corrected != before:
                write_patient(connection, corrected, written)
            if training_use is not None and training_use != before.training_use:
                write_training_use(connection, patient_id, training_use, written)
        return self.patient(patient_id)

    def patient(self, patient_id: int) -> Patient:
        """Return a patient, in the bin or not.

        Raises:
            KeyError: there is none.
        """
        for row in self._database.read(f"{PATIENTS} WHERE patient.id = ?", (patient_id,)):
            return read_patient(row)
        raise KeyError(patient_id)

    def find_patients(self, text: str = "", limit: int = 20) -> list[Patient]:
        """Return the patients whose pseudonym contains every word of a text, without those in the bin.

        An exact match comes first, then the latest last visit; a patient without a visit is sorted by the day of creation.
        """
        rows = self._database.read(
            f"SELECT *, coalesce({LAST_VISIT.format(patient='found.id')}, date(time, 'localtime')) AS day,"
            f" max(time, coalesce((SELECT max(time) FROM visit_detail WHERE patient = found.id), '')) AS used"
            f" FROM ({PATIENTS}) AS found WHERE NOT is_binned ORDER BY day DESC, used DESC, id DESC"
        )
        words, wanted = folded(text).split(), identity(text)
        found = [row for row in rows if all(word in folded(row["pseudonym"]) for word in words)]
        found.sort(key=lambda row: identity(row["pseudonym"]) != wanted)  # stable: the order stays within both halves
        return [read_patient(row) for row in found[:limit]]

    def patient_called(self, pseudonym: str) -> Patient | None:
        """Return the patient of a pseudonym, ignoring case and spacing; None if there is none outside the bin."""
        known = self._called(pseudonym)
        return None if known is None or known.is_binned else known

    def last_visits(self, patient_ids: Iterable[int]) -> dict[int, dt.date]:
        """Return the day of each patient's last visit."""
        rows = self._database.read(
            f"SELECT value AS patient, {LAST_VISIT.format(patient='value')} AS day FROM json_each(?)",
            (as_list(patient_ids),),
        )
        return {row["patient"]: read_day(row["day"]) for row in rows if row["day"] is not None}

    def begin_visit(self, patient_id: int, date: dt.date, age_band: str, *, by: str) -> Visit:
        """Return a patient's visit of a day, created if there is none. A different age band corrects it."""
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            known = connection.execute(
                f"{VISITS} WHERE detail.patient = ? AND detail.date = ?", (patient_id, date.isoformat())
            ).fetchone()
            visit_id = int(known["id"]) if known else insert_row(connection, "visit", written)
            if known is None or known["age_band"] != age_band:
                connection.execute(
                    "INSERT INTO visit_detail (visit, patient, date, age_band, initials, time) VALUES (?, ?, ?, ?, ?, ?)",
                    (visit_id, patient_id, date.isoformat(), age_band, *written.values),
                )
        return read_visit(self._database.read(f"{VISITS} WHERE visit.id = ?", (visit_id,))[0])

    def visits(self, patient_id: int) -> list[Visit]:
        """Return the visits of a patient, newest first."""
        return [read_visit(row) for row in self._database.read(VISITS_OF, {"patient": patient_id})]

    def day_of_visit(self, visit_id: int) -> dt.date | None:
        """Return the day of a visit, None if it has none any more."""
        rows = self._database.read(f"{VISITS} WHERE visit.id = ?", (visit_id,))
        return read_visit(rows[0]).date if rows else None

    def add_lesion(self, patient_id: int, name: str, site: str, *, pin: Pin | None = None, by: str) -> Lesion:
        """Add a lesion to a patient."""
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            lesion_id = insert_row(connection, "lesion", written)
            write_lesion(connection, Lesion(lesion_id, patient_id, name, site, pin=pin), written)
        return self.lesion(lesion_id)

    def correct_lesion(
        self,
        lesion_id: int,
        *,
        name: str,
        site: str,
        pin: Pin | Literal["kept"] | None = "kept",
        patient_id: int | None = None,
        by: str,
    ) -> Lesion:
        """Correct a lesion's name, site, pin or patient; its images, assessments and outcomes go with it.

        Without `pin` that stays as long as the site does.
        """
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            before = self.lesion(lesion_id)
            owner = before.patient_id if patient_id is None else patient_id
            if pin == "kept":
                pin = before.pin if site == before.site else None
            corrected = replace(before, patient_id=owner, name=name, site=site, pin=pin)
            if corrected != before:
                write_lesion(connection, corrected, written)
        return self.lesion(lesion_id)

    def lesion(self, lesion_id: int) -> Lesion:
        """Return a lesion, in the bin or not.

        Raises:
            KeyError: there is none.
        """
        for row in self._database.read(f"{LESIONS} WHERE lesion.id = ?", (lesion_id,)):
            return read_lesion(row)
        raise KeyError(lesion_id)

    def lesions(self, patient_id: int) -> list[Lesion]:
        """Return the lesions of a patient that are not in the bin, in order of creation."""
        rows = self._database.read(f"{LESIONS_OF} ORDER BY lesion.id", {"patient": patient_id})
        return [lesion for lesion in map(read_lesion, rows) if not lesion.is_binned]

    def next_lesion_name(self, patient_id: int) -> str:
        """Return the name for the next lesion, such as "L4"; a name is never reused."""
        rows = self._database.read("SELECT name FROM lesion_detail WHERE patient = ?", (patient_id,))
        numbers = [int(found[1]) for row in rows if (found := re.fullmatch(r"L(\d{1,9})", row["name"]))]
        return f"L{max(numbers, default=0) + 1}"

    def set_binned(
        self, subject: Literal["patient", "lesion", "image"], subject_id: int, *, binned: bool, by: str
    ) -> bool:
        """Put a patient, a lesion or a clinical photograph into the bin or take it out; return whether that changed anything.

        In the bin it is neither offered nor in a worklist; its entries stay in the history, and a photograph keeps its pins.
        """
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            query = f"SELECT {is_binned(subject)} FROM {subject} WHERE id = ?"
            (is_now,) = connection.execute(query, (subject_id,)).fetchone()
            if bool(is_now) == binned:
                return False
            write_binning(connection, subject_id, binned=binned, written=written, subject=subject)
        return True

    def has_findings(self, patient_id: int) -> bool:
        """Return whether a patient has a lesion or an outcome outside the bin, or a lesion that was assessed."""
        query = f"""
            SELECT 1 FROM ({LESIONS_OF}) AS found
            WHERE NOT is_binned OR EXISTS (SELECT 1 FROM assessment WHERE lesion = found.id)
                OR EXISTS (SELECT 1 FROM outcome WHERE lesion = found.id AND {is_binned("outcome")} = 0)"""
        return bool(self._database.read(query, {"patient": patient_id}))

    def is_judged(self, lesion_id: int) -> bool:
        """Return whether a lesion has an assessment, or an outcome outside the bin."""
        query = f"""
            SELECT 1 FROM assessment WHERE lesion = :lesion
            UNION ALL SELECT 1 FROM outcome WHERE lesion = :lesion AND {is_binned("outcome")} = 0"""
        return bool(self._database.read(query, {"lesion": lesion_id}))

    def _called(self, pseudonym: str) -> Patient | None:
        """Return the patient of a pseudonym, in the bin or not, ignoring case and spacing."""
        names = [row[0] for row in self._database.read("SELECT DISTINCT pseudonym FROM patient_detail")]
        same = as_list(name for name in names if identity(name) == identity(pseudonym))
        rows = self._database.read(
            f"{PATIENTS} WHERE detail.pseudonym IN (SELECT value FROM json_each(?)) ORDER BY is_binned, patient.id",
            (same,),
        )
        return read_patient(rows[0]) if rows else None


def _tidied(pseudonym: str) -> str:
    """Return a pseudonym without superfluous spaces.

    Raises:
        RecordsError: nothing is left.
    """
    pseudonym = " ".join(pseudonym.split())
    if not pseudonym:
        raise RecordsError(tr("Enter a pseudonym for the patient."))
    return pseudonym


def _taken(patient: Patient) -> RecordsError:
    template = (
        tr("A patient “{pseudonym}” is in the bin. Restore that patient, or use another pseudonym.")
        if patient.is_binned
        else tr("There is a patient “{pseudonym}” already. Choose that patient, or enter another pseudonym.")
    )
    return RecordsError(template, pseudonym=patient.pseudonym)
