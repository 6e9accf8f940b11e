"""Which image belongs to which patient, lesion and visit."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from desktop.core.records.damage import read_time
from desktop.core.records.database import Database, as_list
from desktop.core.records.entries import (
    ENTRIES,
    IMAGE_COLUMNS,
    IS_BINNED,
    JOIN_PLACE,
    Authorship,
    read_entry,
    read_kept_image,
    write_binning,
    write_image,
    write_place,
)
from desktop.core.records.newest import JOIN_DETAIL, is_binned, patient_of
from desktop.core.records.people import ImageKind, MovedImage, PlacedImage, Placement
from desktop.core.records.people_rows import LESIONS, PATIENTS, VISITS, VISITS_OF, read_patient
from desktop.core.records.placing import MOVES, PLACEMENT, read_moved, read_placement, write_placement
from desktop.core.records.values import Entry, KeptImage

_IMAGES_OF = f"""
    SELECT image.id, image.time, place.kind, place.lesion, place.visit, {IMAGE_COLUMNS}
    FROM image_detail AS place JOIN image ON image.id = place.image {JOIN_PLACE}
    WHERE (place.lesion IN (SELECT lesion FROM lesion_detail WHERE patient = :patient)
           OR place.visit IN (SELECT visit FROM visit_detail WHERE patient = :patient))
        AND place.id = (SELECT max(id) FROM image_detail WHERE image = place.image)
        AND {patient_of("place")} = :patient AND {is_binned("image")} = :removed
        AND (NOT EXISTS (SELECT 1 FROM prediction WHERE image = image.id)
             OR EXISTS (SELECT 1 FROM prediction WHERE image = image.id AND {IS_BINNED} = 0))
    ORDER BY image.id"""


class Placements:
    """The places of a history's images; the part of `People` for images."""

    def __init__(self, database: Database, folder: Path, now: Callable[[], dt.datetime]) -> None:
        """Use `History.people`."""
        self._database = database
        self._folder = folder
        self._now = now

    def image_id_of(self, sha256: str) -> int | None:
        """Return the id of an image by its bytes' SHA-256, or None if it is not in the history."""
        rows = self._database.read("SELECT id FROM image WHERE sha256 = ?", (sha256,))
        return int(rows[0]["id"]) if rows else None

    def placement(self, image_id: int) -> Placement:
        """Return an image's place."""
        return read_placement(self._database.read(PLACEMENT, (image_id,))[0])

    def owner(self, image_id: int) -> int | None:
        """Return the id of an image's patient; None if it has none, or one in the bin."""
        # By the row's own id: in an ORDER BY, "id" is the patient's, and the greatest of those who had the image would win.
        newest = "place.id = (SELECT max(id) FROM image_detail WHERE image = ?)"
        owner = f"SELECT {patient_of('place')} AS id FROM image_detail AS place WHERE {newest}"
        query = f"SELECT patient.id FROM ({owner}) AS owner JOIN patient USING (id) WHERE {is_binned('patient')} = 0"
        rows = self._database.read(query, (image_id,))
        return int(rows[0]["id"]) if rows else None

    def owner_of_any(self, entry_ids: Iterable[int]) -> int | None:
        """Return the id of a patient with whom the image of one of these entries is placed; None if there is none."""
        query = f"""
            SELECT {patient_of("place")} AS patient FROM prediction JOIN image ON image.id = prediction.image {JOIN_DETAIL}
            WHERE prediction.id IN (SELECT value FROM json_each(?)) AND patient IS NOT NULL LIMIT 1"""
        rows = self._database.read(query, (as_list(entry_ids),))
        return int(rows[0]["patient"]) if rows else None

    def placements_of(self, lesion_id: int) -> list[Placement]:
        """Return the places of a lesion's images, with those in the bin."""
        query = """
            SELECT image AS id, kind, lesion, visit FROM image_detail AS place
            WHERE lesion = ? AND id = (SELECT max(id) FROM image_detail WHERE image = place.image)"""
        return [read_placement(row) for row in self._database.read(query, (lesion_id,))]

    def has_earlier_image(self, lesion_id: int | None, visit_id: int | None) -> bool:
        """Return whether a lesion has an image of a visit on a day before that of this visit."""
        query = f"""
            SELECT 1 FROM image_detail AS place JOIN ({VISITS}) AS other ON other.id = place.visit
            WHERE place.lesion = ? AND place.id = (SELECT max(id) FROM image_detail WHERE image = place.image)
                AND other.date < (SELECT date FROM ({VISITS} WHERE visit.id = ?)) LIMIT 1"""
        return bool(self._database.read(query, (lesion_id, visit_id)))

    def place(
        self, image_id: int, *, kind: ImageKind, lesion_id: int | None, visit_id: int | None, by: str
    ) -> Placement:
        """Set an image's kind and place, and take it out of the bin; return its earlier place, for undo (`put_back`).

        Raises:
            ValueError: visit and lesion belong to different patients.
        """
        self._check_of_one_patient(lesion_id, visit_id)
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            before = write_placement(connection, Placement(image_id, kind, lesion_id, visit_id), written)
            self._restore(connection, image_id, written)
        return before

    def move(
        self, image_ids: Iterable[int], to_lesion_id: int | None, to_visit_id: int | None, *, by: str
    ) -> list[Placement]:
        """Move images to a lesion and visit, of the same or of another patient; both histories show it (`moved`).

        Returns:
            Their earlier places, which `put_back` takes for undo.

        Raises:
            ValueError: visit and lesion belong to different patients.
        """
        self._check_of_one_patient(to_lesion_id, to_visit_id)
        wanted = [
            Placement(image_id, self.placement(image_id).kind, to_lesion_id, to_visit_id) for image_id in image_ids
        ]
        return self.put_back(wanted, by=by)

    def put_back(self, placements: Iterable[Placement], *, by: str) -> list[Placement]:
        """Restore images' earlier places, all of them or none; return the present ones, for redo."""
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            return [write_placement(connection, placement, written) for placement in placements]

    def moved(self, patient_id: int) -> list[MovedImage]:
        """Return the moves of images to or from a patient, newest first."""
        rows = self._database.read(MOVES, {"patient": patient_id})
        known = {row["id"]: read_patient(row) for row in self._database.read(PATIENTS)} if rows else {}
        return [read_moved(row, known) for row in rows]

    def save_clinical(self, image: KeptImage, *, lesion_id: int | None, visit_id: int | None, by: str) -> int:
        """Save a clinical photograph, which is never classified; return the image's id.

        A known image is placed again, with its new kind, and taken out of the bin.
        """
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            image_id = write_image(connection, image, written)
            write_place(connection, self._folder, image_id, image.path, stored=image.stored, written=written)
            write_placement(connection, Placement(image_id, "clinical", lesion_id, visit_id), written)
            self._restore(connection, image_id, written)
        return image_id

    def is_removed(self, image_id: int) -> bool:
        """Return whether a photograph was removed from its patient's overview."""
        return bool(self._database.read(f"SELECT 1 FROM image WHERE id = ? AND {is_binned('image')}", (image_id,)))

    def images(self, patient_id: int, *, are_removed: bool = False) -> list[PlacedImage]:
        """Return all images of a patient, oldest first, each with its entries that are not in the bin.

        Entries whose answer is damaged are left out: the image can be classified again. An image all entries of which are in
        the bin is left out; one that never had any is not. So is a photograph that was removed from the overview; if
        `are_removed`, these alone are returned.
        """
        rows = self._database.read(_IMAGES_OF, {"patient": patient_id, "removed": int(are_removed)})
        ids = as_list(row["id"] for row in rows)
        entries: dict[int, list[Entry]] = {}
        for row in self._database.read(
            f"{ENTRIES} WHERE prediction.image IN (SELECT value FROM json_each(?)) AND {IS_BINNED} = 0"
            " ORDER BY prediction.id",
            (ids,),
        ):
            entry = read_entry(row, self._folder)
            if not entry.answer.is_damaged:
                entries.setdefault(row["image"], []).append(entry)
        return [
            PlacedImage(
                image_id=row["id"],
                image=read_kept_image(row, self._folder),
                kind=row["kind"],
                lesion_id=row["lesion"],
                visit_id=row["visit"],
                entries=tuple(entries.get(row["id"], ())),
                saved_at=read_time(row["time"]),
            )
            for row in rows
        ]

    def image_count(self, patient_id: int) -> int:
        """Return the number of images of a patient, with those in the bin."""
        query = f"""
            SELECT count(*) AS number FROM image_detail AS place
            WHERE place.id = (SELECT max(id) FROM image_detail WHERE image = place.image)
                AND {patient_of("place")} = ?"""
        return int(self._database.read(query, (patient_id,))[0]["number"])

    def _restore(self, connection: sqlite3.Connection, image_id: int, written: Authorship) -> None:
        if self.is_removed(image_id):
            write_binning(connection, image_id, binned=False, written=written, subject="image")

    def _check_of_one_patient(self, lesion_id: int | None, visit_id: int | None) -> None:
        if lesion_id is None or visit_id is None:
            return
        query = f"SELECT id FROM ({VISITS_OF})"
        (owner,) = self._database.read(f"{LESIONS} WHERE lesion.id = ?", (lesion_id,))
        if visit_id not in self._database.read_ids(query, {"patient": owner["patient"]}):
            raise ValueError(f"visit {visit_id} is not of the patient of lesion {lesion_id}")
