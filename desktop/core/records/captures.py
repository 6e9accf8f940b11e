"""How images were taken, as entered by users; what their files say is not kept here."""

import datetime as dt
from collections.abc import Callable

from desktop.core.imaging.capture import Capture, contact_of, light_of
from desktop.core.records.database import Database
from desktop.core.records.entries import Authorship


class ImageCaptures:
    """A part of `History`, with the same thread, errors and transactions; what was entered last for an image counts."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        """Use `History.captures`."""
        self._database = database
        self._now = now

    def of(self, sha256: str) -> Capture | None:
        """Return what was entered for an image, by its bytes' SHA-256; None if nothing was."""
        rows = self._database.read(
            "SELECT device, contact, light FROM image_capture WHERE image = (SELECT id FROM image WHERE sha256 = ?)"
            " ORDER BY id DESC LIMIT 1",
            (sha256,),
        )
        return Capture(rows[0]["device"], contact_of(rows[0]["contact"]), light_of(rows[0]["light"])) if rows else None

    def give(self, sha256: str, capture: Capture, *, by: str) -> None:
        """Enter how an image was taken; nothing is written for an image that is not in the history."""
        written = Authorship.by(by, self._now)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO image_capture (image, device, contact, light, initials, time)"
                " SELECT id, ?, ?, ?, ?, ? FROM image WHERE sha256 = ?",
                (capture.device, capture.contact, capture.light, *written.values, sha256),
            )
