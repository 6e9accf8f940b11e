"""How an image's place (kind, lesion, visit) and what was disclosed of it are written: shared by people and views."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import sqlite3
from collections.abc import Mapping

from desktop.core.records.entries import Written
from desktop.core.records.people import Moved, Patient, Placement
from desktop.core.records.people_rows import patient_of

PLACE_OF = "(SELECT max(id) FROM image_detail WHERE image = {image})"
"""The newest row of an image's details."""

UNSEEN = """
    CASE WHEN {place}.lesion IS NULL THEN
        NOT EXISTS (SELECT 1 FROM assessment WHERE image = {image})
        AND NOT EXISTS (SELECT 1 FROM disclosure WHERE reason = 'without own view'
                        AND prediction IN (SELECT id FROM prediction WHERE image = {image}))
    ELSE
        NOT EXISTS (SELECT 1 FROM assessment WHERE lesion = {place}.lesion AND visit IS {place}.visit)
        AND NOT EXISTS (SELECT 1 FROM disclosure WHERE reason = 'without own view'
                        AND lesion = {place}.lesion AND visit IS {place}.visit)
    END"""
"""True while an image's lesion and visit (the image itself where it has no lesion) have neither an own view nor a
disclosure without one: what blind-first conceals. `place` is the image's newest row of `image_detail`, if it has one."""

PLACEMENT = f"""
    SELECT image.id, coalesce(place.kind, 'dermoscopy') AS kind, place.lesion, place.visit
    FROM image LEFT JOIN image_detail AS place ON place.id = {PLACE_OF.format(image="image.id")}
    WHERE image.id = ?"""

MOVES = f"""
    WITH placed AS (
        SELECT place.id, place.image, place.initials, place.time, {patient_of("place", "place.time")} AS patient,
               (SELECT name FROM lesion_detail WHERE lesion = place.lesion AND time <= place.time
                ORDER BY id DESC LIMIT 1) AS lesion
        FROM image_detail AS place WHERE image IN (
            SELECT image FROM image_detail WHERE lesion IN (SELECT lesion FROM lesion_detail WHERE patient = :patient)
                OR visit IN (SELECT visit FROM visit_detail WHERE patient = :patient))),
    step AS (
        SELECT *, lag(patient) OVER past AS from_patient, lag(lesion) OVER past AS from_lesion
        FROM placed WINDOW past AS (PARTITION BY image ORDER BY id))
    SELECT step.*, image.name FROM step JOIN image ON image.id = step.image
    WHERE from_patient IS NOT NULL AND patient IS NOT from_patient AND :patient IN (patient, from_patient)
    ORDER BY step.id DESC"""
"""The moves of images from or to a patient, newest first; whose a lesion was is asked of the time of the move."""


def read_placement(row: sqlite3.Row) -> Placement:
    """Read where an image belongs from a row of `PLACEMENT`."""
    return Placement(row["id"], row["kind"], row["lesion"], row["visit"])


def read_moved(row: sqlite3.Row, patients: Mapping[int, Patient]) -> Moved:
    """Read a move from a row of `MOVES`."""
    return Moved(
        image_id=row["image"],
        name=row["name"],
        from_patient=patients[row["from_patient"]],
        from_lesion=row["from_lesion"] or "",
        to_patient=patients.get(row["patient"]),
        to_lesion=row["lesion"] or "",
        initials=row["initials"],
        time=dt.datetime.fromisoformat(row["time"]),
    )


def write_placement(connection: sqlite3.Connection, placement: Placement, written: Written) -> Placement:
    """Put an image where it belongs, unless it is there; return where it was.

    An answer that was seen stays seen: where an image goes to a lesion and visit with which it was not seen, that is
    recorded as a disclosure, so that no view given there afterwards passes for one from before the model's.
    """
    before = read_placement(connection.execute(PLACEMENT, (placement.image_id,)).fetchone())
    if placement == before:
        return before
    was_seen = not _is_unseen(connection, placement.image_id)
    connection.execute(
        "INSERT INTO image_detail (image, kind, lesion, visit, initials, time) VALUES (?, ?, ?, ?, ?, ?)",
        (placement.image_id, placement.kind, placement.lesion_id, placement.visit_id, *written.values),
    )
    if was_seen and _is_unseen(connection, placement.image_id):
        connection.execute(
            "INSERT INTO disclosure (prediction, lesion, visit, reason, initials, time)"
            " SELECT id, ?, ?, 'without own view', ?, ? FROM prediction WHERE image = ?",
            (placement.lesion_id, placement.visit_id, *written.values, placement.image_id),
        )
    return before


def _is_unseen(connection: sqlite3.Connection, image_id: int) -> bool:
    query = (
        f"SELECT {UNSEEN.format(place='place', image='image.id')} FROM image"
        f" LEFT JOIN image_detail AS place ON place.id = {PLACE_OF.format(image='image.id')} WHERE image.id = ?"
    )
    return bool(connection.execute(query, (image_id,)).fetchone()[0])
