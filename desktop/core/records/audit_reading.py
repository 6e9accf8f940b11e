"""Reads the audit log: one list of all acts, wherever each is recorded."""

# ruff: noqa: S608 - statements are put together from constants of ours; every value is a parameter

from typing import Any

from desktop.core.records.audit_acts import AuditFilter, AuditPage
from desktop.core.records.audit_rows import pseudonyms, read_acts
from desktop.core.records.database import Database, as_list
from desktop.core.records.entries import time_text
from desktop.core.records.newest import JOIN_DETAIL, patient_of
from desktop.core.records.recorded_acts import SOURCES
from desktop.core.text_matching import folded

# Each source by itself: SQLite merges them by time along the index of `audit`, and need not sort a long log for each page.
_SOURCES = ("SELECT time, id, initials, action, patient, image, detail FROM audit", *SOURCES)

NUMBER = "#"
"""Begins the number of a patient, by which one who was erased is found."""

_PATIENT = f"""coalesce(patient, (SELECT {patient_of("place")} FROM image {JOIN_DETAIL} WHERE image.id = act.image),
    (SELECT owner.subject_id FROM erased JOIN erased AS owner USING (erasure)
     WHERE owner.subject = 'patient' AND erased.subject = 'image' AND erased.subject_id = act.image))"""
"""Whom an act concerns: an image that had no patient then may have one now, or was erased with one."""


def read_page(database: Database, wanted: AuditFilter, *, limit: int | None, offset: int) -> AuditPage:
    """Return the acts that match a filter, newest first, and their number; see `AuditLog.page`."""
    where, values = _where(database, wanted)
    (count,) = database.read(f"SELECT sum(part) AS total FROM ({_of_all('count(*) AS part', where)})", values)
    rows = database.read(
        f"{_of_all(f'*, {_PATIENT} AS concerned', where)} ORDER BY time DESC, id DESC LIMIT :limit OFFSET :offset",
        {**values, "limit": -1 if limit is None else limit, "offset": offset},
    )
    return AuditPage(read_acts(database, rows), count["total"])


def read_authors(database: Database) -> list[str]:
    """Return the initials of everybody in the log, in order."""
    rows = database.read(f"SELECT DISTINCT initials FROM ({_of_all('initials', '1')}) ORDER BY initials")
    return [row["initials"] for row in rows]


def _of_all(columns: str, where: str) -> str:
    return " UNION ALL ".join(f"SELECT {columns} FROM ({source}) AS act WHERE {where}" for source in _SOURCES)


def _where(database: Database, wanted: AuditFilter) -> tuple[str, dict[str, Any]]:
    clauses, values = ["1"], {}
    if wanted.since is not None:
        clauses.append("time >= :since")
        values["since"] = time_text(wanted.since)
    if wanted.until is not None:
        clauses.append("time < :until")
        values["until"] = time_text(wanted.until)
    if wanted.initials is not None:
        clauses.append("initials = :initials")
        values["initials"] = wanted.initials
    if wanted.actions is not None:
        clauses.append("action IN (SELECT value FROM json_each(:actions))")
        values["actions"] = as_list(sorted(wanted.actions))
    if wanted.patient.strip():
        clauses.append(f"{_PATIENT} IN (SELECT value FROM json_each(:patients))")
        values["patients"] = as_list(_patients_called(database, wanted.patient))
    return " AND ".join(clauses), values


def _patients_called(database: Database, text: str) -> list[int]:
    """Return the patients whose pseudonym contains every word of a text, or the one whose number it is: `#12`."""
    number = text.strip().removeprefix(NUMBER)
    if text.strip().startswith(NUMBER) and number.isdecimal():
        return [int(number)]
    words = folded(text).split()
    return [
        patient_id for patient_id, name in pseudonyms(database).items() if all(word in folded(name) for word in words)
    ]
