"""Erasing a patient for good: the only thing that deletes rows. What stays is a marker that says that it was done."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import sqlite3

from desktop.core.records.entries import Written
from desktop.core.records.newest import patient_of

_OWN = {
    # What is the patient's by now; what was moved to another patient is that one's.
    "own_lesion": """SELECT lesion AS id FROM lesion_detail AS detail WHERE patient = :patient
        AND id = (SELECT max(id) FROM lesion_detail WHERE lesion = detail.lesion)""",
    "own_visit": """SELECT visit AS id FROM visit_detail AS detail WHERE patient = :patient
        AND id = (SELECT max(id) FROM visit_detail WHERE visit = detail.visit)""",
    "own_image": f"""SELECT image AS id FROM image_detail AS place
        WHERE id = (SELECT max(id) FROM image_detail WHERE image = place.image) AND {patient_of("place")} = :patient""",
    "own_prediction": "SELECT id FROM prediction WHERE image IN own_image",
    "own_outcome": "SELECT id FROM outcome WHERE lesion IN own_lesion OR image IN own_image",
    "own_assessment": "SELECT id FROM assessment WHERE lesion IN own_lesion OR image IN own_image",
    # A visit at which a lesion was seen that is another patient's by now goes to that one, without the age band.
    "shared_visit": f"""SELECT visit AS id, max(patient) AS patient FROM (
            SELECT visit, {patient_of("place")} AS patient FROM image_detail AS place
            WHERE visit IN own_visit AND image NOT IN own_image
                AND id = (SELECT max(id) FROM image_detail WHERE image = place.image)
            UNION SELECT visit, (SELECT patient FROM lesion_detail WHERE lesion = assessment.lesion ORDER BY id DESC LIMIT 1)
            FROM assessment WHERE visit IN own_visit AND lesion NOT IN own_lesion)
        WHERE patient <> :patient GROUP BY visit""",
}

_DELETIONS = (
    """DELETE FROM disclosure WHERE prediction IN own_prediction OR lesion IN own_lesion
        OR (visit IN own_visit AND visit NOT IN (SELECT id FROM shared_visit))""",
    "DELETE FROM batch_row WHERE sha256 IN (SELECT sha256 FROM image WHERE id IN own_image)",
    "DELETE FROM prediction WHERE id IN own_prediction",
    "DELETE FROM assessment WHERE id IN own_assessment",
    "DELETE FROM outcome WHERE id IN own_outcome",
    # Of an image that was moved away, the time when it was here; of one that came, the time before.
    """DELETE FROM image_detail WHERE image IN own_image OR lesion IN own_lesion
        OR (visit IN own_visit AND visit NOT IN (SELECT id FROM shared_visit))""",
    "DELETE FROM image_place WHERE image IN own_image",
    "DELETE FROM image_scale WHERE image IN own_image",
    "DELETE FROM image WHERE id IN own_image",
    "DELETE FROM lesion_detail WHERE patient = :patient OR lesion IN own_lesion",
    "DELETE FROM visit_detail WHERE patient = :patient",
    "DELETE FROM lesion WHERE id IN own_lesion",
    "DELETE FROM visit WHERE id IN own_visit AND id NOT IN (SELECT id FROM shared_visit)",
    "DELETE FROM patient_detail WHERE patient = :patient",
    "DELETE FROM patient WHERE id = :patient",
    *(
        f"DELETE FROM binning WHERE subject = '{subject}' AND subject_id IN own_{subject}"
        for subject in ("lesion", "visit", "image", "prediction", "outcome", "assessment")
    ),
    "DELETE FROM binning WHERE subject = 'patient' AND subject_id = :patient",
)


def erase_rows(connection: sqlite3.Connection, patient_id: int, written: Written) -> list[str]:
    """Delete every row of a patient and leave a marker; return the SHA-256 of each image that nobody has any more.

    Within a transaction of the caller.
    """
    values = {"patient": patient_id}
    connection.execute("INSERT INTO erasing VALUES ('patient', :patient)", values)
    for name, query in _OWN.items():
        connection.execute(f"CREATE TEMP TABLE {name} AS {query}", values)
    hashes = [row["sha256"] for row in connection.execute("SELECT sha256 FROM image WHERE id IN own_image").fetchall()]
    connection.execute(
        "INSERT INTO visit_detail (visit, patient, date, age_band, initials, time)"
        " SELECT id, patient, (SELECT date FROM visit_detail WHERE visit = shared_visit.id ORDER BY id DESC LIMIT 1),"
        " '', ?, ? FROM shared_visit",
        written.values,
    )
    for statement in _DELETIONS:
        connection.execute(statement, values)
    connection.execute(
        "INSERT INTO erasure (subject, images, initials, time) VALUES ('patient', ?, ?, ?)",
        (len(hashes), *written.values),
    )
    for name in _OWN:
        connection.execute(f"DROP TABLE {name}")
    connection.execute("DELETE FROM erasing")
    return hashes
