"""The audit log: who did or saw what, when, and with which patient or image.

Most acts are rows of `audit`. Some are recorded elsewhere already, each in a table that has a purpose of its own
(`recorded_acts`: assessments, outcomes and more); the log reads them from there, so that no fact is kept twice. No row has a
name, a pseudonym or a path: patients, lesions and images are ids, and names are looked up when the log is shown
(`audit_rows`), as is what was entered.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from desktop.core.records.audit_acts import Action, AuditFilter, AuditPage, Detail
from desktop.core.records.audit_reading import read_authors, read_page
from desktop.core.records.audit_rows import detail_text, read_detail
from desktop.core.records.database import Database
from desktop.core.records.entries import Authorship, time_text
from desktop.core.records.newest import JOIN_DETAIL, patient_of

_IMAGE = f"SELECT image.id, {patient_of('place')} AS patient FROM image {JOIN_DETAIL} WHERE sha256 = ?"  # noqa: S608 - constants of ours


class AuditLog:
    """The part of `History` for the audit log, with the same thread, errors and transactions."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        """Use `History.audit`."""
        self._database = database
        self._now = now

    def note(
        self,
        action: Action,
        detail: Mapping[str, Detail] | None = None,
        *,
        patient_id: int | None = None,
        sha256: str | None = None,
        by: str,
        time: datetime | None = None,
    ) -> int:
        """Log an act; return its id.

        Args:
            action: what was done.
            detail: what matters of it; never a name or a path.
            patient_id: the patient.
            sha256: the image; it is logged with its patient, if it has one.
            by: the initials of whoever acts.
            time: when it was done; None for now.
        """
        written = Authorship(by, time_text(time or self._now()))
        with self._database.writing() as connection:
            image_id = None
            if sha256 is not None:
                for row in connection.execute(_IMAGE, (sha256,)).fetchall():
                    image_id, patient_id = row["id"], row["patient"]
            row = connection.execute(
                "INSERT INTO audit (action, patient, image, detail, initials, time) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
                (action, patient_id, image_id, detail_text(detail or {}), *written.values),
            ).fetchone()
            return int(row["id"])

    def note_change(self, action: Action, value: Detail, *, otherwise: Detail = None, by: str) -> bool:
        """Log a setting's value if it is not the one logged last; return whether it was another.

        So a change is also found if it was made while the history was not open, or in the settings' file by hand.

        Args:
            action: which setting it is.
            value: its value now.
            otherwise: its value as long as none was logged.
            by: the initials of whoever uses it.
        """
        with self._database.writing():
            rows = self._database.read("SELECT detail FROM audit WHERE action = ? ORDER BY id DESC LIMIT 1", (action,))
            old = read_detail(rows[0]["detail"]).get("new") if rows else otherwise
            if old == value:
                return False
            self.note(action, {"old": old, "new": value}, by=by)
            return True

    def page(self, wanted: AuditFilter, *, limit: int | None = None, offset: int = 0) -> AuditPage:
        """Return the acts that match a filter, newest first: at most `limit`, after skipping `offset`."""
        return read_page(self._database, wanted, limit=limit, offset=offset)

    def authors(self) -> list[str]:
        """Return the initials of everybody in the log, in order."""
        return read_authors(self._database)
