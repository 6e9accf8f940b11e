"""Reads rows of a history with their authorship, to carry them into another history."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import sqlite3
from collections.abc import Callable
from pathlib import Path

from desktop.core.imaging.capture import Capture, contact_of, light_of
from desktop.core.imaging.scale import Scale
from desktop.core.records.database import Database
from desktop.core.records.entries import (
    ENTRIES,
    IMAGE_COLUMNS,
    IS_BINNED,
    JOIN_PLACE,
    Authorship,
    read_entry,
    read_kept_image,
)
from desktop.core.records.exchanged_values import (
    AnswerStep,
    Disclosure,
    ImageRow,
    InfluenceRow,
    LesionRow,
    Measures,
    PatientRow,
)
from desktop.core.records.influences import NEWEST_INFLUENCES, read_span
from desktop.core.records.newest import JOIN_DETAIL, is_binned, patient_of, visit_day
from desktop.core.records.people import Pin, Visit
from desktop.core.records.people_rows import (
    LESIONS,
    PATIENTS,
    VISITS_OF,
    read_lesion,
    read_patient,
    read_visit,
)
from desktop.core.records.statements import Statement, Subject, read_statements, undone_outcomes
from desktop.core.records.values import Entry

_LESIONS = f"""
    SELECT found.*, lesion.initials AS made_by, lesion.time AS made_at, detail.initials, detail.time,
        (SELECT name FROM lesion_detail WHERE lesion = found.id ORDER BY id LIMIT 1) AS first_name
    FROM ({LESIONS}) AS found JOIN lesion ON lesion.id = found.id
    JOIN lesion_detail AS detail ON detail.id = (SELECT max(id) FROM lesion_detail WHERE lesion = found.id)
    WHERE found.patient = ? ORDER BY found.id"""

_IMAGES = f"""
    SELECT image.id, image.initials, image.time, {IMAGE_COLUMNS}, coalesce(place.kind, 'dermoscopy') AS kind, place.lesion,
        {patient_of("place")} AS patient,
        {visit_day("place.visit")} AS day,
        scale.mm_per_pixel, scale.device, capture.device AS taken_by, capture.contact, capture.light, outline.points
    FROM image {JOIN_PLACE} {JOIN_DETAIL}
    LEFT JOIN image_scale AS scale ON scale.id = (SELECT max(id) FROM image_scale WHERE image = image.id)
    LEFT JOIN image_capture AS capture ON capture.id = (SELECT max(id) FROM image_capture WHERE image = image.id)
    LEFT JOIN image_outline AS outline ON outline.id = (SELECT max(id) FROM image_outline WHERE image = image.id)
    ORDER BY image.id"""


class ExchangedReading:
    """The part of `ExchangedRows` that reads."""

    def __init__(self, database: Database, folder: Path, now: Callable[[], dt.datetime]) -> None:
        """Use `History.exchanged`."""
        self._database = database
        self._folder = folder
        self._now = now

    def patients(self) -> list[PatientRow]:
        """Return all patients, also those in the bin, in order of creation."""
        query = f"""
            SELECT found.*, patient.initials AS made_by, patient.time AS made_at, detail.initials AS changed_by
            FROM ({PATIENTS}) AS found JOIN patient ON patient.id = found.id
            JOIN patient_detail AS detail ON detail.id = (SELECT max(id) FROM patient_detail WHERE patient = found.id)
            ORDER BY found.id"""
        return [
            PatientRow(
                read_patient(row),
                Authorship(row["made_by"], row["made_at"]),
                Authorship(row["changed_by"], row["time"]),
            )
            for row in self._database.read(query)
        ]

    def visits(self, patient_id: int) -> list[tuple[Visit, Authorship]]:
        """Return a patient's visits with the authorship of their details, oldest first."""
        query = f"""
            SELECT found.*, detail.initials AS changed_by, detail.time AS changed_at FROM ({VISITS_OF}) AS found
            JOIN visit_detail AS detail ON detail.id = (SELECT max(id) FROM visit_detail WHERE visit = found.id)
            ORDER BY date, found.id"""
        rows = self._database.read(query, {"patient": patient_id})
        return [(read_visit(row), Authorship(row["changed_by"], row["changed_at"])) for row in rows]

    def lesions(self, patient_id: int) -> list[LesionRow]:
        """Return a patient's lesions, also those in the bin, in order of creation."""
        return [
            LesionRow(
                read_lesion(row),
                "|".join((row["made_at"], row["made_by"], row["first_name"])),
                Authorship(row["initials"], row["time"]),
            )
            for row in self._database.read(_LESIONS, (patient_id,))
        ]

    def images(self) -> dict[int | None, list[ImageRow]]:
        """Return all images by their patient's id, None for those without one, in order of saving, without those in the bin.

        An image is in the bin if it has entries, all of which are, or is a photograph that was removed from the overview.
        """
        query = f"SELECT image AS id FROM prediction GROUP BY image HAVING min({IS_BINNED}) = 1"
        removed = f"SELECT id FROM image WHERE {is_binned('image')}"
        binned = set(self._database.read_ids(f"{query} UNION {removed}"))
        found: dict[int | None, list[ImageRow]] = {}
        for row in self._database.read(_IMAGES):
            if row["id"] not in binned:
                image = read_kept_image(row, self._folder)
                written = Authorship(row["initials"], row["time"])
                one = ImageRow(row["id"], image, row["kind"], row["lesion"], row["day"] or "", _measures(row), written)
                found.setdefault(row["patient"], []).append(one)
        return found

    def influences(self, *, lesion_id: int | None = None, patient_id: int | None = None) -> dict[int, InfluenceRow]:
        """Return the influences on a lesion, or those of a patient, also withdrawn ones, by their ids."""
        rows = self._database.read(
            f"SELECT * FROM ({NEWEST_INFLUENCES}) WHERE lesion = ? OR patient = ? ORDER BY id", (lesion_id, patient_id)
        )
        return {
            row["id"]: InfluenceRow(
                row["kind"],
                read_span(row),
                row["note"],
                bool(row["withdrawn"]),
                Authorship(row["made_by"], row["made_at"]),
                Authorship(row["initials"], row["time"]),
            )
            for row in rows
        }

    def pins(self, image_id: int) -> dict[int, tuple[Pin | None, Authorship]]:
        """Return the pins on a photograph by the ids of their lesions, None for one that was removed."""
        rows = self._database.read("SELECT * FROM photograph_pin WHERE image = ? ORDER BY id", (image_id,))
        return {
            row["lesion"]: (
                None if row["x"] is None else (row["x"], row["y"]),
                Authorship(row["initials"], row["time"]),
            )
            for row in rows
        }

    def shown_entries(self, image_id: int) -> list[Entry]:
        """Return the entries of an image that are not in the bin, can be read, and are not concealed by blind-first."""
        query = f"SELECT * FROM ({ENTRIES} WHERE prediction.image = ? AND {IS_BINNED} = 0 ORDER BY prediction.id)"
        entries = [read_entry(row, self._folder) for row in self._database.read(query, (image_id,))]
        return [entry for entry in entries if not entry.is_damaged and not entry.is_concealed]

    def disclosures(self, entry_id: int) -> list[Disclosure]:
        """Return the disclosures of an entry."""
        rows = self._database.read("SELECT * FROM disclosure WHERE prediction = ? ORDER BY id", (entry_id,))
        return [
            Disclosure(row["lesion"] is not None, row["reason"], Authorship(row["initials"], row["time"]))
            for row in rows
        ]

    def answer_steps(self, entry_id: int) -> list[AnswerStep]:
        """Return what was done about an entry, oldest first."""
        rows = self._database.read("SELECT * FROM care_step WHERE prediction = ? ORDER BY id", (entry_id,))
        return [
            AnswerStep(row["step"], row["day"], row["person"], row["note"], Authorship(row["initials"], row["time"]))
            for row in rows
        ]

    def statements(self, subject: Subject) -> list[Statement]:
        """Return what was said and done about a lesion or an image, in the order in which it counts."""
        return [one.statement for one in read_statements(self._database.read, subject).values()]

    def known_statements(self, subject: Subject) -> frozenset[str]:
        """Return the keys of all statements about a lesion or an image, with those of outcomes that were undone."""
        read = self._database.read
        return frozenset(read_statements(read, subject)) | undone_outcomes(read, subject)


def _measures(row: sqlite3.Row) -> Measures:
    scale = None if row["mm_per_pixel"] is None else Scale(row["mm_per_pixel"], row["device"])
    is_entered = row["taken_by"] is not None
    capture = Capture(row["taken_by"], contact_of(row["contact"]), light_of(row["light"])) if is_entered else None
    return Measures(scale, capture, row["points"])
