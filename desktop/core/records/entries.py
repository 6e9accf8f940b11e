"""Reading and writing entries, shared by the history and the batch runs."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec

from desktop.core.frozen import frozen
from desktop.core.records.adjustment_rows import ADJUSTMENT_COLUMNS, JOIN_ADJUSTMENT, read_adjusted
from desktop.core.records.damage import is_damaged, read_answer_parts, read_time
from desktop.core.records.newest import IS_VIEW, JOIN_DETAIL, LEADING_OUTCOME, OF_PLACE, UNSEEN, is_binned, patient_of
from desktop.core.records.values import Entry, KeptImage, SavedEntry, StoredAnswer
from desktop.core.text_matching import folded

if TYPE_CHECKING:
    from desktop.core.inference.alerts import WorkingPoints
    from desktop.core.inference.contract import Contract

_ANSWER_NAMES = (
    *("probabilities", "top", "top_probability", "malignant_probability", "flags"),
    *("abstention", "kind_uncertain", "quality", "novelty"),
)
ANSWER_COLUMNS = ", ".join(_ANSWER_NAMES)

IS_BINNED = is_binned("prediction")

IMAGE_COLUMNS = """
    image.sha256, image.name, image.format, image.width, image.height, image.byte_size,
    image_place.stored, image_place.path"""

JOIN_PLACE = """
    JOIN image_place ON image_place.id = (
        SELECT id FROM image_place WHERE image = image.id ORDER BY stored DESC, id DESC LIMIT 1)"""

ENTRIES = f"""
    SELECT prediction.*, {IS_BINNED} AS is_binned, model.name AS model_name, {IMAGE_COLUMNS},
           {patient_of("place")} AS patient_id, place.lesion AS lesion_id, place.visit AS visit_id,
           (SELECT pseudonym FROM patient_detail WHERE patient = {patient_of("place")}
            ORDER BY id DESC LIMIT 1) AS patient,
           (SELECT name FROM lesion_detail WHERE lesion = place.lesion ORDER BY id DESC LIMIT 1) AS lesion,
           (SELECT site FROM lesion_detail WHERE lesion = place.lesion ORDER BY id DESC LIMIT 1) AS lesion_site,
           (SELECT diagnosis FROM assessment WHERE {OF_PLACE} AND {IS_VIEW} ORDER BY id DESC LIMIT 1) AS assessment,
           (SELECT change FROM assessment WHERE lesion = place.lesion AND visit = place.visit AND {IS_VIEW}
            ORDER BY id DESC LIMIT 1) AS change,
           (SELECT diagnosis FROM outcome WHERE (image = image.id OR lesion = place.lesion)
            AND {is_binned("outcome")} = 0 ORDER BY {LEADING_OUTCOME} LIMIT 1) AS outcome,
           {UNSEEN} AS is_concealed, {ADJUSTMENT_COLUMNS}
    FROM prediction JOIN image ON image.id = prediction.image JOIN model ON model.sha256 = prediction.model
    {JOIN_PLACE} {JOIN_DETAIL} {JOIN_ADJUSTMENT}"""


@frozen
class Authorship:
    """Who writes and when: the last two values of every row."""

    initials: str
    time: str

    @classmethod
    def by(cls, initials: str, now: Callable[[], datetime]) -> Self:
        """Stamp a write; fixed in width, so that the text sorts as the time does."""
        return cls(initials, time_text(now()))

    @property
    def values(self) -> tuple[str, str]:
        """The values of the columns `initials` and `time`."""
        return self.initials, self.time


def time_text(moment: datetime) -> str:
    """Return a time as it is stored."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def answer_values(answer: StoredAnswer | None) -> tuple[Any, ...]:
    """Return the values of `ANSWER_COLUMNS`."""
    if answer is None:
        return (None,) * len(_ANSWER_NAMES)
    return (
        msgspec.json.encode(answer.probabilities).decode(),
        answer.top,
        answer.top_probability,
        answer.malignant_probability,
        msgspec.json.encode(answer.flags).decode(),
        answer.abstention,
        int(answer.kind_uncertain),
        answer.quality,
        answer.novelty,
    )


def points_text(working_points: WorkingPoints) -> str:
    """Return working points as they are stored: equal ones, which have the order of the contract, are the same text."""
    return msgspec.json.encode(dict(working_points)).decode()


def read_answer(row: sqlite3.Row) -> StoredAnswer:
    """Read an answer from a row that has `ANSWER_COLUMNS`, model, preprocessing, app_version and working_points."""
    parts = read_answer_parts(row)
    if parts is None:
        return StoredAnswer.damaged(row["model"], row["preprocessing"], row["app_version"])
    return StoredAnswer(
        probabilities=parts.probabilities,
        top=row["top"],
        top_probability=row["top_probability"],
        malignant_probability=row["malignant_probability"],
        flags=parts.flags,
        abstention=parts.abstention,
        kind_uncertain=bool(row["kind_uncertain"]),
        quality=row["quality"],
        novelty=row["novelty"],
        model_sha256=row["model"],
        preprocessing_version=row["preprocessing"],
        app_version=row["app_version"],
        working_points=parts.working_points,
    )


def read_kept_image(row: sqlite3.Row, folder: Path) -> KeptImage:
    """Read an image from a row that has `IMAGE_COLUMNS`; `folder` is the data folder."""
    path = Path(os.fsdecode(row["path"]))
    stored = bool(row["stored"])
    return KeptImage(
        sha256=row["sha256"],
        name=row["name"],
        format=row["format"],
        width=row["width"],
        height=row["height"],
        byte_size=row["byte_size"],
        path=folder / path if stored else path,
        stored=stored,
    )


def read_entry(row: sqlite3.Row, folder: Path) -> Entry:
    """Read an entry from a row of `ENTRIES`; `folder` is the data folder."""
    answer = read_answer(row)
    return Entry(
        id=row["id"],
        time=read_time(row["time"]),
        initials=row["initials"],
        image=read_kept_image(row, folder),
        region=row["region"],
        model_name=row["model_name"],
        answer=answer,
        is_binned=bool(row["is_binned"]),
        patient_id=row["patient_id"],
        patient=row["patient"] or "",
        lesion_id=row["lesion_id"],
        lesion=row["lesion"] or "",
        visit_id=row["visit_id"],
        assessment=row["assessment"] or "",
        change=row["change"] or "",
        outcome=row["outcome"] or "",
        is_concealed=bool(row["is_concealed"]),
        is_damaged=answer.is_damaged or is_damaged(row),
        adjusted=read_adjusted(row),
        lesion_site=row["lesion_site"] or "",
    )


def write_model(connection: sqlite3.Connection, sha256: str, contract: Contract, written: Authorship) -> None:
    """Store a model's contract, unless it is stored."""
    connection.execute(
        "INSERT INTO model (sha256, name, contract, initials, time) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (sha256, contract.name, contract.to_json(), *written.values),
    )


def write_entry(
    connection: sqlite3.Connection,
    folder: Path,
    image: KeptImage,
    answer: StoredAnswer,
    *,
    region: str,
    written: Authorship,
) -> SavedEntry:
    """Store an image and a known model's answer to it; rows that exist are not written again."""
    image_id, points = write_image(connection, image, written), points_text(answer.working_points)
    write_place(connection, folder, image_id, image.path, stored=image.stored, written=written)
    known = connection.execute(
        f"SELECT id, time, {IS_BINNED} AS is_binned FROM prediction"
        " WHERE image = ? AND region = ? AND model = ? AND preprocessing = ? AND working_points = ?",
        (image_id, region, answer.model_sha256, answer.preprocessing_version, points),
    ).fetchone()
    if known:
        if known["is_binned"]:
            write_binning(connection, known["id"], binned=False, written=written)
        is_binned = bool(known["is_binned"])
        return SavedEntry(known["id"], read_time(known["time"]), was_known=True, was_binned=is_binned)
    entry_id = connection.execute(
        f"INSERT INTO prediction (image, region, model, preprocessing, {ANSWER_COLUMNS}, app_version, working_points,"
        f" initials, time) VALUES ({', '.join('?' * 17)}) RETURNING id",
        (
            *(image_id, region, answer.model_sha256, answer.preprocessing_version),
            *answer_values(answer),
            answer.app_version,
            points,
            *written.values,
        ),
    ).fetchone()["id"]
    return SavedEntry(entry_id, read_time(written.time), was_known=False, was_binned=False)


def write_image(connection: sqlite3.Connection, image: KeptImage, written: Authorship) -> int:
    """Store an image file's description, unless it is stored; return its id."""
    known = connection.execute("SELECT id FROM image WHERE sha256 = ?", (image.sha256,)).fetchone()
    if known:
        return int(known["id"])
    new = connection.execute(
        "INSERT INTO image (sha256, name, searched_name, format, width, height, byte_size, initials, time)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            *(image.sha256, image.name, folded(image.name), image.format, image.width, image.height, image.byte_size),
            *written.values,
        ),
    ).fetchone()
    return int(new["id"])


def write_place(
    connection: sqlite3.Connection, folder: Path, image_id: int, path: Path, *, stored: bool, written: Authorship
) -> None:
    """Store an image's path, unless it is known; a copy in the image store takes precedence over any link."""
    kept = os.fsencode(path.relative_to(folder).as_posix() if stored else path)
    current = connection.execute(
        "SELECT stored, path FROM image_place WHERE image = ? ORDER BY stored DESC, id DESC LIMIT 1", (image_id,)
    ).fetchone()
    if current and (current["stored"] or (not stored and current["path"] == kept)):
        return
    connection.execute(
        "INSERT INTO image_place (image, stored, path, initials, time) VALUES (?, ?, ?, ?, ?)",
        (image_id, int(stored), kept, *written.values),
    )


def write_binning(
    connection: sqlite3.Connection,
    subject_id: int,
    *,
    binned: bool,
    written: Authorship,
    subject: str = "prediction",
    reason: str | None = None,
) -> None:
    """Put an entry, or a row of another table, into the bin, or take it out; `reason` is that of a withdrawal."""
    connection.execute(
        "INSERT INTO binning (subject, subject_id, binned, reason, initials, time) VALUES (?, ?, ?, ?, ?, ?)",
        (subject, subject_id, int(binned), reason, *written.values),
    )
