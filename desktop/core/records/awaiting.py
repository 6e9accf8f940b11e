"""Which answers of earlier visits wait, under blind-first, for today's assessment of their lesion: one rule for all pages."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt

from desktop.core.records.database import Database
from desktop.core.records.made_elsewhere import is_made_elsewhere
from desktop.core.records.newest import IN_BIN, IS_VIEW, is_binned

_AWAITING = f"""
    WITH today AS (
        SELECT visit, patient FROM visit_detail AS detail
        WHERE date = :today AND id = (SELECT max(id) FROM visit_detail WHERE visit = detail.visit)),
    own AS (
        SELECT lesion.id AS lesion, (SELECT visit FROM today WHERE patient = detail.patient) AS visit
        FROM lesion JOIN lesion_detail AS detail ON detail.lesion = lesion.id
        WHERE detail.id = (SELECT max(id) FROM lesion_detail WHERE lesion = detail.lesion)
            AND (detail.patient = :patient OR detail.patient IN (SELECT patient FROM today))
            AND {is_binned("lesion")} = 0),
    waiting AS (
        SELECT lesion, visit FROM own
        WHERE NOT EXISTS (SELECT 1 FROM assessment
                          WHERE lesion = own.lesion AND {IS_VIEW} AND NOT {is_made_elsewhere("assessment")}
                              AND (visit = own.visit OR own.visit IS NULL AND date(time, 'localtime') = :today))
            AND NOT EXISTS (SELECT 1 FROM disclosure
                            WHERE reason = 'without own view' AND lesion = own.lesion AND visit = own.visit)
            AND NOT EXISTS (SELECT 1 FROM outcome WHERE outcome.lesion = own.lesion AND kind = 'histopathology'
                AND {is_binned("outcome")} = 0
                AND NOT EXISTS (SELECT 1 FROM image_detail WHERE lesion = own.lesion AND time > outcome.time)
                AND NOT EXISTS (SELECT 1 FROM assessment WHERE lesion = own.lesion AND plan = 'follow-up'
                                AND time > outcome.time)))
    SELECT image.sha256,
        EXISTS (SELECT 1 FROM prediction WHERE image = place.image AND id NOT IN ({IN_BIN})) AS is_answered
    FROM waiting JOIN image_detail AS place ON place.lesion = waiting.lesion
    JOIN image ON image.id = place.image
    WHERE place.id = (SELECT max(id) FROM image_detail WHERE image = place.image) AND place.visit IS NOT waiting.visit"""


def answers_awaiting(database: Database, today: dt.date, patient_id: int | None = None) -> frozenset[str]:
    """Return the SHA-256 of images whose answers would bias an assessment that is still to come.

    They are of earlier visits, and of lesions that are neither assessed today nor settled, whose answer of today nobody has
    looked at. Once there is a visit of today, an assessment of an earlier one that was entered today is none of it; one that
    was made elsewhere never is. A lesion is settled by histopathology, unless it is followed after it: an image was added, or
    a follow-up planned. The lesions are those of patients with a visit today, and of `patient_id`, who is open.
    """
    query = f"SELECT sha256 FROM ({_AWAITING}) WHERE is_answered"
    rows = database.read(query, {"today": today.isoformat(), "patient": patient_id})
    return frozenset(row["sha256"] for row in rows)


def unanswered_of_awaiting(database: Database, today: dt.date, patient_id: int) -> frozenset[str]:
    """Return the SHA-256 of the images of the same lesions and of earlier visits that no model has answered."""
    query = f"SELECT sha256 FROM ({_AWAITING}) WHERE NOT is_answered"
    rows = database.read(query, {"today": today.isoformat(), "patient": patient_id})
    return frozenset(row["sha256"] for row in rows)
