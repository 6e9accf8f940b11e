"""Erasing a patient permanently: the only operation that deletes rows. It leaves a marker that it took place.

It takes two steps, and the program may be killed after either. One transaction deletes the rows and lists what must be deleted
from the disk; then that is deleted. Opening the history repeats the second step (`Erasures.finish`), which mostly finds nothing
to do.
"""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

import datetime as dt
import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from desktop.core.frozen import frozen
from desktop.core.records.database import Database, as_list
from desktop.core.records.entries import Authorship
from desktop.core.records.images import ImageStore
from desktop.core.records.newest import patient_of, visit_day
from desktop.core.records.recorded_acts import moving
from desktop.core.records.remains import sweep

_OWN = {
    # What belongs to the patient now; what was moved to another patient belongs to that one.
    "own_lesion": """SELECT lesion AS id FROM lesion_detail AS detail WHERE patient = :patient
        AND id = (SELECT max(id) FROM lesion_detail WHERE lesion = detail.lesion)
        UNION SELECT id FROM named WHERE subject = 'lesion'""",
    "own_visit": """SELECT visit AS id FROM visit_detail AS detail WHERE patient = :patient
        AND id = (SELECT max(id) FROM visit_detail WHERE visit = detail.visit)
        UNION SELECT id FROM named WHERE subject = 'visit'""",
    "own_image": f"""SELECT id FROM (SELECT image AS id FROM image_detail AS place
        WHERE id = (SELECT max(id) FROM image_detail WHERE image = place.image) AND {patient_of("place")} = :patient
        UNION SELECT id FROM named WHERE subject = 'image') WHERE id NOT IN (SELECT id FROM named WHERE subject = 'spared')""",
    "own_prediction": "SELECT id FROM prediction WHERE image IN own_image",
    "own_outcome": "SELECT id FROM outcome WHERE lesion IN own_lesion OR image IN own_image",
    "own_influence": "SELECT id FROM influence WHERE lesion IN own_lesion OR patient = :patient",
    "own_assessment": "SELECT id FROM assessment WHERE lesion IN own_lesion OR image IN own_image",
    # If a lesion seen at a visit belongs to another patient now, the visit goes to that patient, without the age band.
    "shared_visit": f"""SELECT visit AS id, max(patient) AS patient FROM (
            SELECT visit, {patient_of("place")} AS patient FROM image_detail AS place
            WHERE visit IN own_visit AND image NOT IN own_image
                AND id = (SELECT max(id) FROM image_detail WHERE image = place.image)
            UNION SELECT visit, (SELECT patient FROM lesion_detail WHERE lesion = assessment.lesion ORDER BY id DESC LIMIT 1)
            FROM assessment WHERE visit IN own_visit AND lesion NOT IN own_lesion)
        WHERE patient <> :patient GROUP BY visit""",
}

_OWN_DISCLOSURE = """prediction IN own_prediction OR lesion IN own_lesion
        OR (visit IN own_visit AND visit NOT IN (SELECT id FROM shared_visit))"""

_DELETIONS = (
    *moving(_OWN_DISCLOSURE),
    f"DELETE FROM disclosure WHERE {_OWN_DISCLOSURE}",
    *(
        f"DELETE FROM {table} WHERE sha256 IN (SELECT sha256 FROM image WHERE id IN own_image)"
        for table in ("batch_row", "batch_shown")
    ),
    """DELETE FROM care_step WHERE assessment IN own_assessment OR prediction IN own_prediction
        OR outcome IN own_outcome""",
    "DELETE FROM influence_detail WHERE influence IN own_influence",
    "DELETE FROM influence WHERE id IN own_influence",
    "DELETE FROM photograph_pin WHERE image IN own_image OR lesion IN own_lesion",
    "DELETE FROM training_use WHERE patient = :patient",
    "DELETE FROM training_split WHERE lesion IN own_lesion",
    "DELETE FROM adjustment WHERE prediction IN own_prediction",
    "DELETE FROM looked_again WHERE look_again IN (SELECT id FROM look_again WHERE image IN own_image)",
    "DELETE FROM prediction WHERE id IN own_prediction",
    "DELETE FROM assessment WHERE id IN own_assessment",
    "DELETE FROM outcome WHERE id IN own_outcome",
    # Of an image that was moved away, the time when it was here; of one that came, the time before.
    """DELETE FROM image_detail WHERE image IN own_image OR lesion IN own_lesion
        OR (visit IN own_visit AND visit NOT IN (SELECT id FROM shared_visit))""",
    "DELETE FROM image_place WHERE image IN own_image",
    *(
        f"DELETE FROM {table} WHERE image IN own_image"
        for table in ("image_scale", "image_capture", "image_outline", "embedding", "tried_answer", "look_again")
    ),
    "DELETE FROM alignment WHERE first IN own_image OR second IN own_image",
    "DELETE FROM image WHERE id IN own_image",
    "DELETE FROM lesion_detail WHERE patient = :patient OR lesion IN own_lesion",
    """DELETE FROM visit_detail WHERE patient = :patient
        OR (visit IN own_visit AND visit NOT IN (SELECT id FROM shared_visit))""",
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


class Erasures:
    """The part of `History` for erasing, with the same thread, errors and transactions."""

    def __init__(self, database: Database, folder: Path, now: Callable[[], dt.datetime]) -> None:
        """Use `History.erasures`."""
        self._database = database
        self._store = ImageStore(folder)
        self._now = now

    def erase_patient(self, patient_id: int, *, by: str) -> list[str]:
        """Erase a patient with visits, lesions, assessments, outcomes and images; only an anonymous marker stays.

        What was moved to another patient is not erased. The files remain until `finish`.

        Returns:
            The SHA-256 of each image that was erased.
        """
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            erase_rows(connection, patient_id, written)
        return self.unfinished()

    def unfinished(self) -> list[str]:
        """Return the SHA-256 of each erased image of which something may still be on this computer."""
        rows = self._database.read("SELECT DISTINCT sha256 FROM erasure_left WHERE sha256 IS NOT NULL ORDER BY sha256")
        return [row["sha256"] for row in rows]

    def finish(self) -> None:
        """Delete what erasures left on the disk: copies of images, thumbnails, automatic backups, traces of rows.

        Linked files and backups made by a person are not touched. An image that was saved again after its erasure stays.

        Raises:
            RecordsError: some files cannot be deleted. The next call tries again.
        """
        if not self._database.read("SELECT 1 FROM erasure_left LIMIT 1"):
            return
        gone = "sha256 IS NOT NULL AND sha256 NOT IN (SELECT sha256 FROM image)"
        try:
            with self._database.writing() as connection:  # while no other program saves one of them again
                rows = connection.execute(f"SELECT DISTINCT sha256 FROM erasure_left WHERE {gone}").fetchall()
                self._store.remove(row["sha256"] for row in rows)
                connection.execute("DELETE FROM erasure_left WHERE sha256 IS NOT NULL")
        finally:  # no trace of the rows just deleted may stay either
            self._database.forget_what_was_deleted()
            sweep(self._database)
        with self._database.writing() as connection:
            connection.execute("DELETE FROM erasure_left")


@frozen
class ErasedRow:
    """A row that an erasure deleted: its id, and a mark that tells it from another row with that id. It names nobody."""

    subject: str
    id: int
    value: str


def erase_rows(
    connection: sqlite3.Connection,
    patient_id: int,
    written: Authorship,
    marks: Iterable[ErasedRow] = (),
    spared_images: Iterable[int] = (),
) -> None:
    """Delete every row of a patient; leave a marker, and the list of what must be deleted from the disk.

    Args:
        connection: within a transaction.
        patient_id: the patient; an unknown one has no rows.
        written: who erases, and when.
        marks: further rows to delete, if they exist; they are noted in any case.
        spared_images: images of the patient that stay, without a place.
    """
    marks = dict.fromkeys(marks)
    values = {"patient": patient_id}
    connection.execute("INSERT INTO erasing VALUES ('patient', :patient)", values)
    connection.execute("CREATE TEMP TABLE named (subject TEXT, id INTEGER)")
    named = [(mark.subject, mark.id) for mark in marks if mark in marks_of(connection, mark.subject, [mark.id])]
    connection.executemany("INSERT INTO named VALUES (?, ?)", [*named, *(("spared", image) for image in spared_images)])
    for name, query in _OWN.items():
        connection.execute(f"CREATE TEMP TABLE {name} AS {query}", values)
    connection.execute(
        "INSERT INTO erasure_left (sha256) SELECT NULL UNION ALL SELECT sha256 FROM image WHERE id IN own_image"
    )
    erasure = connection.execute(
        "INSERT INTO erasure (subject, images, initials, time) SELECT 'patient', count(*), ?, ? FROM own_image RETURNING id",
        written.values,
    ).fetchone()["id"]
    own = {
        "patient": [patient_id],
        "lesion": _ids(connection, "own_lesion"),
        "visit": _ids(connection, "own_visit WHERE id NOT IN (SELECT id FROM shared_visit)"),
        "image": _ids(connection, "own_image"),
    }
    noted = marks | dict.fromkeys(mark for subject, ids in own.items() for mark in marks_of(connection, subject, ids))
    connection.executemany(
        "INSERT INTO erased (erasure, subject, subject_id, mark, initials, time) VALUES (?, ?, ?, ?, ?, ?)",
        [(erasure, mark.subject, mark.id, mark.value, *written.values) for mark in noted],
    )
    connection.execute(
        "INSERT INTO visit_detail (visit, patient, date, age_band, initials, time)"
        f" SELECT id, patient, {visit_day('shared_visit.id')}, '', ?, ? FROM shared_visit",
        written.values,
    )
    for statement in _DELETIONS:
        connection.execute(statement, values)
    for name in ("named", *_OWN):
        connection.execute(f"DROP TABLE {name}")
    connection.execute("DELETE FROM erasing")


def marks_of(connection: sqlite3.Connection, subject: str, ids: Iterable[int]) -> list[ErasedRow]:
    """Return the marks of those rows of a table that exist."""
    rows = connection.execute(
        f"SELECT id, initials, time FROM {subject} WHERE id IN (SELECT value FROM json_each(?))", (as_list(ids),)
    ).fetchall()
    return [
        ErasedRow(subject, row["id"], hashlib.sha256(f"{subject} {tuple(row)}".encode()).hexdigest()[:16])
        for row in rows
    ]


def _ids(connection: sqlite3.Connection, table: str) -> list[int]:
    return [row["id"] for row in connection.execute(f"SELECT id FROM {table}")]
