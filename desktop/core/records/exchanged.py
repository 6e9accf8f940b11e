"""Writes rows that come from another history, with their authorship."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from desktop.core.inference.contract import Contract
from desktop.core.records.entries import (
    Authorship,
    points_text,
    write_binning,
    write_entry,
    write_image,
    write_model,
    write_place,
)
from desktop.core.records.exchanged_reading import ExchangedReading
from desktop.core.records.exchanged_values import AnswerStep, Disclosure, InfluenceRow, Measures, PinRow
from desktop.core.records.influences import insert_influence, write_influence
from desktop.core.records.newest import JOIN_DETAIL
from desktop.core.records.people import Lesion, Patient, Placement, Visit
from desktop.core.records.people_rows import (
    VISITS,
    insert_row,
    read_visit,
    write_lesion,
    write_patient,
)
from desktop.core.records.photograph_pins import write_pin
from desktop.core.records.placing import write_placement
from desktop.core.records.statements import Statement, Subject, merge_statements
from desktop.core.records.values import KeptImage, StoredAnswer


class ExchangedRows(ExchangedReading):
    """The part of `History` for exchange with other histories, with the same thread, errors and transactions."""

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Yield whether no other program uses the data folder; none can start to while the block runs."""
        with self._database.alone() as is_alone:
            yield is_alone

    def add_statements(
        self, subject: Subject, added: Sequence[Statement], patient_id: int | None, by: str
    ) -> list[int]:
        """Write statements that a lesion of a patient, or an image, does not have; see `merge_statements`."""

        def visit_on(day: str) -> int:
            if patient_id is None:
                raise ValueError(day)
            return self.visit_on(patient_id, day, Authorship.by(by, self._now)).id

        with self._database.writing() as connection:
            return merge_statements(connection, subject, added, visit_on, Authorship.by(by, self._now))

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

    def merge_influences(
        self, theirs: Iterable[InfluenceRow], *, lesion_id: int | None = None, patient_id: int | None = None
    ) -> int:
        """Add what a lesion or patient does not have, and corrections that are later than those here.

        Returns:
            How many influences are new.
        """
        here = {
            row.key: (known, row) for known, row in self.influences(lesion_id=lesion_id, patient_id=patient_id).items()
        }
        new = 0
        with self._database.writing() as connection:
            for one in theirs:
                known, own = here.get(one.key, (None, None))
                if known is None:
                    known = insert_influence(connection, one.kind, lesion_id, patient_id, one.made)
                    new += 1
                if own is None or _moment(one.changed) > _moment(own.changed):
                    write_influence(
                        connection, known, one.span, one.note, withdrawn=one.is_withdrawn, written=one.changed
                    )
        return new

    def merge_pins(self, image_id: int, theirs: Iterable[PinRow], lesions: Mapping[str, int | None]) -> None:
        """Set the pins on a photograph that are later than those here; `lesions` are the ids of lesions by key."""
        here = self.pins(image_id)
        with self._database.writing() as connection:
            for one in theirs:
                lesion_id = lesions.get(one.lesion_key)
                if lesion_id is not None and (
                    lesion_id not in here or _moment(one.written) > _moment(here[lesion_id][1])
                ):
                    write_pin(connection, image_id, lesion_id, one.point, one.written)

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

    def add_answer_step(self, entry_id: int, step: AnswerStep) -> None:
        """Record what was done about an entry: its alert, or that its image is not assessed."""
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


def _moment(written: Authorship) -> tuple[str, str]:
    """Return the place of a write in an order that is the same in every history."""
    return written.time, written.initials
