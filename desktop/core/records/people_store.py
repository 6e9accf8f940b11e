"""Who the images are of: patients, visits and lesions, and which image belongs where."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import re
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

import msgspec

from desktop.core.errors import RecordsError
from desktop.core.marking import tr
from desktop.core.records.database import Database
from desktop.core.records.entries import (
    ENTRIES,
    IMAGE_COLUMNS,
    IS_BINNED,
    JOIN_PLACE,
    Written,
    read_entry,
    read_kept_image,
    write_binning,
    write_image,
    write_place,
)
from desktop.core.records.erasing import erase_rows
from desktop.core.records.images import ImageStore
from desktop.core.records.newest import is_binned, patient_of
from desktop.core.records.people import ImageKind, Lesion, Moved, Patient, PlacedImage, Placement, Sex, Visit
from desktop.core.records.people_rows import (
    LESIONS,
    PATIENTS,
    VISITS,
    read_lesion,
    read_patient,
    read_visit,
)
from desktop.core.records.placing import MOVES, PLACEMENT, read_moved, read_placement, write_placement
from desktop.core.records.values import Entry, KeptImage, searched

# What a patient's lesions were photographed or judged at counts as the patient's visit even where the lesion was moved
# here from another patient; the age band is then that of the other and is not shown.
_LESIONS_OF = f"""
    {LESIONS} WHERE lesion.id IN (SELECT lesion FROM lesion_detail WHERE patient = :patient)
        AND detail.patient = :patient"""

_VISITS_OF = f"""
    WITH own AS MATERIALIZED ({_LESIONS_OF})
    SELECT id, patient, date, CASE WHEN patient = :patient THEN age_band ELSE '' END AS age_band, initials
    FROM ({VISITS} WHERE visit.id IN (
        SELECT visit FROM visit_detail WHERE patient = :patient
        UNION SELECT place.visit FROM own JOIN image_detail AS place ON place.lesion = own.id
        WHERE place.id = (SELECT max(id) FROM image_detail WHERE image = place.image)
        UNION SELECT visit FROM own JOIN assessment ON assessment.lesion = own.id))
    ORDER BY date DESC, id DESC"""

_IMAGES_OF = f"""
    SELECT image.id, image.time, place.kind, place.lesion, place.visit, {IMAGE_COLUMNS}
    FROM image_detail AS place JOIN image ON image.id = place.image {JOIN_PLACE}
    WHERE (place.lesion IN (SELECT lesion FROM lesion_detail WHERE patient = :patient)
           OR place.visit IN (SELECT visit FROM visit_detail WHERE patient = :patient))
        AND place.id = (SELECT max(id) FROM image_detail WHERE image = place.image)
        AND {patient_of("place")} = :patient
        AND (NOT EXISTS (SELECT 1 FROM prediction WHERE image = image.id)
             OR EXISTS (SELECT 1 FROM prediction WHERE image = image.id AND {IS_BINNED} = 0))
    ORDER BY image.id"""


class People:
    """The patients of a history; a part of `History`, with the same thread, errors and transactions."""

    def __init__(self, database: Database, folder: Path, now: Callable[[], dt.datetime]) -> None:
        """Use `History.people`."""
        self._database = database
        self._folder = folder
        self._now = now

    def add_patient(self, pseudonym: str, sex: Sex, *, by: str) -> Patient:
        """Keep a new patient.

        Raises:
            RecordsError: the pseudonym is empty, or another patient has it already: two must never be taken for one.
        """
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            pseudonym = self._checked_pseudonym(pseudonym, None)
            patient_id = _insert(connection, "patient", written)
            _write_patient(connection, patient_id, pseudonym, sex, written)
        return self.patient(patient_id)

    def correct_patient(self, patient_id: int, pseudonym: str, sex: Sex, *, by: str) -> Patient:
        """Correct what is known of a patient; what was there before stays in the file. Raises as `add_patient`."""
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            pseudonym = self._checked_pseudonym(pseudonym, patient_id)
            before = self.patient(patient_id)
            if (before.pseudonym, before.sex) != (pseudonym, sex):
                _write_patient(connection, patient_id, pseudonym, sex, written)
        return self.patient(patient_id)

    def patient(self, patient_id: int) -> Patient:
        """Return a patient, in the bin or not.

        Raises:
            KeyError: there is none.
        """
        for row in self._database.read(f"{PATIENTS} WHERE patient.id = ?", (patient_id,)):
            return read_patient(row)
        raise KeyError(patient_id)

    def find_patients(self, text: str = "", limit: int = 20, *, binned: bool = False) -> list[Patient]:
        """Return the patients whose pseudonym has every word of a text, those that were used last first."""
        rows = self._database.read(
            f"SELECT *, max(time, coalesce((SELECT max(time) FROM visit_detail WHERE patient = found.id), '')) AS used"
            f" FROM ({PATIENTS}) AS found WHERE is_binned = ? ORDER BY used DESC, id DESC",
            (int(binned),),
        )
        words = searched(text).split()
        found = (row for row in rows if all(word in searched(row["pseudonym"]) for word in words))
        return [read_patient(row) for row, _ in zip(found, range(limit), strict=False)]

    def begin_visit(self, patient_id: int, date: dt.date, age_band: str, *, by: str) -> Visit:
        """Return the visit of a patient on a day; it is made if there is none. Another age band corrects it."""
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            known = connection.execute(
                f"{VISITS} WHERE detail.patient = ? AND detail.date = ?", (patient_id, date.isoformat())
            ).fetchone()
            visit_id = int(known["id"]) if known else _insert(connection, "visit", written)
            if known is None or known["age_band"] != age_band:
                connection.execute(
                    "INSERT INTO visit_detail (visit, patient, date, age_band, initials, time) VALUES (?, ?, ?, ?, ?, ?)",
                    (visit_id, patient_id, date.isoformat(), age_band, *written.values),
                )
        return read_visit(self._database.read(f"{VISITS} WHERE visit.id = ?", (visit_id,))[0])

    def visits(self, patient_id: int) -> list[Visit]:
        """Return the visits of a patient, newest first."""
        return [read_visit(row) for row in self._database.read(_VISITS_OF, {"patient": patient_id})]

    def add_lesion(self, patient_id: int, name: str, site: str, *, by: str) -> Lesion:
        """Keep a new lesion of a patient."""
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            lesion_id = _insert(connection, "lesion", written)
            _write_lesion(connection, lesion_id, patient_id, name, site, written)
        return self.lesion(lesion_id)

    def correct_lesion(self, lesion_id: int, *, name: str, site: str, patient_id: int | None = None, by: str) -> Lesion:
        """Correct name and site of a lesion, or whose it is: then its images, views and outcomes go with it."""
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            before = self.lesion(lesion_id)
            owner = before.patient_id if patient_id is None else patient_id
            if (before.patient_id, before.name, before.site) != (owner, name, site):
                _write_lesion(connection, lesion_id, owner, name, site, written)
        return self.lesion(lesion_id)

    def lesion(self, lesion_id: int) -> Lesion:
        """Return a lesion, in the bin or not.

        Raises:
            KeyError: there is none.
        """
        for row in self._database.read(f"{LESIONS} WHERE lesion.id = ?", (lesion_id,)):
            return read_lesion(row)
        raise KeyError(lesion_id)

    def lesions(self, patient_id: int, *, binned: bool = False) -> list[Lesion]:
        """Return the lesions of a patient in the order in which they were made."""
        rows = self._database.read(f"{_LESIONS_OF} ORDER BY lesion.id", {"patient": patient_id})
        return [lesion for lesion in map(read_lesion, rows) if lesion.is_binned == binned]

    def next_lesion_name(self, patient_id: int) -> str:
        """Return the name for one lesion more, "L4"; a name that was ever used is not given again."""
        rows = self._database.read("SELECT name FROM lesion_detail WHERE patient = ?", (patient_id,))
        numbers = [int(found[1]) for row in rows if (found := re.fullmatch(r"L(\d{1,9})", row["name"]))]
        return f"L{max(numbers, default=0) + 1}"

    def set_binned(self, subject: Literal["patient", "lesion"], subject_id: int, *, binned: bool, by: str) -> bool:
        """Put a patient or a lesion into the bin or take it out; tell whether that changed anything.

        It is then no longer offered, nor in a worklist; its entries stay in the history.
        """
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            query = f"SELECT {is_binned(subject)} FROM {subject} WHERE id = ?"
            (is_now,) = connection.execute(query, (subject_id,)).fetchone()
            if bool(is_now) == binned:
                return False
            write_binning(connection, subject_id, binned=binned, written=written, subject=subject)
        return True

    def erase_patient(self, patient_id: int, *, by: str) -> list[str]:
        """Erase a patient for good, with visits, lesions, views, outcomes and images; only a marker without identity stays.

        The images' copies in the image store go as well, and the backups that were made by themselves before a
        migration; files that were only linked, and backups that a person made, are not touched. What was moved to
        another patient stays that one's.

        Returns:
            The SHA-256 of each image that was erased.

        Raises:
            RecordsError: some files cannot be deleted, though the history has forgotten the patient.
        """
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            hashes = erase_rows(connection, patient_id, written)
        self._database.forget_what_was_deleted()
        ImageStore(self._folder).remove(hashes)
        return hashes

    # Where images belong

    def image_id_of(self, sha256: str) -> int | None:
        """Return the id of an image by its bytes' SHA-256; None where it is not kept."""
        rows = self._database.read("SELECT id FROM image WHERE sha256 = ?", (sha256,))
        return int(rows[0]["id"]) if rows else None

    def placement(self, image_id: int) -> Placement:
        """Return where an image belongs."""
        return read_placement(self._database.read(PLACEMENT, (image_id,))[0])

    def owner(self, image_id: int) -> int | None:
        """Return the id of the patient whose an image is; None where it is nobody's."""
        query = f"SELECT {patient_of('place')} AS patient FROM image_detail AS place WHERE image = ? ORDER BY id DESC LIMIT 1"
        rows = self._database.read(query, (image_id,))
        return rows[0]["patient"] if rows else None

    def place(
        self, image_id: int, *, kind: ImageKind, lesion_id: int | None, visit_id: int | None, by: str
    ) -> Placement:
        """Say what an image is and where it belongs; return where it was, for the undo (`put_back`).

        Raises:
            ValueError: the visit is another patient's than the lesion.
        """
        self._check_of_one_patient(lesion_id, visit_id)
        return self.put_back([Placement(image_id, kind, lesion_id, visit_id)], by=by)[0]

    def move(
        self, image_ids: Iterable[int], to_lesion_id: int | None, to_visit_id: int | None, *, by: str
    ) -> list[Placement]:
        """Move images to a lesion and visit, of the same or of another patient; both histories show it (`moved`).

        Returns:
            Where they were, which `put_back` takes for the undo.

        Raises:
            ValueError: the visit is another patient's than the lesion.
        """
        self._check_of_one_patient(to_lesion_id, to_visit_id)
        wanted = [
            Placement(image_id, self.placement(image_id).kind, to_lesion_id, to_visit_id) for image_id in image_ids
        ]
        return self.put_back(wanted, by=by)

    def put_back(self, placements: Iterable[Placement], *, by: str) -> list[Placement]:
        """Put images where they were, all of them or none; return where they are now, for the redo."""
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            return [write_placement(connection, placement, written) for placement in placements]

    def moved(self, patient_id: int) -> list[Moved]:
        """Return the images that went to or from a patient, the newest move first."""
        rows = self._database.read(MOVES, {"patient": patient_id})
        known = {row["id"]: read_patient(row) for row in self._database.read(PATIENTS)} if rows else {}
        return [read_moved(row, known) for row in rows]

    def keep_clinical(self, image: KeptImage, *, lesion_id: int | None, visit_id: int | None, by: str) -> int:
        """Keep a clinical photograph, which is never classified; return the image's id.

        An image that is known already is placed anew, as what it is now said to be.
        """
        written = Written.by(by, self._now)
        with self._database.writing() as connection:
            image_id = write_image(connection, image, written)
            write_place(connection, self._folder, image_id, image.path, stored=image.stored, written=written)
            write_placement(connection, Placement(image_id, "clinical", lesion_id, visit_id), written)
        return image_id

    def images(self, patient_id: int) -> list[PlacedImage]:
        """Return all images of a patient, oldest first, each with its entries that are not in the bin.

        An image all entries of which are in the bin is left out; one that never had any is not.
        """
        rows = self._database.read(_IMAGES_OF, {"patient": patient_id})
        ids = msgspec.json.encode([row["id"] for row in rows]).decode()
        entries: dict[int, list[Entry]] = {}
        for row in self._database.read(
            f"{ENTRIES} WHERE prediction.image IN (SELECT value FROM json_each(?)) AND {IS_BINNED} = 0"
            " ORDER BY prediction.id",
            (ids,),
        ):
            entries.setdefault(row["image"], []).append(read_entry(row, self._folder))
        return [
            PlacedImage(
                image_id=row["id"],
                image=read_kept_image(row, self._folder),
                kind=row["kind"],
                lesion_id=row["lesion"],
                visit_id=row["visit"],
                entries=tuple(entries.get(row["id"], ())),
                kept=dt.datetime.fromisoformat(row["time"]),
            )
            for row in rows
        ]

    def _check_of_one_patient(self, lesion_id: int | None, visit_id: int | None) -> None:
        if lesion_id is None or visit_id is None:
            return
        if visit_id not in {visit.id for visit in self.visits(self.lesion(lesion_id).patient_id)}:
            raise ValueError(f"visit {visit_id} is not of the patient of lesion {lesion_id}")

    def _checked_pseudonym(self, pseudonym: str, own_id: int | None) -> str:
        pseudonym = " ".join(pseudonym.split())
        if not pseudonym:
            raise RecordsError(tr("Enter a pseudonym for the patient."))
        names = [row[0] for row in self._database.read("SELECT DISTINCT pseudonym FROM patient_detail")]
        same = msgspec.json.encode([name for name in names if searched(name) == searched(pseudonym)]).decode()
        query = f"{PATIENTS} WHERE detail.pseudonym IN (SELECT value FROM json_each(?))"
        for row in self._database.read(query, (same,)):
            if row["id"] != own_id:
                template = (
                    tr("There is a patient “{pseudonym}” in the bin. Restore that patient, or enter another pseudonym.")
                    if row["is_binned"]
                    else tr(
                        "There is a patient “{pseudonym}” already. Choose that patient, or enter another pseudonym."
                    )
                )
                raise RecordsError(template, pseudonym=row["pseudonym"])
        return pseudonym


def _insert(connection: sqlite3.Connection, table: str, written: Written) -> int:
    row = connection.execute(f"INSERT INTO {table} (initials, time) VALUES (?, ?) RETURNING id", written.values)
    return int(row.fetchone()["id"])


def _write_patient(connection: sqlite3.Connection, patient_id: int, pseudonym: str, sex: Sex, written: Written) -> None:
    connection.execute(
        "INSERT INTO patient_detail (patient, pseudonym, sex, initials, time) VALUES (?, ?, ?, ?, ?)",
        (patient_id, pseudonym, sex, *written.values),
    )


def _write_lesion(
    connection: sqlite3.Connection, lesion_id: int, patient_id: int, name: str, site: str, written: Written
) -> None:
    connection.execute(
        "INSERT INTO lesion_detail (lesion, patient, name, site, initials, time) VALUES (?, ?, ?, ?, ?, ?)",
        (lesion_id, patient_id, name, site, *written.values),
    )
