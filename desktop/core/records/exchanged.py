"""Reads and writes rows of a history with their authorship, to carry them from one history into another.

Ids differ between histories. A patient is known by the pseudonym, an image by its SHA-256, and a lesion by its `key`: when and
by whom it was added, and the name that it had then, none of which a correction changes.
"""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.core.imaging.capture import Capture, contact_of, light_of
from desktop.core.imaging.scale import Scale
from desktop.core.inference.contract import Contract
from desktop.core.records.database import Database
from desktop.core.records.entries import (
    ENTRIES,
    IMAGE_COLUMNS,
    IS_BINNED,
    JOIN_PLACE,
    Authorship,
    points_text,
    read_entry,
    read_kept_image,
    write_binning,
    write_entry,
    write_image,
    write_model,
    write_place,
)
from desktop.core.records.newest import JOIN_DETAIL, patient_of
from desktop.core.records.people import ImageKind, Lesion, Patient, Placement, Visit
from desktop.core.records.people_rows import (
    LESIONS,
    PATIENTS,
    VISITS,
    VISITS_OF,
    insert_row,
    read_lesion,
    read_patient,
    read_visit,
    write_lesion,
    write_patient,
)
from desktop.core.records.placing import write_placement
from desktop.core.records.statements import Statement, Subject, merge_statements, read_statements, undone_outcomes
from desktop.core.records.values import Entry, KeptImage, StoredAnswer

_LESIONS = f"""
    SELECT found.*, lesion.initials AS made_by, lesion.time AS made_at, detail.initials, detail.time,
        (SELECT name FROM lesion_detail WHERE lesion = found.id ORDER BY id LIMIT 1) AS first_name
    FROM ({LESIONS}) AS found JOIN lesion ON lesion.id = found.id
    JOIN lesion_detail AS detail ON detail.id = (SELECT max(id) FROM lesion_detail WHERE lesion = found.id)
    WHERE found.patient = ? ORDER BY found.id"""

_IMAGES = f"""
    SELECT image.id, image.initials, image.time, {IMAGE_COLUMNS}, coalesce(place.kind, 'dermoscopy') AS kind, place.lesion,
        {patient_of("place")} AS patient,
        (SELECT date FROM visit_detail WHERE visit = place.visit ORDER BY id DESC LIMIT 1) AS day,
        scale.mm_per_pixel, scale.device, capture.device AS taken_by, capture.contact, capture.light, outline.points
    FROM image {JOIN_PLACE} {JOIN_DETAIL}
    LEFT JOIN image_scale AS scale ON scale.id = (SELECT max(id) FROM image_scale WHERE image = image.id)
    LEFT JOIN image_capture AS capture ON capture.id = (SELECT max(id) FROM image_capture WHERE image = image.id)
    LEFT JOIN image_outline AS outline ON outline.id = (SELECT max(id) FROM image_outline WHERE image = image.id)
    ORDER BY image.id"""


@dataclass(frozen=True)
class PatientRow:
    """A patient as entered first (`made`) and corrected last (`changed`)."""

    patient: Patient
    made: Authorship
    changed: Authorship


@dataclass(frozen=True)
class LesionRow:
    """A lesion as corrected last (`changed`); `key` tells it from every other one of its patient."""

    lesion: Lesion
    key: str
    changed: Authorship


@dataclass(frozen=True)
class Measures:
    """What was entered for an image: its scale, how it was taken, and an outline as JSON, see `ImageOutlines`."""

    scale: Scale | None = None
    capture: Capture | None = None
    outline: str | None = None


@dataclass(frozen=True)
class ImageRow:
    """An image and its place; `day` is that of its visit, empty if it has none. `written` is who saved it, and when."""

    image_id: int
    image: KeptImage
    kind: ImageKind
    lesion_id: int | None
    day: str
    measures: Measures
    written: Authorship


@dataclass(frozen=True)
class Disclosure:
    """That an answer was seen before an assessment, or though the model abstained, of a lesion's image or of one without."""

    has_lesion: bool
    reason: str
    written: Authorship


@dataclass(frozen=True)
class AlertStep:
    """What was done about an alert of an answer; `day` is None where that was taken back."""

    step: str
    day: str | None
    person: str
    note: str
    written: Authorship


class ExchangedRows:
    """The part of `History` for exchange with other histories, with the same thread, errors and transactions."""

    def __init__(self, database: Database, folder: Path, now: Callable[[], dt.datetime]) -> None:
        """Use `History.exchanged`."""
        self._database = database
        self._folder = folder
        self._now = now

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Yield whether no other program uses the data folder; none can start to while the block runs."""
        with self._database.alone() as is_alone:
            yield is_alone

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

        An image is in the bin if it has entries, all of which are.
        """
        query = f"SELECT image FROM prediction GROUP BY image HAVING min({IS_BINNED}) = 1"
        binned = set(self._database.read_ids(query))
        found: dict[int | None, list[ImageRow]] = {}
        for row in self._database.read(_IMAGES):
            if row["id"] not in binned:
                image = read_kept_image(row, self._folder)
                written = Authorship(row["initials"], row["time"])
                one = ImageRow(row["id"], image, row["kind"], row["lesion"], row["day"] or "", _measures(row), written)
                found.setdefault(row["patient"], []).append(one)
        return found

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

    def alert_steps(self, entry_id: int) -> list[AlertStep]:
        """Return what was done about the alert of an entry, oldest first."""
        rows = self._database.read("SELECT * FROM care_step WHERE prediction = ? ORDER BY id", (entry_id,))
        return [
            AlertStep(row["step"], row["day"], row["person"], row["note"], Authorship(row["initials"], row["time"]))
            for row in rows
        ]

    def statements(self, subject: Subject) -> list[Statement]:
        """Return what was said and done about a lesion or an image, in the order in which it counts."""
        with self._database.writing() as connection:
            return [statement for statement, _row_id in read_statements(connection, subject).values()]

    def known_statements(self, subject: Subject) -> frozenset[str]:
        """Return the keys of all statements about a lesion or an image, with those of outcomes that were undone."""
        with self._database.writing() as connection:
            return frozenset(read_statements(connection, subject)) | undone_outcomes(connection, subject)

    def add_statements(self, subject: Subject, added: Sequence[Statement], patient_id: int | None, by: str) -> None:
        """Write statements that a lesion of a patient, or an image, does not have; see `merge_statements`."""

        def visit_on(day: str) -> int:
            if patient_id is None:
                raise ValueError(day)
            return self.visit_on(patient_id, day, Authorship.by(by, self._now)).id

        with self._database.writing() as connection:
            merge_statements(connection, subject, added, visit_on, Authorship.by(by, self._now))

    def add_patient(self, patient: Patient, made: Authorship, changed: Authorship) -> int:
        """Add a patient, whose `id` is not used; return the new id."""
        with self._database.writing() as connection:
            patient_id = insert_row(connection, "patient", made)
            write_patient(connection, replace(patient, id=patient_id), changed)
        return patient_id

    def change_patient(self, patient: Patient, changed: Authorship) -> None:
        """Write a patient's details anew."""
        with self._database.writing() as connection:
            write_patient(connection, patient, changed)

    def visit_on(self, patient_id: int, day: str, written: Authorship, age_band: str = "") -> Visit:
        """Return a patient's visit of a day; one that is not there is added."""
        query = f"{VISITS} WHERE detail.patient = ? AND detail.date = ?"
        with self._database.writing() as connection:
            known = connection.execute(query, (patient_id, day)).fetchone()
            if known is None:
                visit_id = insert_row(connection, "visit", written)
                self._write_visit(connection, visit_id, patient_id, day, age_band, written)
                known = connection.execute(query, (patient_id, day)).fetchone()
            return read_visit(known)

    def change_age_band(self, visit: Visit, age_band: str, changed: Authorship) -> None:
        """Write a visit's details anew, with another age band."""
        with self._database.writing() as connection:
            self._write_visit(connection, visit.id, visit.patient_id, visit.date.isoformat(), age_band, changed)

    def add_lesion(self, lesion: Lesion, key: str, changed: Authorship) -> int:
        """Add a lesion, whose `id` is not used, under the key that it has in another history; return the new id."""
        time, initials, first_name = key.split("|", 2)
        made = Authorship(initials, time)
        with self._database.writing() as connection:
            added = replace(lesion, id=insert_row(connection, "lesion", made))
            if (first_name, made) != (lesion.name, changed):
                write_lesion(connection, replace(added, name=first_name), made)
            write_lesion(connection, added, changed)
        return added.id

    def change_lesion(self, lesion: Lesion, changed: Authorship) -> None:
        """Write a lesion's details anew."""
        with self._database.writing() as connection:
            write_lesion(connection, lesion, changed)

    def add_image(self, image: KeptImage, written: Authorship) -> int:
        """Add an image unless it is there; return its id."""
        with self._database.writing() as connection:
            image_id = write_image(connection, image, written)
            write_place(connection, self._folder, image_id, image.path, stored=image.stored, written=written)
        return image_id

    def place(self, placement: Placement, written: Authorship) -> None:
        """Put an image where it belongs."""
        with self._database.writing() as connection:
            write_placement(connection, placement, written)

    def set_measures(self, image_id: int, measures: Measures, written: Authorship) -> None:
        """Set those measures of an image that it never had."""
        scale, capture = measures.scale, measures.capture
        found: dict[str, dict[str, str | float]] = {}
        if scale is not None:
            found["image_scale"] = {"mm_per_pixel": scale.mm_per_pixel, "device": scale.device}
        if capture is not None:
            found["image_capture"] = {"device": capture.device, "contact": capture.contact, "light": capture.light}
        if measures.outline is not None:
            found["image_outline"] = {"points": measures.outline}
        with self._database.writing() as connection:
            for table, values in found.items():
                row = {"image": image_id, **values, "initials": written.initials, "time": written.time}
                connection.execute(
                    f"INSERT INTO {table} ({', '.join(row)}) SELECT {', '.join('?' * len(row))}"
                    f" WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE image = ?)",
                    (*row.values(), image_id),
                )

    def restore_from_bin(self, subject: str, subject_id: int, by: str) -> None:
        """Take a patient or a lesion out of the bin."""
        with self._database.writing() as connection:
            write_binning(connection, subject_id, binned=False, written=Authorship.by(by, self._now), subject=subject)

    def add_answer(
        self, image: KeptImage, answer: StoredAnswer, contract: Contract, region: str, written: Authorship
    ) -> tuple[int, bool]:
        """Add a model's answer unless it is there, also in the bin; return its entry's id, and whether it was added."""
        with self._database.writing() as connection:
            known = connection.execute(
                "SELECT prediction.id FROM prediction JOIN image ON image.id = prediction.image WHERE sha256 = ?"
                " AND region = ? AND model = ? AND preprocessing = ? AND working_points = ?",
                (
                    *(image.sha256, region, answer.model_sha256, answer.preprocessing_version),
                    points_text(answer.working_points),
                ),
            ).fetchone()
            if known is not None:
                return int(known["id"]), False
            write_model(connection, answer.model_sha256, contract, written)
            entry = write_entry(connection, self._folder, image, answer, region=region, written=written)
            return entry.entry_id, True

    def add_disclosure(self, entry_id: int, disclosure: Disclosure) -> None:
        """Record that an answer was seen; at its image's lesion and visit, if the disclosure was for a lesion."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO disclosure (prediction, lesion, visit, reason, initials, time)"
                " SELECT prediction.id, iif(:has_lesion, place.lesion, NULL), iif(:has_lesion, place.visit, NULL), :reason,"
                f" :initials, :time FROM prediction JOIN image ON image.id = prediction.image {JOIN_DETAIL}"
                " WHERE prediction.id = :entry",
                {
                    "has_lesion": disclosure.has_lesion,
                    "reason": disclosure.reason,
                    "initials": disclosure.written.initials,
                    "time": disclosure.written.time,
                    "entry": entry_id,
                },
            )

    def add_alert_step(self, entry_id: int, step: AlertStep) -> None:
        """Record what was done about the alert of an entry."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO care_step (step, prediction, day, person, note, initials, time) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (step.step, entry_id, step.day, step.person, step.note, *step.written.values),
            )

    @staticmethod
    def _write_visit(
        connection: sqlite3.Connection, visit_id: int, patient_id: int, day: str, age_band: str, written: Authorship
    ) -> None:
        connection.execute(
            "INSERT INTO visit_detail (visit, patient, date, age_band, initials, time) VALUES (?, ?, ?, ?, ?, ?)",
            (visit_id, patient_id, day, age_band, *written.values),
        )


def _measures(row: sqlite3.Row) -> Measures:
    scale = None if row["mm_per_pixel"] is None else Scale(row["mm_per_pixel"], row["device"])
    is_entered = row["taken_by"] is not None
    capture = Capture(row["taken_by"], contact_of(row["contact"]), light_of(row["light"])) if is_entered else None
    return Measures(scale, capture, row["points"])
