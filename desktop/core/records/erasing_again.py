"""Keeps erased patients erased: a history's erasures are repeated in a backup of it that is restored."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desktop.core.encryption.keys import Key
from desktop.core.errors import RecordsError
from desktop.core.records.connecting import sqlite_errors
from desktop.core.records.database import Database
from desktop.core.records.entries import Authorship
from desktop.core.records.erasing import ErasedRow, Erasures, erase_rows, marks_of
from desktop.core.records.schema import FILE_NAME
from desktop.core.records.seal import Head

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PresentHistory:
    """What is needed of the history that a restored one replaces: who it is, its erasures, its images, its seal's head."""

    origin: str
    erasures: tuple[tuple[Authorship, tuple[ErasedRow, ...]], ...]
    images: tuple[ErasedRow, ...]
    head: Head


def read_present(folder: Path, key: Key | None = None) -> PresentHistory | None:
    """Return what a data folder's history has noted, or None if there is none or it cannot be read.

    `key` is the history's, if it is encrypted. The folder must be marked as in use by this program.
    """
    if not (folder / FILE_NAME).exists():
        return None
    try:
        database = Database.open(folder, key=key, is_used_here=True)
    except sqlite_errors(RecordsError) as error:  # a damaged history is what backups are restored for
        logger.warning("the present history's erasures cannot be read: %s", error)
        return None
    try:
        erasures: dict[int, tuple[Authorship, list[ErasedRow]]] = {}
        for row in database.read("SELECT * FROM erased ORDER BY id"):
            marks = erasures.setdefault(row["erasure"], (Authorship(row["initials"], row["time"]), []))[1]
            marks.append(ErasedRow(row["subject"], row["subject_id"], row["mark"]))
        with database.writing() as connection:
            images = marks_of(connection, "image", database.read_ids("SELECT id FROM image")) if erasures else []
        return PresentHistory(
            database.origin(),
            tuple((written, tuple(marks)) for written, marks in erasures.values()),
            tuple(images),
            database.seal_head(),
        )
    finally:
        database.close()


def erase_again(
    folder: Path,
    present: PresentHistory | None,
    *,
    had_origin: bool,
    now: Callable[[], datetime],
    key: Key | None = None,
) -> None:
    """Migrate an unpacked history, and erase from it the patients whom the present history has erased since.

    Patients are matched by id and mark, so that another history, or a copy continued on another computer, loses nobody. An
    image that the present history still has belonged to another patient when the erasure took place: it stays, without a
    place.

    Args:
        folder: where the history was unpacked.
        present: what the present history has noted.
        had_origin: whether the backup identifies its history; older ones do not.
        now: the clock.
        key: the unpacked history's key, if it is encrypted.

    Raises:
        RecordsError: it cannot be opened or written.
    """
    database = Database.open(folder, key=key)
    try:
        if present is None or (had_origin and database.origin() != present.origin):
            return
        done = {(row["subject"], row["subject_id"], row["mark"]) for row in database.read("SELECT * FROM erased")}
        with database.writing() as connection:
            for written, marks in present.erasures:
                if any((mark.subject, mark.id, mark.value) in done for mark in marks):
                    continue
                known = [mark for mark in marks if mark in marks_of(connection, mark.subject, [mark.id])]
                patient_id = next((mark.id for mark in known if mark.subject == "patient"), -1)
                spared = set(marks_of(connection, "image", [mark.id for mark in present.images])) & set(present.images)
                erase_rows(connection, patient_id, written, marks, [mark.id for mark in spared])
        Erasures(database, folder, now).finish()
    finally:
        database.close()
