"""Writes an image's place (kind, lesion, visit) and its disclosures; shared by people and assessments."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import sqlite3
from collections.abc import Mapping

from desktop.core.records.damage import read_time
from desktop.core.records.entries import Authorship
from desktop.core.records.newest import PLACED, UNSEEN, patient_of
from desktop.core.records.people import MovedImage, Patient, Placement

PLACEMENT = f"""
    SELECT image.id, coalesce(place.kind, 'dermoscopy') AS kind, place.lesion, place.visit
    FROM {PLACED} WHERE image.id = ?"""

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
        FROM placed WHERE patient IS NOT NULL OR id = (SELECT max(id) FROM image_detail WHERE image = placed.image)
        WINDOW past AS (PARTITION BY image ORDER BY id))
    SELECT step.*, image.name FROM step JOIN image ON image.id = step.image
    WHERE from_patient IS NOT NULL AND patient IS NOT from_patient AND :patient IN (patient, from_patient)
    ORDER BY step.id DESC"""
"""The moves of images from or to a patient, newest first. Ownership is resolved as of the time of the move.

An image that had no patient for a while came from the one before: it may be the same, whose placing was undone and redone."""


def read_placement(row: sqlite3.Row) -> Placement:
    """Read an image's place from a row of `PLACEMENT`."""
    return Placement(row["id"], row["kind"], row["lesion"], row["visit"])


def read_moved(row: sqlite3.Row, patients: Mapping[int, Patient]) -> MovedImage:
    """Read a move from a row of `MOVES`."""
    return MovedImage(
        image_id=row["image"],
        name=row["name"],
        from_patient=patients[row["from_patient"]],
        from_lesion=row["from_lesion"] or "",
        to_patient=patients.get(row["patient"]),
        to_lesion=row["lesion"] or "",
        initials=row["initials"],
        time=read_time(row["time"]),
    )


def write_placement(connection: sqlite3.Connection, placement: Placement, written: Authorship) -> Placement:
    """Put an image where it belongs, unless it is there; return where it was.

    An answer that was seen stays seen: where an image goes to a lesion and visit with which it was not seen, that is
    recorded as a disclosure, so that no assessment given there afterwards passes for one from before the model's. It has the
    time and initials of the place, by which `IS_CARRIED` tells it from an answer that somebody saw then.
    """
    before = read_placement(connection.execute(PLACEMENT, (placement.image_id,)).fetchone())
    if placement == before:
        return before
    was_seen = not is_unseen(connection, placement.image_id)
    connection.execute(
        "INSERT INTO image_detail (image, kind, lesion, visit, initials, time) VALUES (?, ?, ?, ?, ?, ?)",
        (placement.image_id, placement.kind, placement.lesion_id, placement.visit_id, *written.values),
    )
    if was_seen and is_unseen(connection, placement.image_id):
        connection.execute(
            "INSERT INTO disclosure (prediction, lesion, visit, reason, initials, time)"
            " SELECT id, ?, ?, 'without own view', ?, ? FROM prediction WHERE image = ?",
            (placement.lesion_id, placement.visit_id, *written.values, placement.image_id),
        )
    return before


def is_unseen(connection: sqlite3.Connection, image_id: int) -> bool:
    """Tell whether blind-first conceals the answers to an image."""
    query = f"SELECT {UNSEEN} FROM {PLACED} WHERE image.id = ?"
    return bool(connection.execute(query, (image_id,)).fetchone()[0])
