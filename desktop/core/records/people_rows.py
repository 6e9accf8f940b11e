"""Reads and writes patients, visits and lesions; the newest row of details counts."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import sqlite3

from desktop.core.patient_context import band_in_year
from desktop.core.records.damage import read_day
from desktop.core.records.entries import Authorship
from desktop.core.records.newest import is_binned, visit_day
from desktop.core.records.people import Lesion, Patient, RiskFactors, Visit, YesNo

PATIENTS = f"""
    SELECT patient.id, detail.pseudonym, detail.sex, detail.skin_type, detail.own_melanoma, detail.family_melanoma,
        detail.immunosuppressed, detail.naevi, detail.birth_year, detail.time, {is_binned("patient")} AS is_binned,
        (SELECT allowed FROM training_use WHERE patient = patient.id ORDER BY id DESC LIMIT 1) AS training_use
    FROM patient JOIN patient_detail AS detail ON detail.id = (
        SELECT max(id) FROM patient_detail WHERE patient = patient.id)"""

LESIONS = f"""
    SELECT lesion.id, detail.patient, detail.name, detail.site, detail.pin_x, detail.pin_y, {is_binned("lesion")} AS is_binned
    FROM lesion JOIN lesion_detail AS detail ON detail.id = (
        SELECT max(id) FROM lesion_detail WHERE lesion = lesion.id)"""

VISITS = """
    SELECT visit.id, detail.patient, detail.date, detail.age_band, visit.initials
    FROM visit JOIN visit_detail AS detail ON detail.id = (
        SELECT max(id) FROM visit_detail WHERE visit = visit.id)"""

LESIONS_OF = f"""
    {LESIONS} WHERE lesion.id IN (SELECT lesion FROM lesion_detail WHERE patient = :patient)
        AND detail.patient = :patient"""

VISITS_OF = f"""
    WITH own AS MATERIALIZED ({LESIONS_OF})
    SELECT id, patient, date, CASE WHEN patient = :patient THEN age_band ELSE '' END AS age_band, initials
    FROM ({VISITS} WHERE visit.id IN (
        SELECT visit FROM visit_detail WHERE patient = :patient
        UNION SELECT place.visit FROM own JOIN image_detail AS place ON place.lesion = own.id
        WHERE place.id = (SELECT max(id) FROM image_detail WHERE image = place.image)
        UNION SELECT visit FROM own JOIN assessment ON assessment.lesion = own.id))
    ORDER BY date DESC, id DESC"""
"""What a patient's lesions were photographed or judged at counts as the patient's visit even where the lesion was moved here
from another patient; the age band is then that of the other and is not shown."""


AGE_OF_PLACE = f"""
        (SELECT birth_year FROM patient_detail WHERE patient = {{patient}} ORDER BY id DESC LIMIT 1) AS birth_year,
        {visit_day("place.visit")} AS visit_date,
        (SELECT age_band FROM visit_detail WHERE visit = place.visit ORDER BY id DESC LIMIT 1) AS age_band"""
"""Columns for `read_age_of_place`, where `place` is the newest row of `image_detail`."""


def read_age_of_place(row: sqlite3.Row) -> str:
    """Read the age band at an image's visit from the columns `AGE_OF_PLACE`; empty if it has none, or it is not known."""
    if row["visit_date"] is None:
        return ""
    return band_in_year(row["birth_year"], read_day(row["visit_date"]).year, row["age_band"])


def read_patient(row: sqlite3.Row) -> Patient:
    """Read a patient from a row of `PATIENTS`."""
    risk = RiskFactors(
        row["own_melanoma"] or "", row["family_melanoma"] or "", row["immunosuppressed"] or "", row["naevi"] or ""
    )
    return Patient(
        *(row["id"], row["pseudonym"], row["sex"], bool(row["is_binned"]), row["skin_type"], risk),
        training_use=row["training_use"] or "",
        birth_year=row["birth_year"],
    )


def read_lesion(row: sqlite3.Row) -> Lesion:
    """Read a lesion from a row of `LESIONS`."""
    pin = None if row["pin_x"] is None or row["pin_y"] is None else (row["pin_x"], row["pin_y"])
    return Lesion(row["id"], row["patient"], row["name"], row["site"], bool(row["is_binned"]), pin)


def read_visit(row: sqlite3.Row) -> Visit:
    """Read a visit from a row of `VISITS`."""
    return Visit(row["id"], row["patient"], read_day(row["date"]), row["age_band"], row["initials"])


def insert_row(connection: sqlite3.Connection, table: str, written: Authorship) -> int:
    """Add a row to a table that has an id and its authorship alone; return the id."""
    row = connection.execute(f"INSERT INTO {table} (initials, time) VALUES (?, ?) RETURNING id", written.values)
    return int(row.fetchone()["id"])


def write_patient(connection: sqlite3.Connection, patient: Patient, written: Authorship) -> None:
    """Write a patient's details."""
    risk = patient.risk
    asked = (risk.own_melanoma, risk.family_melanoma, risk.immunosuppressed, risk.naevi)
    connection.execute(
        "INSERT INTO patient_detail (patient, pseudonym, sex, skin_type, own_melanoma, family_melanoma, immunosuppressed,"
        " naevi, birth_year, initials, time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(patient.id, patient.pseudonym, patient.sex, patient.skin_type),
            *(answer or None for answer in asked),
            patient.birth_year,
            *written.values,
        ),
    )


def write_training_use(connection: sqlite3.Connection, patient_id: int, allowed: YesNo, written: Authorship) -> None:
    """Write whether a patient's images may be used to train a model."""
    connection.execute(
        "INSERT INTO training_use (patient, allowed, initials, time) VALUES (?, ?, ?, ?)",
        (patient_id, allowed or None, *written.values),
    )


def write_lesion(connection: sqlite3.Connection, lesion: Lesion, written: Authorship) -> None:
    """Write a lesion's details."""
    connection.execute(
        "INSERT INTO lesion_detail (lesion, patient, name, site, pin_x, pin_y, initials, time)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (lesion.id, lesion.patient_id, lesion.name, lesion.site, *(lesion.pin or (None, None)), *written.values),
    )
